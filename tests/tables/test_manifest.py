import datetime as dt
import hashlib
import json

import pytest

from tables.example import make_source
from terrdiag import __version__
from terrdiag.edition.schema import EditionInfo, FileRecord
from terrdiag.tables import RunRecord, write_manifest
from terrdiag.territory.model import Comparator, Group, Perimeter
from terrdiag.workspace import staged


def make_run(outputs, **changes):
    epci = Group("epci", "246500482", "CC de la Haute-Bigorre", ("65059", "65065", "65999"))
    departement = Group("departement", "65", "Hautes-Pyrénées", ("65059", "65065", "65999"))
    region = Group("region", "76", "Occitanie", ("09001", "65059"))
    perimeter = Perimeter(
        id="cchb",
        name="CC de la Haute-Bigorre",
        date=dt.date(2026, 1, 1),
        parts=(epci,),
        communes=("65059", "65065"),
        epci=(epci,),
        departements=(departement,),
        regions=(region,),
        without_epci=(),
        notice=("2 communes.",),
        warnings=(),
    )
    edition = EditionInfo(
        id="2026.1",
        cog_year=2026,
        built_at=dt.date(2026, 11, 1),
        terrdiag_version="0.1.0",
        intervals=((2013, 2018),),
        tables={"communes": FileRecord(path="communes.parquet", sha256="ab" * 32, size=12)},
        sources=(make_source("a"),),
    )
    entry = {
        "perimeter": perimeter,
        "comparators": (Comparator(region, "somme de ses 2 communes"),),
        "edition": edition,
        "study": None,
        "outputs": outputs,
        "warnings": ("couverture : 98,5 %",),
        "generated": dt.date(2026, 11, 22),
    }
    return RunRecord(**(entry | changes))


@pytest.fixture
def outputs(tmp_path):
    (tmp_path / "table.tmp").write_bytes(b"a;b\r\n")
    return {"data/processed/cchb/indicators.csv": tmp_path / "table.tmp"}


def test_the_manifest_says_what_from_what_and_with_what(outputs, tmp_path):
    study = tmp_path / "cchb.toml"
    study.write_bytes(b"[territory]\n")
    write_manifest(make_run(outputs, study=study), tmp_path / "manifest.json")
    text = (tmp_path / "manifest.json").read_text(encoding="utf-8")
    content = json.loads(text)
    versions = content.pop("versions")
    assert versions["terrdiag"] == __version__
    assert {"python", "gdal", "geos", "geopandas", "shapely", "pyarrow", "folium"} <= set(versions)
    epci = {"kind": "epci", "code": "246500482", "name": "CC de la Haute-Bigorre", "communes": 3}
    region = {"kind": "region", "code": "76", "name": "Occitanie", "communes": 2}
    assert content == {
        "schema_version": 1,
        "generated": "2026-11-22",
        "territory": {
            "id": "cchb",
            "name": "CC de la Haute-Bigorre",
            "date": "2026-01-01",
            "parts": [epci],
            "communes": ["65059", "65065"],
            "epci": [epci],
            "departements": [
                {"kind": "departement", "code": "65", "name": "Hautes-Pyrénées", "communes": 3}
            ],
            "regions": [region],
            "without_epci": [],
        },
        "notice": ["2 communes."],
        "claims": [],
        "sources": [],
        "warnings": ["couverture : 98,5 %"],
        "comparators": [region | {"scope": "somme de ses 2 communes"}],
        "study": {
            "name": "cchb.toml",
            "sha256": hashlib.sha256(b"[territory]\n").hexdigest(),
            "size": 12,
        },
        "edition": {
            "id": "2026.1",
            "cog_year": 2026,
            "tables": {"communes": {"sha256": "ab" * 32, "size": 12}},
        },
        "outputs": {
            "data/processed/cchb/indicators.csv": {
                "sha256": hashlib.sha256(b"a;b\r\n").hexdigest(),
                "size": 5,
            }
        },
    }


def test_the_manifest_holds_no_path_of_the_machine_and_sorted_keys(outputs, tmp_path):
    study = tmp_path / "deep" / "cchb.toml"
    study.parent.mkdir()
    study.write_text("")
    write_manifest(make_run(outputs, study=study), tmp_path / "manifest.json")
    text = (tmp_path / "manifest.json").read_text(encoding="utf-8")
    assert str(tmp_path) not in text
    assert "Hautes-Pyrénées" in text
    assert text.endswith("}\n")
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=2, sort_keys=True) + "\n"


def test_the_same_run_gives_the_same_bytes_in_any_order(outputs, tmp_path):
    more = outputs | {"maps/cchb/index.html": tmp_path / "table.tmp"}
    write_manifest(make_run(more), tmp_path / "1.json")
    write_manifest(make_run(dict(reversed(more.items()))), tmp_path / "2.json")
    assert (tmp_path / "1.json").read_bytes() == (tmp_path / "2.json").read_bytes()


def test_without_a_study_file_there_is_none(outputs, tmp_path):
    write_manifest(make_run(outputs), tmp_path / "manifest.json")
    assert json.loads((tmp_path / "manifest.json").read_bytes())["study"] is None


def test_what_the_manifest_lists_is_what_the_next_run_replaces(tmp_path):
    """The format the manifest is written in is the one the move reads."""
    for text in ("1", "2"):
        with staged(tmp_path, "cchb") as stage:
            (stage.data_dir / "indicators.csv").write_text(text)
            (stage.maps_dir / f"only-{text}.html").write_text(text)
            write_manifest(make_run(stage.outputs()), stage.data_dir / "manifest.json")
        (tmp_path / "maps/cchb/notes.txt").write_text("à garder")
    assert stage.kept == []
    assert sorted(path.name for path in (tmp_path / "maps/cchb").iterdir()) == [
        "notes.txt",
        "only-2.html",
    ]
