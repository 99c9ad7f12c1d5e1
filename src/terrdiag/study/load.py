"""Read a study file, list those of a folder, or make a study from a single code."""

import tomllib
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from terrdiag.errors import StudyFileError
from terrdiag.study.claims import WrittenFloat
from terrdiag.study.codes import KINDS, QUALIFIED_KINDS, Kind
from terrdiag.study.faults import Fault, word_fault, word_syntax
from terrdiag.study.lines import find_lines
from terrdiag.study.model import Study, StudyFile
from terrdiag.study.perimeter import PerimeterTable
from terrdiag.wording import plural, slugify, suggest


def load_study(path: Path) -> Study:
    """Read a study file.

    Parameters
    ----------
    path
        The TOML file.

    Returns
    -------
    Study
        The study; its codes are well written but not yet looked for in an edition.

    Raises
    ------
    StudyFileError
        The file is absent, is not TOML, or does not say what it must; every fault is named with
        its line.
    """
    text = _read_text(path)
    lines = find_lines(text)
    try:
        # a number that a document states says how precise it is by the digits it is written with
        content = tomllib.loads(text, parse_float=WrittenFloat)
    except tomllib.TOMLDecodeError as error:
        raise StudyFileError(_gather(path, [word_syntax(str(error), text)])) from None
    except (ValueError, RecursionError):
        raise StudyFileError(
            f"{path} : un nombre a plus de 4 300 chiffres, ou des crochets sont emboîtés sans fin. "
            "Ce n'est pas un fichier d'étude : reprenez-en une copie."
        ) from None
    try:
        file = StudyFile.model_validate(content)
    except ValidationError as error:
        faults = [word_fault(detail, lines) for detail in error.errors()]
        raise StudyFileError(_gather(path, sorted(set(faults)))) from None
    return Study(
        id=file.study.id,
        title=file.study.title,
        author=file.study.author,
        perimeter=file.perimeter,
        comparators=file.comparators,
        expect=file.expect,
        relief=file.relief,
        claims=file.claims,
        path=path,
        lines=lines,
    )


def list_studies(folder: Path) -> tuple[Path, ...]:
    """List the study files of a folder, by name (nothing when the folder does not exist)."""
    return tuple(sorted(folder.glob("*.toml")))


def study_for_code(kind: Kind, code: str, name: str = "", remarks: tuple[str, ...] = ()) -> Study:
    """Make the study of one territory known by its code, without a file.

    Parameters
    ----------
    kind, code
        The territory.
    name
        Its name, which becomes the title.
    remarks
        What the reader must be told of how it was found.

    Returns
    -------
    Study
        Its folder is named after the code, after kind and code where two kinds share their codes.

    Raises
    ------
    StudyFileError
        The code is not written as a code of its kind.

    Examples
    --------
    >>> study_for_code("region", "75").id, study_for_code("epci", "246500482").id
    ('region-75', '246500482')
    """
    content: dict[str, Any] = {KINDS[kind].key: [code]}
    try:
        perimeter = PerimeterTable.model_validate(content)
    except ValidationError as error:
        first = error.errors()[0]
        first["loc"] = ("perimeter", *first["loc"])
        raise StudyFileError(_gather(None, [word_fault(first, {})])) from None
    folder = f"{kind}-{code}" if kind in QUALIFIED_KINDS else code
    return Study(slugify(folder), name or code, perimeter, remarks=remarks)


def _read_text(path: Path) -> str:
    try:
        # Windows editors add a byte order mark
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        near = suggest(path.name, [file.name for file in list_studies(path.parent)])
        raise StudyFileError(f"{path} : ce fichier d'étude n'existe pas.{near}") from None
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise StudyFileError(
            f"{path}, ligne {line} : le fichier n'est pas en UTF-8. "
            "Enregistrez-le de nouveau en choisissant l'encodage UTF-8."
        ) from None
    except OSError as error:
        reason = error.strerror
        raise StudyFileError(
            f"{path} est illisible ({reason}) : attendu un fichier .toml."
        ) from error


def _gather(path: Path | None, faults: list[Fault]) -> str:
    origin = str(path) if path else "territoire demandé"
    if len(faults) == 1:
        separator = ", " if faults[0].line or faults[0].key else " : "
        return f"{origin}{separator}{faults[0]}"
    head = f"{origin} : {plural(len(faults), 'faute')}."
    return "\n".join([head, *(f"- {fault}" for fault in faults)])
