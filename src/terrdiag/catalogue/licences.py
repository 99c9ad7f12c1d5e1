"""What a licence asks of those who reuse the figures, in the words that stand beside them."""

from typing import Final

ODBL_MARK: Final = "ODbL : partage à l'identique"
"""Beside every figure of a database under the ODbL: a public database made of it is shared under the same licence."""


def name_mark(licence: str) -> str:
    """Give the mark that figures under a licence bear, or nothing.

    Examples
    --------
    >>> name_mark("ODbL 1.0")
    "ODbL : partage à l'identique"
    >>> name_mark("Licence Ouverte 2.0")
    ''
    """
    return ODBL_MARK if licence.casefold().startswith("odbl") else ""


def word_licence(licence: str) -> str:
    """Word a licence, with its mark if it has one.

    Examples
    --------
    >>> word_licence("ODbL 1.0")
    "ODbL 1.0 (ODbL : partage à l'identique)"
    >>> word_licence("Licence Ouverte 2.0")
    'Licence Ouverte 2.0'
    """
    mark = name_mark(licence)
    return f"{licence} ({mark})" if mark else licence
