"""What the command line was given: a study file, a study of the folder, a code or a name."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from terrdiag.edition import Edition
from terrdiag.errors import AmbiguousTerritoryError, PerimeterError, StudyFileError
from terrdiag.study import KINDS, Study, list_studies, load_study, study_for_code
from terrdiag.study.codes import OPTIONAL_KINDS, guess_code
from terrdiag.territory.groups import find_groups
from terrdiag.territory.model import format_date
from terrdiag.territory.search import LEVELS, Territory, find_territories, split_target
from terrdiag.territory.unknown import explain_unknown, has_kind, word_absent
from terrdiag.territory.zones import SAME_ZONE, announce
from terrdiag.wording import fold

MAX_LISTED: Final = 10
"""How many candidates of an ambiguous name are listed."""


def resolve_target(text: str, edition: Edition, studies_dir: Path | None = None) -> Study:
    """Find the study that a text designates.

    Parameters
    ----------
    text
        A file (``x.toml``), the name of a study of the folder, a code, ``level:code``, or a name.
    edition
        The edition.
    studies_dir
        Folder of studies (``pipelines/``), if there is one.

    Returns
    -------
    Study
        The study.

    Raises
    ------
    StudyFileError
        The file is absent or wrong.
    AmbiguousTerritoryError
        Several territories bear that name or that code; they are listed with what to write.
    PerimeterError
        Nothing bears that name or that code; the nearest are listed.
    """
    text = text.strip()
    if not text:
        raise PerimeterError("Indiquez un territoire : un nom, un code, ou un fichier .toml.")
    if text.casefold().endswith(".toml"):
        return load_study(Path(text))
    studies = {} if studies_dir is None else {path.stem: path for path in list_studies(studies_dir)}
    if path := studies.get(text.casefold()):
        return _load_of_folder(path, studies)
    found = find_territories(text, edition, limit=200)
    same = _keep_largest(best_of(found), edition)
    if not same:
        raise PerimeterError(_word_unknown(text, edition, found, sorted(studies)))
    if len(same) > 1:
        raise AmbiguousTerritoryError(_word_ambiguous(text, same))
    return _study_of(same[0], edition)


def best_of(found: Sequence[Territory]) -> list[Territory]:
    """Keep those that bear the very name, existing ones if there are any."""
    best = [t for t in found if t.rank == found[0].rank <= SAME_ZONE]
    return [t for t in best if t.until is None] or best


def _load_of_folder(path: Path, studies: dict[str, Path]) -> Study:
    study = load_study(path)
    if study.id != path.stem and study.id in studies:
        raise StudyFileError(
            f'{study.where("study", "id")} : "{study.id}" est déjà pris par {study.id}.toml, '
            f'dont les résultats seraient écrasés : écrivez id = "{path.stem}".'
        )
    return study


def _keep_largest(territories: list[Territory], edition: Edition) -> list[Territory]:
    """Of territories that hold the same communes (Paris, La Réunion), keep the largest level."""
    if len({territory.kind for territory in territories}) < 2:
        return territories
    groups = find_groups(edition, [(t.kind, t.code) for t in territories], edition.date)
    kept: dict[object, Territory] = {}
    for territory in sorted(territories, key=lambda t: LEVELS.index(t.kind)):
        group = groups.get((territory.kind, territory.code))
        kept.setdefault(group.communes if group else territory, territory)
    return [territory for territory in territories if territory in kept.values()]


def _study_of(territory: Territory, edition: Edition) -> Study:
    """Make the study of a territory; of its successor when it went on under another code."""
    if territory.until is None:
        return study_for_code(territory.kind, territory.code, territory.name)
    code, name = territory.successors[0]
    key = (territory.kind, code)
    successor = find_groups(edition, [key], edition.date)[key]
    # it must be most of its successor, not a small part of a larger group
    if 2 * territory.communes <= len(successor.communes):
        raise PerimeterError(
            f"{territory.label}. Écrivez {code}, ou, pour le périmètre d'alors, une étude avec "
            f'epci = ["{territory.code}"] et date = {territory.until}.'
        )
    remark = (
        f"{territory.code} ({territory.name}) a pris fin le {format_date(territory.until)} : "
        f"le diagnostic porte sur {code} ({name})."
    )
    return study_for_code(territory.kind, code, name, remarks=(remark,))


def _word_unknown(
    text: str, edition: Edition, found: Sequence[Territory], studies: Sequence[str]
) -> str:
    if reason := _explain_code(text, edition) or explain_announced(text, edition):
        return reason
    near = [f"{t.label} : écrivez {t.target}" for t in found[:3]]
    near += [f"l'étude {name}" for name in studies if fold(text) in fold(name)]
    advice = "\n".join(["Les plus proches :", *(f"  {line}" for line in near)]) if near else ""
    head = f"« {text} » n'est le nom ni le code d'aucun territoire de cette édition."
    return f"{head}\n{advice}" if advice else f"{head} « terrdiag find MOTS » cherche par mots."


def explain_announced(text: str, edition: Edition) -> str:
    """Say that the edition has none of the zones that a text announces; nothing when it has, or announces none.

    Parameters
    ----------
    text
        A name (« zone d'emploi d'Auch ») or ``level:code`` (« ze:7604 »).
    edition
        The edition.

    Returns
    -------
    str
        A sentence in French, or nothing.
    """
    kind = split_target(text)[0] or announce(text)[0]
    if kind is None or has_kind(edition, kind):
        return ""
    absent = word_absent(kind)
    return f"{absent[0].upper()}{absent[1:]}."


def _explain_code(text: str, edition: Edition) -> str:
    """Explain what looks like a code, nothing for a name."""
    level, code = split_target(text)
    plain = [kind for kind in KINDS if kind not in OPTIONAL_KINDS]
    kinds = [level] if level else [k for k in plain if re.fullmatch(KINDS[k].pattern, code)]
    if kinds:
        return explain_unknown(edition, kinds[0], code, edition.date)
    for kind in plain:
        key = (kind, guess := guess_code(kind, code))
        if guess and (group := find_groups(edition, [key], edition.date).get(key)):
            return f'"{code}" n\'est pas un code : écrivez "{guess}" ({group.name}).'
    return ""


def _word_ambiguous(text: str, territories: Sequence[Territory]) -> str:
    lines = [f"  {t.label} : écrivez {t.target}" for t in territories[:MAX_LISTED]]
    if len(territories) > MAX_LISTED:
        left = len(territories) - MAX_LISTED
        lines.append(
            f'  et {left} autres, que liste « terrdiag find "{text}" --limit {len(territories)} »'
        )
    return "\n".join([f"« {text} » désigne plusieurs territoires :", *lines])
