import shutil
import tomllib
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import shapely
import tomli_w

from terrdiag.edition import open_edition, read_figures
from terrdiag.edition.check import check_edition
from terrdiag.edition.provenance import record_file
from terrdiag.edition.schema import TABLES
from terrdiag.errors import EditionError

NAN = float("nan")
CHECKED = (
    "fichiers",
    "communes",
    "appartenances",
    "chiffres",
    "navettes",
    "événements",
    "sources",
)


@pytest.fixture
def copy(minifrance_edition, tmp_path):
    return Path(shutil.copytree(minifrance_edition.root, tmp_path / "edition"))


def change_table(folder, name, change):
    """Change a table, and record its digest as if it had been built so."""
    path = folder / f"{name}.parquet"
    if name == "communes":
        frame = change(gpd.read_parquet(path))
        frame.drop(columns="bbox", errors="ignore").to_parquet(path, write_covering_bbox=True)
    else:
        frame = change(pq.read_table(path).to_pandas())
        pq.write_table(pa.Table.from_pandas(frame, TABLES[name], preserve_index=False), path)
    digest = record_file(path, folder).model_dump()
    change_description(folder, lambda toml: toml["tables"].update({name: digest}))


def change_description(folder, change):
    path = folder / "edition.toml"
    toml = tomllib.loads(path.read_text(encoding="utf-8"))
    change(toml)
    path.write_text(tomli_w.dumps(toml), encoding="utf-8")


def put(column, value, **where):
    """Put a value in the rows where columns are what they must be."""

    def change(frame):
        rows = frame.index == frame.index
        for name, wanted in where.items():
            rows &= frame[name] == wanted
        assert rows.any()
        frame.loc[rows, column] = value
        return frame

    return change


def twice(frame):
    return frame.iloc[[0, *range(len(frame))]]


def outline(code, shape):
    def change(frame):
        frame.loc[frame["code_commune"] == code, "geometry"] = shape
        return frame

    return change


def find_faults(folder):
    with pytest.raises(EditionError) as raised:
        check_edition(open_edition(folder), national=False)
    return str(raised.value)


def test_minifrance_is_sound(minifrance_edition):
    assert check_edition(minifrance_edition, national=False) == CHECKED


def test_minifrance_is_not_the_country(minifrance_edition):
    with pytest.raises(EditionError) as raised:
        check_edition(minifrance_edition)
    # the sum of REFERENCE_2023
    lines = ["3 défaut(s)", "12 communes", "628 km²", "18565 habitants"]
    assert [line for line in lines if line not in str(raised.value)] == []


def test_embedded_edition_is_sound():
    assert check_edition(open_edition()) == (*CHECKED, "étendue nationale")


@pytest.mark.parametrize("name", TABLES)
def test_tampered_byte(copy, name):
    path = copy / f"{name}.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)
    assert f"{name}.parquet n'a pas l'empreinte enregistrée" in find_faults(copy)


def test_table_that_is_not_described(copy):
    change_description(copy, lambda toml: toml["tables"].pop("events"))
    assert "events n'est pas décrite dans edition.toml" in find_faults(copy)


def test_column_that_is_not_there(copy):
    path = copy / "figures.parquet"
    pq.write_table(pq.read_table(path).drop_columns(["source_id"]), path)
    digest = record_file(path, copy).model_dump()
    change_description(copy, lambda toml: toml["tables"].update(figures=digest))
    assert "figures.parquet n'a pas la colonne source_id" in find_faults(copy)


BOW_TIE = shapely.Polygon([(2, 46), (3, 47), (3, 46), (2, 47)])
HOUX_TOO_LARGE = shapely.box(2.1, 46.5625, 2.25, 46.625)
"""03003 laid over 03002."""
LAGUNE_HALVED = shapely.box(45.125, -12.8125, 45.15, -12.75)


