"""Results appear all at once or not at all, and nobody's files are lost."""

import contextlib
import errno
import json
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from small_disk import needs_root, small_disk
from terrdiag.errors import OutputError, StudyFileError
from terrdiag.workspace import MANIFEST, output_error, sha256_of, staged, write_text
from terrdiag.workspace.locks import acquire, release

POSIX_ONLY = pytest.mark.skipif(sys.platform == "win32", reason="signaux et liens POSIX")


def write_run(root, text, *, territory="cchb", extra=()):
    """A run as the diagnostic makes it: results, then the manifest that lists them."""
    with staged(root, territory) as stage:
        (stage.data_dir / "indicators.csv").write_text(f"table {text}")
        (stage.maps_dir / "index.html").write_text(f"page {text}")
        for name in extra:
            (stage.data_dir / name).write_text(text)
        outputs = {name: {"sha256": sha256_of(path)} for name, path in stage.outputs().items()}
        (stage.data_dir / MANIFEST).write_text(json.dumps({"outputs": outputs}))
    return stage


def fail_after_writing(root, problem):
    with staged(root, "cchb") as stage:
        (stage.data_dir / "indicators.csv").write_text("half")
        raise problem


def tree(root):
    """Every file under a folder, hidden ones included, with its text."""
    return {
        path.relative_to(root).as_posix(): path.read_text()
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


def results(root):
    """What the two results say, or None."""
    paths = root / "data/processed/cchb/indicators.csv", root / "maps/cchb/index.html"
    return tuple(path.read_text() if path.exists() else None for path in paths)


# --- All or nothing -------------------------------------------------------------------------------


def test_results_are_moved_in_at_the_end_and_nothing_else_is_left(tmp_path):
    with staged(tmp_path / "out", "cchb") as stage:
        (stage.data_dir / "indicators.csv").write_text("a")
        (stage.maps_dir / "tables").mkdir()
        (stage.maps_dir / "tables" / "x.html").write_text("b")
        assert not (tmp_path / "out/maps/cchb").exists()
        assert stage.outputs() == {
            "data/processed/cchb/indicators.csv": stage.data_dir / "indicators.csv",
            "maps/cchb/tables/x.html": stage.maps_dir / "tables/x.html",
        }
    assert tree(tmp_path / "out") == {
        "data/processed/cchb/indicators.csv": "a",
        "maps/cchb/tables/x.html": "b",
    }
    assert stage.kept == []


def test_a_new_run_replaces_every_result_of_the_previous_one(tmp_path):
    write_run(tmp_path, "1", extra=["dropped.parquet"])
    write_run(tmp_path, "2")
    assert results(tmp_path) == ("table 2", "page 2")
    assert sorted(tree(tmp_path)) == [
        "data/processed/cchb/indicators.csv",
        "data/processed/cchb/manifest.json",
        "maps/cchb/index.html",
    ]


@pytest.mark.parametrize(
    "problem", [StudyFileError("x"), KeyboardInterrupt(), MemoryError(), BrokenPipeError()]
)
def test_a_run_that_fails_touches_nothing_and_leaves_nothing(tmp_path, problem):
    write_run(tmp_path, "1")
    before = tree(tmp_path)
    with pytest.raises(type(problem)):
        fail_after_writing(tmp_path, problem)
    assert tree(tmp_path) == before
    assert sorted(p.name for p in (tmp_path / "maps").iterdir()) == ["cchb"]


def test_a_first_run_that_fails_leaves_no_empty_folder(tmp_path):
    with pytest.raises(StudyFileError), staged(tmp_path / "a" / "out", "cchb"):
        raise StudyFileError("x")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("failing", [1, 2, 3, 4])
def test_a_swap_that_fails_is_undone(tmp_path, monkeypatch, failing):
    """Renames of a swap: data aside, data in, maps aside, maps in."""
    write_run(tmp_path, "1")
    before = tree(tmp_path)
    count, rename = 0, Path.rename

    def refuse(self, target):
        nonlocal count
        count += 1
        if count == failing:
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OutputError, match=r"Fermez les résultats ouverts dans Excel"):
        write_run(tmp_path, "2")
    assert tree(tmp_path) == before


def test_the_first_swap_that_fails_half_way_is_undone(tmp_path, monkeypatch):
    rename = Path.rename

    def refuse(self, target):
        if "maps" in Path(target).parts:
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(OutputError):
        write_run(tmp_path, "1")
    assert list(tmp_path.iterdir()) == []


