"""What is put in a cell: text that is safe to open in a spreadsheet, numbers without noise."""

import math
import re
from decimal import Decimal
from typing import Final

SIGNIFICANT_DIGITS: Final = 10
"""Beyond them a figure of this kind is noise of binary arithmetic (0,1 + 0,2)."""

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff\ud800-\udfff]+")
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
"""What makes a spreadsheet compute the text that follows; the wide ones in Asian versions."""


def clean_text(text: str) -> str:
    r"""Put a text on one line: tabs, line ends and control characters become one space.

    Examples
    --------
    >>> clean_text("\tBagnères\r\nde Bigorre\x00")
    'Bagnères de Bigorre'
    """
    return _CONTROL.sub(" ", text).strip()


def is_formula(text: str) -> bool:
    """Tell whether a spreadsheet would compute a text instead of showing it.

    Examples
    --------
    >>> is_formula("=1+1"), is_formula("Saint-Pierre")
    (True, False)
    """
    return text.startswith(_FORMULA_STARTS)


def neutralise_text(text: str) -> str:
    """Make a text safe in a CSV cell: cleaned, an apostrophe before what would be computed.

    Examples
    --------
    >>> neutralise_text("=cmd|' /C calc'!A0")
    "'=cmd|' /C calc'!A0"
    >>> neutralise_text("Saint-Pierre-et-Miquelon (+ îlots)")
    'Saint-Pierre-et-Miquelon (+ îlots)'
    """
    cleaned = clean_text(text)
    return f"'{cleaned}" if is_formula(cleaned) else cleaned


def format_csv_number(value: float) -> str:
    """Write a number for a French spreadsheet: decimal comma, no thousands, no exponent.

    Whole numbers are exact, others keep ten significant digits. NaN gives an empty cell.

    Examples
    --------
    >>> format_csv_number(0.1 + 0.2), format_csv_number(-16511.0), format_csv_number(1 / 3)
    ('0,3', '-16511', '0,3333333333')
    >>> format_csv_number(1.5e-7), format_csv_number(-0.0), format_csv_number(float("nan"))
    ('0,00000015', '0', '')
    """
    if math.isnan(value):
        return ""
    if value == int(value):
        return str(int(value))
    text = f"{value:.{SIGNIFICANT_DIGITS}g}"
    if "e" in text:
        text = f"{Decimal(text):f}"
    return text.replace(".", ",")
