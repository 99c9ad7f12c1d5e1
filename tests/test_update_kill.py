"""An update killed at any moment leaves the previous edition and the lock usable, and the next run completes."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

import terrdiag
from faultserver import FaultServer
from faultserver.exchange import Exchange
from terrdiag.edition import store
from terrdiag.edition.check import check_edition
from terrdiag.edition.local import LOCAL, POINTER, find_edition, install_edition, read_pointer
from terrdiag.edition.store import read_figures
from terrdiag.refresh import RAW
from terrdiag.sources.download.lock import HIDDEN, heal_lock, read_lock
from terrdiag.sources.download.transfer import hash_file

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/schedstat").exists(), reason="moments are told in processor time, by /proc"
)

MOMENTS = 50

SERIES = 10
"""Kills in a row before an update is left alone; what one leaves is what the next one finds."""

PAUSE = 0.003
"""Seconds that the server takes twice a file, so that kills fall in transfers too."""


NOT_PUBLISHED = (
    "insee/comparateur/*",
    "figures/rp_emploi_*",
    "figures/observatoire_*",
    "figures/altitude_*",
    "dgcl/epcicom202[0-3].xlsx",
)
"""Left to the embedded edition: an update is half as long, and carries them over."""


@dataclass
class Warm:
    """The warm process, and what it is given."""

    process: subprocess.Popen[str]
    mirror: str
    published: Path

    def start(self, folder: Path) -> int:
        """Start an update of a working folder; give the number of its process."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(f"{folder}\t{self.mirror}\n")
        self.process.stdin.flush()
        return int(self.process.stdout.readline())

    def finish(self) -> int:
        """Wait for the update; give its exit code (minus the signal that killed it)."""
        assert self.process.stdout
        return int(self.process.stdout.readline())

    def run(self, folder: Path) -> float:
        """Leave an update alone; give the processor time it took, in seconds."""
        child = self.start(folder)
        spent = 0.0
        while (now := processor_time(child)) is not None:
            spent = now
            time.sleep(0.005)
        assert self.finish() == 0
        return spent

    def kill(self, folder: Path, after: float) -> int:
        """Start an update, kill it once it has worked for so many seconds; give how it ended."""
        child = self.start(folder)
        while (now := processor_time(child)) is not None and now < after:
            time.sleep(0.001)
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        return self.finish()


def processor_time(process: int) -> float | None:
    """Give how long a process has worked, in seconds, whatever else the machine does; None when it is over."""
    try:
        if Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z":
            return None
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e9
    except (FileNotFoundError, ProcessLookupError):
        return None


def publish_later(raw: Path) -> None:
    """The producers publish again: one population has changed, and every CSV file is saved otherwise."""
    for path in raw.rglob("*.csv"):
        path.write_bytes(path.read_bytes() + b"\r\n")
    path = raw / "insee/populations/donnees_communes.csv"
    rows = path.read_bytes().decode().split("\r\n")
    header = rows[0].split(";")
    at = next(n for n, row in enumerate(rows) if row.split(";")[header.index("COM")] == "01001")
    cells = rows[at].split(";")
    for name in ("PMUN", "PTOT"):
        cells[header.index(name)] = str(int(cells[header.index(name)]) + 7)
    path.write_bytes("\r\n".join([*rows[:at], ";".join(cells), *rows[at + 1 :]]).encode())


