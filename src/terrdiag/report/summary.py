"""What the command prints when it has finished: key figures, warnings, where the files are."""

from pathlib import Path
from typing import Final

from terrdiag.report.comparison import gather_figures, name_places
from terrdiag.report.key_figures import choose_key_figures
from terrdiag.report.page import PageContent
from terrdiag.wording import NBSP, plural

MAX_WARNINGS: Final = 6


def summarise(content: PageContent, page: Path, data_dir: Path) -> str:
    """Word the result of a run for the command line.

    Parameters
    ----------
    content
        What the page says.
    page, data_dir
        Where the page and the tables are.

    Returns
    -------
    str
        A few lines: territory, key figures with their comparison, warnings, files.
    """
    perimeter = content.perimeter
    figures = gather_figures(
        content.values,
        *name_places(perimeter, content.comparators),
        content.indicators,
        content.edition.intervals,
    )
    lines = [f"{perimeter.name} ({plural(len(perimeter.communes), 'commune')})", ""]
    for figure in choose_key_figures(figures):
        mark = f" ({figure.mark})" if figure.mark else ""
        lines.append(
            f"  {figure.label}{NBSP}: {figure.number}{NBSP}{figure.unit}{mark}, {figure.year}"
        )
        lines += [f"      {sentence}" for sentence in (figure.sentence, figure.newer) if sentence]
    if content.warnings:
        lines += ["", "À savoir avant de citer un chiffre :"]
        lines += [f"  - {warning}" for warning in content.warnings[:MAX_WARNINGS]]
        left = len(content.warnings) - MAX_WARNINGS
        if left > 0:
            lines.append(f"  - et {plural(left, 'autre')} (manifest.json)")
    lines += ["", f"Page     {page}", f"Tableaux {data_dir}"]
    return "\n".join(lines)
