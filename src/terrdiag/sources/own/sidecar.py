"""The sidecar: what a file of the user holds, said in TOML, checked, its faults told with their line."""

import re
import tomllib
from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_core import ErrorDetails

from terrdiag.catalogue import Analysis, Indicator, load_analyses, load_indicators, load_themes
from terrdiag.errors import SourceFormatError
from terrdiag.wording import NBSP, fold, suggest

SIDECAR: Final = "sidecar.toml"
"""Its name once it is kept beside the file."""

FIRST_YEAR: Final = 2003
"""The events are followed from then on."""

CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufffe\uffff]")


def _refuse_control(text: str) -> str:
    """Refuse line ends and control characters: these texts go into cells, titles and legends."""
    if CONTROL.search(text):
        raise ValueError("texte sur une seule ligne, sans caractère de contrôle")
    return text


OneLine = Annotated[str, StringConstraints(strip_whitespace=True), AfterValidator(_refuse_control)]
Text = Annotated[OneLine, Field(min_length=1, max_length=600)]
Words = Annotated[OneLine, Field(max_length=2_000)]
Short = Annotated[OneLine, Field(max_length=60)]
Url = Annotated[str, StringConstraints(pattern=r"^(https?://[^\s\"'<>]+)?$", max_length=500)]
Year = Annotated[int, Field(ge=1800, le=2100)]


class Part(BaseModel):
    """A table of the sidecar: it refuses what it does not know, and guesses no type."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class IndicatorPart(Part):
    """What a reader sees."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{2,39}$")
    """Identifier: it names columns and files."""
    label: Text
    short: Short = ""
    """A few words for a column head (the label when absent)."""
    unit: Short
    decimals: int = Field(default=0, ge=0, le=4)
    theme: str
    kind: Literal["count", "ratio", "rate"]
    """``count``: summed over communes · ``ratio``: sum over sum · ``rate``: a rate or a median without its counts,
    given to communes only."""
    scale: float = Field(default=100.0, gt=0, allow_inf_nan=False, strict=False)
    """What a ratio is multiplied by."""
    min_denominator: float = Field(default=0.0, ge=0, allow_inf_nan=False, strict=False)
    """A ratio on less than this is not given."""
    definition: Text
    note: Words = ""

    @model_validator(mode="after")
    def check_names(self) -> Self:
        """Refuse an identifier that is taken, and a theme that does not exist or holds analyses only."""
        if self.id in {*load_indicators(), *load_analyses()} or _is_variant(self.id):
            raise ValueError(
                f"« {self.id} » est l'identifiant d'un indicateur de terrdiag : choisissez-en un autre"
            )
        catalogue = (*load_indicators().values(), *load_analyses().values())
        taken = [one.label_fr for one in catalogue if isinstance(one, Indicator | Analysis)]
        if fold(self.label) in map(fold, taken):
            raise ValueError(
                f"libellé « {self.label} » : c'est celui d'un indicateur de terrdiag, dites le vôtre autrement"
            )
        themes = [
            one.id for one in load_themes().values() if one.layout == "wide" and one.id != "relief"
        ]
        if self.theme not in themes:
            raise ValueError(
                f"thème « {self.theme} » inconnu.{suggest(self.theme, themes)} Thèmes{NBSP}: {', '.join(themes)}"
            )
        return self


class DataPart(Part):
    """Where the figures are in the file."""

    code: Text
    """Column of the codes of communes."""
    value: Text | None = None
    numerator: Text | None = None
    denominator: Text | None = None
    year: Year | Text
    """The year of the figures, or the column that holds it."""
    cog_year: Annotated[int, Field(ge=FIRST_YEAR, le=2100)] | Literal["auto"]
    """The codes are those of 1 January of that year."""
    sheet: Text | None = None
    layer: Text | None = None
    separator: Literal[";", ",", "\t"] | None = None
    header_row: int = Field(default=1, ge=1, le=100)
    secret: tuple[str, ...] = Field(default=("s",), strict=False)
    missing: tuple[str, ...] = Field(default=(), strict=False)
    allow_negative: bool = False
    delegated: Literal["leave_out", "sum"] = "leave_out"
    """What becomes of codes that were communes before ``cog_year``, those of delegated communes among them."""


class SourcePart(Part):
    """Whose figures they are."""

    producer: Text
    title: Text
    vintage: Text
    licence: Text
    licence_url: Url = ""
    attribution: Text
    landing_page: Url = ""
    note: Words = ""


