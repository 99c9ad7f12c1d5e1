"""A warm process that forks updates of the mini-France on demand, for ``test_update_kill.py`` to kill.

Importing everything lasts longer than an update of a dozen communes: forked from here, an update starts at once, and
kills fall where files and editions are written. Commands come one a line; each is answered by one line.
"""

import datetime as dt
import os
import sys
import traceback
from pathlib import Path

from terrdiag import refresh
from terrdiag.catalogue import load_analyses, load_indicators, load_sources
from terrdiag.catalogue.models import SourceFile
from terrdiag.edition import store
from terrdiag.refresh import RefreshOrder, refresh_data
from terrdiag.sources.download.settings import NetworkSettings

TODAY = dt.date(2026, 11, 22)


def reduce_register(raw: Path) -> None:
    """Keep the files that the mini-France has, without what is true of the whole country only (rows, columns)."""
    load_indicators()
    load_analyses()  # those of the whole register, which they name
    register = load_sources()
    for key, source in register.items():
        found = sorted(path.relative_to(raw).as_posix() for path in raw.glob(source.path))
        files = tuple(
            SourceFile(path=path, content=model.content, separator=model.separator)
            for model in source.every_file[:1]
            for path in found
        )
        register[key] = source.model_copy(update={"files": files})


def update(folder: Path, mirror: str) -> None:
    """Update a working folder, as ``terrdiag data update --mirror … --accept-new`` does."""
    folder.mkdir(exist_ok=True)
    os.chdir(folder)
    order = RefreshOrder(
        Path(), mirror=mirror, accept_new=True, settings=NetworkSettings(), today=TODAY
    )
    done = refresh_data(order, lambda _: None)
    if done.failed:
        raise AssertionError([one.why for one in done.failed])


def serve(embedded: Path) -> None:
    """Fork an update for each line ``folder mirror``; tell its number, then how it ended."""
    store.EMBEDDED = refresh.EMBEDDED = embedded
    for line in sys.stdin:
        folder, mirror = line.rstrip("\n").split("\t")
        child = os.fork()
        if child == 0:
            code = 1
            try:
                update(Path(folder), mirror)
                code = 0
            except BaseException:  # noqa: BLE001  # told on the error stream; the exit code says it failed
                traceback.print_exc()
            finally:
                sys.stderr.flush()
                os._exit(code)
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    reduce_register(Path(sys.argv[1]))
    serve(Path(sys.argv[2]))
