"""Write contours and groups of communes as Etalab, the DGCL and the ANCT publish them."""

import gzip
import json
from pathlib import Path

import openpyxl

from minifrance import numbers
from minifrance.tables import read_rows, write_csv

ORIGIN = (2.0, 46.5)
CELL = 1 / 16


# --- Etalab: contours -----------------------------------------------------------------------------


def write_contours(folder: Path) -> None:
    """Write a file a département; in those of 2023, the code is the feature's own identifier."""
    newer = {code: {"properties": {"code": code}} for code in numbers.CONTOURS_2026}
    older = {code: {"id": code, "properties": {"name": code}} for code in numbers.CONTOURS_2023}
    write_features(folder / "geo-api/departements", newer, numbers.CONTOURS_2026)
    write_features(folder / "geo-api-2023/departements", older, numbers.CONTOURS_2023)
    # arrondissements, which must be left out
    plm = folder / "geo-api/departements/plm-75.geojson.gz"
    plm.write_bytes(gzip.compress(b"{}", mtime=0))


def write_features(
    folder: Path,
    heads: dict[str, dict[str, object]],
    outlines: dict[str, list[list[tuple[float, float]]]],
) -> None:
    folder.mkdir(parents=True)
    by_departement: dict[str, list[object]] = {}
    for code, rings in outlines.items():
        polygons = [[[to_degrees(x, y) for x, y in (*ring, ring[0])]] for ring in rings]
        geometry = {"type": "MultiPolygon", "coordinates": polygons}
        feature = {"type": "Feature", "geometry": geometry, **heads[code]}
        by_departement.setdefault(code[:3] if code[:2] == "97" else code[:2], []).append(feature)
    for departement, features in by_departement.items():
        text = json.dumps({"type": "FeatureCollection", "features": features})
        (folder / f"{departement}.geojson.gz").write_bytes(gzip.compress(text.encode(), mtime=0))


def to_degrees(x: float, y: float) -> tuple[float, float]:
    """Give the longitude and latitude of a corner of the grid.

    Examples
    --------
    >>> to_degrees(4, 3)
    (2.25, 46.6875)
    """
    return ORIGIN[0] + x * CELL, ORIGIN[1] + y * CELL


# --- DGCL, Etalab, ANCT: groups of communes -------------------------------------------------------


def write_groups(raw: Path) -> None:
    for year in range(2019, 2026):
        write_workbook(raw / f"dgcl/epcicom{year}.xlsx", year)
    etalab = raw / "etalab/decoupage-administratif-6.0.0"
    etalab.mkdir(parents=True)
    ept = [
        {"code": code, "nom": name, "membres": [{"code": member} for member in members]}
        for code, (name, members) in numbers.EPT.items()
    ]
    (etalab / "ept.json").write_text(json.dumps(ept), encoding="utf-8")
    communes = [
        {"code": row["COM"], "type": "commune-actuelle", "siren": make_siren(row["COM"])}
        for row in read_rows(numbers.COMMUNES)
    ]
    (etalab / "communes.json").write_text(json.dumps(communes), encoding="utf-8")
    write_programmes(raw / "anct")
    write_typologies(raw / "anct")


def make_siren(commune: str) -> str:
    """Make the SIREN of a commune: 21, its département, its number, a check digit.

    Examples
    --------
    >>> make_siren("01001"), make_siren("2A004")
    ('210100012', '212000042')
    """
    return f"21{commune[:2].replace('A', '0')}0{commune[2:]}2"


def write_workbook(path: Path, year: int) -> None:
    path.parent.mkdir(exist_ok=True)
    book = openpyxl.Workbook()
    names = ["siren", "raison_sociale", "nature_juridique", "nb_membres", "insee", f"ptot_{year}"]
    book.active.append(names)
    for row in read_rows(numbers.EPCI):
        if int(row["from"]) <= year <= int(row["to"]):
            members = row["members"].split(",")
            # the producer's workbooks have numbers where a spreadsheet sees one
            head = (float(row["siren"]), row["nom"], row["nature"], float(len(members)))
            for code in members:
                book.active.append([*head, code, 1.0])
    book.save(path)
    book.close()


def write_programmes(folder: Path) -> None:
    code, name, sirens = numbers.TERRITOIRE_INDUSTRIE
    rows = [
        {"id_ti": code, "lib_ti": name, "siren": siren, "nom_epci_2026": "x"} for siren in sirens
    ]
    write_csv(folder / "territoires_industrie_groupements.csv", rows)
    properties = {"id_ti": code, "lib_ti": name, "siren_groupement": " ".join(sirens)}
    features = [{"type": "Feature", "properties": properties, "geometry": None}]
    text = json.dumps({"type": "FeatureCollection", "features": features})
    (folder / "polygone-4326_ti.geojson").write_text(text, encoding="utf-8")
    petr = [
        {**row, "nom_epci": "x", "share": int(row["nb_com_in"]) / int(row["nb_com_epci"])}
        for row in read_rows(numbers.PETR)
    ]
    write_csv(folder / "petr_contrats_ruralite_2018.csv", petr)


def write_typologies(folder: Path) -> None:
    codes = [row["COM"] for row in read_rows(numbers.COMMUNES)]
    of = {
        "montagne": numbers.MASSIFS,
        "densite": dict.fromkeys(codes, "Rural à habitat dispersé")
        | {"75056": "Grands centres urbains"},
        "ruralite": dict.fromkeys(codes, " Les ruralités résidentielles aisées"),
        "centralite": dict.fromkeys(codes, "Communes non centre")
        | {numbers.UNCLASSIFIED: "- undefined"},
    }
    for name, levels in of.items():
        rows = [
            {"insee_com": code, "lib_com": "x", f"niveau_{name}": label}
            for code, label in levels.items()
        ]
        write_csv(folder / f"{name}.csv", rows, bom="\ufeff")
