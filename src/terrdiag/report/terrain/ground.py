"""Counts by altitude of the ground: a table and bars, under a hypothesis that is said each time."""

from collections.abc import Sequence
from typing import Final

from terrdiag.analyses.terrain.ground import GroundFindings
from terrdiag.drawing import Axis, Bars, Caption, Drawing, draw_bars, draw_widths
from terrdiag.report.blocks import Block, Grid
from terrdiag.report.comparison import Figures
from terrdiag.report.terrain.hypsometry import word_share
from terrdiag.wording import NBSP, format_number, join_words

HYPOTHESIS_FR: Final = (
    "Hypothèse : dans chaque commune, habitants, emplois et établissements sont répartis uniformément sur la "
    "superficie. En montagne ils sont dans les vallées : l'estimation en place trop en altitude. Aucune densité "
    "n'est donnée ainsi."
)


def tell_ground(ground: GroundFindings | None, figures: Figures) -> tuple[Block, ...]:
    """Tell the counts by altitude of the ground, an estimate.

    Parameters
    ----------
    ground
        The estimate; nothing without an elevation model.
    figures
        The territory.

    Returns
    -------
    tuple of Block
        One block, or none when nothing could be spread.
    """
    if ground is None or not ground.spreads:
        return ()
    notes = []
    if ground.left_out:
        labels = join_words(one.short_fr for one in ground.left_out)
        notes.append(
            f"Non répartis par altitude du sol : {labels} (chiffre inconnu d'une commune, ou modèle incomplet)."
        )
    return (
        Block(
            "relief",
            "Par altitude du sol (estimation)",
            drawings=(_draw(ground, figures),),
            grids=(_tabulate(ground),),
            notes=tuple(notes),
            definitions=tuple(ground.indicators.values())[:1],
        ),
    )


def _draw(ground: GroundFindings, figures: Figures) -> Drawing:
    """Draw how the area and the counts are shared between the bands of ground, the highest at the top."""
    bands = [_word_band(band) for band in reversed(ground.bands)]
    groups = [make_bars("Superficie", _share(ground.area_km2))]
    groups += [
        make_bars(
            f"{spread.indicator.short_fr} ({spread.year}), estimation", _share(spread.by_band)
        )
        for spread in ground.spreads
        if spread.indicator.id != "establishments"
    ]
    caption = Caption(
        "repartition-par-altitude-du-sol",
        f"Répartition selon l'altitude du sol, {figures.territory.name} (estimation)",
        note="Parts en %, si habitants et emplois étaient répartis uniformément dans chaque commune.",
    )
    return draw_widths(lambda one: draw_bars(one, bands, groups, Axis("Part", "%")), caption)


def _share(counts: Sequence[float]) -> list[float]:
    total = sum(counts)
    return [100 * count / total if total else 0.0 for count in reversed(counts)]


def _word_band(band: tuple[int, int]) -> str:
    low, high = band
    return tie_words(f"{format_number(low)} à {format_number(high)} m")


def make_bars(label: str, shares: Sequence[float]) -> Bars:
    """Make bars of shares in %, with their figures."""
    return Bars(label, tuple(map(float, shares)), texts=tuple(map(word_share, shares)))


def _tabulate(ground: GroundFindings) -> Grid:
    """Tabulate the counts spread over the ground: the heads say the hypothesis, as a figure alone would be believed."""
    total = sum(ground.area_km2)
    rows = [
        (
            _word_band((low, high)),
            format_number(ground.area_km2[k], 1),
            word_share(100 * ground.area_km2[k] / total).removesuffix(f"{NBSP}%"),
            *(format_number(spread.by_band[k]) for spread in ground.spreads),
        )
        for k, (low, high) in reversed(list(enumerate(ground.bands)))
    ]
    heads = [
        f"{spread.indicator.short_fr} en {spread.year}, si répartis uniformément (estimation)"
        for spread in ground.spreads
    ]
    return Grid(
        caption="Par tranche d'altitude du sol (estimation)",
        heads=("Tranche du sol", "Superficie (km²)", "Superficie (%)", *heads),
        rows=tuple(rows),
        note=HYPOTHESIS_FR,
    )


def tie_words(words: str) -> str:
    """Tie the words of a band, which a narrow column would cut."""
    return words.replace(" ", NBSP)