@pytest.mark.parametrize(
    ("table", "change", "fault"),
    [
        ("communes", twice, "commune en double : 1 (01001)"),
        ("communes", put("area_km2", 0.0, code_commune="01003"), "superficie nulle ou absente : 1 (01003)"),
        ("communes", put("area_km2", NAN, code_commune="01003"), "superficie nulle ou absente : 1 (01003)"),
        ("communes", outline("97601", BOW_TIE), "contour invalide : 1 (97601)"),
        ("communes", outline("97601", shapely.Polygon()), "contour vide : 1 (97601)"),
        ("communes", outline("97601", None), "contour vide : 1 (97601)"),
        ("communes", outline("97601", LAGUNE_HALVED), "contour sans rapport avec la superficie : 1 (97601)"),
        ("communes", outline("03003", HOUX_TOO_LARGE), "frontière mal partagée"),
        ("memberships", put("kind", "canton", kind="petr"), "genre inconnu : 5 (canton)"),
        (
            "memberships",
            put("valid_to", pd.Timestamp(2018, 1, 1).date(), kind="epci", code_commune="01001"),
            "période vide ou renversée : 2 (01001)",
        ),
        (
            "memberships",
            put("code_commune", "01012", kind="massif", code_commune="01001"),
            "membre actuel hors du COG de l'édition : 1 (01012)",
        ),
        (
            "memberships",
            put("valid_to", pd.Timestamp(2021, 6, 1).date(), code="240100001", code_commune="01002"),
            "deux EPCI à la même date : 1 (01002)",
        ),
        (
            "memberships",
            put("valid_to", None, code="240100001", code_commune="01002"),
            "deux EPCI à la même date : 1 (01002)",
        ),
        ("figures", twice, "chiffre en double : 1 (01001)"),
        ("figures", put("status", "partiel", code="01002", variable="births"), "statut inconnu : 2 (partiel)"),
        ("figures", put("value", NAN, code="01002", variable="births"), "valeur et statut en désaccord : 2 (01002)"),
        ("figures", put("value", 3.0, status="secret"), "valeur et statut en désaccord : 5 (01002, 01003, 03003)"),
        ("figures", put("value", -1.0, code="01002", variable="deaths"), "valeur négative : 2 (deaths)"),
        ("figures", put("value", float("inf"), code="01002", variable="deaths"), "valeur infinie : 2 (deaths)"),
        (
            "figures",
            put("value", 100.5, code="84", variable="industry_jobs_share_pct"),
            "part supérieure à 100 % : 1 (industry_jobs_share_pct)",
        ),
        ("figures", put("source_id", "ouï-dire", code="84", ref_year=2022), "source non décrite : 6 (ouï-dire)"),
        (
            "figures",
            put("code", "01012", code="01002", variable="births"),
            "commune hors du COG de l'édition : 2 (01012)",
        ),
        ("events", put("date", None, kind=10), "événement sans date : 1 (01001)"),
        (
            "events",
            put("date", pd.Timestamp(2026, 6, 1).date(), kind=10),
            "événement postérieur à l'édition : 1 (01001)",
        ),
    ],
)  # fmt: skip
def test_fault(copy, table, change, fault):
    change_table(copy, table, change)
    assert fault in find_faults(copy)


def test_jobs_may_be_lost(minifrance_edition):
    rates = read_figures(minifrance_edition, variables=["jobs_growth_published_pct"])["value"]
    assert rates.min() == -1.0
    check_edition(minifrance_edition, national=False)


def test_altitudes_may_be_below_the_sea(copy):
    change_table(copy, "figures", put("value", -2.0, code="01001", variable="altitude_min_m"))
    assert check_edition(open_edition(copy), national=False) == CHECKED


@pytest.mark.parametrize(
    ("key", "value", "fault"),
    [
        ("licence", "ODbL", "anct-centralite : licence « ODbL », seule la Licence Ouverte"),
        ("files", [], "anct-centralite : aucun fichier enregistré"),
    ],
)
def test_source_that_may_not_be_embedded(copy, key, value, fault):
    change_description(copy, lambda toml: toml["sources"][0].update({key: value}))
    assert fault in find_faults(copy)


def test_all_that_is_wrong_is_said_at_once(copy):
    change_table(copy, "figures", put("value", -1.0, code="01002", variable="deaths"))
    change_table(copy, "communes", put("area_km2", 0.0, code_commune="01003"))
    change_description(copy, lambda toml: toml["sources"][0].update(licence="?"))
    message = find_faults(copy)
    assert "3 défaut(s)." in message
    assert [line.split(" : ")[0] for line in message.splitlines()[1:]] == [
        "  - communes",
        "  - chiffres",
        "  - sources",
    ]
