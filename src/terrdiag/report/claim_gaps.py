"""Why a figure that a document states cannot be computed: what precisely is missing."""

from typing import Final

from terrdiag.analyses.claims import Gap
from terrdiag.catalogue import Indicator
from terrdiag.report.comparison import format_coverage
from terrdiag.study.claims import ClaimTable
from terrdiag.territory.model import format_date
from terrdiag.values import STATUS_WORDS
from terrdiag.wording import join_words

SENTENCES: Final = {
    "no_list": "Les communes ne sont pas connues à la date du chiffre{since}.",
    "not_then": "{detail}",
    "measured": (
        "{label} se mesure sur un modèle de terrain, que ce calcul n'a pas lu : "
        "seulement avec « terrdiag diagnostic », et un modèle téléchargé (« terrdiag data dem ») ou donné (--dem)."
    ),
    "analysed": (
        "{label} est le résultat d'une analyse, que ce calcul ne refait pas : "
        "cherchez-le dans indicators.csv, qu'écrit « terrdiag diagnostic »."
    ),
    "no_level": "{label} n'existe pas {where}.{note}",
    "no_year": "{label} n'est pas dans l'édition {where} en {year}{known}.{note}",
    "partial": "{label} n'est connu {where} que pour {coverage} des habitants : trop peu pour trancher.{note}",
    "no_figure": "{label} n'est pas dans l'édition {where}{part}{known}.{note}",
}
"""By what is missing; the others are a status of the figure."""


def word_gap(gap: Gap, indicator: Indicator, where: str, claim: ClaimTable) -> str:
    """Word what is missing to compute the figure of a claim.

    Parameters
    ----------
    gap
        What is missing.
    indicator
        What the claim is about.
    where
        The place of the claim: « en Occitanie ».
    claim
        The claim.

    Returns
    -------
    str
        A sentence.
    """
    coverage = format_coverage(gap.coverage_pct) if gap.coverage_pct else ""
    words = {
        "label": f"« {indicator.label_fr} »",
        "where": where,
        "year": str(claim.year),
        "note": f" {indicator.note_fr}" if indicator.note_fr else "",
        "since": f" ; elles le sont à partir du {format_date(gap.since)}" if gap.since else "",
        "known": f" ; années connues : {join_words(map(str, gap.years))}" if gap.years else "",
        "coverage": coverage,
        "detail": gap.detail,
        "part": f" (connu pour {coverage} seulement)" if coverage else "",
    }
    status = f"{{label}} n'est pas donné {{where}} : {STATUS_WORDS.get(gap.kind, '')}."
    return SENTENCES.get(gap.kind, status).format(**words)
