import datetime as dt
import ipaddress
import os
import socket
from pathlib import Path

import pytest
from hypothesis import settings

from minifrance import write_raw_files
from terrdiag.edition import Edition, open_edition
from terrdiag.edition.build import build_edition

# the same examples at every run, on any machine, however slow
settings.register_profile(
    "terrdiag", derandomize=True, deadline=None, max_examples=40, database=None
)
settings.load_profile("terrdiag")


@pytest.fixture(scope="session")
def mirror() -> Path:
    """Folder of the real official files; the tests marked ``mirror`` are skipped without it."""
    default = Path(__file__).parents[2] / "shared" / "mirror"
    folder = Path(os.environ.get("TERRDIAG_MIRROR", default))
    if not folder.is_dir():
        pytest.skip(f"official files not found in {folder} (TERRDIAG_MIRROR)")
    return folder


@pytest.fixture(scope="session")
def minifrance_raw(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the mini-France's official files (see ``minifrance/numbers.py``); read only."""
    return write_raw_files(tmp_path_factory.mktemp("minifrance") / "raw")


@pytest.fixture(scope="session")
def minifrance_edition(minifrance_raw: Path) -> Edition:
    """Build the edition of the mini-France, from its official files; read only."""
    out = minifrance_raw.parent / "edition"
    build_edition(minifrance_raw, out, dt.date(2026, 11, 22))
    return open_edition(out)


@pytest.fixture(autouse=True)
def _no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refuse connections beyond the loopback: a test that needs the network does not exist."""

    def refuse_remote(connect):
        def guarded(self, address):
            if self.family in {socket.AF_INET, socket.AF_INET6} and not is_loopback(address[0]):
                pytest.fail(f"connexion à {address[0]} : un test ne sort pas sur le réseau")
            return connect(self, address)

        return guarded

    for name in ("connect", "connect_ex"):
        monkeypatch.setattr(socket.socket, name, refuse_remote(getattr(socket.socket, name)))


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
