"""The content of a study file: what each table may say, and the study made of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Annotated, Final, Self

from pydantic import Discriminator, Tag, model_validator

from terrdiag.study.claims import ClaimTable
from terrdiag.study.codes import WrongValueError
from terrdiag.study.fields import (
    AS_TUPLE,
    ComparatorCode,
    Identifier,
    Table,
    Text,
    as_tables,
    said,
)
from terrdiag.study.lines import find_line, word_place
from terrdiag.study.perimeter import PerimeterTable
from terrdiag.study.relief import ReliefTable


class StudyTable(Table):
    """``[study]``: what the study is called."""

    id: Identifier = said("Nom du dossier de résultats : minuscules, chiffres, tirets.", ...)
    title: Text = said("Titre de l'étude, en tête de la page.", ...)
    author: str = said("Auteur ou organisme (facultatif).", "")


class NamedComparator(Table):
    """A comparator with a name of its own: ``{ name = "…", of = "…" }``."""

    name: Text = said("Nom à donner au comparateur.", ...)
    of: ComparatorCode = said("Ce qu'il réunit : region:76 - epci:243100518.", ...)


COMPARATOR_TAGS: Final = ("(texte)", "(table)")
"""How the two ways of writing a comparator are told apart in what pydantic says."""


def _tag_comparator(value: object) -> str:
    return COMPARATOR_TAGS[isinstance(value, dict | NamedComparator)]


AnyComparator = Annotated[
    Annotated[ComparatorCode, Tag(COMPARATOR_TAGS[0])]
    | Annotated[NamedComparator, Tag(COMPARATOR_TAGS[1])],
    Discriminator(_tag_comparator),
]


class ComparatorsTable(Table):
    """``[comparators]``: with what the territory is compared."""

    include: Annotated[tuple[AnyComparator, ...], AS_TUPLE] | None = said(
        "Comparateurs, dans l'ordre voulu : departement:65, region:76, ti:ti-7505, france, "
        "ou leur réunion et leur différence : region:76 - epci:243100518."
    )


class ExpectTable(Table):
    """``[expect]``: what each run must find, else it stops."""

    communes: int | None = said("Nombre de communes du territoire.", ge=1)
    epci: int | None = said("Nombre d'EPCI touchés, en tout ou partie.", ge=0)
    departements: int | None = said("Nombre de départements touchés.", ge=1)
    regions: int | None = said("Nombre de régions touchées.", ge=1)
    area_km2: float | None = said("Superficie en km².", gt=0)
    area_tolerance_km2: float = said("Écart admis sur la superficie, en km².", 0.5, ge=0)

    @model_validator(mode="after")
    def check_tolerance(self) -> Self:
        """Refuse a tolerance on nothing."""
        if "area_tolerance_km2" in self.model_fields_set and self.area_km2 is None:
            raise WrongValueError("area_tolerance_km2 accompagne area_km2, qui est absent")
        return self


class StudyFile(Table):
    """A whole study file."""

    study: StudyTable = said("L'étude : dossier, titre, auteur.", ...)
    perimeter: PerimeterTable = said("Le territoire : l'union de ce qui est listé.", ...)
    comparators: ComparatorsTable = said(
        "À quoi le territoire est comparé (sans cette table : département, région, France).",
        ComparatorsTable(),
    )
    expect: ExpectTable = said("Ce que chaque calcul doit retrouver.", ExpectTable())
    relief: ReliefTable = said("Le modèle de terrain et ses seuils.", ReliefTable())
    claims: Annotated[tuple[ClaimTable, ...], as_tables("claims")] = said(
        "Les chiffres que citent des documents, à vérifier.", ()
    )


@dataclass(frozen=True)
class Study:
    """What a diagnostic is about.

    Attributes
    ----------
    id
        Name of the folder of results.
    title, author
        As in the file.
    perimeter, comparators, expect, relief, claims
        The tables of the file.
    path
        The file, or nothing when the study was made from a code.
    lines
        Line of each key of the file, for the messages.
    remarks
        What the reader must be told of how the study was found (a former code followed to its
        successor).
    dem
        Files of an elevation model that the command line gives, in the place of those of the file.
    dem_folder
        Folder where ``terrdiag data dem`` keeps models, read when neither names a file.
    """

    id: str
    title: str
    perimeter: PerimeterTable
    author: str = ""
    comparators: ComparatorsTable = field(default_factory=ComparatorsTable)
    expect: ExpectTable = field(default_factory=ExpectTable)
    relief: ReliefTable = field(default_factory=ReliefTable)
    claims: tuple[ClaimTable, ...] = ()
    path: Path | None = None
    lines: Mapping[tuple[str, ...], int] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()
    dem: tuple[Path, ...] = ()
    dem_folder: Path | None = None

    def where(self, *path: str | int) -> str:
        """Word where a table, a key or an item stands: file, line, table, key.

        Parameters
        ----------
        *path
            Table, then key; the rank, from 0, after the name of a repeated table.

        Examples
        --------
        >>> Study("x", "X", PerimeterTable(regions=["75"])).where("perimeter", "regions")
        'territoire demandé'
        """
        if self.path is None:
            return "territoire demandé"
        line = find_line(path, self.lines)
        place = f"ligne {line}, " if line else ""
        return f"{self.path}, {place}{word_place(path)}"
