"""Spoil a file: its bytes, or what they mean (columns, cells, keys, members).

A mutation is a small value (:class:`Op`) that hypothesis can draw and shrink, and that ``tools/fuzz.py`` can draw at
random and print: what it does depends on the form of the file alone.
"""

import gzip
import io
import warnings
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from fuzz import spoil_bytes, spoil_json, spoil_tables, spoil_toml, spoil_workbooks

Spoil = Callable[[bytes, float, int], bytes]


@dataclass(frozen=True)
class Op:
    """One mutation.

    Attributes
    ----------
    kind
        Which one, among those of the form of the file (modulo their number).
    where
        Where in the file, 0 to 1.
    what
        What is put there: each mutation makes of it what it wants.
    deep
        Whether it bears on what an archive holds rather than on the archive.
    """

    kind: int
    where: float
    what: int
    deep: bool = True


def mutate(data: bytes, name: str, op: Op) -> bytes:
    """Spoil a file; what an earlier mutation made unreadable is spoilt as bytes."""
    form = form_of(name)
    try:
        if op.deep and form == "gz":
            return gzip.compress(
                mutate(gzip.decompress(data), name.removesuffix(".gz"), op), 1, mtime=0
            )
        if op.deep and form == "zip":
            return _mutate_member(data, op)
        return find_spoil(form, op)(data, op.where, op.what)
    except (
        ValueError,
        ArithmeticError,
        LookupError,
        TypeError,
        RecursionError,
        EOFError,
        OSError,
        zlib.error,
        zipfile.BadZipFile,
        NotImplementedError,
    ):
        return find_spoil("", op)(data, op.where, op.what)


def find_spoil(form: str, op: Op) -> Spoil:
    """Find what a mutation does of a form of file (of bytes, when the form is not known)."""
    spoils = (*BY_FORM.get(form, ()), *spoil_bytes.ALL)
    return spoils[op.kind % len(spoils)]


def describe(name: str, op: Op) -> str:
    """Word a mutation, for the report of a failure."""
    inside = op.deep and form_of(name) in {"gz", "zip"}
    form = form_of(name.removesuffix(".gz")) if inside else form_of(name)
    what = "membre" if inside and form == "zip" else find_spoil(form, op).__name__
    return f"{what}{' (dedans)' if inside else ''} à {op.where:.3f}, {op.what}"


def form_of(name: str) -> str:
    """Tell the form of a file from its name.

    Examples
    --------
    >>> form_of("65.geojson.gz"), form_of("polygones.geojson"), form_of("base.CSV")
    ('gz', 'json', 'csv')
    """
    suffix = PurePath(name).suffix.lower().lstrip(".")
    return {"geojson": "json", "txt": "csv"}.get(suffix, suffix)


def _mutate_member(data: bytes, op: Op) -> bytes:
    """Spoil the content of a member, the archive staying whole."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    chosen = list(members)[op.kind // 97 % len(members)] if members else ""
    members[chosen] = mutate(members[chosen], chosen, op)
    return _zip(list(members.items()))


def _zip(members: list[tuple[str, bytes]]) -> bytes:
    out = io.BytesIO()
    with (
        warnings.catch_warnings(action="ignore", category=UserWarning),  # a name twice is meant
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
    ):
        for name, content in members:
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content, compresslevel=1)
    return out.getvalue()


def change_members(data: bytes, where: float, what: int) -> bytes:
    """Rename, remove, repeat or move a member of an archive."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = [(name, archive.read(name)) for name in archive.namelist()]
    at = min(int(where * len(members)), len(members) - 1)
    name, content = members[at]
    changed: list[list[tuple[str, bytes]]] = [
        [],
        [(f"autre_{name}", content)],
        [(name.swapcase(), content)],
        [(f"dossier/{name}", content)],
        [(f"../../{name}", content)],
        [(name, content), (f"dossier/{name}", content)],
        [(name, b"")],
        [(name, content * 3)],
    ]
    members[at : at + 1] = changed[what % len(changed)]
    return _zip(members)


def change_record(data: bytes, where: float, what: int) -> bytes:
    """Spoil a field of the directory of an archive: sizes, flags, method, offsets."""
    at = data.rindex(b"PK\x01\x02")
    place = at + 8 + what % 38
    return data[:place] + bytes([what // 38 % 256]) + data[place + 1 :]


BY_FORM: dict[str, tuple[Spoil, ...]] = {
    "csv": spoil_tables.ALL,
    "json": spoil_json.ALL,
    "toml": spoil_toml.ALL,
    "xlsx": spoil_workbooks.ALL,
    "zip": (change_members, change_record),
}
