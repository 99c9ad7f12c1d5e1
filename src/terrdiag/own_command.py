"""The flow of ``terrdiag data add``, ``list`` and ``remove``: a user's file → an indicator of the local edition."""

import contextlib
import datetime as dt
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from terrdiag.edition import Edition, open_edition
from terrdiag.edition.build import build_edition
from terrdiag.edition.local import find_edition, install_edition, read_pointer, refreshing
from terrdiag.edition.own import OwnData, OwnPart, bring_own
from terrdiag.edition.own_rows import describe_country, replace_own
from terrdiag.errors import SourceFormatError, TerrdiagError
from terrdiag.refresh import RAW, sign
from terrdiag.sources.download import read_lock
from terrdiag.sources.own import (
    Sidecar,
    find_own,
    heal_own,
    load_sidecar,
    remove_own,
    restore_own,
    store_own,
)
from terrdiag.wording import NBSP, fold, format_number, plural

ENOUGH: Final = 0.5
"""Under this share of codes that are communes, the file is not believed."""

NAMED: Final = 5

Progress = Callable[[str], None]


@dataclass(frozen=True)
class AddOrder:
    """What is asked.

    Attributes
    ----------
    folder
        The working folder.
    file, sidecar
        The user's file, and what it holds.
    accept_partial
        Whether a file most codes of which are not communes is taken.
    replace
        Whether own data of the same identifier are replaced.
    today
        Date that the edition bears.
    """

    folder: Path
    file: Path
    sidecar: Path
    accept_partial: bool = False
    replace: bool = False
    today: dt.date = dt.date.min


@dataclass(frozen=True)
class Added:
    """What was done.

    Attributes
    ----------
    data
        What was read, and where it led.
    edition
        The edition in use.
    replaced
        Whether own data of that identifier were there.
    """

    data: OwnData
    edition: Edition
    replaced: bool


def add_data(order: AddOrder, progress: Progress) -> Added:
    """Bring a user's file into the local edition, as an indicator like any other.

    Parameters
    ----------
    order
        What is asked.
    progress
        Told each step.

    Returns
    -------
    Added
        What was done.

    Raises
    ------
    TerrdiagError
        The file, or its sidecar, is faulty; the data and the edition of before are in use still.
    """
    sidecar = load_sidecar(order.sidecar)
    raw, name = order.folder / RAW, sidecar.indicator.id
    with refreshing(order.folder):
        heal_own(raw)
        known = name in {one.id for one in find_own(raw)}
        if known and not order.replace:
            raise SourceFormatError(
                f"« {name} » est déjà une donnée ajoutée : --replace la remplace, "
                f"« terrdiag data remove {name} » la retire. Sinon, donnez un autre id dans {order.sidecar}."
            )
        edition = find_edition(None, order.folder)
        _refuse_same_label(sidecar, edition, order.sidecar)
        progress("Lecture")
        data = bring_own(order.file, order.sidecar, raw, describe_country(edition))
        if not order.accept_partial:
            refuse_strangers(data, order.file)
        before = sign(raw)
        with _undone_on_failure(raw, name):
            store_own(raw, name, order.file, order.sidecar)
            made = rebuild(order.folder, before, order.today, progress, data.part)
    return Added(data, made, known)


def _refuse_same_label(sidecar: Sidecar, edition: Edition, path: Path) -> None:
    """Refuse a label that other own data bear: a reader could not tell them apart."""
    label = sidecar.indicator.label
    for one in edition.info.indicators:
        if fold(one.label_fr) == fold(label) and one.id != sidecar.indicator.id:
            raise SourceFormatError(
                f"{path}, [indicator] label : « {label} » est déjà le libellé de la donnée « {one.id} ». "
                "Dites en quoi celle-ci diffère."
            )


def remove_data(folder: Path, name: str, today: dt.date, progress: Progress) -> Edition:
    """Remove own data from the local edition, file and all.

    Parameters
    ----------
    folder
        The working folder.
    name
        Identifier of the indicator.
    today
        Date that the edition bears.
    progress
        Told each step.

    Returns
    -------
    Edition
        The edition in use.

    Raises
    ------
    TerrdiagError
        There are none of that identifier, or the edition could not be made: nothing has changed.
    """
    raw = folder / RAW
    with refreshing(folder):
        heal_own(raw)
        before = sign(raw)
        known = name in {one.id for one in find_own(raw)}
        if not known:
            remove_own(raw, name)  # says which ones there are
        with _undone_on_failure(raw, name):
            remove_own(raw, name)
            return rebuild(folder, before, today, progress)


def rebuild(
    folder: Path,
    before: str,
    today: dt.date,
    progress: Progress,
    fresh: OwnPart | None = None,
) -> Edition:
    """Make the local edition once own data have changed, the quick way if nothing else has.

    Parameters
    ----------
    folder
        The working folder, held by :func:`~terrdiag.edition.local.refreshing`.
    before
        Signature of the raw folder before the change.
    today
        Date that the edition bears.
    progress
        Told each step.
    fresh
        Own data that have just been read.
    """
    raw = folder / RAW
    pointer = read_pointer(folder)
    is_current = pointer is not None and pointer.signature == before
    if is_current or not (pointer or _holds_official_files(raw)):
        progress("Édition locale : les données ajoutées")
        base = find_edition(None, folder)
        return install_edition(
            folder, sign(raw), lambda out: replace_own(base, raw, _clear(out), today, fresh)
        )
    retrieved = {path: entry.retrieved for path, entry in read_lock(raw).items()}
    return install_edition(
        folder,
        sign(raw),
        lambda out: build_edition(
            raw, out, today, progress, base=open_edition(), retrieved=retrieved
        ),
    )


