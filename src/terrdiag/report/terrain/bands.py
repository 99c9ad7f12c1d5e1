"""Communes by band of altitude, in words, as bars and as a table."""

from collections.abc import Sequence
from typing import Final

from terrdiag.analyses.terrain.bands import Band, BandFindings
from terrdiag.analyses.terrain.findings import TerrainFindings
from terrdiag.catalogue import Indicator, load_indicators
from terrdiag.drawing import Axis, Caption, Drawing, draw_bars, draw_widths
from terrdiag.report.blocks import Block, Grid, name_sources
from terrdiag.report.comparison import UNKNOWN, Cell, Figures, cell_mark, cell_number
from terrdiag.report.terrain.gradients import NOT_WHERE_PEOPLE_LIVE_FR
from terrdiag.report.terrain.ground import make_bars, tell_ground, tie_words
from terrdiag.report.terrain.hypsometry import word_share
from terrdiag.wording import NBSP, format_number, format_value, join_words, plural

COLUMNS: Final = (
    "population",
    "population_density",
    "population_growth_pct",
    "second_homes_share_pct",
    "jobs",
    "jobs_growth_pct",
    "establishments",
)
"""Columns of the table, each at the year known for most bands."""

SHARED: Final = ("population", "jobs")
"""Counts whose distribution is drawn beside that of the area."""

Column = tuple[Indicator, int, dict[str, Cell]]
"""Indicator, year, and cell by code of the band."""


def tell_bands(findings: TerrainFindings, figures: Figures) -> tuple[Block, ...]:
    """Tell the communes by band of altitude.

    Parameters
    ----------
    findings
        The analysis.
    figures
        The territory, and the words of the years.

    Returns
    -------
    tuple of Block
        One block; none for a single commune, or when no altitude is known.
    """
    found = findings.bands
    if found is None or len(findings.communes) < 2:
        return ()
    title = "Les communes par tranche d'altitude"
    if len(found.bands) < 2:
        return (Block("relief", title, sentences=_say_single(found), notes=_note(findings, found)),)
    columns = [column for name in COLUMNS if (column := _find_column(found, name))]
    drawing = _draw(findings, found, columns, figures)
    return (
        Block(
            "relief",
            title,
            sentences=_say(findings, found, columns, figures),
            drawings=(drawing,) if drawing else (),
            grids=(_tabulate(findings, found, columns, figures),),
            notes=_note(findings, found),
            sources=(*name_sources(found.values, *SHARED), found.altitudes.source_id),
        ),
        *tell_ground(findings.ground, figures),
    )


def _find_column(found: BandFindings, name: str) -> Column | None:
    """Find an indicator at the year known for most bands, the latest of these."""
    rows = found.values[found.values["indicator"] == name]
    known = rows[rows["value"].notna()]
    if known.empty:
        return None
    counts = known["ref_year"].value_counts()
    year = int(max(counts.index, key=lambda one: (counts[one], one)))
    rows = rows[rows["ref_year"] == year]
    cells = {
        code: Cell(*rest)
        for code, *rest in zip(
            *(rows[name].tolist() for name in ("code", "value", "status", "coverage_pct")),
            strict=True,
        )
    }
    return load_indicators()[name], year, cells


def _say_single(found: BandFindings) -> tuple[str, ...]:
    [band] = found.bands
    return (
        (
            f"Toutes les communes dont l'altitude est connue ont une {found.altitudes.short} de {band.words} : il n'y "
            f"a pas de tranches de {format_value(found.step_m, 'm')} à comparer."
        ),
    )


def _say(
    findings: TerrainFindings, found: BandFindings, columns: Sequence[Column], figures: Figures
) -> tuple[str, ...]:
    """Say the band of most communes, then the highest one."""
    largest = max(found.bands, key=lambda band: (len(band.communes), -band.low_m))
    highest = found.bands[-1]
    told = [largest] if largest is highest else [largest, highest]
    return (
        (
            f"Les communes sont rangées par tranches de {format_value(found.step_m, 'm')} de leur "
            f"{found.altitudes.words}."
        ),
        *(_say_band(band, findings, columns, figures) for band in told),
    )


def _say_band(
    band: Band, findings: TerrainFindings, columns: Sequence[Column], figures: Figures
) -> str:
    areas = findings.communes["area_km2"]
    classed = (
        [code for one in findings.bands.bands for code in one.communes] if findings.bands else []
    )
    share = 100 * float(areas[list(band.communes)].sum() / areas[classed].sum())
    parts = [f"{word_share(share)} de la superficie"]
    for indicator, year, cells in columns:
        if indicator.id == "population" and (portion := _portion(cells, band.code)) is not None:
            parts.append(
                f"{word_share(portion)} des habitants ({figures.year_label(indicator, year)})"
            )
    names = findings.communes["name"]
    count = len(band.communes)
    who = (
        f"{names[band.communes[0]]} est la seule commune de {band.words}{NBSP}; elle représente"
        if count == 1
        else f"{format_number(count)} des {plural(len(classed), 'commune')} sont dans la tranche de {band.words}"
        f"{NBSP}; elles représentent"
    )
    return f"{who} {join_words(parts)}."


