"""The content of a study file: what each table may say, and the study made of it."""

import datetime as dt
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Any, Final, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from terrdiag.study.codes import (
    COMPARATOR_KINDS,
    FRANCE,
    KINDS,
    Kind,
    WrongValueError,
    check_code,
    check_comparator,
)
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


def _said(description: str, default: Any = None, **limits: Any) -> Any:
    """Make a field; its description, in French, is shown by editors through the JSON schema."""
    return Field(default, description=description, **limits)


AS_TUPLE: Final = BeforeValidator(_as_tuple)
COMPARATOR_PATTERN: Final = "|".join(
    [FRANCE, *(f"{kind}:(?:{KINDS[kind].pattern})" for kind in COMPARATOR_KINDS)]
)

Identifier = Annotated[str, BeforeValidator(_check_id), _items(ID_PATTERN)]
Text = Annotated[str, Field(min_length=1)]
Date = Annotated[dt.date, BeforeValidator(_as_date)]
Commune = Annotated[str, _code("commune"), _items(KINDS["commune"].pattern)]
Epci = Annotated[str, _code("epci"), _items(KINDS["epci"].pattern)]
Ept = Annotated[str, _code("ept"), _items(KINDS["ept"].pattern)]
Ti = Annotated[str, _code("ti"), _items(KINDS["ti"].pattern)]
Petr = Annotated[str, _code("petr"), _items(KINDS["petr"].pattern)]
Departement = Annotated[str, _code("departement"), _items(KINDS["departement"].pattern)]
Region = Annotated[str, _code("region"), _items(KINDS["region"].pattern)]
ComparatorCode = Annotated[str, BeforeValidator(check_comparator), _items(COMPARATOR_PATTERN)]


class Table(BaseModel):
    """A table of the file: frozen, nothing unknown, no silent conversion."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class StudyTable(Table):
    """``[study]``: what the study is called."""

    id: Identifier = _said("Nom du dossier de résultats : minuscules, chiffres, tirets.", ...)
    title: Text = _said("Titre de l'étude, en tête de la page.", ...)
    author: str = _said("Auteur ou organisme (facultatif).", "")


class PerimeterTable(Table):
    """``[perimeter]``: the union of what is listed."""

    name: Text | None = _said("Nom du territoire (facultatif).")
    communes: Annotated[tuple[Commune, ...], AS_TUPLE] = _said("Codes INSEE de communes.", ())
    epci: Annotated[tuple[Epci, ...], AS_TUPLE] = _said("SIREN d'EPCI à fiscalité propre.", ())
    ept: Annotated[tuple[Ept, ...], AS_TUPLE] = _said("SIREN d'EPT du Grand Paris.", ())
    ti: Annotated[tuple[Ti, ...], AS_TUPLE] = _said("Territoires d'industrie, ti-7505.", ())
    petr: Annotated[tuple[Petr, ...], AS_TUPLE] = _said("PETR, CR0289.", ())
    departements: Annotated[tuple[Departement, ...], AS_TUPLE] = _said("Départements, 65.", ())
    regions: Annotated[tuple[Region, ...], AS_TUPLE] = _said("Régions, 76.", ())
    date: Date | None = _said("Date du périmètre, AAAA-MM-JJ (sans elle : celle des données).")

    @model_validator(mode="after")
    def check_not_empty(self) -> Self:
        """Refuse a perimeter that lists nothing."""
        if not any(self.codes.values()):
            keys = ", ".join(form.key for form in KINDS.values())
            raise WrongValueError(
                f"le périmètre est vide : indiquez au moins une liste parmi {keys}"
            )
        return self

    @property
    def codes(self) -> dict[Kind, tuple[str, ...]]:
        """Codes listed, by kind."""
        return {kind: getattr(self, form.key) for kind, form in KINDS.items()}


class ComparatorsTable(Table):
    """``[comparators]``: with what the territory is compared."""

    include: Annotated[tuple[ComparatorCode, ...], AS_TUPLE] | None = _said(
        "Comparateurs, dans l'ordre voulu : departement:65, region:76, ti:ti-7505, france."
    )


class ExpectTable(Table):
    """``[expect]``: what each run must find, else it stops."""

    communes: int | None = _said("Nombre de communes du territoire.", ge=1)
    epci: int | None = _said("Nombre d'EPCI touchés, en tout ou partie.", ge=0)
    departements: int | None = _said("Nombre de départements touchés.", ge=1)
    regions: int | None = _said("Nombre de régions touchées.", ge=1)
    area_km2: float | None = _said("Superficie en km².", gt=0)
    area_tolerance_km2: float = _said("Écart admis sur la superficie, en km².", 0.5, ge=0)

    @model_validator(mode="after")
    def check_tolerance(self) -> Self:
        """Refuse a tolerance on nothing."""
        if "area_tolerance_km2" in self.model_fields_set and self.area_km2 is None:
            raise WrongValueError("area_tolerance_km2 accompagne area_km2, qui est absent")
        return self


class StudyFile(Table):
    """A whole study file."""

    study: StudyTable = _said("L'étude : dossier, titre, auteur.", ...)
    perimeter: PerimeterTable = _said("Le territoire : l'union de ce qui est listé.", ...)
    comparators: ComparatorsTable = _said(
        "À quoi le territoire est comparé (sans cette table : département, région, France).",
        ComparatorsTable(),
    )
    expect: ExpectTable = _said("Ce que chaque calcul doit retrouver.", ExpectTable())


@dataclass(frozen=True)
class Study:
    """What a diagnostic is about.

    Attributes
    ----------
    id
        Name of the folder of results.
    title, author
        As in the file.
    perimeter, comparators, expect
        The tables of the file.
    path
        The file, or nothing when the study was made from a code.
    lines
        Line of each key of the file, for the messages.
    remarks
        What the reader must be told of how the study was found (a former code followed to its
        successor).
    """

    id: str
    title: str
    perimeter: PerimeterTable
    author: str = ""
    comparators: ComparatorsTable = field(default_factory=ComparatorsTable)
    expect: ExpectTable = field(default_factory=ExpectTable)
    path: Path | None = None
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()

    def where(self, table: str, key: str = "") -> str:
        """Word where a key stands: file, line, table, key.

        Examples
        --------
        >>> Study("x", "X", PerimeterTable(regions=["75"])).where("perimeter", "regions")
        'territoire demandé'
        """
        if self.path is None:
            return "territoire demandé"
        line = self.lines.get((table, key)) or self.lines.get((table,))
        place = f"ligne {line}, " if line else ""
        return f"{self.path}, {place}[{table}] {key}".rstrip()
