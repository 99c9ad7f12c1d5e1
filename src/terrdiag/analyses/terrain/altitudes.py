"""The altitude by which communes are set in order: one reference for all of them, stated in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import pandas as pd

from terrdiag.values import STATUSES_WITH_VALUE

Reference = Literal["official_mean", "model_mean", "official_max"]

OFFICIAL: Final = ("mean", "min", "max")
"""Altitudes of the official table: ``altitude_<name>_m``."""


@dataclass(frozen=True)
class CommuneAltitudes:
    """Altitudes of the communes, all of the same kind.

    Attributes
    ----------
    reference
        Which altitude: the official mean, the mean on the elevation model, or the official maximum.
    altitude_m
        By commune code, sorted; NaN where it is not known.
    source_id
        Identifiers of its sources, joined by ``+``.
    is_surface
        Whether a model's mean is that of a surface model.
    """

    reference: Reference
    altitude_m: "pd.Series[float]"
    source_id: str
    is_surface: bool = False

    @property
    def words(self) -> str:
        """Name the reference, for a label or a sentence."""
        model = "modèle de surface" if self.is_surface else "modèle de terrain"
        return {
            "official_mean": "altitude moyenne officielle",
            "model_mean": f"altitude moyenne du {model}",
            "official_max": "altitude maximale officielle, faute d'altitude moyenne",
        }[self.reference]

    @property
    def short(self) -> str:
        """Name the reference in a few words: a mean of the model is never taken for the official one."""
        return {
            "official_mean": "altitude moyenne",
            "model_mean": "altitude moyenne du modèle",
            "official_max": "altitude maximale",
        }[self.reference]

    @property
    def known(self) -> "pd.Series[float]":
        """Altitudes that are known."""
        return self.altitude_m.dropna()

    @property
    def unknown(self) -> tuple[str, ...]:
        """Codes of the communes whose altitude is not known."""
        return tuple(self.altitude_m.index[self.altitude_m.isna()])


def gather_communes(frame: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """Gather the communes of a territory, their population and their official altitudes.

    Parameters
    ----------
    frame
        Communes sorted by code: ``code, name, inside, area_km2``.
    values
        The table of values.

    Returns
    -------
    DataFrame
        By code: ``name, area_km2, population`` (of the year known for most), ``altitude_mean_m, altitude_min_m,
        altitude_max_m`` of the official table; NaN where not known.
    """
    inside = frame[frame["inside"]]
    table = pd.DataFrame(inside[["code", "name", "area_km2"]]).set_index("code")
    for column in ("population", *(f"altitude_{name}_m" for name in OFFICIAL)):
        table[column] = latest_by_commune(values, column)["value"].reindex(table.index)
    return table


def latest_by_commune(values: pd.DataFrame, indicator: str) -> pd.DataFrame:
    """Give the rows of an indicator for communes, at the year known for most of them (the latest of these).

    Returns
    -------
    DataFrame
        By code: the columns of the table of values, known values only; empty when nothing is known.
    """
    rows = values[(values["indicator"] == indicator) & (values["level"] == "commune")]
    rows = rows[rows["status"].isin(STATUSES_WITH_VALUE)]
    if len(rows):
        counts = rows["ref_year"].value_counts()
        rows = rows[rows["ref_year"] == max(counts.index, key=lambda year: (counts[year], year))]
    return rows.set_index("code").sort_index()


def choose_altitudes(
    communes: pd.DataFrame,
    values: pd.DataFrame,
    model_mean_m: "pd.Series[float] | None" = None,
    *,
    model_source: str = "",
    is_surface: bool = False,
) -> CommuneAltitudes | None:
    """Choose by which altitude the communes are set in order: never two kinds together.

    The one known for most communes; among equals the official mean, then the model's mean, then the official
    maximum.

    Parameters
    ----------
    communes
        From :func:`gather_communes`.
    values
        The table of values, for the sources.
    model_mean_m
        Mean on the elevation model by commune code, when there is one.
    model_source, is_surface
        Its source, and whether it is a surface model.

    Returns
    -------
    CommuneAltitudes or None
        None when no altitude of any kind is known.
    """
    candidates = [
        CommuneAltitudes(
            "official_mean", communes["altitude_mean_m"], _sources(values, "altitude_mean_m")
        ),
        CommuneAltitudes(
            "official_max", communes["altitude_max_m"], _sources(values, "altitude_max_m")
        ),
    ]
    if model_mean_m is not None:
        mean = model_mean_m.reindex(communes.index)
        candidates.insert(1, CommuneAltitudes("model_mean", mean, model_source, is_surface))
    best = max(candidates, key=lambda one: int(one.altitude_m.notna().sum()))
    return best if len(best.known) else None


def _sources(values: pd.DataFrame, indicator: str) -> str:
    return join_sources(latest_by_commune(values, indicator)["source_id"].tolist())


def join_sources(ids: Sequence[str]) -> str:
    """Join identifiers of sources, each one once.

    Examples
    --------
    >>> join_sources(["b+a", "a", ""])
    'a+b'
    """
    return "+".join(sorted({part for text in ids for part in text.split("+") if part}))


@dataclass(frozen=True)
class Fit:
    """How far an elevation model is from the official table, over the communes that both know.

    Attributes
    ----------
    statistic
        ``mean``, ``max`` or ``min``.
    count
        Number of communes.
    bias_m
        Mean of model − table.
    rmse_m
        Square root of the mean of its squares.
    """

    statistic: str
    count: int
    bias_m: float
    rmse_m: float

    @property
    def agrees(self) -> bool:
        """Whether the two agree well enough to be read together."""
        return abs(self.bias_m) <= MAX_BIAS_M and self.rmse_m <= MAX_RMSE_M


MAX_BIAS_M: Final = 50.0
MAX_RMSE_M: Final = 100.0


def fit_official(
    communes: pd.DataFrame, modelled: "dict[str, pd.Series[float]]"
) -> tuple[Fit, ...]:
    """Compare the altitudes of a model with those of the official table.

    Parameters
    ----------
    communes
        From :func:`gather_communes`.
    modelled
        By statistic (``mean``, ``max``, ``min``): altitude on the model by commune code.

    Returns
    -------
    tuple of Fit
        For the statistics that some commune has on both sides.
    """
    fits = []
    for statistic, series in modelled.items():
        gap = (series.reindex(communes.index) - communes[f"altitude_{statistic}_m"]).dropna()
        if len(gap):
            error = float(np.sqrt((gap**2).mean()))
            fits.append(Fit(statistic, len(gap), float(gap.mean()), error))
    return tuple(fits)