def _portion(cells: dict[str, Cell], code: str) -> float | None:
    """Share of a band in the sum of all, in %; None when a band is not wholly known."""
    if any(not cell.known or cell.coverage < 100 for cell in cells.values()):
        return None
    total = sum(cell.value for cell in cells.values())
    return 100 * cells[code].value / total if total else None


def _draw(
    findings: TerrainFindings, found: BandFindings, columns: Sequence[Column], figures: Figures
) -> Drawing | None:
    """Draw how the area, the inhabitants and the jobs are shared between the bands, the highest at the top."""
    bands = found.bands[::-1]
    areas = findings.communes["area_km2"]
    classed = areas[[code for band in bands for code in band.communes]].sum()
    groups = [
        make_bars("Superficie", [100 * areas[list(b.communes)].sum() / classed for b in bands])
    ]
    for indicator, year, cells in columns:
        portions = [_portion(cells, band.code) for band in bands]
        if indicator.id in SHARED and None not in portions:
            label = f"{indicator.short_fr} ({figures.year_label(indicator, year)})"
            groups.append(make_bars(label, [one for one in portions if one is not None]))
    if len(groups) < 2:
        return None
    caption = Caption(
        "communes-par-altitude",
        f"Superficie, habitants et emplois selon l'altitude des communes, {figures.territory.name}"
        if len(groups) > 2
        else f"Répartition selon l'altitude des communes, {figures.territory.name}",
        note=f"Parts en %. Altitude d'une commune : {found.altitudes.words}.",
    )
    categories = [f"{band.words} ({plural(len(band.communes), 'commune')})" for band in bands]
    axis = Axis("Part", "%")
    return draw_widths(lambda one: draw_bars(one, categories, groups, axis), caption)


def _tabulate(
    findings: TerrainFindings, found: BandFindings, columns: Sequence[Column], figures: Figures
) -> Grid:
    names, areas = findings.communes["name"], findings.communes["area_km2"]
    rows = []
    for band in found.bands[::-1]:
        count = len(band.communes)
        who = names[band.communes[0]] if count == 1 else plural(count, "commune")
        cells = [_word(cells.get(band.code, UNKNOWN), indicator) for indicator, _, cells in columns]
        area = format_number(areas[list(band.communes)].sum(), 1)
        rows.append((f"{tie_words(band.words)} ({who})", area, *cells))
    heads = [
        f"{indicator.short_fr}{_unit(indicator)}, {figures.year_label(indicator, year)}"
        for indicator, year, _ in columns
    ]
    return Grid(
        caption=f"Les communes par tranche d'altitude ({found.altitudes.words})",
        heads=("Tranche", "Superficie (km²)", *heads),
        rows=tuple(rows),
        note="Une tranche comprend sa borne basse. Un taux est un rapport de sommes sur les communes de la tranche.",
    )


def _unit(indicator: Indicator) -> str:
    """« (%) »; nothing for a count, which its name says."""
    return "" if indicator.kind == "count" else f" ({indicator.unit})"


def _word(cell: Cell, indicator: Indicator) -> str:
    mark = cell_mark(cell)
    return f"{cell_number(cell, indicator)} ({mark})" if mark else cell_number(cell, indicator)


def _note(findings: TerrainFindings, found: BandFindings) -> tuple[str, ...]:
    notes = [NOT_WHERE_PEOPLE_LIVE_FR]
    if found.altitudes.reference == "official_max":
        notes.append(
            "Sans altitude moyenne des communes, c'est l'altitude maximale qui les range : une commune de vallée dont "
            "le territoire monte à un sommet est classée haut."
        )
    if found.empty:
        words = [
            f"{format_number(low)} à {format_number(high)}{NBSP}m" for low, high in found.empty
        ]
        notes.append(f"Sans aucune commune : {join_words(words)}.")
    unknown = [findings.communes["name"][code] for code in found.altitudes.unknown]
    if unknown:
        notes.append(f"{_shorten(unknown)} : altitude inconnue, hors des tranches.")
    return tuple(notes)


def _shorten(names: Sequence[str], limit: int = 6) -> str:
    if len(names) <= limit:
        return join_words(names)
    return f"{', '.join(names[:limit])} et {plural(len(names) - limit, 'autre commune', 'autres communes')}"
