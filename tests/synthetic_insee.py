"""Synthetic national files of INSEE: Melodi, Filosofi, comparateur, populations (see ``synthetic_world``)."""

import csv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from synthetic_jobs import SECTORS, count_jobs, draw
from synthetic_world import OVERSEAS, World, zip_csv

A5 = dict(zip(SECTORS, ("AZ", "BE", "FZ", "GU", "OQ"), strict=True))
INDUSTRY = ("C1", "C2", "C3", "C4", "C5", "DE")
A17 = ("AZ", *INDUSTRY, "FZ", "GZ", "HZ", "IZ", "JZ", "KZ", "LZ", "MN", "OQ", "RU")
LEVELS = {"EPCI": "epci", "DEP": "departement", "REG": "region"}

# --- Melodi ---------------------------------------------------------------------------------------------------


def count_sectors(code: str, people: float, year: int) -> dict[str, float]:
    """Invent the jobs of a commune by sector; those of a small commune may have no job of a sector."""
    counts = count_jobs(code, people, year)
    kept = {
        sector: 0.0
        if people < 500 and draw(code, f"no {sector}") < 0.2
        else counts[f"EMPLT_{sector}"]
        for sector in SECTORS
    }
    return {"_T": round(sum(kept.values()), 3)} | {A5[name]: value for name, value in kept.items()}


def is_hidden(code: str) -> bool:
    """Tell whether the figures of a commune are counted with another (status K)."""
    return draw(code, "hidden") < 0.002


def write_melodi_jobs(path: Path, world: World, years: Sequence[int] = (2012, 2017, 2023)) -> None:
    """Write ``DS_RP_EMPLOI_LT_COMP``: a zero has no row, a hidden commune has status K, other levels stand beside."""
    people = world.split_cities(world.communes["p2023"].to_dict(), keep=True)
    rows = []
    for code, size in people.items():
        if code[:3] == "976":
            continue
        level, hidden = ("ARM" if code in world.cities else "COM"), is_hidden(code)
        for year in years:
            for sector, value in count_sectors(code, size, year).items():
                if value or hidden:
                    mark = ("K", None) if hidden else ("A", value)
                    rows.append((sector, code, level, "_T", "_T", mark[0], year, mark[1]))
                if sector == "BE" and size > 20_000:
                    # details, which are not the total
                    rows.append((sector, code, level, "M", "_T", "A", year, value * 0.7))
                    rows.append((sector, code, level, "_T", "6", "A", year, value * 0.4))
    rows.append(("_T", "FM", "FRANCE", "_T", "_T", "A", years[-1], 28e6))
    names = ["EMP_ACTIVITY", "GEO", "GEO_OBJECT", "SEX", "PCS", "OBS_STATUS", "TIME_PERIOD", "OBS_VALUE"]  # fmt: skip
    table = pd.DataFrame(rows, columns=names).assign(EMPFORM="_T", RP_MEASURE="NBEMP")
    order = ["EMP_ACTIVITY", "EMPFORM", "GEO", "GEO_OBJECT", "PCS", "RP_MEASURE", "SEX", *names[5:]]
    member = f"DS_RP_EMPLOI_LT_COMP_{years[-1]}_data.csv"
    zip_csv(path, member, table[order], quoting=csv.QUOTE_NONNUMERIC)


def count_posts(code: str, people: float) -> dict[str, int]:
    """Invent the posts of a commune in seventeen sectors: most small communes have none in most of them."""
    posts = {
        sector: int(people * 0.05 * draw(code, f"posts {sector}") ** 3 + draw(code, sector))
        for sector in A17
    }
    return {"_T": sum(posts.values())} | posts


