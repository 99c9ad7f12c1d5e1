"""What an elevation model measures of a territory: in words, on a map, as curves and tables."""

from collections.abc import Mapping
from typing import Final

import geopandas as gpd
import numpy as np

from terrdiag.analyses.terrain.findings import TerrainFindings
from terrdiag.analyses.terrain.provenance import (
    STATISTIC_WORDS,
    word_coverage,
    word_fit,
    word_limits,
    word_resolution,
)
from terrdiag.analyses.terrain.relief import Measures
from terrdiag.elevation.statistics import MIN_COVERAGE_PCT, cover_zones
from terrdiag.report.blocks import Block, Grid
from terrdiag.report.comparison import Cell, Figures, cell_number
from terrdiag.report.terrain.hypsometry import draw_areas, draw_curve, word_share
from terrdiag.report.terrain.relief_map import draw_relief_map
from terrdiag.wording import format_number, format_value, join_words, plural

SHOWN: Final = 20
"""Rows of the table of places; the others are in the data."""

OWN_ONLY_FR: Final = (
    "Seules les communes du territoire sont mesurées : les comparateurs ne le sont pas, ni la partie d'un EPCI qui est "
    "hors du territoire."
)

Known = dict[tuple[str, str, str], Cell]
"""By level, code and indicator."""


def tell_measured(
    findings: TerrainFindings, figures: Figures, frame: gpd.GeoDataFrame
) -> tuple[Block, ...]:
    """Tell what the elevation model measures.

    Parameters
    ----------
    findings
        The analysis.
    figures
        The territory.
    frame
        Communes of the territory and around.

    Returns
    -------
    tuple of Block
        One block; none without a model.
    """
    measures, relief = findings.measures, findings.relief
    if measures is None or relief is None:
        return ()
    known = _index(findings)
    code = figures.territory.code
    drawings = [draw_relief_map(findings, frame, figures.territory.name)]
    # like the figures: nothing of the whole where the model leaves a part of it out
    if float(np.nan_to_num(cover_zones(relief.territory))[0]) >= MIN_COVERAGE_PCT:
        drawings += [
            draw_curve(relief.territory, figures.territory.name, measures.word),
            draw_areas(relief.territory, figures.territory.name, measures.word),
        ]
    return (
        Block(
            "relief",
            f"Le relief mesuré sur le {measures.word}",
            sentences=_say(findings, known, code, measures),
            drawings=tuple(drawing for drawing in drawings if drawing is not None),
            grids=tuple(
                grid
                for grid in (_tabulate_places(findings, known, figures), _tabulate_fits(findings))
                if grid is not None
            ),
            notes=_note(findings, measures),
            definitions=tuple(
                relief.indicators[name] for name in _choose_shown(findings, known, code)
            ),
        ),
    )


def _index(findings: TerrainFindings) -> Known:
    """Index what is told: the territory, and the columns of the table of places (not every band of every commune)."""
    if findings.relief is None:
        return {}
    values = findings.relief.values
    shown = values["indicator"].isin(_choose_columns(findings)) | (values["level"] == "territoire")
    values = values[shown]
    columns = ("level", "code", "indicator", "value", "status", "coverage_pct")
    return {
        (level, code, indicator): Cell(*rest)
        for level, code, indicator, *rest in zip(
            *(values[name].tolist() for name in columns), strict=True
        )
    }


def _say(findings: TerrainFindings, known: Known, code: str, measures: Measures) -> tuple[str, ...]:
    """Say the altitudes, the shares above the thresholds, the slope, and how far the model may be trusted."""

    def find(indicator: str) -> Cell:
        return known["territoire", code, indicator]

    mean = find("altitude_mean_dem_m")
    if not mean.known:
        return (_say_uncovered(measures, mean.coverage),)
    altitudes = {
        name: find(f"altitude_{name}_dem_m").value for name in ("min", "max", "mean", "median")
    }
    return (
        _say_altitudes(measures, altitudes, mean.coverage),
        *_say_thresholds(findings, known, code),
        *_say_slope(findings, find("slope_mean_dem_deg"), find("steep_ground_share_pct")),
        *(word_fit(fit) for fit in findings.fits if fit.statistic == "mean"),
    )


def _say_uncovered(measures: Measures, coverage: float) -> str:
    return (
        f"Le {measures.word} ne couvre que {word_coverage(coverage)} du territoire : sous "
        f"{format_value(MIN_COVERAGE_PCT, '%')}, rien n'est donné pour l'ensemble. Ajoutez les fichiers qui "
        "manquent."
    )


def _say_altitudes(measures: Measures, altitudes: Mapping[str, float], coverage: float) -> str:
    part = f" (sur {word_coverage(coverage)} du territoire)" if coverage < 100 else ""
    low, high, mean, median = (
        format_value(altitudes[name], "m") for name in ("min", "max", "mean", "median")
    )
    return (
        f"D'après le {measures.word}{part}, le sol s'étend de {low} à {high}, pour une altitude moyenne de {mean} ; la "
        f"moitié de la superficie est au-dessus de {median}. Pour les sommets, la table officielle reste la référence."
    )


