"""A made-up country: six EPCI of known profile and one overseas, of which no job share is published.

CC d'Aulne (two communes) and CC du Bois are much alike; the CA de Cime is a town in a plain. The Territoire
d'industrie « Nord » holds Aulne, Bois and Cime; Doux and Faux lie in another.
"""

import datetime as dt
import random

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from minifrance.tables import read_rows
from terrdiag.edition import open_edition
from terrdiag.edition.schema import TABLES
from terrdiag.territory.model import Group, Perimeter

# the job shares are published by EPCI: industry, agriculture, construction, trade and services, administration
EPCI = """
code       name             ti   shares
200000001  CC·d'Aulne       N    20,10,10,30,30
200000002  CC·du·Bois       N    22,9,9,31,29
200000003  CA·de·Cime       N    8,1,6,52,33
200000004  CC·de·Doux       S    12,25,12,25,26
200000005  CC·d'Étang       .    30,4,8,28,30
200000006  CC·de·Faux       S    15,15,7,33,30
200000007  CC·de·la·Lagune  .    .
"""

COMMUNES = """
code   epci       people2013  people2018  km2   mountain  second  dwellings  jobs
01001  200000001  6000        6100        150   1         400     4000       2500
01002  200000001  4000        3900        100   1         600     2000       500
01003  200000002  9000        9000        240   1         900     6000       1000
01004  200000003  58000       60000       120   0         600     30000      30000
02001  200000004  12000       11400       400   0         500     7000       3000
02002  200000005  15000       15600       300   0         450     8000       5000
02003  200000006  20000       19000       700   1         2500    12000      7000
97101  200000007  10000       10500       250   0         300     5000       2000
"""

SECTORS = ("industry", "agriculture", "construction", "trade_services", "administration")

VARIABLES = {
    ("population", 2013): "people2013",
    ("population", 2018): "people2018",
    ("communes_mountain", 2026): "mountain",
    ("second_homes", 2018): "second",
    ("dwellings", 2018): "dwellings",
    ("jobs_total", 2018): "jobs",
}

AULNE, BOIS, CIME = "200000001", "200000002", "200000003"

DESCRIPTION = """
id = "six"
cog_year = 2026
built_at = 2026-11-22
terrdiag_version = "0"
intervals = [[2013, 2018]]
tables = {}
sources = []
"""


def write_six(root, *, seed=None, people=1.0, share=1.0, drop=(), copies=None):
    """Write the edition.

    ``seed``: shuffle the rows of every table. ``people``, ``share``: change the units of the populations and of the
    shares. ``drop``: pairs of commune and variable that are not known. ``copies``: EPCI that has the same profile as
    another, under its own code.
    """
    epci, communes = read_rows(EPCI), read_rows(COMMUNES)
    for number, (code, model) in enumerate((copies or {}).items(), 3):
        epci.append({**next(row for row in epci if row["code"] == model), "code": code})
        communes += [
            {**row, "code": f"{number:02d}{row['code'][2:]}", "epci": code}
            for row in read_rows(COMMUNES)
            if row["epci"] == model
        ]
    figures = []
    for row in communes:
        for (variable, year), column in VARIABLES.items():
            if (row["code"], variable) not in drop:
                scale = people if variable == "population" else 1.0
                value = float(row[column]) * scale
                figures.append(("commune", row["code"], variable, year, value, "ok", "insee"))
    for row in epci:
        for sector, value in zip(SECTORS, filter(None, row["shares"].split(",")), strict=False):
            name = f"{sector}_jobs_share_pct"
            figures.append(("epci", row["code"], name, 2022, float(value) * share, "ok", "rp"))
    tables = {
        "communes": [
            (
                row["code"],
                row["code"],
                row["code"][: 2 + row["code"].startswith("97")],
                "84",
                float(row["km2"]),
                2026,
            )
            for row in communes
        ],
        "memberships": _members(epci, communes),
        "events": [],
        "figures": figures,
    }
    for name, rows in tables.items():
        if seed is not None:
            random.Random(seed).shuffle(rows)  # noqa: S311  # not a secret
        frame = pd.DataFrame(rows, columns=TABLES[name].names)
        table = pa.Table.from_pandas(frame, schema=TABLES[name], preserve_index=False)
        pq.write_table(table, root / f"{name}.parquet")
    (root / "edition.toml").write_text(DESCRIPTION, encoding="utf-8")
    return open_edition(root)


def _members(epci, communes):
    names = {row["code"]: row for row in epci}
    since = dt.date(2019, 1, 1)
    rows = []
    for row in communes:
        group = names[row["epci"]]
        rows.append(("epci", group["code"], group["name"], row["code"], since, None, "dgcl"))
        if group["ti"]:
            code, name = {"N": ("ti-0001", "Nord"), "S": ("ti-0002", "Sud")}[group["ti"]]
            rows.append(("ti", code, name, row["code"], since, None, "anct"))
    return rows


def make_perimeter(kind, code, communes, epci):
    """A territory: what it is declared as, its communes, the EPCI it touches."""
    part = Group(kind, code, f"Territoire {code}", tuple(communes))
    groups = tuple(Group("epci", one, one, ()) for one in epci)
    day = dt.date(2026, 1, 1)
    return Perimeter("essai", part.name, day, (part,), tuple(communes), groups, (), (), (), (), ())
