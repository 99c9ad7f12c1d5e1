"""The models of a catalogue entry: an indicator, a theme, a source."""

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Kind = Literal["count", "ratio_of_sums", "density", "growth", "extent", "published"]
"""How an indicator is made at any level (a ratio is never averaged).

``count``: sum · ``ratio_of_sums``: sum over sum · ``density``: sum over area · ``growth``:
compound annual rate of sums between two censuses · ``extent``: minimum or maximum of places ·
``published``: a share that the producer publishes without its counts, usable at the levels it is
published for.
"""

Level = Literal["commune", "epci", "territoire", "ti", "petr", "departement", "region", "france"]


class Model(BaseModel):
    """A frozen model that refuses what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Theme(Model):
    """A chapter of the page and a sheet of the workbook."""

    id: str
    label_fr: str
    label_en: str


class MapSpec(Model):
    """How an indicator is drawn."""

    kind: Literal["choropleth", "circles"]
    level: Literal["commune", "epci"] = "commune"
    method: Literal["quantiles", "jenks", "breaks"] = "quantiles"
    classes: int = Field(default=5, ge=2, le=7)
    breaks: tuple[float, ...] = ()
    """Inner breaks of ``method = "breaks"``, ascending."""
    palette: str = "YlGnBu"
    diverging_at: float | None = None
    """Value at which a diverging palette is centred (0 for a growth rate)."""


class Indicator(Model):
    """What a reader sees: label, unit, how it is made and drawn."""

    id: str
    theme: str
    label_fr: str
    label_en: str
    short_fr: str
    """A few words for a column head or a selector."""
    unit: str
    decimals: int = Field(ge=0, le=4)
    kind: Kind
    inputs: tuple[str, ...]
    """Variables of the edition, in the order of the parameters of the indicator's function."""
    formula_fr: str
    definition_fr: str
    source: tuple[str, ...]
    """Identifiers of the sources, as in ``sources.toml``."""
    note_fr: str = ""
    min_denominator: float = 0.0
    """A rate on less than this is not given (status ``too_small``)."""
    signed: bool = False
    """Whether a positive value bears its ``+``."""
    levels: tuple[Level, ...] = (
        "commune",
        "epci",
        "territoire",
        "ti",
        "petr",
        "departement",
        "region",
        "france",
    )
    """Levels at which the indicator exists."""
    weights: str | None = None
    """Variable that weighs a ``published`` share over a union of places (an estimate, labelled so)."""
    map: MapSpec | None = None

    @model_validator(mode="after")
    def check_coherence(self) -> Self:
        """Refuse an entry whose parts contradict each other."""
        if self.map and self.map.kind == "choropleth" and self.kind == "count":
            raise ValueError(
                "un effectif se représente en cercles proportionnels, pas en aplats (map.kind)"
            )
        if self.map and self.map.method == "breaks" and not self.map.breaks:
            raise ValueError("map.method = « breaks » demande map.breaks")
        if self.map and list(self.map.breaks) != sorted(set(self.map.breaks)):
            raise ValueError("map.breaks doit être strictement croissant")
        if self.weights and self.kind != "published":
            raise ValueError("weights ne concerne que kind = « published »")
        return self


class Source(Model):
    """An official file: who publishes it, where, under which licence, and what it describes."""

    id: str
    producer: str
    title: str
    vintage: str
    """The edition in words: « RP 2018 », « 1er janvier 2026 »."""
    landing_page: str
    """The page a person can open when the address of the file dies."""
    address: str
    path: str
    """Where the file lies under the raw folder (a glob for a family of files)."""
    licence: str
    licence_url: str
    attribution: str
    cog_year: int
    """The geography of the file: communes as of 1 January of that year."""
    ref_years: tuple[int, ...] = ()
    """What the figures describe (empty for a perimeter)."""
    reader: str
    """``module:function`` under ``terrdiag.sources``."""
    embeddable: bool = True
    """Whether its figures may go into the embedded edition (Licence Ouverte only)."""
    note: str = ""
