"""The data sets of Melodi that terrdiag reads: which codes make which variables, and what must add up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final


@dataclass(frozen=True)
class Dataset:
    """What is taken of a data set.

    Attributes
    ----------
    id
        Its name (``DS_…``).
    dimensions
        Dimensions whose codes make the variables.
    variables
        The variable of each combination of their codes.
    fixed
        The code that the other dimensions must have, most often the total.
    optional
        Those of ``fixed`` that some vintages do not have.
    parts
        Of a total, the parts that make it up: exclusive, and nothing but them.
    sums
        Variables made of several others.
    given
        Variables handed over (all of them when empty).
    compares
        Whether its years were made to be compared.
    """

    id: str
    dimensions: tuple[str, ...]
    variables: Mapping[tuple[str, ...], str]
    fixed: Mapping[str, str]
    optional: frozenset[str] = frozenset()
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sums: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    compares: bool = False

    @property
    def wanted(self) -> dict[str, tuple[str, ...]]:
        """The codes to keep, by dimension."""
        codes = {
            name: tuple(dict.fromkeys(key[place] for key in self.variables))
            for place, name in enumerate(self.dimensions)
        }
        return codes | {name: (code,) for name, code in self.fixed.items()}

    @property
    def handed_over(self) -> tuple[str, ...]:
        """The variables of the extract."""
        return self.given or (*self.variables.values(), *self.sums)


SECTORS: Final = {
    "AZ": "agriculture",
    "BE": "industry",
    "FZ": "construction",
    "GU": "trade_services",
    "OQ": "administration",
}
"""The five sectors (A5): ``GU`` is trade, transport and services, arts and other services included."""

INDUSTRY_DIVISIONS: Final = {
    "C1": "posts_food",
    "C2": "posts_refining",
    "C3": "posts_machinery",
    "C4": "posts_transport_equipment",
    "C5": "posts_other_manufacturing",
    "DE": "posts_energy_water",
}
"""What the 17 sectors (A17) tell of industry: five branches of manufacturing, and the others.

``C3``: electrical, electronic and computer equipment, machines. ``DE``: mining, energy, water, waste.
"""

SERVICE_DIVISIONS: Final = ("GZ", "HZ", "IZ", "JZ", "KZ", "LZ", "MN", "RU")
"""The parts of ``GU`` among the 17 sectors."""


def _by_code(names: Mapping[str, str]) -> dict[tuple[str, ...], str]:
    """Name variables by the code of the only dimension that makes them."""
    return {(code,): name for code, name in names.items()}


def _posts_a17() -> dict[str, str]:
    """Name the 17 sectors; those that are one of the five bear its name."""
    shared = {code: f"posts_{name}" for code, name in SECTORS.items() if code not in {"BE", "GU"}}
    return {**shared, **INDUSTRY_DIVISIONS, **{code: f"posts_{code}" for code in SERVICE_DIVISIONS}}


POSTS_A17: Final = _posts_a17()

FIVE_POSTS: Final = tuple(f"posts_{name}" for name in SECTORS.values())

FLORES: Final = {
    "FLORES_MEASURE": "EMPL3112",
    "LEGAL_FORM_WITH_PUBLIC": "1T9X7",
    "NUMBER_EMPL": "_T",
}
"""Posts of the last week of December, public employers included, private households not."""

LT_COMP: Final = Dataset(
    id="DS_RP_EMPLOI_LT_COMP",
    dimensions=("EMP_ACTIVITY",),
    variables=_by_code(
        {"_T": "jobs_sectors"} | {code: f"jobs_{name}" for code, name in SECTORS.items()}
    ),
    fixed={"RP_MEASURE": "NBEMP", "SEX": "_T", "PCS": "_T", "EMPFORM": "_T"},
    parts={"jobs_sectors": tuple(f"jobs_{name}" for name in SECTORS.values())},
    compares=True,
)
"""Jobs at the workplace by sector (census, complementary exploitation)."""

FLORES_A5: Final = Dataset(
    id="DS_FLORES_A5",
    dimensions=("ACTIVITY",),
    variables=_by_code(
        {"_T": "posts_total"} | {code: f"posts_{name}" for code, name in SECTORS.items()}
    ),
    fixed=FLORES,
    optional=frozenset({"NUMBER_EMPL"}),
    parts={"posts_total": FIVE_POSTS},
)
"""Salaried posts by sector, on 31 December."""

FLORES_A17: Final = Dataset(
    id="DS_FLORES_A17",
    dimensions=("ACTIVITY",),
    variables=_by_code({"_T": "posts_total"} | POSTS_A17),
    fixed=FLORES,
    optional=frozenset({"NUMBER_EMPL"}),
    parts={"posts_total": tuple(POSTS_A17.values())},
    sums={
        "posts_industry": tuple(INDUSTRY_DIVISIONS.values()),
        "posts_trade_services": tuple(f"posts_{code}" for code in SERVICE_DIVISIONS),
    },
    given=("posts_total", *FIVE_POSTS, *INDUSTRY_DIVISIONS.values()),
)
"""Salaried posts by sector, the branches of industry apart."""

POPULATIONS: Final = Dataset(
    id="DS_POPULATIONS_REFERENCE",
    dimensions=("POPREF_MEASURE",),
    variables=_by_code(
        {"PMUN": "population", "PCAP": "population_apart", "PTOT": "population_total"}
    ),
    fixed={"FREQ": "A"},
    optional=frozenset({"FREQ"}),
    parts={"population_total": ("population", "population_apart")},
    given=("population", "population_total"),
)
"""Reference populations: municipal, and total (counted apart included)."""

CENSUS_SERIES: Final = Dataset(
    id="DS_RP_SERIE_HISTORIQUE",
    dimensions=("RP_MEASURE", "OCS"),
    variables={
        ("POP", "_T"): "population",
        ("DWELLINGS", "_T"): "dwellings",
        ("DWELLINGS", "DW_MAIN"): "main_homes",
        ("DWELLINGS", "DW_SEC_DW_OCC"): "second_homes",
        ("DWELLINGS", "DW_VAC"): "vacant_homes",
    },
    fixed={},
    parts={"dwellings": ("main_homes", "second_homes", "vacant_homes")},
    compares=True,
)
"""Population and dwellings at each census since 1968, in the communes of today."""