def write_posts(path: Path, world: World) -> None:
    """Write ``DS_FLORES_A17``: posts and establishments, a zero without a row."""
    rows = []
    for code, size in world.split_cities(world.communes["p2023"].to_dict(), keep=True).items():
        level = "ARM" if code in world.cities else "COM"
        for sector, value in count_posts(code, size).items():
            if value:
                rows.append((code, level, sector, "_T", "1T9X7", "EMPL3112", "A", 2024, value))
            rows.append((code, level, sector, "_T", "1T9X7", "UNIT_LOC", "A", 2024, value // 5 + 1))
    rows.append(("F", "FRANCE", "_T", "_T", "1T9X7", "EMPL3112", "A", 2024, 26_604_745))
    names = "GEO;GEO_OBJECT;ACTIVITY;NUMBER_EMPL;LEGAL_FORM_WITH_PUBLIC;FLORES_MEASURE;OBS_STATUS;TIME_PERIOD;OBS_VALUE"
    table = pd.DataFrame(rows, columns=names.split(";"))
    zip_csv(path, "DS_FLORES_A17_2024_data.csv", table, quoting=csv.QUOTE_NONNUMERIC)


CENSUSES = (1968, 1975, 1982, 1990, 1999, 2007, 2012, 2017, 2023)


def count_people(before: float, now: float, year: int) -> float:
    """Invent the inhabitants of a commune at a census, from those of 2016 and of 2023."""
    growth = float(np.clip((now / before) ** (1 / 7), 0.985, 1.02)) if before else 1.0
    return round(now * growth ** (year - 2023), 1)


def count_homes(code: str, people: float) -> dict[str, float]:
    """Invent the dwellings of a commune by category; they sum to their total."""
    main = round(people / 2.2, 3)
    second = round(main * draw(code, "second homes") ** 2, 3)
    vacant = round(main * 0.2 * draw(code, "vacant homes"), 3)
    whole = round(main + second + vacant, 3)
    return {"_T": whole, "DW_MAIN": main, "DW_SEC_DW_OCC": second, "DW_VAC": vacant}


def write_census_series(path: Path, world: World, years: Sequence[int] = CENSUSES) -> None:
    """Write ``DS_RP_SERIE_HISTORIQUE``: population and dwellings at each census."""
    rows = []
    for code, one in world.communes[["p2016", "p2023"]].iterrows():
        if str(code)[:3] == "976":
            continue
        for year in years:
            size = count_people(one["p2016"], one["p2023"], year)
            rows.append((code, "POP", "_T", year, size))
            homes = count_homes(str(code), size)
            rows += [(code, "DWELLINGS", kind, year, value) for kind, value in homes.items()]
    table = pd.DataFrame(rows, columns=["GEO", "RP_MEASURE", "OCS", "TIME_PERIOD", "OBS_VALUE"])
    table = table.assign(GEO_OBJECT="COM", OBS_STATUS="A")
    order = ["GEO", "GEO_OBJECT", "RP_MEASURE", "OCS", "OBS_STATUS", "TIME_PERIOD", "OBS_VALUE"]
    member = f"DS_RP_SERIE_HISTORIQUE_{years[-1]}_data.csv"
    zip_csv(path, member, table[order], quoting=csv.QUOTE_NONNUMERIC)


# --- INSEE: Filosofi, comparateur, populations ----------------------------------------------------------------


def draw_income(code: str, year: int) -> tuple[int, float]:
    """Invent a median (euros) and a poverty rate (%)."""
    median = round(18_000 + 9_000 * draw(code, "median") + 600 * (year - 2021))
    return median, round(6 + 20 * draw(code, f"poverty {year}"), 1)


def write_incomes(path: Path, world: World, year: int) -> None:
    """Write an edition of Filosofi: small communes under secrecy, a zero beside the mark of the secrecy."""
    people = world.communes["p2023"]
    places = [(code, "COM", size) for code, size in people.items()]
    places += [(code, "ARM", 50_000.0) for code in world.cities]
    for level, column in LEVELS.items():
        places += [(code, level, 1e5) for code in sorted(world.communes[column].dropna().unique())]
    places += [("FM", "FRANCE", 6e7), ("F", "FRANCE", 6e7), ("001", "AAV2020", 1e6)]
    rows = []
    for code, level, size in places:
        if str(code).startswith(OVERSEAS) and str(code)[:3] not in {"972", "974"}:
            continue
        median, poverty = draw_income(str(code), year)
        for measure, unit, value, least in (
            ("MED_SL", "EUR_YR", median, 100),
            ("PR_MD60", "PT", poverty, 2000),
        ):
            mark = ("F", "O", None) if not size else ("F", "A", value)
            if 0 < size < least:
                mark = ("C", "A", 0 if measure == "PR_MD60" else None)
            rows.append((code, level, measure, unit, "0", mark[0], mark[1], year, mark[2]))
    names = "GEO;GEO_OBJECT;FILOSOFI_MEASURE;UNIT_MEASURE;UNIT_MULT;CONF_STATUS;OBS_STATUS;TIME_PERIOD;OBS_VALUE"
    table = pd.DataFrame(rows, columns=names.split(";"))
    zip_csv(path, "DS_FILOSOFI_CC_data.csv", table, quoting=csv.QUOTE_NONNUMERIC)


COMPARATEUR = (
    "CODGEO;P22_POP;P16_POP;SUPERF;NAIS1621;DECE1621;P22_MEN;NAISD24;DECESD24;P22_LOG;P22_RP;P22_RSECOCC;P22_LOGVAC;"
    "P22_RP_PROP;NBMENFISC21;PIMP21;MED21;TP6021;P22_EMPLT;P22_EMPLT_SAL;P16_EMPLT;P22_POP1564;P22_CHOM1564;"
    "P22_ACT1564;ETTOT24;ETAZ24;ETBE24;ETFZ24;ETGU24;ETOQ24;ETTEF124;ETTEFP1024"
)


def count_places(code: str, people: float) -> dict[str, int]:
    """Invent the establishments of a commune by sector."""
    return {
        name: int(people * 0.02 * draw(code, f"places {name}")) + (draw(code, name) > 0.5)
        for name in A5.values()
    }


def write_comparateur(path: Path, world: World, known: pd.DataFrame | None = None) -> None:
    """Write the current edition (RP 2022, establishments end 2024), with given rows in the place of invented ones."""
    sizes = world.split_cities(world.communes["p2022"].to_dict(), keep=True)
    before = world.split_cities(world.communes["p2016"].to_dict(), keep=True)
    rows = []
    for code, size in sorted(sizes.items()):
        jobs = {
            year: 0.98 * count_jobs(code, people, year)["EMPLT"]
            for year, people in ((2016, before[code]), (2022, size))
        }
        homes = dict(
            zip(("LOG", "RP", "RSECOCC", "LOGVAC"), count_homes(code, size).values(), strict=True)
        )
        places = count_places(code, size)
        row = {"CODGEO": code, "P22_POP": size, "P16_POP": before[code], "SUPERF": 10.5}
        row |= {"NAIS1621": round(size * 0.055), "DECE1621": round(size * 0.06)}
        row |= {"P22_MEN": homes["RP"], **{f"P22_{name}": n for name, n in homes.items()}}
        row |= {"NBMENFISC21": "s" if size < 200 else round(size * 0.4), "PIMP21": "s"}
        row |= {"MED21": "s" if size < 100 else draw_income(code, 2021)[0], "TP6021": "s"}
        row |= {"P22_EMPLT": jobs[2022], "P22_EMPLT_SAL": 0.8 * jobs[2022], "P16_EMPLT": jobs[2016]}
        row |= {"P22_POP1564": 0.6 * size, "P22_CHOM1564": 0.05 * size, "P22_ACT1564": 0.45 * size}
        row |= {"ETTOT24": sum(places.values()), **{f"ET{name}24": n for name, n in places.items()}}
        rows.append(row)
    table = pd.DataFrame(rows, columns=COMPARATEUR.split(";")).astype(object)
    if known is not None:
        table = pd.concat([table[~table["CODGEO"].isin(known["CODGEO"])], known[list(table)]])
    zip_csv(path, "base_cc_comparateur.CSV", table.fillna(0).sort_values("CODGEO"))


def write_populations_archive(path: Path, communes: Path) -> None:
    """Write ``ensemble.zip`` around the file of communes that a mirror has."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(communes, "donnees_communes.csv")
        archive.writestr("donnees_departements.csv", "CODREG;REG;CODDEP\r\n")
