"""Write the mini-France as the producers publish it: their files, headers, separators, marks."""

import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from minifrance import numbers
from minifrance.groups import write_contours, write_groups
from minifrance.tables import Row, join_rows, read_rows, write_csv


def write_raw_files(raw: Path) -> Path:
    """Write every raw file under a folder, laid out by producer as ``edition build`` reads them."""
    write_cog(raw / "insee/cog")
    write_contours(raw / "etalab")
    write_groups(raw)
    write_populations(raw)
    write_comparateur(raw / "insee/comparateur")
    write_figures(raw / "figures")
    return raw


# --- INSEE: code officiel géographique ----------------------------------------------------------


def write_cog(folder: Path) -> None:
    columns = "TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT"
    rows = [{"TYPECOM": "COM", **row} for row in read_rows(numbers.COMMUNES)]
    # a delegated commune repeats the code of one that is no more
    rows += [{"TYPECOM": "COMD", "COM": "01012", "LIBELLE": "Le Mont", "COMPARENT": "01002"}]
    rows += [
        {"TYPECOM": "ARM", "COM": code, "REG": "11", "DEP": "75", "COMPARENT": parent}
        for code, parent in numbers.ARRONDISSEMENTS.items()
    ]
    write_csv(folder / "v_commune_2026.csv", lay_out(rows, columns))
    names = "CHEFLIEU,TNCC,NCC,NCCENR,LIBELLE"
    upper = [{"DEP": c, "REG": r, "LIBELLE": n} for c, (r, n) in numbers.DEPARTEMENTS.items()]
    write_csv(folder / "v_departement_2026.csv", lay_out(upper, f"DEP,REG,{names}"))
    regions = [{"REG": code, "LIBELLE": name} for code, name in numbers.REGIONS.items()]
    write_csv(folder / "v_region_2026.csv", lay_out(regions, f"REG,{names}"))
    write_csv(folder / "v_mvt_commune_2026.csv", read_rows(numbers.EVENTS))


def lay_out(rows: Iterable[Row], header: str) -> Iterator[Row]:
    """Lay rows out under the header of the producer, empty where the mini-France says nothing."""
    return ({name: row.get(name, "") for name in header.split(",")} for row in rows)


# --- INSEE and others: figures --------------------------------------------------------------------


def write_populations(raw: Path) -> None:
    rows = [
        {**row, "PTOT": int(row["PMUN"]) + int(row["PCAP"])}
        for row in read_rows(numbers.REFERENCE_2023)
    ]
    header = "REG,Région,DEP,CODARR,CODCAN,CODCOM,COM,Commune,PMUN,PCAP,PTOT"
    write_csv(raw / "insee/populations/donnees_communes.csv", lay_out(rows, header), sep=";")
    censuses = raw / "figures/rp_population_communes_2011_2016_2022.csv"
    write_csv(censuses, read_rows(numbers.CENSUSES))


def write_comparateur(folder: Path) -> None:
    """Write the next edition as CSV, and the national one in its archive."""
    later = join_rows(numbers.COMPARATEUR_2022_PEOPLE, numbers.COMPARATEUR_2022_JOBS)
    write_csv(folder / "base_cc_comparateur_2022_haute_bigorre.csv", later, sep=";")
    national = folder / "base_cc_comparateur.CSV"
    rows = join_rows(numbers.COMPARATEUR_2018_PEOPLE, numbers.COMPARATEUR_2018_JOBS)
    write_csv(national, rows, sep=";")
    with zipfile.ZipFile(folder / "base_cc_comparateur_csv.zip", "w") as archive:
        # a fixed date, so that the archive has the same bytes each time
        archive.writestr(zipfile.ZipInfo(national.name), national.read_bytes())
        archive.writestr(zipfile.ZipInfo(f"meta_{national.name}"), "COD_VAR;LIB_VAR\r\n")
    national.unlink()


SECTORS = {
    "agriculture": "agriculture",
    "industry": "industrie",
    "construction": "construction",
    "trade": "commerce_transports_services",
    "administration": "administration_enseignement_sante",
}


def write_figures(folder: Path) -> None:
    header = "code_insee,nom_standard,altitude_minimale,altitude_moyenne,altitude_maximale"
    altitudes = lay_out(read_rows(numbers.ALTITUDES), header)
    write_csv(folder / "altitudes_communes_cchb.csv", altitudes)
    highest = lay_out(read_rows(numbers.ALTITUDE_MAX), "code_insee,nom_standard,altitude_maximale")
    write_csv(folder / "altitude_maximale_communes.csv", highest)
    for level in ("epci", "departement", "region"):
        rows = [
            write_sectors(row)
            for row in join_rows(numbers.SECTORS, numbers.SECTORS_EARLIER)
            if row["level"] in {level, "france"}
        ]
        write_csv(folder / f"rp_emploi_secteurs_{level}.csv", rows)
    epci = [
        {"epci": row["epci"], "nom_epci": "x", "dep": "01", "reg": "84"} | row
        for row in read_rows(numbers.OBSERVATOIRE_2018)
    ]
    header = "epci,nom_epci,dep,reg,nombredhab_epci,nombredemploi_epci,partemploiindus_epci"
    write_csv(folder / "observatoire_territoires_epci_2018.csv", lay_out(epci, header))


def write_sectors(row: Row) -> Row:
    """Write the columns of a place as they are published."""
    shares = {f"emplois_{name}_pct_2022": row[key] for key, name in SECTORS.items()}
    shares |= {
        f"emplois_{name}_pct_20{year}": row[key + year]
        for year in ("11", "16")
        for key, name in SECTORS.items()
        if key + year in row
    }
    growths = {
        f"emplois_tcam_20{span[:2]}_20{span[2:]}_pct": row[f"growth{span}"]
        for span in ("1116", "1622")
    }
    return {"code": row["code"], "libelle": "x", **shares, **growths}
