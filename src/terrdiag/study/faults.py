"""What is wrong with a study file, said in French: which line, which key, what was expected."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from terrdiag.study.model import StudyFile
from terrdiag.wording import suggest

Lines = Mapping[tuple[str, ...], int]


@dataclass(frozen=True, order=True)
class Fault:
    """A fault of the file: its line (0 when unknown), its key, what is wrong."""

    line: int
    key: str
    message: str

    def __str__(self) -> str:
        """Word the fault."""
        line = f"ligne {self.line}" if self.line else ""
        place = ", ".join(part for part in (line, self.key) if part)
        return f"{place} : {self.message}" if place else self.message


EXPECTED: Final = {
    "string_type": "attendu un texte entre guillemets",
    "string_too_short": "attendu un texte qui ne soit pas vide",
    "int_type": "attendu un nombre entier",
    "int_from_float": "attendu un nombre entier",
    "float_type": "attendu un nombre (point décimal : 391.2)",
    "finite_number": "attendu un nombre fini",
    "tuple_type": 'attendu une liste entre crochets, comme ["65059", "65142"]',
    "model_type": "attendu une table : une ligne « [{key}] », puis une clé par ligne",
    "model_attributes_type": "attendu une table : une ligne « [{key}] », puis une clé par ligne",
    "greater_than_equal": "attendu un nombre supérieur ou égal à {ge:g}",
    "greater_than": "attendu un nombre supérieur à {gt:g}",
}
"""What was expected, by type of pydantic error."""


def word_fault(error: ErrorDetails, lines: Lines, text: str) -> Fault:
    """Word one fault found by the model.

    Parameters
    ----------
    error
        What pydantic says.
    lines
        Line of each key, from :func:`find_lines`.
    text
        The file.

    Returns
    -------
    Fault
        The fault in French, with its line.
    """
    loc = tuple(str(part) for part in error["loc"])
    table, key = (loc[0] if loc else ""), (loc[1] if len(loc) > 1 else "")
    name = f"[{table}] {key}".strip() if table else ""
    return Fault(_find_line(loc, error["input"], lines, text), name, _word(error, loc))


def _word(error: ErrorDetails, loc: tuple[str, ...]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        known = _known_keys(loc[:-1])
        near = suggest(loc[-1], known)
        what = "clé inconnue" if len(loc) > 1 else "table inconnue"
        return f"{what}.{near}" if near else f"{what}. Valeurs possibles : {', '.join(known)}."
    if kind == "missing":
        return "absent ; c'est obligatoire."
    if kind == "value_error":
        return f"{context['error']}."
    expected = EXPECTED.get(kind, error["msg"]).format(key=loc[0], **context)
    return f"{expected}, trouvé {_show(error['input'])}."


def _show(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)


def _known_keys(loc: tuple[str, ...]) -> list[str]:
    """Keys allowed in a table (the tables themselves at the top)."""
    model: type[BaseModel] = StudyFile
    for part in loc:
        annotation = model.model_fields[part].annotation
        candidates = (annotation, *get_args(annotation))
        model = next(c for c in candidates if isinstance(c, type) and issubclass(c, BaseModel))
    return list(model.model_fields)


def _find_line(loc: tuple[str, ...], value: object, lines: Lines, text: str) -> int:
    """Line of a key; of the very item when the fault is in a list."""
    start = lines.get(loc[:2]) or lines.get(loc[:1]) or 0
    if len(loc) < 3 or not start:
        return start
    following = sorted(line for line in lines.values() if line > start)
    end = following[0] - 1 if following else len(text.splitlines())
    item = re.compile(rf"(?<!\w){re.escape(str(value))}(?!\w)")
    for number, content in enumerate(text.splitlines()[start - 1 : end], start):
        if item.search(content.partition("#")[0]):
            return number
    return start


HEADER: Final = re.compile(r"^\s*\[\[?\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
ASSIGNMENT: Final = re.compile(r"""^\s*([\w."' -]+?)\s*=""")


def find_lines(text: str) -> dict[tuple[str, ...], int]:
    r"""Find the line of each table and of each key by a small scan.

    Parameters
    ----------
    text
        The file.

    Returns
    -------
    dict
        ``("perimeter",)`` and ``("perimeter", "epci")`` → line, from 1.

    Examples
    --------
    >>> find_lines('[study]\nid = "x"  # dossier\n')
    {('study',): 1, ('study', 'id'): 2}
    """
    found: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    in_text = False
    for number, line in enumerate(text.splitlines(), 1):
        was_in_text = in_text
        # a """text""" over several lines may hold anything
        in_text ^= (line.count('"""') + line.count("'''")) % 2 == 1
        if was_in_text:
            continue
        if header := HEADER.match(line):
            table = _split(header[1])
            found.setdefault(table, number)
        elif assignment := ASSIGNMENT.match(line):
            path = (*table, *_split(assignment[1]))
            for depth in range(1, len(path) + 1):
                found.setdefault(path[:depth], number)
    return found


def _split(key: str) -> tuple[str, ...]:
    return tuple(part.strip().strip("\"'") for part in key.split("."))


SYNTAX: Final = {
    "Expected '=' after a key": "il manque le signe = après le nom de la clé",
    "Invalid value": "valeur illisible : un texte ou un code s'écrit entre guillemets droits",
    "Unclosed array": "liste illisible : textes entre guillemets droits, séparés par des virgules",
    "Unterminated string": "il manque le guillemet de fin",
    "Illegal character": "caractère interdit : il manque sans doute le guillemet de fin",
    "Expected newline or end of document": "texte en trop après la valeur (guillemets, # oubliés)",
    "Cannot overwrite a value": "cette clé est déjà donnée plus haut",
    "Cannot declare": "cette table est déjà donnée plus haut",
    "Invalid initial character for a key": "nom de clé illisible",
    "Expected ']'": "il manque le crochet de fin du nom de la table",
}
"""What tomllib says → what a person understands."""

LEADING_ZERO: Final = re.compile(r"(?:^|[=\[,])\s*(0\d+[AB]?)\s*(?:[,\]]|$)")
DECIMAL_COMMA: Final = re.compile(r"=\s*(\d+),(\d+)\s*$")


def word_syntax(message: str, text: str) -> Fault:
    """Word a syntax fault found by the TOML reader, with the line it shows and what to write.

    Examples
    --------
    >>> print(word_syntax("Invalid value (at line 1, column 11)", 'regions = 75b'))
    ligne 1, colonne 11 : valeur illisible : un texte ou un code s'écrit entre guillemets droits.
      regions = 75b
    """
    place = re.search(r"\(at line (\d+), column (\d+)\)", message)
    rows = text.splitlines()
    line = int(place[1]) if place else len(rows)
    content = rows[line - 1] if 0 < line <= len(rows) else ""
    column = f"colonne {place[2]}" if place else ""
    return Fault(line, column, f"{_explain_syntax(message, content)}.\n  {content.strip()}")


def _explain_syntax(message: str, content: str) -> str:
    """Say what to write instead, for what people who do not code write most."""
    bare = content.partition("#")[0]
    if zero := LEADING_ZERO.search(bare):
        return f'un code s\'écrit entre guillemets : écrivez "{zero[1]}"'
    if comma := DECIMAL_COMMA.search(bare):
        return f"la décimale s'écrit avec un point : écrivez {comma[1]}.{comma[2]}"
    if any(quote in bare for quote in "“”«»"):
        return 'guillemets “ ” ou « » : écrivez des guillemets droits "…"'
    english = re.sub(r" \(at .*", "", message)
    known = (french for start, french in SYNTAX.items() if english.startswith(start))
    return next(known, f"ce n'est pas du TOML ({english})")
