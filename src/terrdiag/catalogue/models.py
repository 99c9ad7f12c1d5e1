"""The models of a catalogue entry: an indicator, a theme, a source."""

import re
from typing import Literal, Self, get_args

from pydantic import BaseModel, ConfigDict, Field, model_validator

Kind = Literal["count", "ratio_of_sums", "density", "growth", "extent", "published", "analysis"]
"""How an indicator is made at any level (a ratio is never averaged).

``count``: sum · ``ratio_of_sums``: sum over sum · ``density``: sum over area · ``growth``:
compound annual rate of sums between two censuses · ``extent``: minimum or maximum of places ·
``published``: a share that the producer publishes without its counts, usable at the levels it is
published for · ``analysis``: made of several values, or measured on an elevation model
(``analyses/*.toml``).
"""

Level = Literal[
    "commune",
    "epci",
    "territoire",
    "perimetre",
    "tranche_altitude",
    "epci_comparable",
    "ti",
    "ti2023",
    "petr",
    "cv",
    "uu",
    "bv",
    "aav",
    "ze",
    "arr",
    "departement",
    "region",
    "ensemble",
    "france",
]


class Model(BaseModel):
    """A frozen model that refuses what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Theme(Model):
    """A chapter of the page and a sheet of the workbook."""

    id: str
    label_fr: str
    label_en: str
    layout: Literal["wide", "long"] = "wide"
    """A sheet of the workbook with a row a place, or a row a value (where indicators are many and places few)."""


class MapSpec(Model):
    """How an indicator is drawn."""

    kind: Literal["choropleth", "circles"]
    level: Literal["commune", "epci"] = "commune"
    """Of an indicator that has ``counts``: the level for the years without them (by commune for the others)."""
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
    """Variables of the edition, in the order of the parameters of the indicator's function (but see ``counts``)."""
    counts: tuple[str, ...] = ()
    """Numerator and denominator of a ``published`` share, for the years and places that the edition has them for.

    There the share is a ratio of sums at every level, the commune included, and ``inputs`` (the published share) only
    serves elsewhere: never both for one place and one year. The function of the indicator then takes the counts.
    """
    formula_fr: str
    definition_fr: str
    source: tuple[str, ...]
    """Identifiers of the sources, as in ``sources.toml``."""
    note_fr: str = ""
    min_denominator: float = 0.0
    """A rate on less than this is not given (status ``too_small``)."""
    fragile_below: float = 0.0
    """A value of counts of a place of fewer inhabitants is marked as fragile: its source is a sample (0: never).

    It is given, with the status it has: this is a caution, which maps, tables of the page and warnings bear.
    """
    signed: bool = False
    """Whether a positive value bears its ``+``."""
    levels: tuple[Level, ...] = get_args(Level)
    """Levels at which the indicator exists."""
    weights: str | None = None
    """Variable that weighs a ``published`` share over a union of places (an estimate, labelled so)."""
    interval: bool = False
    """Whether a ``published`` value is measured between two censuses, its year being the end."""
    map: MapSpec | None = None
    scale: float = 1.0
    """What a ratio of the user's own data is multiplied by (one of the catalogue says it in its function)."""

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
        if self.interval and self.kind != "published":
            raise ValueError("interval ne concerne que kind = « published »")
        if self.counts and (self.kind != "published" or len(self.counts) != 2 or self.interval):
            raise ValueError(
                "counts (numérateur, dénominateur) ne concerne qu'une part, kind = « published »"
            )
        return self

    @property
    def summed(self) -> tuple[str, ...]:
        """Variables that its function takes: the counts of a share that has some, else the inputs."""
        return self.counts or self.inputs

    @property
    def variables(self) -> frozenset[str]:
        """Every variable of the edition that it may be made of, without ``:start`` nor ``:end``."""
        return frozenset(name.partition(":")[0] for name in (*self.inputs, *self.counts))

    @property
    def spans_interval(self) -> bool:
        """Whether it is measured between two years, and bears both."""
        return self.interval or any(name.endswith(":start") for name in self.inputs)


class Analysis(Model):
    """A result made of several values (a location quotient, a gradient), or measured on an elevation model.

    Its texts may hold ``{words}``: one entry then gives as many indicators as there are comparators, sectors,
    thresholds or bands (see :meth:`as_indicator`).
    """

    id: str
    theme: str
    template: str = ""
    """Identifier of each variant (``lq_{sector}_jobs_vs_{reference}``); the identifier itself when empty."""
    label_fr: str
    label_en: str
    short_fr: str
    unit: str
    decimals: int = Field(ge=0, le=4)
    signed: bool = False
    formula_fr: str
    definition_fr: str
    reference_fr: str
    """Where the method comes from: a paper, a page of INSEE."""
    limits_fr: str
    source: tuple[str, ...] = ()
    """Sources of what it is made of, when they do not depend on the run."""
    map: MapSpec | None = None

    def as_indicator(self, **words: str) -> Indicator:
        """Make the indicator of a variant.

        Parameters
        ----------
        **words
            What stands for each ``{word}`` of its texts. In the identifier, whatever is not a letter or a
            figure becomes ``_``.

        Returns
        -------
        Indicator
            Of kind ``analysis``, without inputs.
        """
        folded = {key: re.sub(r"[^a-z0-9]+", "_", word.casefold()) for key, word in words.items()}
        return Indicator(
            id=(self.template or self.id).format(**folded),
            theme=self.theme,
            label_fr=self.label_fr.format(**words),
            label_en=self.label_en.format(**words),
            short_fr=self.short_fr.format(**words),
            unit=self.unit,
            decimals=self.decimals,
            signed=self.signed,
            kind="analysis",
            inputs=(),
            formula_fr=self.formula_fr.format(**words),
            definition_fr=self.definition_fr.format(**words),
            note_fr=self.limits_fr.format(**words),
            source=self.source,
            map=self.map,
        )


