"""What « terrdiag sources list » and « show » print: the register, and one source in full."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from terrdiag.catalogue import (
    Analysis,
    Indicator,
    Source,
    SourceFile,
    load_analyses,
    load_indicators,
    load_sources,
)
from terrdiag.edition import open_edition
from terrdiag.errors import CatalogueError
from terrdiag.report.typography import set_spaces
from terrdiag.sources.download.lock import LockEntry, read_lock
from terrdiag.sources.verify import Held, find_held, last_retrieved
from terrdiag.sources_words import FEED_LABELS, describe_content, fill, set_rows
from terrdiag.wording import format_number, join_words, plural, suggest

RAW: Final = Path("data", "raw")


def list_sources(raw: Path = RAW) -> str:
    """List the register by producer: what each source feeds, its licence, its rhythm, and its local files.

    Parameters
    ----------
    raw
        Folder of the official files, with its lock.
    """
    sources, lock, embedded = load_sources(), read_lock(raw), set(open_edition().sources)
    width = max(map(len, sources)) + 2
    lines = [
        f"{plural(len(sources), 'source')} (« terrdiag sources show ID » dit tout de l'une d'elles)."
    ]
    for producer in dict.fromkeys(one.producer for one in sources.values()):
        lines += ["", producer]
        for one in sources.values():
            if one.producer == producer:
                state = _word_state(one, raw, lock, embedded=one.id in embedded)
                lines.append(
                    f"  {one.id:<{width}}{FEED_LABELS[one.feeds]:<22} {one.licence:<19} {state}"
                )
                lines += fill(f"{one.title} ; {one.rhythm}", indent=6)
    return set_spaces("\n".join(lines))


def show_source(source_id: str, raw: Path = RAW) -> str:
    """Show a source in full: who, under which licence, its files, how to put them by hand, what depends on it.

    Parameters
    ----------
    source_id
        Identifier in the register.
    raw
        Folder of the official files, with its lock.

    Raises
    ------
    CatalogueError
        No source bears this identifier; the nearest are given.
    """
    sources = load_sources()
    if source_id not in sources:
        raise CatalogueError(
            f"« {source_id} » n'est pas une source du registre.{suggest(source_id, sources)} "
            "Toutes les sources : « terrdiag sources list »."
        )
    source, lock = sources[source_id], read_lock(raw)
    state = _word_state(source, raw, lock, embedded=source_id in open_edition().sources)
    parts = [source_id, *set_rows(_describe(source, state))]
    if source.files:
        held = find_held(source, raw, lock)
        parts += ["", f"{plural(len(held), 'fichier')} sous {raw}", *_describe_files(source, held)]
        parts += ["", "À la main", *fill(_word_by_hand(source, raw), indent=2)]
    parts += ["", *_list_dependents(source_id)]
    return set_spaces("\n".join(parts))


def _word_state(source: Source, raw: Path, lock: Mapping[str, LockEntry], *, embedded: bool) -> str:
    """Word what the raw folder holds of a source: present since when, absent, or only embedded."""
    if not source.files:  # fetched for a territory, and listed in a lock of its own
        count = sum(1 for _ in raw.glob(source.path))
        return (
            f"présente, {plural(count, 'fichier')}"
            if count
            else "à la demande : « terrdiag data dem »"
        )
    held = find_held(source, raw, lock)
    there = sum(one.is_there for one in held)
    if not there:
        return "embarquée seulement" if embedded else "absente"
    day = last_retrieved(held)
    since = f"du {day:%d/%m/%Y}" if day else "posée à la main"
    part = "" if there == len(held) else f", {plural(there, 'fichier')} sur {len(held)}"
    return f"présente, {since}{part}"


def _describe(source: Source, state: str) -> list[tuple[str, str]]:
    """List what the register says of a source, in rows of a head and a text."""
    years = f" ; décrit {join_words(map(str, source.ref_years))}" if source.ref_years else ""
    embedded = "" if source.embeddable else " ; n'entre pas dans l'édition embarquée"
    return [
        ("Titre", source.title),
        ("Producteur", source.producer),
        ("Millésime", f"{source.vintage} ; communes du 1er janvier {source.cog_year}{years}"),
        ("Apporte", FEED_LABELS[source.feeds]),
        ("Rythme", source.rhythm),
        ("Licence", f"{source.licence} ({source.licence_url}){embedded}"),
        ("Mention", source.attribution),
        ("Page", source.landing_page),
        ("Lecteur", f"terrdiag.sources.{source.reader}"),
        ("État", state),
        ("Note", source.note),
    ]


def _describe_files(source: Source, held: tuple[Held, ...]) -> list[str]:
    by_path = {one.file.path: one for one in held}
    lines: list[str] = []
    for file in source.files:
        family = tuple(by_path[one.path] for one in file.expand())
        lines += [f"  {file.path}", *set_rows(_describe_file(file, family), margin=4)]
    return lines


def _describe_file(file: SourceFile, family: tuple[Held, ...]) -> list[tuple[str, str]]:
    """List where a file comes from, what it must hold, and what the raw folder holds of it."""
    rows = [("Adresse", file.address or "aucune qui soit stable : d'un miroir, ou à la main")]
    rows += [("ou", address) for address in file.alternatives]
    if file.catalogue:
        rows.append(("ou", f"celle du jour, dans le catalogue du producteur ({file.catalogue})"))
    if file.for_each:
        rows.append(("{each}", f"{', '.join(file.for_each)} ({len(file.for_each)})"))
    rows.append(("Attendu", describe_content(file)))
    if file.sha256:
        rows.append(("sha256", file.sha256))
    rows.append(("État", _word_held(family)))
    return rows


def _word_held(family: tuple[Held, ...]) -> str:
    """Word what is there of a file, or of a family of files."""
    there = [one for one in family if one.size is not None]
    if not there:
        return "absent"
    size = f"{format_number(sum(one.size or 0 for one in there) / 1e6, 1)} Mo"
    day = last_retrieved(family)
    since = f"du {day:%d/%m/%Y}" if day else "posé à la main, hors du verrou"
    if len(family) > 1:
        return f"{len(there)} présents sur {len(family)}, {since} ({size})"
    entry = there[0].entry
    if entry is None:
        return f"présent, {since} ({size})"
    listed = {there[0].file.address, *there[0].file.alternatives}
    origin = "" if entry.address in listed else f", venu de {entry.address}"
    return f"présent, {since}{origin} ({size}, sha256 {entry.sha256})"


def _word_by_hand(source: Source, raw: Path) -> str:
    """Say how to put the files of a source there without the downloader."""
    names = dict.fromkeys(name for file in source.files for name in _list_names(file))
    proof = " ou à son en-tête" if any(file.columns for file in source.files) else ""
    return (
        f"Ouvrez {source.landing_page}, enregistrez le fichier tel quel (sans passer par un tableur) et "
        f"déposez-le dans {raw / 'inbox'} : « terrdiag data update » l'y reconnaît à son nom "
        f"({', '.join(names)}){proof}."
    )


def _list_names(file: SourceFile) -> Iterator[str]:
    """List the names under which a file is recognised; of a family, the first and the last."""
    family = file.expand()
    yield Path(family[0].path).name
    if len(family) > 1:
        yield f"… {Path(family[-1].path).name}"
    yield from file.names


def _list_dependents(source_id: str) -> list[str]:
    """List the indicators and the analyses that name a source."""
    entries: list[Indicator | Analysis] = [*load_indicators().values(), *load_analyses().values()]
    named = [one for one in entries if source_id in one.source]
    if not named and load_sources()[source_id].feeds == "figures":
        return ["Aucun indicateur ne la cite : ses chiffres complètent ceux d'autres sources."]
    if not named:
        return [
            "Aucun indicateur ne la cite : elle sert aux périmètres, aux contours, aux altitudes ou à la vérification."
        ]
    width = max(len(one.id) for one in named) + 2
    head = f"Indicateurs et analyses qui la citent ({len(named)})"
    return [head, *(f"  {one.id:<{width}}{_word_label(one)}" for one in named)]


def _word_label(entry: Indicator | Analysis) -> str:
    """Give the label of an entry, what differs from one variant of an analysis to another being left out."""
    return re.sub(r"\s*\([^()]*\{\w+\}[^()]*\)|\{\w+\}", "…", entry.label_fr)
