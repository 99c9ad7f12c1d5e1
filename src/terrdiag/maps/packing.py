"""Whole numbers as a short printable text, for geometry that travels inside a page.

A number takes one to five characters of :data:`ALPHABET`, the small ones fewer. The alphabet avoids the
quotes, the backslash, ``<``, ``>`` and ``&``: the text needs no escaping in JSON nor in HTML.
``assets/terrdiag-map.js`` holds the decoder.
"""

from typing import Final

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

ALPHABET: Final = "!" + "".join(chr(c) for c in range(35, 127) if chr(c) not in "&<>\\")
BASE: Final = len(ALPHABET)
"""89 characters."""

LEADS: Final = (40, 42, 5, 1, 1)
"""How many first characters announce a number of 1, 2, 3, 4 and 5 characters (their sum is the base)."""

LIMITS: Final = tuple(int(n) for n in np.cumsum([lead * BASE**k for k, lead in enumerate(LEADS)]))
"""First number that no longer fits in 1, 2… 5 characters."""


def pack_integers(numbers: Integers) -> str:
    """Write non-negative whole numbers as text.

    Parameters
    ----------
    numbers
        Numbers from 0 to ``LIMITS[-1] - 1``.

    Returns
    -------
    str
        One to five characters a number, without separator.

    Raises
    ------
    OverflowError
        A number is negative or too large (a bug of the caller: coordinates of the Earth always fit).

    Examples
    --------
    >>> pack_integers(np.array([0, 39, 40])), LIMITS
    ('!LM!', (40, 3778, 43383, 748352, 63490593))
    """
    if numbers.size == 0:
        return ""
    if numbers.min() < 0 or numbers.max() >= LIMITS[-1]:
        raise OverflowError(
            f"nombre hors de 0 à {LIMITS[-1] - 1} : {numbers.min()} à {numbers.max()}"
        )
    size = np.searchsorted(LIMITS, numbers, side="right")
    ends = np.cumsum(size + 1)
    codes = np.empty(int(ends[-1]), dtype=np.uint8)
    glyphs = np.frombuffer(ALPHABET.encode("ascii"), dtype=np.uint8)
    first_lead = np.concatenate([[0], np.cumsum(LEADS)])
    for length in range(len(LEADS)):
        chosen = size == length
        rest = numbers[chosen] - (LIMITS[length - 1] if length else 0)
        for back in range(length):
            codes[ends[chosen] - 1 - back] = glyphs[rest % BASE]
            rest //= BASE
        codes[ends[chosen] - 1 - length] = glyphs[first_lead[length] + rest]
    return codes.tobytes().decode("ascii")


def zigzag(numbers: Integers) -> Integers:
    """Map signed whole numbers to non-negative ones, small to small.

    Examples
    --------
    >>> zigzag(np.array([0, -1, 1, -2])).tolist()
    [0, 1, 2, 3]
    """
    return np.where(numbers < 0, -2 * numbers - 1, 2 * numbers).astype(np.int64)
