"""How the codes of territories are written, and what to say of one that is not written so."""

import re
from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal[
    "commune",
    "epci",
    "ept",
    "ti",
    "ti2023",
    "petr",
    "ze",
    "aav",
    "bv",
    "uu",
    "arr",
    "cv",
    "departement",
    "region",
]
"""What a perimeter may be made of."""

OPTIONAL_KINDS: Final[tuple[Kind, ...]] = ("ti2023", "ze", "aav", "bv", "uu", "arr", "cv")
"""Kinds that not every edition has. Their codes may be those of another kind: they are written with their level."""

QUALIFIED_KINDS: Final[tuple[Kind, ...]] = ("departement", "region", *OPTIONAL_KINDS)
"""Kinds whose codes mean nothing without their level (« ze:7604 »)."""


class WrongValueError(ValueError):
    """A value that a study file may not hold; the message says what was expected."""


@dataclass(frozen=True)
class CodeForm:
    """How the codes of a kind of territory are written.

    Attributes
    ----------
    key
        Key of the kind in ``[perimeter]``.
    label
        The kind in words, with its article.
    pattern
        Regular expression of a whole code.
    expected
        The form in words.
    digits
        Number of digits of an all-digit code, to recognise lost zeros (0: never).
    many
        The kind in words, several of them, with their article (for those that not every edition has).
    """

    key: str
    label: str
    pattern: str
    expected: str
    digits: int = 0
    many: str = ""


KINDS: Final[dict[Kind, CodeForm]] = {
    "commune": CodeForm(
        "communes",
        "une commune",
        r"(?:\d{2}|2[AB])\d{3}",
        'un code INSEE de 5 caractères, comme "65059"',
        5,
    ),
    "epci": CodeForm("epci", "un EPCI", r"\d{9}", 'un SIREN de 9 chiffres, comme "246500482"', 9),
    "ept": CodeForm("ept", "un EPT", r"\d{9}", 'un SIREN de 9 chiffres, comme "200057875"', 9),
    "ti": CodeForm(
        "ti", "un Territoire d'industrie", r"ti-\d{4}", 'un identifiant comme "ti-7505"'
    ),
    "ti2023": CodeForm(
        "ti2023",
        "un Territoire d'industrie 2023-2027",
        r"ti-\d{4}",
        'un identifiant comme "ti-8418"',
        many="les Territoires d'industrie 2023-2027",
    ),
    "petr": CodeForm(
        "petr",
        "un PETR",
        r"CR\d{4}|\d{9}",
        'un identifiant comme "CR0289", ou un SIREN de 9 chiffres',
    ),
    "ze": CodeForm(
        "ze", "une zone d'emploi", r"\d{4}", 'un code comme "7604"', 4, "les zones d'emploi"
    ),
    "aav": CodeForm(
        "aav",
        "une aire d'attraction",
        r"[0-9A-Z]{3}",
        'un code de 3 caractères, comme "008"',
        3,
        "les aires d'attraction des villes",
    ),
    "bv": CodeForm(
        "bv",
        "un bassin de vie",
        r"(?:\d{2}|2[AB])\d{3}",
        'un code de 5 caractères, comme "65059"',
        5,
        "les bassins de vie",
    ),
    "uu": CodeForm(
        "uu",
        "une unité urbaine",
        r"\d[0-9A-F]\d{3}",
        'un code de 5 caractères, comme "65501"',
        5,
        "les unités urbaines",
    ),
    "arr": CodeForm(
        "arrondissements",
        "un arrondissement",
        r"(?:\d{2}|2[AB]|97\d)\d",
        'un code comme "651"',
        3,
        "les arrondissements",
    ),
    "cv": CodeForm(
        "cantons",
        "un canton",
        r"(?:\d{2}|2[AB]|97\d)(?:\d{2}|[A-Z]{2})",
        'un code comme "6504"',
        4,
        "les cantons",
    ),
    "departement": CodeForm(
        "departements",
        "un département",
        r"\d{2}|2[AB]|97\d",
        'un code comme "65", "2A" ou "974"',
        2,
    ),
    "region": CodeForm("regions", "une région", r"\d{2}", 'un code de 2 chiffres, comme "76"', 2),
}


def check_code(kind: Kind, value: object) -> str:
    """Check that a value is written as a code of its kind.

    Parameters
    ----------
    kind
        The kind of territory.
    value
        What the file says.

    Returns
    -------
    str
        The code.

    Raises
    ------
    WrongValueError
        It is not text, or not of that form; the message proposes the right writing when it can
        be guessed.

    Examples
    --------
    >>> check_code("commune", "2A004")
    '2A004'
    >>> check_code("commune", "1004")
    Traceback (most recent call last):
    terrdiag.study.codes.WrongValueError: "1004" a perdu ses zéros de gauche : écrivez "01004"
    """
    form = KINDS[kind]
    if isinstance(value, int) and not isinstance(value, bool):
        guess = guess_code(kind, str(value)) or str(value)
        raise WrongValueError(
            f'un code est un texte : écrivez "{guess}" entre guillemets (et non {value})'
        )
    if not isinstance(value, str):
        raise WrongValueError(f"un code est un texte entre guillemets : {form.expected}")
    if re.fullmatch(form.pattern, value):
        return value
    guess = guess_code(kind, value)
    if guess and guess.lstrip("0") == value:
        raise WrongValueError(f'"{value}" a perdu ses zéros de gauche : écrivez "{guess}"')
    if guess:
        raise WrongValueError(f'"{value}" n\'est pas écrit comme il faut : écrivez "{guess}"')
    is_name = any(c.isalpha() for c in value)
    advice = f' ; « terrdiag find "{value}" » donne les codes' if is_name else ""
    raise WrongValueError(
        f"\"{value}\" n'est pas le code d'{form.label} : attendu {form.expected}{advice}"
    )


def guess_code(kind: Kind, value: str) -> str:
    """Guess the code that was meant (spaces, case, lost zeros repaired), or nothing.

    Examples
    --------
    >>> guess_code("departement", "1"), guess_code("ti", "TI7505")
    ('01', 'ti-7505')
    >>> guess_code("epci", "246 500 482")
    '246500482'
    """
    form = KINDS[kind]
    bare = re.sub(r"[\s.]", "", value)
    candidates = [bare, bare.upper(), bare.lower(), re.sub(r"(?i)^(?:ti[-_]?)?", "ti-", bare)]
    if bare.isdecimal() and len(bare) == form.digits - 1:
        candidates.append(bare.zfill(form.digits))
    return next((code for code in candidates if re.fullmatch(form.pattern, code)), "")
