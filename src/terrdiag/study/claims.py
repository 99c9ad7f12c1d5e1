"""``[[claims]]``: figures that documents state, to be checked."""

from decimal import Decimal
from typing import Annotated, Final, Literal, Self

from pydantic import BeforeValidator, Field, WithJsonSchema, model_validator

from terrdiag.catalogue import load_analyses, load_indicators
from terrdiag.study.codes import WrongValueError
from terrdiag.study.expressions import PATTERN, check_comparator
from terrdiag.study.fields import Date, Table, Text, said
from terrdiag.wording import suggest

COUNTED: Final = {
    "communes": "nombre de communes",
    "epci": "nombre d'EPCI",
    "area_km2": "superficie",
}
"""What a document may count that is no indicator of the catalogue: it would be a map and a column of little use."""

TERRITORY: Final = "territoire"

LARGEST: Final = Decimal("1e15")
MOST_DECIMALS: Final = 12

Relation = Literal["=", ">", "<"]


class WrittenFloat(float):
    """A decimal number that remembers how it is written: 7.90 says more than 7.9.

    Examples
    --------
    >>> number = WrittenFloat("7.90")
    >>> number, number.text
    (7.9, '7.90')
    """

    text: str

    def __new__(cls, text: str) -> Self:
        """Read a number and keep its text."""
        number = super().__new__(cls, text)
        number.text = text
        return number


def _read_written(value: object) -> object:
    """Give the number exactly as it is written, with its last digit."""
    if isinstance(value, Decimal):
        number = value
    elif isinstance(value, bool) or not isinstance(value, int | float):
        raise WrongValueError(
            "attendu un nombre sans guillemets ni espaces, avec un point décimal : 12.9"
        )
    else:
        number = Decimal(getattr(value, "text", repr(value)).replace("_", ""))
    if not number.is_finite():
        raise WrongValueError("attendu un nombre fini")
    if abs(number) > LARGEST or _exponent(number) < -MOST_DECIMALS:
        raise WrongValueError("ce nombre est trop grand, ou a trop de décimales, pour être vérifié")
    return number


def _exponent(number: Decimal) -> int:
    """Power of ten of the last digit written."""
    return int(number.as_tuple().exponent)


def _check_indicator(value: object) -> object:
    if not isinstance(value, str):
        return value  # said by the type
    if value in COUNTED or value in load_indicators():
        return value
    measured = [name for name, one in load_analyses().items() if not one.template]
    known = (*COUNTED, *load_indicators(), *measured)
    if value not in known:
        near = suggest(value, known) or " « terrdiag list indicators » les donne."
        raise WrongValueError(
            f'"{value}" n\'est pas un indicateur du catalogue, ni {", ".join(COUNTED)}.{near} '
            "Pour un chiffre que le logiciel ne sait pas calculer, ôtez cette clé "
            "et dites pourquoi dans not_computable"
        )
    return value


def _check_place(value: object) -> object:
    if value == TERRITORY:
        return value
    if isinstance(value, str) and (near := suggest(value, [TERRITORY])):
        raise WrongValueError(f'"{value}" n\'est pas un lieu.{near}')
    return check_comparator(value)


Written = Annotated[
    Decimal, BeforeValidator(_read_written), WithJsonSchema({"type": "number"}, mode="validation")
]
IndicatorName = Annotated[Text, BeforeValidator(_check_indicator)]
PlaceName = Annotated[
    Text,
    BeforeValidator(_check_place),
    Field(json_schema_extra={"pattern": f"^(?:{TERRITORY}|{PATTERN})$"}),
]


class ClaimTable(Table):
    """A figure as a document states it."""

    text: Text = said("La phrase du document.", ...)
    document: Text = said("Le document, assez précis pour être retrouvé.", ...)
    indicator: IndicatorName | None = said(
        "Ce dont parle la phrase : un indicateur du catalogue, ou communes, epci, area_km2."
    )
    not_computable: Text | None = said(
        "À la place de indicator : pourquoi le logiciel ne peut pas vérifier ce chiffre."
    )
    place: PlaceName = said(
        "De quoi : territoire (sans cette clé), ou un lieu écrit comme un comparateur, region:76.",
        TERRITORY,
    )
    year: int | None = said(
        "L'année du chiffre (d'un taux d'évolution, la dernière).", ge=1900, le=2100
    )
    date: Date | None = said("La date du périmètre, AAAA-MM-JJ, si le document la dit.")
    relation: Relation = said("Ce que dit la phrase : = (égal), > (plus de), < (moins de).", "=")
    value: Written = said(
        "La valeur dite, avec les décimales du document, dans l'unité de l'indicateur.", ...
    )
    unit: str = said("Le mot qui suit la valeur (sans cette clé : l'unité de l'indicateur).", "")
    tolerance: float | None = said(
        "Écart admis (sans cette clé : l'arrondi de la valeur telle qu'écrite).", ge=0
    )

    @model_validator(mode="after")
    def check_coherence(self) -> Self:
        """Refuse a claim on nothing, or one that contradicts itself: it would be left unchecked without a word."""
        if self.indicator is None and self.not_computable is None:
            raise WrongValueError(
                "indicator est absent : indiquez l'indicateur, ou, si le logiciel n'en a pas, "
                "dites pourquoi dans not_computable"
            )
        if self.indicator is not None and self.not_computable is not None:
            raise WrongValueError("indicator et not_computable s'excluent : gardez l'un des deux")
        if self.tolerance is not None and self.relation != "=":
            raise WrongValueError(f'tolerance n\'a pas de sens avec relation = "{self.relation}"')
        return self

    @property
    def decimals(self) -> int:
        """How many decimals the value is written with.

        Examples
        --------
        >>> ClaimTable(text="x", document="d", indicator="jobs", value=WrittenFloat("7.90")).decimals
        2
        """
        return max(0, -_exponent(self.value))

    @property
    def margin(self) -> float:
        """How far a value may be from the one stated: the tolerance, or half of the last digit written.

        Examples
        --------
        >>> [ClaimTable(text="x", document="d", indicator="jobs", value=v).margin
        ...  for v in (18112, 12.9, WrittenFloat("7.90"), WrittenFloat("4e2"))]
        [0.5, 0.05, 0.005, 50.0]
        """
        if self.tolerance is not None:
            return self.tolerance
        return float(Decimal(5).scaleb(_exponent(self.value) - 1))