Content = Literal[
    "csv", "json", "geojson", "geojson.gz", "csv.gz", "zip", "xlsx", "parquet", "gpkg", "7z", "tif"
]
"""What a file must turn out to be, whatever the server says of it."""

Feeds = Literal["cog", "outlines", "memberships", "figures", "flows", "elevation", "check"]
"""What a source brings to an edition (``check``: nothing, it confirms what others bring)."""


class SourceFile(Model):
    """An official file of a source, or a family of files that differ by one word of their address.

    The address is the full one of a vintage: only the word of :attr:`for_each` (a département) is put in the place
    of ``{each}``, never a year.
    """

    path: str
    """Where it lies under the raw folder (``insee/cog/v_commune_2026.csv``)."""
    address: str = ""
    """Full address (empty: no stable address is known; the file comes from a mirror or by hand)."""
    alternatives: tuple[str, ...] = ()
    """Other addresses of the same file: another front of the producer, an archive."""
    catalogue: str = Field(default="", pattern=r"^(?:melodi:DS_\w+|dido:\S.*|)$")
    """Where the address of the day is found once these are dead: a data set of Melodi, words of a title of DiDo."""
    content: Content
    member: str = ""
    """Glob of the member of the archive that the reader takes."""
    columns: tuple[str, ...] = ()
    """Columns that the header must have (of the member, for an archive)."""
    separator: str = ","
    header_row: int = Field(default=1, ge=1)
    """Line of the header, from 1 (6 in the workbooks of INSEE)."""
    min_rows: int = 0
    """Fewer rows than this: the file is not the one expected."""
    max_megabytes: int = 200
    """More than this is refused before the disk is full."""
    sha256: str = ""
    """Digest, where the producer never rewrites in place."""
    vintage: str = ""
    """The edition in words, when the source has several files."""
    cog_year: int | None = None
    """Geography of this file, when it is not the one of the source."""
    for_each: tuple[str, ...] = ()
    stands_for: tuple[str, ...] = ()
    """Paths of the files that this one stands for (an archive, for what it holds): one or the others are enough."""
    names: tuple[str, ...] = ()
    """Globs of the names under which a person may have saved it (its own name is always one)."""

    def expand(self) -> tuple["SourceFile", ...]:
        """Give the files of the family, one address each (itself when it is alone)."""
        if not self.for_each:
            return (self,)
        return tuple(
            self.model_copy(
                update={
                    "path": self.path.replace("{each}", word),
                    "address": self.address.replace("{each}", word),
                    "alternatives": tuple(one.replace("{each}", word) for one in self.alternatives),
                    "for_each": (),
                }
            )
            for word in self.for_each
        )


class Source(Model):
    """An official file or family of files: who publishes it, where, under which licence, what it describes."""

    id: str
    producer: str
    title: str
    vintage: str
    """The edition in words: « RP 2018 », « 1er janvier 2026 »."""
    landing_page: str
    """The page a person can open when the address of the file dies."""
    address: str
    path: str
    """Where its files lie under the raw folder (a glob for a family of files)."""
    licence: str
    licence_url: str
    attribution: str
    cog_year: int
    """The geography of the file: communes as of 1 January of that year."""
    ref_years: tuple[int, ...] = ()
    """What the figures describe (empty for a perimeter)."""
    rhythm: str
    """How often the producer publishes, in words: « annuel, en mars »."""
    feeds: Feeds
    reader: str
    """``module:function`` under ``terrdiag.sources``."""
    priority: int = 0
    """Where two sources give the same figure, the higher is kept, then the first of the register."""
    files: tuple[SourceFile, ...] = ()
    """What ``terrdiag data update`` fetches."""
    on_demand: bool = False
    """Whether it is fetched only when it is named: another vintage, or another form of what a source already brings."""
    replaced_by: str = ""
    """The source that makes this one of no use when it is there (a census of the year after: the two overlap)."""
    embedded: bool = False
    """Whether the embedded edition is made of it: a build from nothing refuses to do without."""
    embeddable: bool = True
    """Whether its figures may go into the embedded edition (Licence Ouverte only)."""
    note: str = ""

    @property
    def every_file(self) -> tuple[SourceFile, ...]:
        """Its files, families expanded."""
        return tuple(one for file in self.files for one in file.expand())

    @property
    def is_fetched(self) -> bool:
        """Whether one of its files has an address: if not, it comes from a mirror or by hand."""
        return any(file.address for file in self.files)
