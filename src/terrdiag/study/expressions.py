"""Places to compare with, written as a union or a difference: « region:76 - epci:243100518 »."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from terrdiag.study.codes import KINDS, Kind, WrongValueError, check_code

FRANCE: Final = "france"

COMPARATOR_KINDS: Final[tuple[Kind, ...]] = (
    *("departement", "region", "ti", "ti2023", "petr"),
    *("ze", "aav", "bv", "uu", "arr", "cv"),
    *("epci", "ept", "commune"),
)
"""Kinds a territory may be compared with, beside France; those that serve most first."""

ATOM: Final = "|".join(
    [FRANCE, *(f"{kind}:(?:{KINDS[kind].pattern})" for kind in COMPARATOR_KINDS)]
)
PATTERN: Final = rf"(?:{ATOM})(?: [+-] (?:{ATOM}))*"
"""Regular expression of a whole expression, for editors."""

SIGN: Final = re.compile(r"\s+([+-])\s+")
LOOSE_SIGN: Final = re.compile(r"[+−–]|-(?=\s)|(?<=\s)-|-(?=[a-z]+\d*:|france)")
"""A sign that is not set as it should be; the hyphen of « ti-7505 » is not one."""

LONE_SIGN: Final = re.compile(r"^[+−–-]\s|\s[+−–-]$|^[+−–-]$")
WORDS: Final = re.compile(r"\s(?:et|plus|sans|hors|moins|sauf)\s")
EXAMPLE: Final = 'comme "region:76 - epci:243100518"'


@dataclass(frozen=True)
class Term:
    """A place that is added (``+``) or taken away (``-``).

    Attributes
    ----------
    sign
        ``+`` for the first one.
    kind, code
        The place; the code of France is empty.
    """

    sign: Literal["+", "-"]
    kind: Kind | Literal["france"]
    code: str

    @property
    def text(self) -> str:
        """As the file writes it, without its sign."""
        return f"{self.kind}:{self.code}" if self.code else self.kind

    @property
    def slug(self) -> str:
        """Its kind and its code, as a part of an identifier.

        Examples
        --------
        >>> Term("+", "region", "76").slug, Term("+", "ti", "ti-7505").slug
        ('region_76', 'ti_7505')
        """
        code = self.code.lower().replace("-", "_")
        return code if code.startswith(f"{self.kind}_") else f"{self.kind}_{code}".rstrip("_")


@dataclass(frozen=True)
class Expression:
    """Places added and taken away, from left to right."""

    terms: tuple[Term, ...]

    @property
    def text(self) -> str:
        """As the file writes it.

        Examples
        --------
        >>> parse_expression("region:76  -  epci:243100518").text
        'region:76 - epci:243100518'
        """
        return "".join(
            f" {term.sign} {term.text}" if rank else term.text
            for rank, term in enumerate(self.terms)
        )

    @property
    def code(self) -> str:
        """What identifies the result in tables.

        Examples
        --------
        >>> parse_expression("region:76 - epci:243100518").code
        'region_76_moins_epci_243100518'
        """
        joints = {"+": "_plus_", "-": "_moins_"}
        return "".join(
            f"{joints[term.sign]}{term.slug}" if rank else term.slug
            for rank, term in enumerate(self.terms)
        )


def parse_expression(text: object) -> Expression:
    """Parse a union or a difference of places.

    Parameters
    ----------
    text
        ``france``, ``kind:code``, or several of them separated by « + » and « - ».

    Returns
    -------
    Expression
        Its terms, from left to right; their codes are well written but not yet looked for.

    Raises
    ------
    WrongValueError
        It is not written so; the message says what was expected.

    Examples
    --------
    >>> [term.code for term in parse_expression("departement:32 + departement:82").terms]
    ['32', '82']
    >>> parse_expression("region:76-epci:243100518")
    Traceback (most recent call last):
    terrdiag.study.codes.WrongValueError: "region:76-epci:243100518" : un signe, « + » ou « - », s'écrit entre deux espaces, comme "region:76 - epci:243100518"
    """  # noqa: E501  # a message is on one line
    if not isinstance(text, str):
        raise WrongValueError(
            f'un comparateur est un texte entre guillemets : {_list_kinds()} ou "france"'
        )
    first, *rest = SIGN.split(text.strip())
    return Expression(
        (
            _parse_term("+", first, text),
            *(
                _parse_term(sign, atom, text)
                for sign, atom in zip(rest[::2], rest[1::2], strict=True)
            ),
        )
    )


def check_comparator(value: object) -> str:
    """Check that a value is written as a comparator, and give it with single spaces.

    Raises
    ------
    WrongValueError
        It is not.

    Examples
    --------
    >>> check_comparator("region:76")
    'region:76'
    """
    return parse_expression(value).text


def _parse_term(sign: str, atom: str, text: str) -> Term:
    joint: Literal["+", "-"] = "-" if sign == "-" else "+"
    if atom == FRANCE:
        return Term(joint, FRANCE, "")
    name, separator, code = atom.partition(":")
    kind = next((known for known in COMPARATOR_KINDS if known == name), None)
    if kind is None or not separator or LOOSE_SIGN.search(code) or WORDS.search(code):
        raise WrongValueError(_explain(text, atom))
    return Term(joint, kind, check_code(kind, code))


def _explain(text: str, atom: str) -> str:
    """Say what is wrong with a part of an expression."""
    if WORDS.search(text):
        return f'"{text}" : une réunion s\'écrit avec « + », une différence avec « - », {EXAMPLE}'
    if LONE_SIGN.search(atom):
        return f'"{text}" : il manque un territoire avant ou après un signe, {EXAMPLE}'
    if LOOSE_SIGN.search(atom):
        return f'"{text}" : un signe, « + » ou « - », s\'écrit entre deux espaces, {EXAMPLE}'
    whole = "" if atom == text else f' (dans "{text}")'
    return f'"{atom}" n\'est pas un comparateur{whole} : attendu {_list_kinds()} ou "france"'


def _list_kinds() -> str:
    return ", ".join(f'"{kind}:CODE"' for kind in COMPARATOR_KINDS)
