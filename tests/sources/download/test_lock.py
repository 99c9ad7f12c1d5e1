"""The lock is readable, sorted, whole, and never lies."""

import datetime as dt
import hashlib
from dataclasses import replace

import pytest

from terrdiag.errors import SourceFormatError
from terrdiag.sources.download.lock import (
    LockEntry,
    heal_lock,
    read_lock,
    write_journal,
    write_lock,
)

DAY = dt.date(2026, 11, 22)
ENTRY = LockEntry(
    path='insee/cog/é "v".csv',
    address="https://www.insee.fr/a?b=1&c=é",
    sha256=hashlib.sha256(b"nouveau").hexdigest(),
    size=7,
    etag='"v1"',
    last_modified="Sun, 01 Nov 2026 10:00:00 GMT",
    retrieved=DAY,
    checked=DAY,
    source_id="insee-cog-2026",
)
OLD = replace(ENTRY, sha256=hashlib.sha256(b"ancien").hexdigest(), size=6)


def put(raw, content):
    path = raw / ENTRY.path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def test_written_and_read(tmp_path):
    other = replace(ENTRY, path="a.csv")
    write_lock(tmp_path, {ENTRY.path: ENTRY, other.path: other})
    assert read_lock(tmp_path) == {"a.csv": other, ENTRY.path: ENTRY}
    assert list(read_lock(tmp_path)) == ["a.csv", ENTRY.path]
    first = (tmp_path / "LOCK.toml").read_bytes()
    write_lock(tmp_path, read_lock(tmp_path))
    assert (tmp_path / "LOCK.toml").read_bytes() == first
    assert [path.name for path in tmp_path.iterdir()] == ["LOCK.toml"]


def test_no_lock(tmp_path):
    assert read_lock(tmp_path) == {}
    assert heal_lock(tmp_path) == {}
    write_lock(tmp_path, {})
    assert read_lock(tmp_path) == {}


@pytest.mark.parametrize(
    "text",
    [
        "[files",
        "a = 1",
        "files = 3",
        "[files]\na = 2",
        '[files."a.csv"]\nsha256 = "x"',
        b"\xff\xfe",
    ],
)
def test_not_a_lock(tmp_path, text):
    (tmp_path / "LOCK.toml").write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(SourceFormatError, match=r"LOCK\.toml.*Reprenez-en une copie"):
        read_lock(tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"path": "../../.bashrc"},
        {"path": "/etc/passwd"},
        {"size": "7"},
        {"retrieved": "2026-11-22"},
        {"checked": dt.datetime(2026, 11, 22, 10, 0, tzinfo=dt.UTC)},
        {"etag": 3},
    ],
)
def test_entry_written_by_another_hand(tmp_path, change):
    entry = replace(ENTRY, **change)
    write_lock(tmp_path, {entry.path: entry})
    with pytest.raises(SourceFormatError, match="entrée mal formée"):
        read_lock(tmp_path)


class TestKilled:
    """What a run killed at each step leaves, and what the next one makes of it."""

    @pytest.fixture
    def raw(self, tmp_path):
        put(tmp_path, b"ancien")
        write_lock(tmp_path, {ENTRY.path: OLD})
        write_journal(tmp_path, ENTRY)
        return tmp_path

    def test_before_the_file_is_moved_in(self, raw):
        assert heal_lock(raw) == {ENTRY.path: OLD}

    def test_after(self, raw):
        put(raw, b"nouveau")
        assert heal_lock(raw) == {ENTRY.path: ENTRY}
        assert read_lock(raw) == {ENTRY.path: ENTRY}
        put(raw, b"ancien")  # the journal is not read twice
        assert heal_lock(raw) == {ENTRY.path: ENTRY}

    def test_after_the_lock_is_written(self, raw):
        put(raw, b"nouveau")
        write_lock(raw, {ENTRY.path: ENTRY})
        assert heal_lock(raw) == {ENTRY.path: ENTRY}

    def test_file_lost(self, raw):
        (raw / ENTRY.path).unlink()
        assert heal_lock(raw) == {ENTRY.path: OLD}
