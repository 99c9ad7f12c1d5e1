"""Locks on files: the system releases them when their process dies, however it dies."""

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl


def acquire(path: Path, *, wait: bool = True) -> IO[bytes] | None:
    """Lock a file, making it if need be.

    Parameters
    ----------
    path
        The lock file.
    wait
        Whether to wait for the process that holds it.

    Returns
    -------
    file or None
        The locked file, to be given to :func:`release`; None if the lock was not to be had at
        once. A disk without locks (some network ones) never refuses one to who can wait, and
        always refuses it to who cannot.
    """
    while True:
        # not buffered: on a full disk, what could not be written must not be tried again on closing
        file = path.open("a+b", buffering=0)
        if not _lock(file, wait=wait) and not wait:
            file.close()
            return None
        # its previous holder may have removed the file meanwhile: such a lock guards nothing
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(file.fileno()), path.stat()):
                return file
        file.close()


def release(file: IO[bytes], path: Path) -> None:
    """Remove a lock file and let the lock go."""
    if sys.platform == "win32":  # an open file cannot be removed there
        file.close()
        with contextlib.suppress(OSError):
            path.unlink()
    else:
        path.unlink(missing_ok=True)
        file.close()


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Hold a lock for the time of a block, waiting for it if need be."""
    file = acquire(path)
    assert file is not None  # noqa: S101  # only who does not wait is refused
    try:
        yield
    finally:
        release(file, path)


def _lock(file: IO[bytes], *, wait: bool) -> bool:
    try:
        if sys.platform == "win32":
            file.seek(1024)  # a locked byte cannot be read: not one of the content
            msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(file, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