def test_a_swap_that_cannot_be_undone_is_undone_by_the_next_run(tmp_path, monkeypatch):
    write_run(tmp_path, "1")
    rename = Path.rename

    def refuse(self, target):
        if self.parent.name == "maps" or ".old" in self.name:
            raise PermissionError(errno.EACCES, "Permission denied", str(self))
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", refuse)
        with pytest.raises(OutputError):
            write_run(tmp_path, "2")
    assert results(tmp_path) == (None, "page 1")
    with pytest.raises(StudyFileError), staged(tmp_path, "cchb"):
        raise StudyFileError("x")
    assert results(tmp_path) == ("table 1", "page 1")
    assert not list(tmp_path.rglob(".*"))


def test_a_text_is_written_the_same_on_every_system(tmp_path):
    write_text(tmp_path / "x.html", "é\n\r\n")
    assert (tmp_path / "x.html").read_bytes() == b"\xc3\xa9\n\r\n"


# --- What the system refuses ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (errno.ENOSPC, "le disque est plein. Libérez de la place, ou choisissez un autre dossier"),
        (errno.EACCES, "accès refusé. Fermez les résultats ouverts dans Excel ou QGIS"),
        (errno.EROFS, "ce disque est en lecture seule"),
        (errno.ENAMETOOLONG, "ce chemin est trop long"),
        (errno.EIO, "écriture impossible, Input/output error. Vérifiez ce dossier"),
    ],
)
def test_what_the_system_refuses_is_worded(number, words):
    message = str(output_error(OSError(number, os.strerror(number)), Path("maps/cchb")))
    assert message.startswith("maps/cchb : écriture impossible, ")
    assert words in message


def test_the_error_names_the_place_the_user_knows_not_the_hidden_folder(tmp_path):
    def fail():
        with staged(tmp_path, "cchb") as stage:
            path = stage.data_dir / "indicators.xlsx"
            raise OSError(errno.ENOSPC, "No space left on device", str(path))

    with pytest.raises(OutputError) as caught:
        fail()
    place = tmp_path / "data/processed/cchb/indicators.xlsx"
    assert str(caught.value).startswith(f"{place} : écriture impossible, le disque est plein.")
    assert isinstance(caught.value.__cause__, OSError)


@pytest.mark.parametrize("blocked", ["", "data", "maps", "maps/cchb", "data/processed/cchb"])
def test_a_file_in_the_place_of_a_folder_is_said_before_any_work(tmp_path, blocked):
    root = tmp_path / "out"
    path = root / blocked
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("mine")
    words = "un fichier y occupe la place d'un dossier"
    with pytest.raises(OutputError, match=words), staged(root, "cchb"):
        pytest.fail("nothing can be written here")
    assert tree(tmp_path) == {path.relative_to(tmp_path).as_posix(): "mine"}


@pytest.mark.parametrize("name", ["", "..", ".", "a/b", "../x", "a\\b", ".cchb", "c:", "a\n", "a."])
def test_a_name_that_is_not_one_folder_is_refused(tmp_path, name):
    with pytest.raises(OutputError, match="ne peut pas nommer"), staged(tmp_path, name):
        pass
    assert list(tmp_path.iterdir()) == []


@needs_root
@pytest.mark.parametrize("size", ["64k", "300k"])
def test_a_really_full_disk_leaves_the_previous_results(tmp_path, size):
    with small_disk(tmp_path, size):
        write_run(tmp_path, "1")
        before = tree(tmp_path)
        with pytest.raises(OutputError, match="le disque est plein"):
            write_run(tmp_path, "x" * 1_000_000)
        assert tree(tmp_path) == before
        # filled to the last byte: even the byte that says « swapping » does not fit
        with pytest.raises(OutputError, match="le disque est plein"):
            fill_the_disk(tmp_path)
        assert tree(tmp_path) == before
        write_run(tmp_path, "2")
        assert results(tmp_path) == ("table 2", "page 2")


def fill_the_disk(root):
    """A run whose files fit, to the last byte of the disk."""
    with staged(root, "cchb") as stage:
        file = (stage.data_dir / "indicators.csv").open("wb", buffering=0)
        with file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))