def _say_thresholds(findings: TerrainFindings, known: Known, code: str) -> tuple[str, ...]:
    shares = {
        m: known["territoire", code, f"area_above_{m}_pct"].value
        for m in findings.table.thresholds_m
    }
    some = {m: share for m, share in shares.items() if 0 < share < 100}
    if not some:
        reached = max((m for m, share in shares.items() if share == 100), default=None)
        if reached is None:
            return ()
        return (f"Toute la superficie est à {format_value(reached, 'm')} d'altitude ou plus.",)
    first, *rest = (
        (word_share(share), f"à {format_value(m, 'm')} ou plus") for m, share in some.items()
    )
    words = [
        f"{first[0]} de la superficie est {first[1]}",
        *(f"{share} {where}" for share, where in rest),
    ]
    return (f"{join_words(words)}.",)


def _say_slope(findings: TerrainFindings, mean: Cell, steep: Cell) -> tuple[str, ...]:
    if not (mean.known and steep.known and findings.measures):
        return ()
    degrees = findings.table.steep_deg
    threshold = format_number(degrees, 0 if degrees == int(degrees) else 1)
    cell = word_resolution(findings.measures.model.resolution_m)
    sentence = (
        f"La pente moyenne est de {format_number(mean.value, 1)}°, et {word_share(steep.value)} de la superficie est "
        f"en pente de plus de {threshold}° (cellules de {cell} : plus fines, elles donneraient des pentes plus fortes)."
    )
    return (sentence,)


def _tabulate_places(findings: TerrainFindings, known: Known, figures: Figures) -> Grid | None:
    """Tabulate the territory, its EPCI when it has several, else its communes from the highest."""
    relief = findings.relief
    if relief is None:
        return None
    places = relief.values[["level", "code", "name"]].drop_duplicates()
    epci = [tuple(row) for row in places[places["level"] == "epci"].to_numpy().tolist()]
    level, label = ("epci", "EPCI") if len(epci) > 1 else ("commune", "commune")
    rows = [tuple(row) for row in places[places["level"] == level].to_numpy().tolist()]
    rows.sort(key=lambda row: (-_rank(known[row[0], row[1], "altitude_mean_dem_m"]), row[1]))
    shown = [("territoire", figures.territory.code, figures.territory.name), *rows[:SHOWN]]
    columns = {name: relief.indicators[name] for name in _choose_columns(findings)}
    left = len(rows) - SHOWN
    count = plural(len(rows), label, "EPCI" if level == "epci" else None)
    more = f"Les {count} sont dans les tableaux de données." if left > 0 else ""
    return Grid(
        caption=f"Relief du territoire et de ses {'EPCI' if level == 'epci' else 'communes'}, d'après le modèle",
        heads=(
            "Lieu",
            *(f"{one.short_fr.split(' (')[0]} ({one.unit})" for one in columns.values()),
        ),
        rows=tuple(
            (name, *(cell_number(known[kind, code, one], columns[one]) for one in columns))
            for kind, code, name in shown
        ),
        own=(0,),
        note=f"De la plus haute à la plus basse altitude moyenne. {more}".strip(),
    )


def _rank(cell: Cell) -> float:
    return cell.value if cell.known else -np.inf


def _choose_columns(findings: TerrainFindings) -> list[str]:
    """Choose the columns: altitudes, the threshold that best parts the territory, slope."""
    relief = findings.relief
    above: list[str] = []
    if relief is not None:
        rows = relief.values[relief.values["level"] == "territoire"].set_index("indicator")["value"]
        shares = {
            f"area_above_{m}_pct": rows.get(f"area_above_{m}_pct")
            for m in findings.table.thresholds_m
        }
        parting = {name: share for name, share in shares.items() if share and 0 < share < 100}
        above = sorted(parting, key=lambda name: (abs(parting[name] - 50), name))[:1]
    return [
        *(f"altitude_{name}_dem_m" for name in ("min", "mean", "median", "max")),
        *above,
        "slope_mean_dem_deg",
    ]


def _choose_shown(findings: TerrainFindings, known: Known, code: str) -> list[str]:
    """Choose what is defined under the block: the columns of the table, and steep ground when a sentence gives it."""
    steep = "steep_ground_share_pct"
    slope_is_said = all(
        known["territoire", code, name].known
        for name in ("altitude_mean_dem_m", "slope_mean_dem_deg", steep)
    )
    return [*_choose_columns(findings), *([steep] if slope_is_said else [])]


def _tabulate_fits(findings: TerrainFindings) -> Grid | None:
    if not findings.fits:
        return None
    return Grid(
        caption="Le modèle comparé à la table officielle des altitudes communales",
        heads=("Altitude", "Communes comparées", "Écart moyen (m)", "Écart quadratique moyen (m)"),
        rows=tuple(
            (
                STATISTIC_WORDS[fit.statistic].capitalize(),
                format_number(fit.count),
                format_number(fit.bias_m, signed=True),
                format_number(fit.rmse_m),
            )
            for fit in findings.fits
        ),
        note="Écart : modèle moins table. Un modèle rabote les sommets et comble les vallées, d'autant plus que ses "
        "cellules sont grandes.",
    )


def _note(findings: TerrainFindings, measures: Measures) -> tuple[str, ...]:
    source = findings.source
    about = f"{source.title} : {source.vintage}. Licence : {source.licence}." if source else ""
    if source and source.attribution != source.title:
        about += f" Mention : « {source.attribution} »."
    territory = findings.relief.territory if findings.relief else measures.zones
    return (
        about,
        *word_limits(measures, territory, ()),
        OWN_ONLY_FR,
        *measures.model.remarks,
        *measures.zones.remarks,
    )
