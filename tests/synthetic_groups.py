"""Synthetic national files of groupings and of commuting flows (see ``synthetic_world``)."""

import datetime as dt
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import openpyxl
import pandas as pd

from synthetic_jobs import draw
from synthetic_world import World, zip_csv

BELONGING = (
    "CODGEO", "LIBGEO", "DEP", "REG", "EPCI", "NATURE_EPCI", "ARR", "CV", "ZE2020", "UU2020", "TUU2017", "TDUU2017",
    "AAV2020", "TAAV2017", "TDAAV2017", "CATEAAV2020", "BV2022",
)  # fmt: skip
BANATIC = (
    "Département", "N° SIREN", "Nom du groupement", "Nature juridique", "Mode de financement", "Date de création",
    "Date d'effet", "Nombre total de membres", "Siren membre", "Nom membre", "Catégorie des membres du groupement",
    "1004 - Eau (Art. L. 2224-7)", "Population totale",
)  # fmt: skip
SWITZERLAND = ("99140", "Suisse")
NEAR_SWITZERLAND = ("01", "25", "39", "68", "74", "90")
OUT = "000"


def zone_communes(world: World) -> pd.DataFrame:
    """Invent zonings: employment zones and living areas are unions of EPCI, urban units towns of 2,000 inhabitants."""
    table = world.communes.reset_index(names="code").sort_values("code")
    table["epci"] = table["epci"].fillna("ZZZZZZZZZ")
    largest = table.sort_values("p2023").drop_duplicates(["departement", "epci"], keep="last")
    # neighbours by number are most often neighbours on the ground
    epci = largest.sort_values(["departement", "code"]).reset_index(drop=True)
    epci["rank"] = epci.groupby("departement").cumcount() // 3
    zones = epci.drop_duplicates(["region", "departement", "rank"])[
        ["region", "departement", "rank"]
    ]
    zones = zones.sort_values(["region", "departement", "rank"]).reset_index(drop=True)
    zones["ze"] = zones["region"] + (zones.groupby("region").cumcount() + 1).astype(str).str.zfill(
        2
    )
    epci = epci.merge(zones, on=["region", "departement", "rank"])
    table = table.merge(
        epci[["departement", "epci", "ze", "code"]].rename(columns={"code": "centre"}),
        on=["departement", "epci"],
    )
    town = table["p2023"] >= 2000
    number = table[town].groupby("departement").cumcount() + 101
    table["uu"] = table["departement"].str[:2] + OUT
    table.loc[town, "uu"] = table.loc[town, "departement"].str[:2] + number.astype(str)
    ranked = {centre: rank for rank, centre in enumerate(sorted(set(table["centre"])), 1)}
    size = table["centre"].map(table.set_index("code")["p2023"])
    table["aav"] = (
        table["centre"].map(lambda centre: _base36(ranked[centre])).where(size >= 8000, OUT)
    )
    return table


