"""Whichever table meets a full disk, the user is told so and the previous results are intact."""

import errno
from pathlib import Path

import pytest

from small_disk import needs_root, small_disk
from tables.example import make_context, make_values
from tables.test_layer import make_frame
from tables.test_manifest import make_run
from terrdiag.errors import OutputError
from terrdiag.tables import write_manifest, write_tables
from terrdiag.workspace import MANIFEST, staged

FILES = ["indicators.csv", "indicators.parquet", "indicators.xlsx", "communes.gpkg", MANIFEST]


def write_all(root):
    values, context = make_values(), make_context()
    with staged(root, "cchb") as stage:
        write_tables(values, make_frame(), context, stage.data_dir)
        write_manifest(make_run(stage.outputs()), stage.data_dir / MANIFEST)


def contents(root):
    return {path: path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file()}


def test_two_runs_write_the_same_bytes(tmp_path):
    write_all(tmp_path)
    before = contents(tmp_path)
    assert sorted(path.name for path in before) == sorted(FILES)
    write_all(tmp_path)
    assert contents(tmp_path) == before


@pytest.mark.parametrize("name", FILES)
def test_a_table_that_meets_a_full_disk_changes_nothing(tmp_path, monkeypatch, name):
    write_all(tmp_path)
    before = contents(tmp_path)
    write_bytes = Path.write_bytes

    def refuse(self, data):
        if self.name == name:
            raise OSError(errno.ENOSPC, "No space left on device", str(self))
        return write_bytes(self, data)

    monkeypatch.setattr(Path, "write_bytes", refuse)
    place = tmp_path / "data/processed/cchb" / name
    with pytest.raises(OutputError) as caught:
        write_all(tmp_path)
    assert str(caught.value).startswith(f"{place} : écriture impossible, le disque est plein.")
    assert contents(tmp_path) == before


@needs_root
@pytest.mark.parametrize("size", ["4k", "8k", "16k", "24k", "64k", "128k"])
def test_on_a_really_small_disk_no_table_is_left_half_written(tmp_path, size):
    with small_disk(tmp_path, size):
        with pytest.raises(OutputError, match="le disque est plein"):
            write_all(tmp_path)
        assert list(tmp_path.iterdir()) == []