def _holds_official_files(raw: Path) -> bool:
    """Tell whether a raw folder holds anything that an edition is made of, but own data."""
    aside = {"own", "inbox", "dem", "README.md", "LOCK.toml"}
    paths = (path.relative_to(raw) for path in raw.rglob("*") if path.is_file())
    return any(
        path.parts[0] not in aside and not any(part.startswith(".") for part in path.parts)
        for path in paths
    )


def _clear(out: Path) -> Path:
    shutil.rmtree(out, ignore_errors=True)
    return out


@contextlib.contextmanager
def _undone_on_failure(raw: Path, name: str) -> Iterator[None]:
    """Put the own data of before back when the edition cannot be made with the new ones."""
    aside = raw / "own" / f".{name}-ancien"
    shutil.rmtree(aside, ignore_errors=True)
    try:
        yield
    except (TerrdiagError, OSError, KeyboardInterrupt):
        restore_own(raw, name)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def refuse_strangers(data: OwnData, file: Path) -> None:
    """Refuse a file most codes of which are not those of communes.

    Raises
    ------
    SourceFormatError
        Under half of them are; some of the others are given.
    """
    matches = data.reading.matches
    if matches.matched >= ENOUGH * matches.total:
        return
    strangers = [*matches.unmatched, *matches.former][:NAMED]
    raise SourceFormatError(
        f"{file} : {plural(matches.matched, 'code')} sur {format_number(matches.total)} seulement "
        f"{'est celui' if matches.matched < 2 else 'sont ceux'} d'une commune au 1er janvier {matches.cog_year} "
        f"(les autres : {', '.join(f'« {code} »' for code in strangers)}…). "
        "Vérifiez la colonne ([data] code) et cog_year ; --accept-partial prend le fichier tel quel."
    )


# --- In words ---------------------------------------------------------------------------------------------------


def summarise_added(added: Added) -> str:
    """Word what ``terrdiag data add`` has done: what became of every code, then where to see it."""
    data, reading = added.data, added.data.reading
    one, record, matches = data.part.indicator, data.part.record, reading.matches
    years = ", ".join(map(str, reading.years))
    lines = [
        f"{'Remplacé' if added.replaced else 'Ajouté'}{NBSP}: {one.id} — {one.label_fr} ({one.unit}), {years}",
        *(f"  {remark}" for remark in reading.remarks),
        f"  communes au 1er janvier {matches.cog_year}{_word_guess(matches.fitting)}",
        f"  {plural(matches.matched, 'code apparié', 'codes appariés')} sur {format_number(matches.total)}",
    ]
    if matches.repaired:
        pairs = [f"{old} → {new}" for old, new in matches.repaired.items()]
        lines.append(
            f"  {plural(len(pairs), 'code réparé', 'codes réparés')}{NBSP}: {_name(pairs)}"
        )
    if matches.spaced:
        lines.append(
            f"  {plural(matches.spaced, 'code')} avec espaces ou minuscules, lus quand même"
        )
    lines += [f"  laissé de côté ou additionné{NBSP}: {text}" for text in record.dropped]
    lines += [f"  {text}" for text in record.moved]
    for count, word in ((reading.secret, "secrète"), (reading.missing, "manquante")):
        if count:
            lines.append(f"  {plural(count, f'valeur {word}', f'valeurs {word}s')}")
    if reading.without_value:
        lines.append(
            f"  {plural(len(reading.without_value), 'commune du fichier', 'communes du fichier')} "
            f"sans aucune valeur connue{NBSP}: {_name(reading.without_value)}"
        )
    lines += [f"Édition {added.edition.info.id}{NBSP}: {added.edition.root}", SEEN]
    return "\n".join(lines)


SEEN: Final = "« terrdiag diagnostic », lancé de ce dossier, en fait des cartes et des tableaux."


def _word_guess(fitting: tuple[int, ...]) -> str:
    if not fitting:
        return ""
    others = f" ; {fitting[0]} à {fitting[-1]} conviennent aussi bien" if len(fitting) > 1 else ""
    return f" (année trouvée d'après les codes{others})"


def _name(words: list[str] | tuple[str, ...]) -> str:
    return ", ".join(words[:NAMED]) + (", …" if len(words) > NAMED else "")


def list_data(folder: Path) -> str:
    """List the own data of a working folder: identifier, label, kind, file, source."""
    rows = []
    for stored in find_own(folder / RAW):
        try:
            sidecar = load_sidecar(stored.sidecar)
        except TerrdiagError as error:
            rows.append(f"  {stored.id} : illisible. {error}")
            continue
        one, source = sidecar.indicator, sidecar.source
        rows.append(
            f"  {stored.id} : {one.label} ({one.unit}), {KINDS[one.kind]} — {source.producer}, {source.title}, "
            f"{source.vintage} ({source.licence}) — {stored.path}"
        )
    if not rows:
        return "Aucune donnée ajoutée dans ce dossier (« terrdiag data add --example DOSSIER » montre comment faire)."
    return "\n".join(["Données ajoutées", *rows])


KINDS: Final = {"count": "effectif", "ratio": "rapport", "rate": "taux ou médiane"}