def serve_slowly(exchange: Exchange) -> None:
    """Answer honestly, in two times."""
    if exchange.content is None or exchange.is_known() or exchange.request.range:
        exchange.answer()
        return
    body = exchange.body
    exchange.wait(PAUSE)
    exchange.send(
        200, body[: len(body) // 2], {**exchange.validators(), "Content-Length": str(len(body))}
    )
    exchange.wait(PAUSE)
    exchange.write(body[len(body) // 2 :])


@pytest.fixture(scope="module")
def warm(minifrance_raw, minifrance_edition, tmp_path_factory) -> Iterator[Warm]:
    published = tmp_path_factory.mktemp("producteurs") / "raw"
    shutil.copytree(minifrance_raw, published)
    for pattern in NOT_PUBLISHED:
        for path in published.glob(pattern):
            path.unlink()
    arguments = [sys.executable, str(Path(__file__).with_name("kill_worker.py"))]
    process = subprocess.Popen(
        [*arguments, str(published), str(minifrance_edition.root)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with FaultServer(published) as server:
        for path in published.rglob("*"):
            server.always(path.relative_to(published).as_posix(), serve_slowly)
        yield Warm(process, server.address, published)
        assert process.stdin
        assert process.stdout
        process.stdin.close()
        process.wait()
        process.stdout.close()


@dataclass
class World:
    """A folder updated before the producers published again, and what an undisturbed update makes of it."""

    warm: Warm
    before: Path
    after: Path
    seconds: float

    def contents(self, path: str) -> set[str]:
        """Give the digests that a raw file may have: of before, of after."""
        places = (self.before / RAW / path, self.after / RAW / path)
        return {hash_file(place) for place in places if place.exists()}


@pytest.fixture(scope="module")
def world(warm, minifrance_edition, tmp_path_factory) -> World:
    base = tmp_path_factory.mktemp("dossiers")
    before, after = base / "avant", base / "apres"
    warm.run(before)
    publish_later(warm.published)
    shutil.copytree(before, after)
    seconds = warm.run(after)
    return World(warm, before, after, seconds)


@pytest.fixture(autouse=True)
def _mini_embedded(monkeypatch, minifrance_edition):
    """The embedded edition of these tests is that of the mini-France."""
    monkeypatch.setattr(store, "EMBEDDED", minifrance_edition.root)


def edition_bytes(folder: Path) -> dict[str, bytes]:
    """Read every file of the edition in use."""
    pointer = read_pointer(folder)
    assert pointer
    return {path.name: path.read_bytes() for path in sorted(pointer.folder.iterdir())}


def population(folder: Path) -> float:
    figures = read_figures(find_edition(None, folder), codes=["01001"], variables=["population"])
    return float(figures.loc[figures["ref_year"] == 2023, "value"].iloc[0])


def check_usable(world: World, folder: Path, scratch: Path) -> None:
    """The edition in use is whole, one of the two; the lock is readable, and agrees with whole files once healed."""
    edition = find_edition(None, folder)
    assert check_edition(edition, national=False)
    assert edition_bytes(folder) in (edition_bytes(world.before), edition_bytes(world.after))
    assert population(folder) in {population(world.before), population(world.after)}
    raw = folder / RAW
    disagreeing = []
    for path, entry in read_lock(raw).items():
        found = hash_file(raw / path)
        assert found in world.contents(path), f"{path} n'est entier d'aucune version"
        if found != entry.sha256:
            disagreeing.append(path)
    assert len(disagreeing) <= 1
    healed = scratch / "soigne"
    shutil.rmtree(healed, ignore_errors=True)
    shutil.copytree(raw, healed)
    for path, entry in heal_lock(healed).items():
        assert hash_file(healed / path) == entry.sha256, f"{path} n'est pas celui du verrou"
    seen = {
        path.relative_to(raw).as_posix()
        for path in raw.rglob("*")
        if path.is_file() and not path.relative_to(raw).parts[0].startswith(".")
    }
    assert seen - {".LOCK.toml.tmp"} == {"LOCK.toml", *read_lock(raw)}


def check_complete(world: World, folder: Path) -> None:
    """The update that was left alone made what an undisturbed one makes, and left nothing lying about."""
    assert edition_bytes(folder) == edition_bytes(world.after)
    for path, entry in read_lock(folder / RAW).items():
        assert hash_file(folder / RAW / path) == entry.sha256
        assert entry == read_lock(world.after / RAW)[path]
    left = [path for path in (folder / RAW / HIDDEN).rglob("*") if path.is_file()]
    assert left == []
    hidden = [path.name for path in (folder / LOCAL).iterdir() if path.name.startswith(".")]
    assert hidden == []
    assert (folder / LOCAL / POINTER).is_file()


def test_publishing_again_changes_the_edition(world):
    assert edition_bytes(world.before) != edition_bytes(world.after)
    assert population(world.after) == population(world.before) + 7


def test_killed_at_fifty_moments(world, tmp_path):
    chance = random.Random(20261122)  # noqa: S311  # the same moments each time
    folder = tmp_path / "dossier"
    killed, in_a_row = 0, 0
    for moment in choose_moments(chance):
        if in_a_row == 0:
            shutil.rmtree(folder, ignore_errors=True)
            shutil.copytree(world.before, folder)
        if world.warm.kill(folder, moment * world.seconds):
            check_usable(world, folder, tmp_path)
            killed, in_a_row = killed + 1, in_a_row + 1
            if in_a_row % SERIES and killed < MOMENTS:
                continue
            world.warm.run(folder)
        check_complete(world, folder)
        in_a_row = 0
        if killed == MOMENTS:
            return
    pytest.fail(f"{killed} mises à jour tuées seulement")


def choose_moments(chance: random.Random) -> list[float]:
    """Choose parts of a run, twice as many as needed: an update that has been begun before may end sooner."""
    # strata rather than plain chance: every part of the run is visited
    moments = [(n + chance.random()) / MOMENTS for n in range(MOMENTS)] * 2
    chance.shuffle(moments)
    return moments


def test_first_update_killed_leaves_the_embedded_edition(world, tmp_path, minifrance_edition):
    folder = tmp_path / "neuf"
    for fraction in (0.2, 0.6):
        assert world.warm.kill(folder, fraction * world.seconds) == -signal.SIGKILL
        assert find_edition(None, folder).root == minifrance_edition.root
    world.warm.run(folder)
    assert population(folder) == population(world.after)


def run_command(folder: Path, *words: str) -> str:
    """Run terrdiag in a working folder."""
    places = [str(Path(terrdiag.__file__).parents[1]), os.environ.get("PYTHONPATH", "")]
    done = subprocess.run(
        [sys.executable, "-m", "terrdiag", *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_diagnostic_after_a_kill(world, tmp_path):
    """The command itself, in the folder of an update killed half way."""
    folder = tmp_path / "dossier"
    shutil.copytree(world.before, folder)
    assert world.warm.kill(folder, world.seconds / 2) == -signal.SIGKILL
    assert "200100001" in run_command(folder, "find", "haut-pays")
    run_command(folder, "diagnostic", "200100001", "--out", "resultats")
    assert list((folder / "resultats").rglob("*.html"))


def test_edition_made_again_alike_is_never_missing(tmp_path, minifrance_edition, monkeypatch):
    """The same edition from other files has the same name: the one in use is not deleted for it."""

    def make(out: Path) -> None:
        shutil.copytree(minifrance_edition.root, out)

    install_edition(tmp_path, "a", make)
    rename = Path.rename

    def die(self: Path, target: Path) -> Path:
        if self.name == ".edition-en-cours":
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", die)
    with contextlib.suppress(KeyboardInterrupt):
        install_edition(tmp_path, "b", make)
    assert check_edition(find_edition(None, tmp_path), national=False)


@pytest.mark.parametrize("table", ["figures.parquet", "edition.toml"])
def test_damaged_edition_is_made_again(world, tmp_path, table):
    """The message on a damaged local edition says to update: an update must mend it, even with the same files."""
    folder = tmp_path / "dossier"
    shutil.copytree(world.after, folder)
    pointer = read_pointer(folder)
    assert pointer
    (pointer.folder / table).unlink()
    world.warm.run(folder)
    assert edition_bytes(folder) == edition_bytes(world.after)