def _base36(number: int) -> str:
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return digits[number // 1296] + digits[number // 36 % 36] + digits[number % 36]


def write_belonging(path: Path, world: World) -> None:
    """Write the table d'appartenance: title above, header on the sixth line, notes below."""
    table = zone_communes(world)
    names = table.set_index("code")["nom"]
    rows = [
        (one.code, one.nom, one.departement, one.region, one.epci, "CC", one.arr, one.canton, one.ze, one.uu,
         "3", "31", one.aav, "2", "20", "11", one.centre)
        for one in table.itertuples()
    ]  # fmt: skip
    zones: dict[tuple[str, str], str] = {}
    for one in table.sort_values("p2023").itertuples():
        # the most inhabited is written last
        zones[("ARR", one.arr)] = zones[("ZE2020", one.ze)] = zones[("CV", one.canton)] = one.nom
        zones[("UU2020", one.uu)] = (
            "Communes hors unité urbaine" if one.uu.endswith(OUT) else one.nom
        )
        zones[("AAV2020", one.aav)] = (
            "Commune hors attraction des villes" if one.aav == OUT else names[one.centre]
        )
        zones[("BV2022", one.centre)] = names[one.centre]
    named = [(kind, code, name, 1) for (kind, code), name in sorted(zones.items()) if code]
    sheets = {
        "COM": (BELONGING, *rows),
        "ARM": (BELONGING,),
        "Zones_supra_communales": (("NIVGEO", "CODGEO", "LIBGEO", "NB_COM"), *named),
        "Variables": (("NIVGEO", "LIBELLE"), ("ZE2020", "Zone d'emploi 2020")),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(zipfile.ZipInfo(f"{path.stem}.xlsx"), _save(sheets), zipfile.ZIP_DEFLATED)


def _save(sheets: dict[str, Iterable[Sequence[object]]], *, titled: bool = True) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for line in (
            "Table d'appartenance géographique des communes",
            "Géographie au 1er janvier 2026",
            *("", "", ""),
        ) * titled:
            sheet.append([line])
        for row in rows:
            sheet.append(list(row))
        if titled:
            sheet.append(["Source : Insee, code officiel géographique"])
    book.properties.modified = dt.datetime(2026, 11, 2, 8, 0)  # noqa: DTZ001  # a workbook knows no time zone
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def write_ti_2023(path: Path, members: pd.DataFrame, world: World) -> None:
    """Write the communes of the Territoires d'industrie of 2023-2027: those of the generation before, renamed.

    Parameters
    ----------
    path
        Where.
    members
        ``code, nom, code_commune`` of the first generation.
    world
        Says which communes existed in 2023.
    """
    people = world.people_in(2023)
    rows = members[members["code_commune"].isin(people)].drop_duplicates(["code", "code_commune"])
    table = pd.DataFrame(
        {
            "insee_com": rows["code_commune"],
            "lib_com": "X",
            "id_ti": rows["code"],
            "lib_ti": rows["nom"],
        }
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    table.to_csv(path, index=False)


def write_petr(path: Path, petr: dict[str, tuple[str, Sequence[tuple[str, str]]]]) -> None:
    """Write the export of a région: Excel serials for dates, codes as numbers, other groupings beside.

    Parameters
    ----------
    path
        Where.
    petr
        By SIREN: the name of the PETR, and the SIREN and name of each of its members.
    """
    dates = (42005, 42718)
    rows: list[tuple[object, ...]] = []
    for code, (name, members) in petr.items():
        head = ("65 - X", int(code), name, "PETR", "FPU", *dates, len(members))
        for siren, member in members:
            kind = "Commune" if siren.startswith("21") else "Groupement"
            rows.append((*head, siren, member, kind, "OUI", 1.0))
    # an EPCI is in the export too, and ten rows are the least it has
    other = ("65 - X", "246500482", "CC de la Haute-Bigorre", "CC", "FPU", *dates, 25)
    rows += [(*other, "216500165", "Antist", "Commune", "OUI", 1.0)] * 10
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(_save({"Groupements": (BANATIC, *rows)}, titled=False))


def send_workers(
    code: str, people: float, targets: Sequence[tuple[str, str]]
) -> list[tuple[str, str, float]]:
    """Invent where the residents of a commune work: there, then less and less in each of its targets."""
    workers = 0.42 * people
    home = 0.15 + 0.6 * draw(code, "works at home")
    found = [(code, "", round(workers * home, 6))]
    left = workers * (1 - home)
    for rank, (target, name) in enumerate(targets):
        part = (
            left if rank == len(targets) - 1 else left * (0.4 + 0.2 * draw(code, f"goes to {rank}"))
        )
        left -= part
        found.append((target, name, round(part, 6)))
    return [one for one in found if one[2] > 0.5]


def write_flows(path: Path, world: World) -> None:
    """Write the commuting flows: to the town of the EPCI, of the département, of the région, next door, and abroad."""
    table = world.communes.sort_index()
    order = table.sort_values("p2022")
    nearest = {
        column: order.reset_index(names="code").groupby(column)["code"].last()
        for column in ("epci", "departement", "region")
    }
    names = table["nom"].to_dict()
    codes = list(table.index)
    rows = []
    for rank, (code, one) in enumerate(table.iterrows()):
        towns = [nearest[column].get(one[column]) for column in nearest]
        wanted = [*towns, codes[rank - 1], codes[(rank + 1) % len(codes)]]
        targets = [
            (str(target), str(names[target]))
            for target in dict.fromkeys(wanted)
            if target and target != code
        ]
        if one["departement"] in NEAR_SWITZERLAND:
            targets.insert(1, SWITZERLAND)
        for target, name, value in send_workers(str(code), one["p2022"], targets):
            rows.append((code, names[code], target, name or names[code], value))
    columns = ["CODGEO", "LIBGEO", "DCLT", "L_DCLT", "NBFLUX_C22_ACTOCC15P"]
    zip_csv(
        path,
        "base-flux-mobilite-domicile-lieu-travail-2022.csv",
        pd.DataFrame(rows, columns=columns),
    )
