"""What the keys of a study file may hold: codes, dates, lists, and the base of its tables."""

import datetime as dt
import functools
import re
from typing import Annotated, Any, Final

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from terrdiag.study.codes import KINDS, Kind, WrongValueError, check_code
from terrdiag.study.expressions import PATTERN, check_comparator
from terrdiag.wording import slugify

WINDOWS_NAMES: Final = {
    *("con", "prn", "aux", "nul"),
    *(f"{port}{number}" for port in ("com", "lpt") for number in range(1, 10)),
}
"""Names that no folder may bear on Windows."""

ID_PATTERN: Final = r"[a-z0-9]+(?:[-_][a-z0-9]+)*"


def _check_id(value: object) -> str:
    if not isinstance(value, str):
        raise WrongValueError('attendu un texte entre guillemets, comme "haute-bigorre"')
    if re.fullmatch(ID_PATTERN, value) and len(value) <= 64 and value not in WINDOWS_NAMES:
        return value
    is_reserved = value.lower() in WINDOWS_NAMES
    reason = "est un nom réservé de Windows" if is_reserved else "n'est pas un nom de dossier sûr"
    guess = slugify(value)[:64].strip("-")
    advice = f' ; par exemple "{guess}"' if guess and guess not in WINDOWS_NAMES else ""
    raise WrongValueError(
        f'"{value}" {reason} : attendu des minuscules sans accent, chiffres et tirets, '
        f"64 caractères au plus{advice}"
    )


def _as_tuple(value: object) -> object:
    if isinstance(value, str | int):
        raise WrongValueError(f'attendu une liste entre crochets : ["{value}"]')
    return tuple(value) if isinstance(value, list) else value


def _as_tables(value: object, name: str) -> object:
    if isinstance(value, list):
        return tuple(value)
    if isinstance(value, tuple):
        return value
    raise WrongValueError(
        f"attendu des tables répétées : une ligne « [[{name}]] » avant chacune, puis une clé par ligne"
    )


def _as_date(value: object) -> object:
    if isinstance(value, dt.datetime) or not isinstance(value, dt.date | str):
        raise WrongValueError("attendu une date AAAA-MM-JJ, comme 2026-01-01")
    if isinstance(value, dt.date):
        return value
    try:
        if re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            return dt.date.fromisoformat(value)
    except ValueError:
        pass  # a 30 February: said below
    raise WrongValueError(f'"{value}" n\'est pas une date AAAA-MM-JJ, comme 2026-01-01')


def _code(kind: Kind) -> Any:
    return BeforeValidator(functools.partial(check_code, kind))


def _items(pattern: str) -> Any:
    return Field(json_schema_extra={"pattern": f"^(?:{pattern})$"})


def said(description: str, default: Any = None, **limits: Any) -> Any:
    """Make a field; its description, in French, is shown by editors through the JSON schema."""
    return Field(default, description=description, **limits)


def as_tables(name: str) -> Any:
    """Accept an array of tables, ``name`` being the one of their headers (« perimeter.history »)."""
    return BeforeValidator(functools.partial(_as_tables, name=name))


AS_TUPLE: Final = BeforeValidator(_as_tuple)

Identifier = Annotated[str, BeforeValidator(_check_id), _items(ID_PATTERN)]
Text = Annotated[str, Field(min_length=1)]
Date = Annotated[dt.date, BeforeValidator(_as_date)]
Commune = Annotated[str, _code("commune"), _items(KINDS["commune"].pattern)]
Epci = Annotated[str, _code("epci"), _items(KINDS["epci"].pattern)]
Ept = Annotated[str, _code("ept"), _items(KINDS["ept"].pattern)]
Ti = Annotated[str, _code("ti"), _items(KINDS["ti"].pattern)]
Ti2023 = Annotated[str, _code("ti2023"), _items(KINDS["ti2023"].pattern)]
Petr = Annotated[str, _code("petr"), _items(KINDS["petr"].pattern)]
Ze = Annotated[str, _code("ze"), _items(KINDS["ze"].pattern)]
Aav = Annotated[str, _code("aav"), _items(KINDS["aav"].pattern)]
Bv = Annotated[str, _code("bv"), _items(KINDS["bv"].pattern)]
Uu = Annotated[str, _code("uu"), _items(KINDS["uu"].pattern)]
Arrondissement = Annotated[str, _code("arr"), _items(KINDS["arr"].pattern)]
Canton = Annotated[str, _code("cv"), _items(KINDS["cv"].pattern)]
Departement = Annotated[str, _code("departement"), _items(KINDS["departement"].pattern)]
Region = Annotated[str, _code("region"), _items(KINDS["region"].pattern)]
ComparatorCode = Annotated[str, BeforeValidator(check_comparator), _items(PATTERN)]


class Table(BaseModel):
    """A table of the file: frozen, nothing unknown, no silent conversion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)
