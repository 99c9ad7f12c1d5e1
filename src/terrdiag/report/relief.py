"""The relief of the territory: from where to where it rises, in words and in a picture."""

import pandas as pd

from terrdiag.report.charts import Picture, draw_altitudes, draw_strip, territory_extent
from terrdiag.report.comparison import Comparison, Figures, cell_mark, compare
from terrdiag.report.sentences import pick_main, unique_extreme
from terrdiag.wording import NNBSP, format_value


def tell_relief(figures: Figures, communes: pd.DataFrame) -> tuple[str, ...]:
    """Say the lowest, the highest and the mean altitude; a commune is named where its extreme is alone.

    Parameters
    ----------
    figures
        The territory and its comparators.
    communes
        Rows of the table of values at level ``commune``, territory only.

    Returns
    -------
    tuple of str
        One sentence, or none when the highest point is not known.
    """
    low, high, mean = (compare(figures, f"altitude_{name}_m") for name in ("min", "max", "mean"))
    if high is None:
        return ()
    mark = f" ({cell_mark(high.cell)})" if cell_mark(high.cell) else ""
    peak = _named(high, communes, largest=True)
    if low is None:
        return (f"Le point le plus haut est à {peak}{mark}.",)
    sentence = (
        f"Le territoire s'étend de {_named(low, communes, largest=False)} à {peak} d'altitude{mark}"
    )
    if mean is None:
        return (f"{sentence}.",)
    return (f"{sentence}{NNBSP}; l'altitude moyenne est de {format_value(mean.cell.value, 'm')}.",)


def draw_relief(figures: Figures, communes: pd.DataFrame) -> tuple[Picture, ...]:
    """Draw the communes from low to high; the highest points beside the comparators when only they are known.

    Parameters
    ----------
    figures
        The territory and its comparators.
    communes
        Rows of the table of values at level ``commune``, territory only.

    Returns
    -------
    tuple of Picture
        One picture, or none.
    """
    low, high, mean = (compare(figures, f"altitude_{name}_m") for name in ("min", "max", "mean"))
    if high is None:
        return ()
    if low is None:
        return (draw_strip(high, figures.territory, pick_main(high.others, 6)),)
    parts = {
        "low": _latest(communes, "altitude_min_m"),
        "high": _latest(communes, "altitude_max_m"),
        "mean": _latest(communes, "altitude_mean_m"),
    }
    table = pd.DataFrame({column: rows["value"] for column, rows in parts.items()})
    table["name"] = parts["high"]["name"].reindex(table.index)
    territory = territory_extent(
        figures.territory.short, low.cell.value, high.cell.value, mean.cell.value if mean else None
    )
    picture = draw_altitudes(table, territory)
    return (picture,) if picture else ()


def _named(comparison: Comparison, communes: pd.DataFrame, *, largest: bool) -> str:
    """« 2 872 m (Bagnères-de-Bigorre) », or the figure alone on a tie."""
    indicator = comparison.indicator
    value = format_value(comparison.cell.value, indicator.unit, indicator.decimals)
    rows = _latest(communes, indicator.id)
    pairs = zip(rows["name"].tolist(), rows["value"].tolist(), strict=True)
    name = unique_extreme(pairs, indicator.decimals, largest=largest)
    return f"{value} ({name})" if name else value


def _latest(communes: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Rows of an indicator at its latest known year, by commune code."""
    rows = communes[(communes["indicator"] == indicator) & communes["value"].notna()]
    rows = rows[rows["ref_year"] == rows["ref_year"].max()] if len(rows) else rows
    return rows.set_index("code")[["name", "value"]]