def test_a_lock_that_cannot_be_written_to_leaves_everything(tmp_path, monkeypatch):
    write_run(tmp_path, "1")
    before = tree(tmp_path)

    def full(lock, state):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("terrdiag.workspace.staging._write_state", full)
    with pytest.raises(OutputError, match="le disque est plein"):
        write_run(tmp_path, "2")
    assert tree(tmp_path) == before


# --- Killed runs ----------------------------------------------------------------------------------

KILLED = """
import os, signal, sys
from pathlib import Path
from terrdiag.workspace import staged

die_at, rename, count = int(sys.argv[2]), Path.rename, 0

def rename_or_die(self, target):
    global count
    count += 1
    if count == die_at:
        os.kill(os.getpid(), signal.SIGKILL)
    return rename(self, target)

Path.rename = rename_or_die
with staged(Path(sys.argv[1]), "cchb") as stage:
    (stage.data_dir / "indicators.csv").write_text("table 2")
    (stage.maps_dir / "index.html").write_text("page 2")
    if die_at == 0:
        os.kill(os.getpid(), signal.SIGKILL)
    if die_at > 4:
        import shutil
        shutil.rmtree = lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL)
"""


@POSIX_ONLY
@pytest.mark.parametrize(
    ("die_at", "previous"),
    [*((step, True) for step in range(6)), *((step, False) for step in (0, 1, 2, 5))],
)
def test_what_a_killed_run_left_is_repaired_by_the_next(tmp_path, die_at, previous):
    """Killed while building (0), before each rename of the swap (1-4), before deleting (5)."""
    if previous:
        write_run(tmp_path, "1")
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path), str(die_at)], check=False)
    assert killed.returncode == -signal.SIGKILL
    swapped = die_at > 4
    if die_at == 0:
        assert results(tmp_path) == (("table 1", "page 1") if previous else (None, None))
    assert list(tmp_path.rglob(".cchb.*")), "the killed run should have left something"

    with pytest.raises(StudyFileError), staged(tmp_path, "other"):
        raise StudyFileError("cleaning up is done on entering, whatever happens then")
    expected = ("table 2", "page 2") if swapped else ("table 1", "page 1")
    assert results(tmp_path) == (expected if previous or swapped else (None, None))
    assert not list(tmp_path.rglob(".*"))


@POSIX_ONLY
def test_a_run_that_is_alive_is_left_alone_by_another(tmp_path):
    with staged(tmp_path, "cchb") as slow:
        (slow.data_dir / "indicators.csv").write_text("slow")
        write_run(tmp_path, "quick")
        assert results(tmp_path) == ("table quick", "page quick")
        (slow.maps_dir / "index.html").write_text("slow")
    assert results(tmp_path) == ("slow", "slow")
    assert not list(tmp_path.rglob(".*"))


