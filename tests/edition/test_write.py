import datetime as dt
import errno
import hashlib
import os
import stat
import sys
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pytest
import shapely

from terrdiag.edition import open_edition
from terrdiag.edition.provenance import Provenance
from terrdiag.edition.write import Draft, write_edition
from terrdiag.sources.extract import Dropped, Extract

DATE = dt.date(2026, 11, 22)
SOURCES = ("insee-cog-2026", "dgcl-epcicom", "insee-populations-reference-2023")


@pytest.fixture
def raw(tmp_path):
    folder = tmp_path / "raw"
    (folder / "insee/cog").mkdir(parents=True)
    (folder / "insee/cog/v_commune_2026.csv").write_text("COM\n01001\n", encoding="utf-8")
    return folder


def make_tables():
    communes = gpd.GeoDataFrame(
        {
            "code_commune": ["01001"], "nom": ["L'Aulne"], "code_departement": ["01"],
            "code_region": ["84"], "area_km2": [1.7], "contour_year": [2026],
        },
        geometry=[shapely.box(2, 46, 2.01, 46.02)], crs=4326,
    )  # fmt: skip
    membership = pd.DataFrame(
        {
            "kind": ["epci"], "code": ["200000001"], "nom": ["CC"], "code_commune": ["01001"],
            "valid_from": [pd.Timestamp(2021, 1, 1)], "valid_to": [pd.NaT], "source_id": ["dgcl-epcicom"],
        }
    )  # fmt: skip
    figures = pd.DataFrame(
        {
            "level": ["commune"], "code": ["01001"], "variable": ["population"], "ref_year": [2023],
            "value": [7.0], "status": ["ok"], "source_id": ["insee-populations-reference-2023"],
        }
    )  # fmt: skip
    events = pd.DataFrame(
        {
            "date": [pd.Timestamp(2020, 6, 1)], "kind": [10], "code_before": ["01001"],
            "nom_before": ["Aulne"], "code_after": ["01001"], "nom_after": ["L'Aulne"],
        }
    )  # fmt: skip
    return {"communes": communes, "memberships": membership, "figures": figures, "events": events}


def write_one(raw, out, tables=None, date=DATE):
    provenance = {source: Provenance() for source in SOURCES}
    path = raw / "insee/cog/v_commune_2026.csv"
    provenance[SOURCES[0]].add([path], [Dropped("essai", 9, ("01", "02"))], [(2013, 2018)])
    for source in SOURCES[1:]:
        provenance[source].add([path], [], [])
    draft = Draft("2026.1", 2026, date, provenance, notes=("une limite",))
    write_edition(out, raw, draft, tables or make_tables())
    return out


def read_all(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_description(raw, tmp_path):
    info = open_edition(write_one(raw, tmp_path / "edition")).info
    assert (info.id, info.cog_year, info.built_at) == ("2026.1", 2026, DATE)
    assert (info.intervals, info.notes) == (((2013, 2018),), ("une limite",))
    assert [source.id for source in info.sources] == sorted(SOURCES)
    source = info.sources[1]
    assert source.dropped == ("9 : essai (01, 02, …)",)
    [file] = source.files
    assert (file.path, file.size) == ("insee/cog/v_commune_2026.csv", 10)
    assert file.sha256 == hashlib.sha256(b"COM\n01001\n").hexdigest()
    for name, table in info.tables.items():
        data = (tmp_path / f"edition/{name}.parquet").read_bytes()
        assert (table.path, table.size) == (f"{name}.parquet", len(data))
        assert table.sha256 == hashlib.sha256(data).hexdigest()


def test_same_content_same_bytes(raw, tmp_path):
    one = read_all(write_one(raw, tmp_path / "one"))
    two = read_all(write_one(raw, tmp_path / "two"))
    assert one == two
    assert sorted(one) == [
        "communes.parquet", "edition.toml", "events.parquet", "figures.parquet", "memberships.parquet",
    ]  # fmt: skip
    later = read_all(write_one(raw, tmp_path / "three", date=dt.date(2027, 1, 1)))
    assert {name for name in one if later[name] != one[name]} == {"edition.toml"}


def test_previous_edition_is_replaced_as_a_whole(raw, tmp_path):
    out = write_one(raw, tmp_path / "edition")
    (out / "reste.txt").write_text("d'une version précédente")
    write_one(raw, out)
    assert not (out / "reste.txt").exists()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_folder_is_made_with_its_parents(raw, tmp_path):
    assert open_edition(write_one(raw, tmp_path / "a/b/édition")).info.cog_year == 2026


@pytest.mark.skipif(sys.platform == "win32", reason="droits POSIX")
def test_others_may_read_the_edition(raw, tmp_path):
    out = write_one(raw, tmp_path / "edition")
    assert stat.S_IMODE(out.stat().st_mode) == 0o755


def broken_tables(name, **columns):
    tables = make_tables()
    return tables | {name: tables[name].assign(**columns)}


@pytest.mark.parametrize(
    "tables",
    [
        pytest.param(broken_tables("figures", value=["sept"]), id="a text for a number"),
        pytest.param(broken_tables("events", kind=[70_000]), id="a number too large"),
        pytest.param({**make_tables(), "events": pd.DataFrame({"x": [1]})}, id="no column"),
        pytest.param(broken_tables("figures", value=[-7.0]), id="refused by the check"),
    ],
)
def test_previous_edition_outlives_a_failure(raw, tmp_path, tables):
    out = write_one(raw, tmp_path / "edition")
    before = read_all(out)
    with pytest.raises((ValueError, KeyError)):
        write_one(raw, out, tables)
    assert read_all(out) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["edition", "raw"]


def test_previous_edition_is_given_back_when_the_move_fails(raw, tmp_path, monkeypatch):
    out = write_one(raw, tmp_path / "edition")
    before = read_all(out)
    rename = Path.rename

    def refuse(self, target):
        if Path(target) == out and not self.name.endswith("-ancien"):
            raise OSError(errno.EACCES, os.strerror(errno.EACCES), str(target))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OSError, match="Permission"):
        write_one(raw, out, date=dt.date(2027, 1, 1))
    assert read_all(out) == before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["edition", "raw"]


def test_provenance_is_gathered_once(tmp_path):
    record, path = Provenance(), tmp_path / "a.csv"
    for _ in range(2):
        extract = Extract("x", pd.DataFrame(), 2026, (path,), (Dropped("r", 1),), ((2013, 2018),))
        record.add(extract.files, extract.dropped, extract.intervals)
    assert (record.files, record.dropped, record.intervals) == (
        [path],
        [Dropped("r", 1)],
        {(2013, 2018)},
    )
