"""Valid files that terrdiag or a person writes: locks, studies, grids, own data and its sidecar."""

import tempfile
from pathlib import Path

import geopandas as gpd
import shapely

from fuzz.handmade import text, workbook


def altitude_grid() -> bytes:
    head = (
        "ncols 3\nnrows 2\nxllcorner 400000\nyllcorner 6650000\ncellsize 25\nNODATA_value -99999\n"
    )
    return (head + "1.5 2 3\n4 5.25 -99999\n").encode()


def lock_toml() -> bytes:
    """The lock of a raw folder, of one file."""
    return (
        '[files."insee/a.csv"]\n'
        'address = "https://www.insee.fr/a.csv"\n'
        f'sha256 = "{"ab" * 32}"\n'
        "size = 120\n"
        'etag = "\\"x\\""\n'
        'last_modified = "Sun, 22 Nov 2026 10:00:00 GMT"\n'
        "retrieved = 2026-11-22\n"
        "checked = 2026-11-22\n"
        'source_id = "insee-cog-2026"\n'
    ).encode()


def dem_lock_toml() -> bytes:
    """The lock of a folder of elevation, of one tile and one box."""
    box = "[0.0, 42.0, 1.0, 43.0]"
    return (
        "[[files]]\n"
        'path = "glo30/a.tif"\nkind = "glo30"\naddress = "https://x/a.tif"\n'
        f'sha256 = "{"ab" * 32}"\nsize = 12\nretrieved = 2026-11-22\nbounds = {box}\ndatum = "EGM2008"\n'
        "[[boxes]]\n"
        f'kind = "glo30"\nbounds = {box}\nretrieved = 2026-11-22\nempty = ["N42_W001"]\n'
    ).encode()


def study_toml() -> bytes:
    """A study that uses most keys."""
    return """\
[study]
id = "essai"
title = "Diagnostic d'essai"
[perimeter]
name = "Communauté de communes"
epci = ["246500482"]
compare_dates = [2017-01-01]
[[perimeter.history]]
date = 2018-01-01
commune = "65222"
into = "246500482"
source = "délibération"
[comparators]
include = ["ti:ti-7505", "departement:65", "france"]
[relief.transect]
name = "Du nord au sud"
points = [[0.107, 43.124], [0.149, 43.065]]
""".encode()


# --- a person's own data ---------------------------------------------------------------------------


def own_rows() -> list[list[object]]:
    codes = ["01001", "1002", "2A004", "75101", "75102", "65059", "99999"]
    return [[code, f"Commune {n}", 10 * n, 100, 2024] for n, code in enumerate(codes, start=1)]


OWN_HEADER = ["code insee", "nom", "entreprises", "total", "annee"]


def own_csv() -> bytes:
    return text(";".join(OWN_HEADER), (";".join(map(str, row)) for row in own_rows()))


def own_xlsx() -> bytes:
    return workbook({"Données": [OWN_HEADER, *own_rows()]})


def own_gpkg() -> bytes:
    columns = dict(zip(OWN_HEADER, zip(*own_rows(), strict=True), strict=True))
    points = [shapely.Point(n, 45) for n in range(len(own_rows()))]
    layer = gpd.GeoDataFrame({**columns, "geometry": points}, crs=4326)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.gpkg"
        layer.to_file(path, layer="communes")
        return path.read_bytes()


def sidecar_toml() -> bytes:
    return """\
[indicator]
id = "part_entreprises_essai"
label = "Part d'essai"
short = "Essai"
unit = "%"
decimals = 1
theme = "emploi"
kind = "ratio"
definition = "Entreprises d'essai, rapportées à l'ensemble."
[data]
code = "code insee"
numerator = "entreprises"
denominator = "total"
year = 2024
cog_year = 2026
[source]
producer = "La communauté de communes"
title = "Enquête"
vintage = "2024"
licence = "Licence Ouverte 2.0"
attribution = "CC, 2024"
""".encode()
