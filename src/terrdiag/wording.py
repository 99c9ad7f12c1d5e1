"""French typography and the comparison of names.

Every figure that a person reads goes through :func:`format_number` or :func:`format_value`, so
that thousands, decimals and signs look the same on the page, in the maps and on the command line.
"""

import difflib
import math
import unicodedata
from collections.abc import Iterable

NNBSP = "\u202f"
"""Narrow no-break space: between thousands, before ``;`` ``!`` ``?``."""

NBSP = "\u00a0"
"""No-break space: before ``%``, ``:`` and units."""

MINUS = "\u2212"


def lower_first(label: str) -> str:
    """Give a label as it is written within a sentence: the names that it bears keep their capitals.

    Examples
    --------
    >>> lower_first("Taux de pauvreté (Filosofi 2)")
    'taux de pauvreté (Filosofi 2)'
    """
    return label[:1].lower() + label[1:]


def fold(text: str) -> str:
    """Fold a name for comparison: no accent, no case, one space between words.

    Examples
    --------
    >>> fold("Hautes-Pyrénées")
    'hautes pyrenees'
    >>> fold("  L'Œuf ")
    'l oeuf'
    """
    text = text.replace("œ", "oe").replace("Œ", "OE").replace("æ", "ae").replace("Æ", "AE")
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join("".join(c if c.isalnum() else " " for c in bare.casefold()).split())


def suggest(word: str, known: Iterable[str], limit: int = 3) -> str:
    """Word the names nearest to an unknown one, or nothing when none is near.

    Parameters
    ----------
    word
        What the user wrote.
    known
        The valid names.
    limit
        How many to propose at the most.

    Returns
    -------
    str
        A sentence starting with a space, ready to be appended to an error message.

    Examples
    --------
    >>> suggest("depatement", ["departement", "region"])
    ' Valeurs proches\\xa0: departement.'
    >>> suggest("xyz", ["departement", "region"])
    ''
    """
    by_key = {fold(name): name for name in known}
    near = difflib.get_close_matches(fold(word), by_key, n=limit, cutoff=0.6)
    return f" Valeurs proches{NBSP}: {', '.join(by_key[key] for key in near)}." if near else ""


def format_number(value: float, decimals: int = 0, *, signed: bool = False) -> str:
    """Format a number the French way: narrow no-break space, decimal comma, true minus sign.

    Parameters
    ----------
    value
        The number; NaN gives ``n.d.``.
    decimals
        How many decimals to keep (half away from zero, as readers expect).
    signed
        Whether a positive number bears its ``+``.

    Returns
    -------
    str
        The number in words.

    Examples
    --------
    >>> format_number(16511)
    '16\\u202f511'
    >>> format_number(-0.3412, 2)
    '−0,34'
    >>> format_number(9.08, 1, signed=True)
    '+9,1'
    >>> format_number(-0.001, 1)
    '0,0'
    """
    if math.isnan(value):
        return "n.d."
    rounded = round_half_away(value, decimals)
    body = f"{abs(rounded):,.{decimals}f}".replace(",", NNBSP).replace(".", ",")
    if rounded < 0:
        return MINUS + body
    return f"+{body}" if signed and rounded > 0 else body


def format_value(value: float, unit: str, decimals: int = 0, *, signed: bool = False) -> str:
    """Format a number with its unit, tied by a no-break space.

    Examples
    --------
    >>> format_value(8.7656, "%", 2)
    '8,77\\xa0%'
    >>> format_value(float("nan"), "%", 2)
    'n.d.'
    """
    number = format_number(value, decimals, signed=signed)
    return number if not unit or math.isnan(value) else f"{number}{NBSP}{unit}"


def round_half_away(value: float, decimals: int) -> float:
    """Round half away from zero, as a person would, free of binary surprises.

    Examples
    --------
    >>> round_half_away(2.675, 2), round_half_away(-0.5, 0), round_half_away(0.125, 2)
    (2.68, -1.0, 0.13)
    """
    scale = 10.0**decimals
    # repr-exact decimals such as 2.675 are stored slightly below: the nudge is far under any
    # printed decimal
    magnitude = math.floor(abs(value) * scale + 0.5 + 1e-9) / scale
    return math.copysign(magnitude, value) if magnitude else 0.0


def join_words(words: Iterable[str], last: str = "et") -> str:
    """Join words as French does: commas, then « et ».

    Examples
    --------
    >>> join_words(["Gers", "Landes", "Lot"])
    'Gers, Landes et Lot'
    """
    parts = list(words)
    return (
        parts[0]
        if len(parts) == 1
        else f"{', '.join(parts[:-1])} {last} {parts[-1]}"
        if parts
        else ""
    )


def plural(count: int, singular: str, many: str | None = None) -> str:
    """Count things in French (plural from two on).

    Examples
    --------
    >>> plural(1, "commune"), plural(25, "commune"), plural(0, "région")
    ('1\\xa0commune', '25\\xa0communes', '0\\xa0région')
    """
    word = singular if abs(count) < 2 else (many or f"{singular}s")
    return f"{format_number(count)}{NBSP}{word}"


def slugify(text: str) -> str:
    """Turn a name into a folder name.

    Examples
    --------
    >>> slugify("Communauté de communes de la Haute-Bigorre")
    'communaute-de-communes-de-la-haute-bigorre'
    """
    return fold(text).replace(" ", "-")