class Sidecar(Part):
    """A sidecar."""

    indicator: IndicatorPart
    data: DataPart
    source: SourcePart

    @model_validator(mode="after")
    def check_columns(self) -> Self:
        """Refuse columns that do not go with the kind."""
        data, kind = self.data, self.indicator.kind
        pair = (data.numerator, data.denominator)
        if kind == "ratio" and (None in pair or data.value):
            raise ValueError(
                "kind = « ratio » demande numerator et denominator, et pas value : un rapport est un rapport de sommes"
            )
        if kind != "ratio" and (not data.value or any(pair)):
            raise ValueError(f"kind = « {kind} » demande value, et ni numerator ni denominator")
        if set(data.secret) & {*data.missing, ""}:
            raise ValueError("une même marque ne peut dire à la fois secret et manquant")
        return self

    @property
    def source_id(self) -> str:
        """Identifier of its source in an edition."""
        return f"own-{self.indicator.id}".replace("_", "-")

    @property
    def variables(self) -> dict[str, str]:
        """Variables of the edition → columns of the file."""
        name = f"own_{self.indicator.id}"
        if self.indicator.kind == "ratio":
            return {
                f"{name}_numerator": str(self.data.numerator),
                f"{name}_denominator": str(self.data.denominator),
            }
        return {f"{name}_value": str(self.data.value)}

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns that the file must have."""
        year = (self.data.year,) if isinstance(self.data.year, str) else ()
        return (self.data.code, *year, *self.variables.values())


def _is_variant(name: str) -> bool:
    """Tell whether an identifier is that of a variant of an analysis (``lq_industry_jobs_vs_region_76``)."""
    templates = [one.template for one in load_analyses().values() if one.template]
    patterns = (re.sub(r"\\\{\w+\\\}", "[a-z0-9_]+", re.escape(one)) for one in templates)
    return any(re.fullmatch(pattern, name) for pattern in patterns)


EXPECTED: Final = {
    "missing": "clé obligatoire, absente",
    "extra_forbidden": "clé inconnue",
    "string_type": "attendu un texte entre guillemets",
    "string_too_short": "attendu un texte qui ne soit pas vide",
    "too_short": "attendu un texte qui ne soit pas vide",
    "string_too_long": "texte trop long",
    "too_long": "texte trop long",
    "int_type": "attendu un nombre entier",
    "float_type": "attendu un nombre (point décimal)",
    "bool_type": "attendu true ou false, sans guillemets",
    "literal_error": "valeur inconnue, attendu {expected}",
    "tuple_type": "attendu une liste entre crochets",
    "model_type": "attendu une table",
    "greater_than_equal": "attendu au moins {ge}",
    "greater_than": "attendu plus que {gt}",
    "less_than_equal": "attendu au plus {le}",
}
"""What was expected, by type of pydantic error."""

PATTERNS: Final = {
    "id": "attendu 3 à 40 lettres minuscules sans accent, chiffres ou _, une lettre d'abord (« bibliotheques_2024 »)",
    "landing_page": "attendu une adresse qui commence par https://",
    "licence_url": "attendu une adresse qui commence par https://",
}


def load_sidecar(path: Path) -> Sidecar:
    """Read a sidecar.

    Raises
    ------
    SourceFormatError
        It is absent, is not TOML, or does not say what it must; every fault is told with its line.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text)
    except FileNotFoundError:
        raise SourceFormatError(
            f"{path} est absent : la description (sidecar) d'un fichier est obligatoire. "
            "« terrdiag data add --example DOSSIER » en écrit une, commentée."
        ) from None
    except UnicodeDecodeError:
        raise SourceFormatError(
            f"{path} n'est pas en UTF-8 : enregistrez-le dans cet encodage."
        ) from None
    except OSError as error:
        raise SourceFormatError(
            f"{path} est illisible ({error.strerror}) : attendu un fichier .toml."
        ) from error
    except (ValueError, RecursionError) as error:
        # TOMLDecodeError is a ValueError, and so is a number of thousands of digits
        place = re.search(r"at line (\d+)", str(error))
        where = f", ligne {place[1]}" if place else ""
        raise SourceFormatError(
            f"{path}{where} : ce n'est pas du TOML ({error}). "
            "Un texte s'écrit entre guillemets droits, la décimale avec un point."
        ) from error
    try:
        return Sidecar.model_validate(content)
    except ValidationError as error:
        # a key that may be of two types is refused twice: once is enough
        faults = {one["loc"][:2]: _word_fault(one, text) for one in reversed(error.errors())}
        listed = [
            f"ligne {line}, {said}" if line else said for line, said in sorted(faults.values())
        ]
        if len(listed) == 1:
            raise SourceFormatError(f"{path} : {listed[0]}") from None
        raise SourceFormatError(
            "\n".join([f"{path} : {len(listed)} fautes.", *(f"- {one}" for one in listed)])
        ) from None


def _word_fault(error: ErrorDetails, text: str) -> tuple[int, str]:
    """Word a fault, with its line (0 when it has none)."""
    names = [str(part) for part in error["loc"] if isinstance(part, str)][:2]
    context: dict[str, Any] = error.get("ctx", {})
    key = names[-1] if len(names) > 1 else ""
    if error["type"] == "value_error":
        said = str(context["error"])
        # a fault of a whole table is about one of its keys, named in the message
        key = next(
            (one for one in _HEADS if names == ["indicator"] and said.startswith(_HEADS[one])),
            key,
        )
    elif error["type"] == "string_pattern_mismatch":
        said = PATTERNS[key]
    else:
        said = EXPECTED.get(error["type"], "valeur refusée").format(
            **{name: str(value).replace(" or ", " ou ") for name, value in context.items()}
        )
    if error["type"] == "extra_forbidden":
        said += "." + suggest(names[-1], _known_keys(names))
    place = f"[{names[0]}]" + (f" {key}" if key else "") if names else "fichier"
    return _find_line(text, names[0] if names else "", key), f"{place} : {said.rstrip('.')}."


_HEADS: Final = {"id": "« ", "label": "libellé", "theme": "thème"}
"""How the message begins that is about a key."""


def _known_keys(names: list[str]) -> list[str]:
    """List the keys of a table (the tables themselves at the top)."""
    if len(names) == 1:
        return list(Sidecar.model_fields)
    model = Sidecar.model_fields[names[0]].annotation
    assert isinstance(model, type)  # noqa: S101  # every table has its model
    assert issubclass(model, BaseModel)  # noqa: S101
    return list(model.model_fields)


def _find_line(text: str, table: str, key: str) -> int:
    """Find the line of a key of a table, else that of the table, 0 when it is not there."""
    current, found = "", 0
    for number, line in enumerate(text.split("\n"), 1):
        if head := re.match(r"\s*\[\s*([\w-]+)\s*\]", line):
            current = head[1]
            found = number if current == table else found
        elif current == table and key and re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
            return number
    return found
