"""Spoil bytes, whatever they mean."""

import re

INTRUDERS = (
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xe9",
    b"\xc3\x28",
    b"\xed\xa0\x80",
    b"\r",
    b"\n",
    b'"',
    b";",
    b"," * 50,
    b"\x1a",
    "\u2028".encode(),
    b"<",
    b"=1+1",
    b"9" * 400,
    b"1e999",
    b"-0",
    b"NaN",
    "١٢٣".encode(),
    "²".encode(),
    b"\\",
    b"[" * 3000,
)

NUMBERS = (
    b"",
    b"0",
    b"-1",
    b"00000",
    b"9" * 30,
    b"9" * 5000,
    b"1e308",
    b"1e999",
    b"nan",
    b"inf",
    b"-inf",
    b"1_000",
    b"0x10",
    b"1.5.2",
    b"2147483648",
    b"9223372036854775808",
    b"1e-400",
    "٣".encode(),
    b"s",
    b" 12 ",
    b"12,5",
)


def truncate(data: bytes, where: float, what: int) -> bytes:
    return data[: int(where * len(data))]


def flip(data: bytes, where: float, what: int) -> bytes:
    if not data:
        return b"\x00"
    at = min(int(where * len(data)), len(data) - 1)
    return data[:at] + bytes([data[at] ^ (1 + what % 255)]) + data[at + 1 :]


def insert(data: bytes, where: float, what: int) -> bytes:
    at = int(where * len(data))
    return data[:at] + INTRUDERS[what % len(INTRUDERS)] + data[at:]


def delete(data: bytes, where: float, what: int) -> bytes:
    at = int(where * len(data))
    return data[:at] + data[at + 1 + what % 200 :]


def repeat(data: bytes, where: float, what: int) -> bytes:
    at = int(where * len(data))
    return data[:at] + data[at : at + 1 + what % 500] * 2 + data[at:]


def move(data: bytes, where: float, what: int) -> bytes:
    """Exchange what comes before a place and what comes after."""
    at = int(where * len(data))
    return data[at:] + data[:at]


def renumber(data: bytes, where: float, what: int) -> bytes:
    """Put another number in the place of one."""
    found = list(re.finditer(rb"\d+", data))
    if not found:
        return insert(data, where, what)
    number = found[min(int(where * len(found)), len(found) - 1)]
    return data[: number.start()] + NUMBERS[what % len(NUMBERS)] + data[number.end() :]


def rewrite(data: bytes, where: float, what: int) -> bytes:
    """Save the whole otherwise: line ends, byte order mark, encoding, case."""
    ways = (
        lambda: data.replace(b"\r\n", b"\n"),
        lambda: data.replace(b"\r\n", b"\r"),
        lambda: data.replace(b"\n", b"\r\n"),
        lambda: b"\xef\xbb\xbf" + data,
        lambda: b"\xef\xbb\xbf" * 2 + data,
        lambda: data.decode("utf-8", "replace").encode("utf-16"),
        lambda: data.decode("utf-8", "replace").encode("cp1252", "replace"),
        data.lower,
        data.rstrip,
        lambda: data + b"\r\n" * 3,
        lambda: b"\r\n" + data,
        lambda: data * 2,
        lambda: data.replace(b'"', b""),
        lambda: data.replace(b"0", b"O"),
        lambda: b"",
    )
    return ways[what % len(ways)]()


ALL = (truncate, flip, insert, delete, repeat, move, renumber, rewrite)
