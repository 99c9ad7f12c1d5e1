"""What is wrong with a study file, said in French: which line, which key, what was expected."""

import re
from dataclasses import dataclass
from types import NoneType
from typing import Any, Final, get_args

from pydantic import BaseModel
from pydantic_core import ErrorDetails

from terrdiag.study.lines import Lines, find_line, word_place
from terrdiag.study.model import COMPARATOR_TAGS, StudyFile
from terrdiag.wording import suggest


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


TABLE: Final = "attendu une table : une ligne « [{table}] », puis une clé par ligne"

EXPECTED: Final = {
    "string_type": "attendu un texte entre guillemets",
    "string_too_short": "attendu un texte qui ne soit pas vide",
    "int_type": "attendu un nombre entier",
    "int_from_float": "attendu un nombre entier",
    "float_type": "attendu un nombre (point décimal : 391.2)",
    "float_parsing": "attendu un nombre (point décimal : 391.2)",
    "is_instance_of": "attendu un nombre (point décimal : 391.2)",
    "finite_number": "attendu un nombre fini",
    "bool_type": "attendu true ou false, sans guillemets",
    "literal_error": "valeur inconnue : attendu {choices}",
    "tuple_type": 'attendu une liste entre crochets, comme ["65059", "65142"]',
    "too_short": "il en faut au moins {min_length}",
    "too_long": "il en faut au plus {max_length}",
    "model_type": TABLE,
    "model_attributes_type": TABLE,
    "greater_than_equal": "attendu un nombre supérieur ou égal à {ge:g}",
    "greater_than": "attendu un nombre supérieur à {gt:g}",
    "less_than_equal": "attendu un nombre inférieur ou égal à {le:g}",
    "less_than": "attendu un nombre inférieur à {lt:g}",
}
"""What was expected, by type of pydantic error."""


def word_fault(error: ErrorDetails, lines: Lines) -> Fault:
    """Word one fault found by the model.

    Parameters
    ----------
    error
        What pydantic says.
    lines
        Line of each key and item, from :func:`terrdiag.study.lines.find_lines`.

    Returns
    -------
    Fault
        The fault in French, with its line.
    """
    path = tuple(part for part in error["loc"] if part not in COMPARATOR_TAGS)
    return Fault(find_line(path, lines), _name_place(path), _word(error, path))


def _name_place(path: tuple[str | int, ...]) -> str:
    """Name the table and the key; the rank only of what is itself a table."""
    kept: list[str | int] = []
    for part in path:
        kept.append(part)
        if isinstance(part, int) and not _is_table(tuple(kept)):
            # an item of a list: its line, or its message, tells which
            keys = [str(key) for key in path[len(kept) :] if isinstance(key, str)]
            return ", ".join([word_place(kept[:-1]), *keys])
    return word_place(kept) if kept else ""


def _word(error: ErrorDetails, path: tuple[str | int, ...]) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        known = _known_keys(path[:-1])
        near = suggest(str(path[-1]), known)
        what = "clé inconnue" if len(path) > 1 else "table inconnue"
        return f"{what}.{near}" if near else f"{what}. Valeurs possibles : {', '.join(known)}."
    if kind == "missing":
        return "absent ; c'est obligatoire."
    if kind == "value_error":
        return f"{context['error']}."
    if kind == "literal_error":
        context = {"choices": str(context["expected"]).replace("'", '"').replace(" or ", " ou ")}
    table = ".".join(part for part in path if isinstance(part, str))
    expected = EXPECTED.get(kind, "valeur refusée").format(table=table, **context)
    return f"{expected}, trouvé {_show(error['input'])}."


def _show(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict):
        return "une table"
    if isinstance(value, list | tuple):
        return "une liste"
    if isinstance(value, int) and abs(value) > 1e30:  # Python refuses to write thousands of digits
        return "un nombre démesuré"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _known_keys(path: tuple[str | int, ...]) -> list[str]:
    """Keys allowed in a table (the tables themselves at the top)."""
    return list(_find_model(path).model_fields)


def _is_table(path: tuple[str | int, ...]) -> bool:
    """Whether the items of a list are tables and nothing else."""
    names = [part for part in path if isinstance(part, str)]
    types = _types_in(_find_model(tuple(names[:-1])).model_fields[names[-1]].annotation)
    return all(issubclass(one, BaseModel) for one in types)


def _find_model(path: tuple[str | int, ...]) -> type[BaseModel]:
    """Find what describes a table of the file."""
    model: type[BaseModel] = StudyFile
    for name in (part for part in path if isinstance(part, str)):
        types = _types_in(model.model_fields[name].annotation)
        model = next(one for one in types if issubclass(one, BaseModel))
    return model


def _types_in(annotation: Any) -> list[type]:
    """List the types at the leaves of an annotation, but that of what is absent."""
    parts = get_args(annotation)
    if not parts:
        return [annotation] if isinstance(annotation, type) and annotation is not NoneType else []
    return [one for part in parts for one in _types_in(part)]


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
