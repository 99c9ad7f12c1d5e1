"""Read the tables of ``numbers``, write CSV files."""

from collections.abc import Iterable, Mapping
from pathlib import Path

Row = dict[str, str]


def read_rows(text: str) -> list[Row]:
    """Read a table of ``numbers``: a dot is an empty cell, ``·`` a space.

    Examples
    --------
    >>> read_rows("code   nom      PMUN\\n01001  Le·Mont  .")
    [{'code': '01001', 'nom': 'Le Mont', 'PMUN': ''}]
    """
    header, *lines = (line.split() for line in text.strip().split("\n"))
    cells = ([cell.replace("·", " ") if cell != "." else "" for cell in line] for line in lines)
    return [dict(zip(header, line, strict=True)) for line in cells]


def join_rows(*texts: str) -> list[Row]:
    """Put tables that have the same first column side by side."""
    tables = (read_rows(text) for text in texts)
    return [
        {name: cell for row in rows for name, cell in row.items()}
        for rows in zip(*tables, strict=True)
    ]


def write_csv(
    path: Path, rows: Iterable[Mapping[str, object]], sep: str = ",", bom: str = ""
) -> None:
    rows = list(rows)
    lines = [sep.join(rows[0]), *(sep.join(map(quote, row.values())) for row in rows)]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes((bom + "\r\n".join(lines) + "\r\n").encode())


def quote(cell: object) -> str:
    return f'"{cell}"' if "," in str(cell) else str(cell)