def test_runs_at_once_never_mix_their_results(tmp_path):
    barrier = threading.Barrier(4)

    def work(name):
        for round_ in range(5):
            barrier.wait()
            write_run(tmp_path, f"{name}{round_}")

    threads = [threading.Thread(target=work, args=(name,)) for name in "abcd"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    table, page = results(tmp_path)
    assert table.removeprefix("table ") == page.removeprefix("page ")
    assert len(tree(tmp_path)) == 3


def test_a_lock_is_refused_to_who_does_not_wait_and_free_again_once_released(tmp_path):
    path = tmp_path / "x.lock"
    first = acquire(path)
    assert acquire(path, wait=False) is None
    release(first, path)
    assert not path.exists()
    second = acquire(path, wait=False)
    assert second is not None
    release(second, path)


# --- The user's own files -------------------------------------------------------------------------


def test_the_users_notes_are_kept(tmp_path):
    write_run(tmp_path, "1")
    notes = tmp_path / "maps/cchb/notes.txt"
    notes.write_text("à revoir")
    (tmp_path / "data/processed/cchb/rapport/figures").mkdir(parents=True)
    (tmp_path / "data/processed/cchb/rapport/plan.docx").write_text("plan")
    date = notes.stat().st_mtime_ns
    for text in ("2", "3"):
        assert write_run(tmp_path, text).kept == []
    assert results(tmp_path) == ("table 3", "page 3")
    assert notes.read_text() == "à revoir"
    assert notes.stat().st_mtime_ns == date
    assert (tmp_path / "data/processed/cchb/rapport/plan.docx").read_text() == "plan"
    assert (tmp_path / "data/processed/cchb/rapport/figures").is_dir()


def test_a_result_somebody_has_worked_in_is_kept_beside_the_new_one(tmp_path):
    write_run(tmp_path, "1")
    table = tmp_path / "data/processed/cchb/indicators.csv"
    table.write_text("mes calculs")
    assert write_run(tmp_path, "2").kept == ["data/processed/cchb/indicators-modifie.csv"]
    table.write_text("d'autres calculs")
    assert write_run(tmp_path, "3").kept == ["data/processed/cchb/indicators-modifie-2.csv"]
    assert write_run(tmp_path, "4").kept == []
    assert table.read_text() == "table 4"
    assert table.with_name("indicators-modifie.csv").read_text() == "mes calculs"
    assert table.with_name("indicators-modifie-2.csv").read_text() == "d'autres calculs"


def test_results_that_no_manifest_lists_are_kept_unless_they_are_the_same(tmp_path):
    write_run(tmp_path, "1")
    (tmp_path / "data/processed/cchb" / MANIFEST).write_text("{ damaged")
    assert write_run(tmp_path, "1").kept == ["data/processed/cchb/manifest-modifie.json"]
    assert [path.name for path in (tmp_path / "maps/cchb").iterdir()] == ["index.html"]


def test_what_qgis_leaves_beside_a_geopackage_is_not_carried_to_the_new_one(tmp_path):
    write_run(tmp_path, "1", extra=["communes.gpkg"])
    folder = tmp_path / "data/processed/cchb"
    (folder / "communes.gpkg-wal").write_text("pages of the previous one")
    (folder / "mine.gpkg-wal").write_text("mine")
    write_run(tmp_path, "2", extra=["communes.gpkg"])
    assert not (folder / "communes.gpkg-wal").exists()
    assert (folder / "mine.gpkg-wal").read_text() == "mine"


def test_notes_are_copied_where_the_disk_has_no_hard_links(tmp_path, monkeypatch):
    write_run(tmp_path, "1")
    (tmp_path / "maps/cchb/notes.txt").write_text("à revoir")

    def refuse(self, target):
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    write_run(tmp_path, "2")
    assert (tmp_path / "maps/cchb/notes.txt").read_text() == "à revoir"


# --- Links and rights -----------------------------------------------------------------------------


@POSIX_ONLY
def test_a_link_is_followed_and_stays_a_link(tmp_path):
    shared = tmp_path / "shared" / "bigorre"
    shared.mkdir(parents=True)
    (shared / "precious.txt").write_text("precious")
    (tmp_path / "out/maps").mkdir(parents=True)
    (tmp_path / "out/maps/cchb").symlink_to(shared)
    write_run(tmp_path / "out", "1")
    write_run(tmp_path / "out", "2")
    assert (tmp_path / "out/maps/cchb").is_symlink()
    assert tree(shared) == {"index.html": "page 2", "precious.txt": "precious"}
    assert not list(tmp_path.rglob(".*"))


@POSIX_ONLY
def test_what_a_link_inside_the_results_leads_to_is_never_touched(tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "precious.txt").write_text("precious")
    write_run(tmp_path / "out", "1")
    folder = tmp_path / "out/maps/cchb"
    (folder / "link").symlink_to(elsewhere)
    (folder / "dead").symlink_to("nowhere")
    (folder / "index.html").unlink()
    (folder / "index.html").symlink_to(elsewhere / "precious.txt")
    assert write_run(tmp_path / "out", "2").kept == ["maps/cchb/index-modifie.html"]
    assert tree(elsewhere) == {"precious.txt": "precious"}
    assert (folder / "link").readlink() == elsewhere
    assert str((folder / "dead").readlink()) == "nowhere"
    assert not (folder / "index.html").is_symlink()


@POSIX_ONLY
def test_a_link_that_turns_in_circles_is_said(tmp_path):
    (tmp_path / "maps").symlink_to(tmp_path / "maps")
    with pytest.raises(OutputError, match=r"écriture impossible"), staged(tmp_path, "cchb"):
        pass


@POSIX_ONLY
def test_colleagues_can_read_the_results_and_a_shared_folder_stays_shared(tmp_path):
    write_run(tmp_path, "1")
    folder = tmp_path / "maps/cchb"
    umask = os.umask(0)
    os.umask(umask)
    assert stat.S_IMODE(folder.stat().st_mode) == 0o777 & ~umask
    folder.chmod(0o775)
    write_run(tmp_path, "2")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o775
