"""Give a spoilt file to a reader, within bounds of time and memory, and judge what comes out."""

import contextlib
import signal
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from fuzz.laws import check_error, check_extract
from fuzz.mutations import Op, describe, mutate
from terrdiag.errors import TerrdiagError
from terrdiag.sources.extract import Extract

try:
    import resource
except ImportError:  # not on Windows: the bound of memory is not checked there
    resource = None  # type: ignore[assignment]

SECONDS = 10
"""More time of a processor than this on a file of a few kB is a hang, however busy the machine."""

MORE_MEMORY = 1_500_000_000
"""Bytes of address space that a reader of a few kB may not ask for."""

Call = Callable[[Sequence[Path]], object]
"""Call a reader with the files of its seed; gives an extract, several, or something a law of its own judges."""


@dataclass(frozen=True)
class Seed:
    """Valid files for a reader, and how it is called.

    Attributes
    ----------
    reader
        ``module:function``, as in the register.
    files
        Content by name, in the order in which the reader takes them.
    call
        Calls the reader.
    spoilt
        Names of the files that mutations bear on (all of them when empty).
    """

    reader: str
    files: dict[str, bytes]
    call: Call
    spoilt: tuple[str, ...] = ()

    @property
    def targets(self) -> tuple[str, ...]:
        return self.spoilt or tuple(self.files)


class Hang(BaseException):
    """A reader that does not come back; not an ``Exception``, so that no reader catches it."""


def spoil(seed: Seed, ops: Sequence[Op], target: int = 0) -> tuple[str, bytes]:
    """Spoil one of the files of a seed; give its name and content."""
    name = seed.targets[target % len(seed.targets)]
    data = seed.files[name]
    for op in ops:
        data = mutate(data, name, op)
    return name, data


def tell(seed: Seed, ops: Sequence[Op], target: int = 0) -> str:
    """Word what was done to a seed."""
    name = seed.targets[target % len(seed.targets)]
    return f"{seed.reader}, {name} : " + " ; ".join(describe(name, op) for op in ops)


def read(
    seed: Seed,
    folder: Path,
    spoilt: dict[str, bytes] | None = None,
    guard: Callable[[], AbstractContextManager[None]] | None = None,
) -> str:
    """Write the files of a seed and read them, under :func:`bounded` unless another guard is given.

    Returns
    -------
    str
        ``read`` or ``refused``; anything that breaks the law is raised.
    """
    paths = []
    for name, content in {**seed.files, **(spoilt or {})}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        paths.append(path)
    with (guard or bounded)():
        try:
            given = seed.call(paths)
        except TerrdiagError as error:
            check_error(error)
            return "refused"
    for extract in list_extracts(given):
        check_extract(extract)
    return "read"


def list_extracts(given: object) -> Iterable[Extract]:
    """Give the extracts among what a reader gave."""
    if isinstance(given, Extract):
        return [given]
    if isinstance(given, tuple | list):
        return [one for one in given if isinstance(one, Extract)]
    return []


@contextlib.contextmanager
def bounded() -> Iterator[None]:
    """Bound the time and the memory of a block; warnings are errors, as everywhere in the tests."""

    def stop(signum: int, frame: FrameType | None) -> None:
        raise Hang(f"plus de {SECONDS} s")

    previous = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        with _memory(), warnings.catch_warnings():
            warnings.simplefilter("error")
            yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)


@contextlib.contextmanager
def _memory() -> Iterator[None]:
    """Refuse more than :data:`MORE_MEMORY` of address space beyond what is taken: a ``MemoryError`` then."""
    statm = Path("/proc/self/statm")
    if resource is None or not statm.exists():
        yield
        return
    taken = int(statm.read_text().split()[0]) * resource.getpagesize()
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (taken + MORE_MEMORY, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
