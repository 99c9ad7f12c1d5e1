"""``[relief]``: the elevation model, the thresholds, the bands, the transect."""

import itertools
from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field

from terrdiag.study.codes import WrongValueError
from terrdiag.study.fields import AS_TUPLE, Table, Text, said

THRESHOLDS_M: Final = (500, 1000, 1500, 2000)
"""Altitudes above which the share of the ground is given."""

HIGHEST_M: Final = 4810
"""Mont Blanc, in whole metres: no threshold is above."""

BAND_M: Final = 200
"""Height of the bands of altitude of the communes."""

STEEP_DEG: Final = 15.0

FRANCE_BOXES: Final = {
    "l'Hexagone et la Corse": (-5.5, 41.2, 9.8, 51.3),
    "la Guadeloupe": (-62.0, 15.7, -60.9, 16.7),
    "la Martinique": (-61.4, 14.2, -60.7, 15.0),
    "la Guyane": (-54.8, 2.0, -51.4, 6.0),
    "La Réunion": (55.1, -21.5, 55.95, -20.8),
    "Mayotte": (44.9, -13.1, 45.4, -12.5),
}
"""West, south, east, north of the parts of France, in degrees, with a margin."""


def _check_thresholds(values: tuple[int, ...]) -> tuple[int, ...]:
    """Put the thresholds in order; refuse one given twice or out of reach."""
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        raise WrongValueError(f"{twice[0]} est donné deux fois")
    beyond = [value for value in values if not 0 <= value <= HIGHEST_M]
    if beyond:
        raise WrongValueError(f"attendu des altitudes de 0 à {HIGHEST_M} m, trouvé {beyond[0]}")
    return tuple(sorted(values))


def _read_point(value: object) -> object:
    """Turn ``[longitude, latitude]`` into a pair that lies in France."""
    expected = "attendu [longitude, latitude] en degrés, comme [0.07, 43.23]"
    if not isinstance(value, list | tuple) or len(value) != 2 or not all(map(_is_number, value)):
        raise WrongValueError(f"{expected}, trouvé {value}")
    longitude, latitude = float(value[0]), float(value[1])
    if _find_part(longitude, latitude):
        return longitude, latitude
    if _find_part(latitude, longitude):
        raise WrongValueError(
            f"[{longitude:g}, {latitude:g}] est hors de France : la longitude vient d'abord, "
            f"écrivez [{latitude:g}, {longitude:g}]"
        )
    raise WrongValueError(f"[{longitude:g}, {latitude:g}] est hors de France : {expected}")


def _is_number(value: object) -> bool:
    # within what a float holds: TOML has integers of 400 digits
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9


def _find_part(longitude: float, latitude: float) -> str:
    """Name the part of France that holds a point; empty when none does."""
    for name, (west, south, east, north) in FRANCE_BOXES.items():
        if west <= longitude <= east and south <= latitude <= north:
            return name
    return ""


def _check_line(points: tuple[tuple[float, float], ...]) -> tuple[tuple[float, float], ...]:
    """Refuse what is not a line: one point, a point twice running, an ocean to cross."""
    if len(points) < 2:
        raise WrongValueError("attendu deux points au moins : le départ et l'arrivée de la coupe")
    for before, after in itertools.pairwise(points):
        if before == after:
            raise WrongValueError(
                f"le point [{after[0]:g}, {after[1]:g}] est donné deux fois de suite"
            )
    parts = list(dict.fromkeys(_find_part(*point) for point in points))
    if len(parts) > 1:
        raise WrongValueError(f"une coupe ne va pas de {parts[0]} à {parts[1]}")
    return points


Point = Annotated[
    tuple[float, float],
    BeforeValidator(_read_point),
    Field(json_schema_extra={"minItems": 2, "maxItems": 2}),
]
Thresholds = Annotated[tuple[int, ...], AS_TUPLE, AfterValidator(_check_thresholds)]
Line = Annotated[
    tuple[Point, ...],
    AS_TUPLE,
    AfterValidator(_check_line),
    Field(json_schema_extra={"minItems": 2}),
]


class TransectTable(Table):
    """``[relief.transect]``: a line across the relief, from plain to pass."""

    name: Text = said("Nom de la coupe : de la plaine au col.", ...)
    points: Line = said(
        "Points de la ligne, dans l'ordre : [longitude, latitude] en degrés, deux au moins.", ...
    )
    start: str = said("Nom du lieu de départ (facultatif).", "")
    end: str = said("Nom du lieu d'arrivée (facultatif).", "")


class ReliefTable(Table):
    """``[relief]``: what measures the relief, and how it is told."""

    dem: Annotated[tuple[Text, ...], AS_TUPLE] = said(
        "Fichiers du modèle d'altitude (motifs admis : dem/*.tif), depuis le dossier de l'étude.",
        (),
    )
    dem_crs: Text | None = said("Projection de fichiers qui n'en portent pas, comme EPSG:2154.")
    dem_title: Text | None = said("Ce qu'est le modèle : producteur, nom, millésime.")
    dem_licence: Text | None = said("Licence du modèle.")
    dem_datum: Text | None = said("Référence des altitudes, comme NGF-IGN69 (facultatif).")
    dem_is_surface: bool = said(
        "Vrai pour un modèle de surface, où la cime des arbres et les toits sont compris.",
        default=False,
    )
    thresholds_m: Thresholds = said(
        "Altitudes au-dessus desquelles la part du territoire est donnée, en mètres.", THRESHOLDS_M
    )
    steep_deg: float = said(
        "Pente à partir de laquelle un terrain est dit fort, en degrés.", STEEP_DEG, gt=0, lt=90
    )
    band_m: int = said(
        "Hauteur des tranches d'altitude des communes, en mètres.", BAND_M, ge=10, le=2000
    )
    transect: TransectTable | None = said("Une coupe à travers le relief (facultatif).")
