"""A made-up country of fifteen communes, written by hand with the tables of an edition.

What happened in it, since the first list of members (2019):

- 65009 Drin merged into 65003 on 1 January 2023 (same EPCI);
- 65005 Fontaine left 65004 Erval on 1 January 2024 (a split);
- 65010 Saint-Aubin went from the CC de l'Aulne to the Métropole de Gave on 1 January 2024;
- 64011 Lande became 64010 on 1 March 2021 (its seat moved), between two lists;
- 64003 Haut-Val became Hautval on 1 January 2022;
- the Métropole de Gave changed its SIREN on 1 January 2021, and took 64012 from a CC that ended;
- 64002 Île-du-Guet is in no EPCI.
"""

import datetime as dt
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from terrdiag.edition.schema import TABLES

AULNE, GAVE, OLD_GAVE, ENDED = "246500001", "200000002", "246400001", "246400003"
CORSE, PARIS = "242000001", "200054781"

COMMUNES = [
    # code, name, departement, region, km², year of the outline
    ("2A004", "Ajax", "2A", "94", 82.0, 2026),
    ("32001", "Isle", "32", "76", 9.0, 2026),
    ("64001", "Gave", "64", "75", 20.0, 2023),
    ("64002", "Île-du-Guet", "64", "75", 2.0, 2023),
    ("64003", "Hautval", "64", "75", 15.0, 2023),
    ("64010", "Lande", "64", "75", 7.0, 2023),
    ("64012", "Saint-Aubin", "64", "75", 6.0, 2023),
    ("65001", "Aulne", "65", "76", 10.0, 2026),
    ("65002", "Brize-le-Haut", "65", "76", 12.5, 2026),
    ("65003", "Cernay-en-Val", "65", "76", 8.0, 2026),
    ("65004", "Erval", "65", "76", 9.5, 2026),
    ("65005", "Fontaine", "65", "76", 3.0, 2026),
    ("65010", "Saint-Aubin", "65", "76", 5.0, 2026),
    ("65011", "L'Œuf-sur-Gave", "65", "76", 4.0, 2026),
    ("75056", "Lutèce", "75", "11", 105.0, 2026),
]

EVENTS = [
    ("2018-01-01", 32, "65098", "Vieux", "65099", "Neuf"),
    ("2018-01-01", 32, "65099", "Ancien", "65099", "Neuf"),
    ("2018-06-01", 32, "65099", "Neuf", "65001", "Aulne"),
    ("2018-06-01", 32, "65001", "Aulne", "65001", "Aulne"),
    ("2021-03-01", 50, "64011", "Lande", "64010", "Lande"),
    ("2022-01-01", 10, "64003", "Haut-Val", "64003", "Hautval"),
    ("2023-01-01", 32, "65003", "Cernay", "65003", "Cernay-en-Val"),
    ("2023-01-01", 32, "65009", "Drin", "65003", "Cernay-en-Val"),
    ("2024-01-01", 21, "65004", "Erval-Fontaine", "65004", "Erval"),
    ("2024-01-01", 21, "65004", "Erval-Fontaine", "65005", "Fontaine"),
]

# kind, code, name, commune, first day, day after the last
DATED = [
    *[("epci", AULNE, "CC de l'Aulne", c, "2019", None) for c in ("65001", "65002", "65003")],
    ("epci", AULNE, "CC de l'Aulne", "65009", "2019", "2023"),
    ("epci", AULNE, "CC de l'Aulne", "65004", "2019", None),
    ("epci", AULNE, "CC de l'Aulne", "65005", "2024", None),
    ("epci", AULNE, "CC de l'Aulne", "65010", "2019", "2024"),
    *[
        ("epci", OLD_GAVE, "Métropole de Gave", c, "2019", "2021")
        for c in ("64001", "64003", "64011")
    ],
    ("epci", ENDED, "CC de Saint-Aubin", "64012", "2019", "2021"),
    *[("epci", GAVE, "Métropole de Gave", c, "2021", None) for c in ("64001", "64003", "64012")],
    ("epci", GAVE, "Métropole de Gave", "64011", "2021", "2022"),
    ("epci", GAVE, "Métropole de Gave", "64010", "2022", None),
    ("epci", GAVE, "Métropole de Gave", "65010", "2024", None),
    ("epci", AULNE, "CC de l'Aulne", "65011", "2019", None),
    ("epci", "243200001", "CC d'Isle", "32001", "2019", None),
    ("epci", CORSE, "CA d'Ajax", "2A004", "2019", None),
    ("epci", PARIS, "Métropole du Grand Lutèce", "75056", "2019", None),
    ("ept", "200057875", "Lutèce Est", "75056", "2025", None),
]


def _memberships() -> pd.DataFrame:
    epci = [row for row in DATED if row[0] == "epci"]
    rows = [*DATED]
    rows += [("ti", "ti-7505", "Aulne - Gave", *row[3:]) for row in epci if row[1] in {AULNE, GAVE}]
    rows += [("petr", "CR0001", "Pays de l'Aulne", *row[3:]) for row in epci if row[1] == AULNE]
    names = {
        "32": "Isle",
        "2A": "Corse-du-Sud",
        "64": "Gaves",
        "65": "Hautes-Vallées",
        "75": "Lutèce",
    }
    regions = {"94": "Corse", "75": "Nouvelle-Vasconie", "76": "Occident", "11": "Pays de Lutèce"}
    for code, _, departement, region, *_ in COMMUNES:
        rows.append(("departement", departement, names[departement], code, None, None))
        rows.append(("region", region, regions[region], code, None, None))
    dated = [(*row[:4], *(year and dt.date(int(year), 1, 1) for year in row[4:])) for row in rows]
    columns = ["kind", "code", "nom", "code_commune", "valid_from", "valid_to"]
    table = pd.DataFrame(dated, columns=columns)
    table["source_id"] = table["kind"].map({"epci": "dgcl-epcicom"}).fillna("insee-cog-2026")
    return table.sort_values(["kind", "code", "code_commune", "valid_from"])


DESCRIPTION = """
id = "mini"
cog_year = 2026
built_at = 2026-11-22
terrdiag_version = "0"
intervals = []
"""
TABLE = '[tables.{name}]\npath = "{name}.parquet"\nsha256 = ""\nsize = 0\n'
SOURCE = """
[[sources]]
id = "dgcl-epcicom"
producer = "DGCL"
title = "Composition des EPCI"
vintage = "2019 à 2025"
landing_page = ""
address = ""
licence = ""
licence_url = ""
attribution = ""
cog_year = 2025
"""


def write_mini(root: Path) -> None:
    """Write the edition of the made-up country."""
    events = pd.DataFrame(EVENTS, columns=TABLES["events"].names)
    tables = {
        "communes": pd.DataFrame(COMMUNES, columns=TABLES["communes"].names),
        "memberships": _memberships(),
        "events": events.assign(date=pd.to_datetime(events["date"]).dt.date),
        "figures": TABLES["figures"].empty_table().to_pandas(),
    }
    for name, table in tables.items():
        columns = table[TABLES[name].names]
        arrow = pa.Table.from_pandas(columns, schema=TABLES[name], preserve_index=False)
        pq.write_table(arrow, root / f"{name}.parquet")
    described = "".join(TABLE.format(name=name) for name in tables)
    (root / "edition.toml").write_text(DESCRIPTION + described + SOURCE, encoding="utf-8")


def plain(text: str) -> str:
    """Read a sentence with ordinary spaces."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")
