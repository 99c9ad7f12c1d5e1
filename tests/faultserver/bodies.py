"""Contents that are not what they should be."""

import functools
import io
import zipfile
import zlib

HTML = (
    b"<!DOCTYPE html><html><head><title>Maintenance en cours</title></head>"
    b"<body><h1>Revenez plus tard</h1></body></html>"
)

XML = (
    '<?xml version="1.0" encoding="UTF-8"?><ows:ExceptionReport version="2.0.0">'
    '<ows:Exception exceptionCode="NoApplicableCode"><ows:ExceptionText>Service saturé'
    "</ows:ExceptionText></ows:Exception></ows:ExceptionReport>"
).encode()


def make_zip(members: dict[str, bytes]) -> bytes:
    """Make a zip archive, the same bytes each time."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            info = zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0))
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, content)
    return out.getvalue()


def read_zip(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def spoil_crc(data: bytes) -> bytes:
    """Change one byte of the first member's stored bytes; its checksum no longer agrees."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
    spoilt = bytearray(out.getvalue())
    name, content = max(members.items(), key=lambda member: len(member[1]))
    # beyond the header of the member, where its content is stored as it is
    spoilt[spoilt.index(content, spoilt.index(name.encode())) + len(content) // 2] ^= 0x20
    return bytes(spoilt)


def make_bomb(data: bytes, megabytes: int = 9_000) -> bytes:
    """Declare that the largest member inflates to so many MB (its compressed bytes are a few)."""
    members = read_zip(data)
    largest = max(members, key=lambda name: len(members[name]))
    zeros = members[largest] + b"0" * 3_000_000
    return declare_size(make_zip({**members, largest: zeros}), largest, megabytes * 1_000_000)


def declare_size(data: bytes, member: str, size: int) -> bytes:
    """Write another inflated size for a member in the directory of the archive."""
    changed = bytearray(data)
    entry = changed.rindex(b"PK\x01\x02", 0, changed.rindex(member.encode()))
    changed[entry + 24 : entry + 28] = min(size, 0xFFFFFFFE).to_bytes(4, "little")
    return bytes(changed)


def escape(data: bytes) -> bytes:
    """Add members that would be written outside of where the archive is opened."""
    return make_zip({**read_zip(data), "../../evil.csv": b"x", "/etc/evil.csv": b"x"})


def rename_members(data: bytes) -> bytes:
    """Give every member another name."""
    return make_zip({f"autre_{i}.txt": body for i, body in enumerate(read_zip(data).values())})


def drop_column(data: bytes) -> bytes:
    """Remove the third column of a CSV file."""
    sep = b";" if data.split(b"\n")[0].count(b";") > data.split(b"\n")[0].count(b",") else b","
    lines = [line.split(sep) for line in data.split(b"\r\n")]
    return b"\r\n".join(sep.join(cells[:2] + cells[3:]) for cells in lines)


def one_row(data: bytes) -> bytes:
    """Keep the header of a CSV file and its first row."""
    return b"\r\n".join(data.split(b"\r\n")[:2]) + b"\r\n"


@functools.cache
def deflate_bomb(megabytes: int) -> bytes:
    """Make a gzip body that inflates to so many MB of zeros."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1_000_000)
    return b"".join(packer.compress(block) for _ in range(megabytes)) + packer.flush()
