"""What every generated document is made of: the notice at its head, tables, lists."""

from collections.abc import Iterable
from typing import Final

HEAD: Final = "<!-- Fichier produit par « make docs » : ne le modifiez pas à la main. -->\n"


def make_table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Make a Markdown table.

    Examples
    --------
    >>> print(make_table(["Année", "Communes"], [["2018", "25"]]))
    | Année | Communes |
    | --- | --- |
    | 2018 | 25 |
    """
    heads = list(heads)
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def bullets(items: Iterable[str]) -> str:
    """Make a list."""
    return "\n".join(f"- {item}" for item in items)


def begin(text: str) -> str:
    """Begin a sentence: only its first letter changes."""
    return f"{text[:1].upper()}{text[1:]}"
