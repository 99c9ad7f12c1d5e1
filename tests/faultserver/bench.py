"""A raw folder updated from the faulty server, with a clock that nobody waits for."""

import datetime as dt
import functools
import time
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

from faultserver import bodies
from faultserver.server import FaultServer
from terrdiag.catalogue.models import Source, SourceFile
from terrdiag.sources.download import fetch
from terrdiag.sources.download.client import Client
from terrdiag.sources.download.lock import LockEntry, read_lock
from terrdiag.sources.download.outcome import Outcome
from terrdiag.sources.download.settings import NetworkSettings
from terrdiag.sources.download.transfer import hash_file

CSV = b"COM;LIBELLE;PMUN\r\n" + b"".join(
    b"%05d;Commune %d;%d\r\n" % (1000 + i, i, 10 * i) for i in range(60)
)
NEWER_CSV = CSV.replace(b"Commune", b"Ville")
ARCHIVE = bodies.make_zip({"base.csv": CSV, "meta_base.csv": b"COD;LIB\r\nCOM;Code\r\n"})
NEWER_ARCHIVE = bodies.make_zip(
    {"base.csv": NEWER_CSV, "meta_base.csv": b"COD;LIB\r\nCOM;Code\r\n"}
)

COLUMNS: dict[str, Any] = {"columns": ("COM", "LIBELLE", "PMUN"), "separator": ";", "min_rows": 50}
CSV_FILE = SourceFile(
    path="insee/communes.csv",
    address="https://www.insee.fr/fr/statistiques/fichier/1/communes.csv",
    content="csv",
    max_megabytes=1,
    **COLUMNS,
)
ZIP_FILE = SourceFile(
    path="insee/base_csv.zip",
    address="https://www.insee.fr/fr/statistiques/fichier/2/base_csv.zip",
    content="zip",
    member="base*.csv",
    max_megabytes=1,
    **COLUMNS,
)


def make_source(*files: SourceFile, identifier: str = "insee-essai") -> Source:
    return Source(
        id=identifier,
        producer="INSEE",
        title="Communes d'essai",
        vintage="2026",
        landing_page="https://www.insee.fr/fr/information/1",
        address=files[0].address or "https://www.insee.fr/",
        path=files[0].path,
        licence="Licence Ouverte 2.0",
        licence_url="https://www.etalab.gouv.fr/licence-ouverte-open-licence/",
        attribution="INSEE",
        cog_year=2026,
        rhythm="annuel",
        feeds="check",
        reader="cog:read_communes",
        files=files,
    )


@dataclass
class Bench:
    """What the tests of faults share: the server, the folder, the pauses that would have been made."""

    server: FaultServer
    raw: Path
    settings: NetworkSettings
    pauses: list[float] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def clock(self) -> float:
        return time.monotonic() + sum(self.pauses)

    def update(self, *files: SourceFile, **options: Any) -> Outcome:
        """Update one source made of these files; give what became of it."""
        return self.update_all(make_source(*files), **options)[0]

    def update_all(self, *sources: Source, **options: Any) -> tuple[Outcome, ...]:
        adapted = [self.server.adapt(source) for source in sources]
        given = {"settings": self.settings, "progress": self.told.append, **options}
        return fetch.fetch_sources(adapted, self.raw, **given)

    def tune(self, **changes: Any) -> None:
        """Change settings of the network."""
        self.settings = replace(self.settings, **changes)

    def bytes_of(self, file: SourceFile) -> bytes | None:
        path = self.raw / file.path
        return path.read_bytes() if path.exists() else None

    def entry_of(self, file: SourceFile) -> LockEntry | None:
        return read_lock(self.raw).get(file.path)

    def check_lock(self) -> None:
        """The lock is readable, and says of each file of the folder what it is."""
        entries = read_lock(self.raw)
        for path, entry in entries.items():
            assert hash_file(self.raw / path) == entry.sha256
            assert (self.raw / path).stat().st_size == entry.size
        visible = {
            path.relative_to(self.raw).as_posix()
            for path in self.raw.rglob("*")
            if path.is_file()
            and not any(part.startswith(".") for part in path.relative_to(self.raw).parts)
        }
        assert visible - {"LOCK.toml"} <= {
            *entries,
            *(p for p in visible if p.startswith("inbox/")),
        }


def make_bench(server: FaultServer, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """Make a bench whose updates never sleep for real."""
    settings = NetworkSettings(
        allow_http=frozenset({server.host}),
        connect_timeout_s=2,
        read_timeout_s=0.25,
        slow_window_s=0.2,
        min_bytes_per_s=4_000,
    )
    bench = Bench(server, folder / "raw", settings)
    patient = functools.partial(Client, sleep=bench.pauses.append, clock=bench.clock)
    monkeypatch.setattr(fetch, "Client", patient)
    monkeypatch.setattr(fetch, "today", lambda: dt.date(2026, 11, 22))
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    server.route([CSV_FILE, ZIP_FILE])
    for file, content in ((CSV_FILE, CSV), (ZIP_FILE, ARCHIVE)):
        path = server.folder / file.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return bench
