"""What the command line lists: studies, indicators, sources, an edition."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from terrdiag.catalogue import load_indicators, load_sources, load_themes
from terrdiag.errors import StudyFileError
from terrdiag.wording import NBSP, format_number

if TYPE_CHECKING:
    from terrdiag.edition.schema import AbsentSource

STUDIES: Final = Path("pipelines")


def list_studies() -> str:
    """List the studies of the folder ``pipelines``, with what a broken file says."""
    from terrdiag.study import load_study

    rows = []
    for path in sorted(STUDIES.glob("*.toml")):
        try:
            rows.append((path.stem, load_study(path).title))
        except StudyFileError as error:
            rows.append((path.stem, f"(illisible) {str(error).splitlines()[0]}"))
    empty = "  aucune : le dossier pipelines/ n'est pas ici (« terrdiag init DOSSIER » en crée un)"
    return _section("Études", rows, empty)


def list_indicators() -> str:
    """List the indicators by theme: identifier, label, unit."""
    sections = []
    for theme in load_themes().values():
        rows = [
            (one.id, f"{one.label_fr} ({one.unit})")
            for one in load_indicators().values()
            if one.theme == theme.id
        ]
        sections.append(_section(f"Indicateurs — {theme.label_fr}", rows))
    return "\n".join(sections)


def list_sources() -> str:
    """List the official files: identifier, producer, title, vintage, licence, address."""
    rows = [
        (
            one.id,
            f"{one.producer}, {one.title}, {one.vintage} ({one.licence})\n{one.address}\n→ {one.path}",
        )
        for one in load_sources().values()
    ]
    return _section("Sources (fichier sous le dossier des données brutes après la flèche)", rows)


LISTS: Final[dict[str, Callable[[], str]]] = {
    "studies": list_studies,
    "indicators": list_indicators,
    "sources": list_sources,
}


def describe_edition(root: Path | None) -> str:
    """Describe an edition: identifier, tables, limits, sources and what was left out of them."""
    from terrdiag.edition.local import find_edition

    edition = find_edition(root, Path())
    info = edition.info
    size = sum(table.size for table in info.tables.values())
    first = (
        f"Édition {info.id}, communes au 1er janvier {info.cog_year}, "
        f"construite le {info.built_at:%d/%m/%Y} par terrdiag {info.terrdiag_version}"
    )
    folder = f"Dossier{NBSP}: {edition.root} ({format_number(size / 1e6, 1)} Mo)"
    head = [first, folder, *(f"Limite{NBSP}: {note}" for note in info.notes)]
    tables = [
        (name, f"{format_number(one.size / 1e6, 2)} Mo  sha256 {one.sha256}")
        for name, one in info.tables.items()
    ]
    sources = [
        (
            one.id,
            "\n".join(
                [
                    f"{one.producer}, {one.title}, {one.vintage} ({one.licence}) ; communes de {one.cog_year}",
                    *([f"repris de l'édition {one.carried_from}"] if one.carried_from else []),
                    *(f"laissé de côté{NBSP}: {text}" for text in one.dropped),
                    *one.moved,
                ]
            ),
        )
        for one in info.sources
    ]
    absent = [(one.id, _word_absent(one)) for one in info.absent]
    sections = [_section("Tables", tables), _section("Sources", sources)]
    if absent:
        sections.append(_section("Sources qui n'ont rien apporté de nouveau", absent))
    return "\n".join([*head, *sections])


def _word_absent(one: "AbsentSource") -> str:
    """Word a source that is not in an edition: why, where to look, what lacks."""
    lines = [one.why, f"page du producteur{NBSP}: {one.landing_page}"]
    if one.carried:
        lines.append("chiffres repris de l'édition précédente")
    if one.indicators:
        lines.append(f"indicateurs absents{NBSP}: {', '.join(one.indicators)}")
    return "\n".join(lines)


def _section(title: str, rows: Iterable[tuple[str, str]], empty: str = "") -> str:
    rows = list(rows)
    if not rows:
        return f"{title}\n{empty}"
    width = max(len(name) for name, _ in rows) + 2
    indent = "\n" + " " * (width + 2)
    return "\n".join(
        [title, *(f"  {name:<{width}}{text.replace(chr(10), indent)}" for name, text in rows)]
    )
