"""The flow of a refresh: official files fetched and checked → a local edition, used from then on."""

import datetime as dt
import difflib
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from terrdiag import __version__
from terrdiag.catalogue import Source, load_sources
from terrdiag.edition import Edition, open_edition
from terrdiag.edition.build import build_edition
from terrdiag.edition.local import find_made, install_edition, refreshing
from terrdiag.edition.provenance import record_file
from terrdiag.edition.store import EMBEDDED
from terrdiag.errors import SourceError
from terrdiag.sources.download import NetworkSettings, Outcome, fetch_sources, read_lock
from terrdiag.sources.own import find_own, heal_own

RAW: Final = Path("data", "raw")
"""Where official files are, under the working folder."""

FAILED: Final = ("failed", "kept")
"""States of a source that could not be fetched."""


@dataclass(frozen=True)
class RefreshOrder:
    """What a refresh is asked.

    Attributes
    ----------
    folder
        The working folder: ``data/raw`` and ``data/edition`` are under it.
    sources
        Identifiers of the sources to fetch (all when empty).
    mirror
        Folder or address that stands for the producers.
    accept_new
        Whether a file whose content has changed is taken.
    settings
        How the network is used.
    today
        Date the edition bears.
    base
        The edition that stands for what is not there (the embedded one by default).
    """

    folder: Path
    sources: tuple[str, ...] = ()
    mirror: str | None = None
    accept_new: bool = False
    settings: NetworkSettings = field(default_factory=NetworkSettings)
    today: dt.date = dt.date.min
    base: Edition | None = None


@dataclass(frozen=True)
class Refresh:
    """What a refresh has done.

    Attributes
    ----------
    outcomes
        Of each source.
    edition
        The edition in use.
    is_new
        Whether it has just been made.
    """

    outcomes: tuple[Outcome, ...]
    edition: Edition
    is_new: bool

    @property
    def failed(self) -> tuple[Outcome, ...]:
        """Sources that could not be fetched."""
        return tuple(one for one in self.outcomes if one.state in FAILED)


def refresh_data(order: RefreshOrder, progress: Callable[[str], None]) -> Refresh:
    """Fetch the official files, and make the local edition of what is there.

    A source that cannot be fetched does not stop the others: its previous file is kept or, for want of one, the
    figures of the embedded edition, and the new edition names it.

    Parameters
    ----------
    order
        What is asked.
    progress
        Told each step.

    Returns
    -------
    Refresh
        What was done.

    Raises
    ------
    TerrdiagError
        Nothing could be made; the previous edition is in use still.
    """
    sources = choose_sources(order.sources)
    raw = order.folder / RAW
    with refreshing(order.folder):
        heal_own(raw)
        outcomes = fetch_sources(
            sources,
            raw,
            mirror=order.mirror,
            accept_new=order.accept_new,
            settings=order.settings,
            progress=progress,
        )
        refuse_nothing(outcomes, raw)
        signature = sign(raw)
        made = find_made(order.folder, signature)
        if made is not None:
            return Refresh(outcomes, made, is_new=False)
        entries = read_lock(raw)
        faults = {one.source_id: one.why for one in outcomes if one.state in FAILED}

        def make(out: Path) -> None:
            build_edition(
                raw,
                out,
                order.today,
                progress,
                base=order.base or open_edition(),
                faults=faults,
                retrieved={path: entry.retrieved for path, entry in entries.items()},
            )

        return Refresh(outcomes, install_edition(order.folder, signature, make), is_new=True)


def refuse_nothing(outcomes: Sequence[Outcome], raw: Path) -> None:
    """Refuse to make an edition of nothing: it would be the embedded one, under another name.

    Raises
    ------
    SourceError
        No file of the sources asked for is there, and the user has no data of their own.
    """
    if any(one.state not in {"failed", "absent"} for one in outcomes) or find_own(raw):
        return
    said = next((one.why for one in outcomes if one.state == "failed" and one.why), "")
    raise SourceError(
        f"Aucun fichier officiel n'a pu être lu : l'édition en service ne change pas. {said} "
        "Vérifiez la connexion (ou --mirror), ou déposez des fichiers dans data/raw/inbox/."
    )


def choose_sources(names: Sequence[str]) -> tuple[Source, ...]:
    """Choose the sources to fetch: those named, else all but those on demand and the elevation models.

    Raises
    ------
    SourceError
        A name is not in the register (the nearest are given), or is that of an elevation model.
    """
    register = load_sources()
    unknown = [name for name in names if name not in register]
    if unknown:
        near = difflib.get_close_matches(unknown[0], register, n=3, cutoff=0.5)
        hint = f" Peut-être : {', '.join(near)}." if near else ""
        raise SourceError(
            f"« {unknown[0]} » n'est pas une source du registre.{hint} Toutes : « terrdiag sources list »."
        )
    asked = [register[name] for name in names] or list(register.values())
    models = [one.id for one in asked if one.feeds == "elevation"]
    if names and models:
        raise SourceError(
            f"{models[0]} est un modèle d'altitude : il se télécharge pour un territoire, "
            f"« terrdiag data dem TERRITOIRE »."
        )
    return tuple(one for one in asked if one.feeds != "elevation" and (names or not one.on_demand))


def sign(raw: Path) -> str:
    """Sign what an edition is made of: the files, the program, the edition that stands for what is absent.

    The day is not part of it: the same files make the same figures tomorrow.
    """
    base = record_file(EMBEDDED / "edition.toml", EMBEDDED).sha256
    records = (
        record_file(path, raw)  # never held whole: some are a gigabyte
        for path in sorted(raw.rglob("*"))
        if path.is_file() and not _is_aside(path.relative_to(raw))
    )
    parts = (f"{one.path} {one.sha256}" for one in records)
    return hashlib.sha256("\n".join([__version__, base, *parts]).encode()).hexdigest()


def _is_aside(path: Path) -> bool:
    """Tell whether a file under the raw folder brings nothing to an edition."""
    return path.parts[0] in {"inbox", "dem", "README.md", "LOCK.toml"} or any(
        part.startswith(".") for part in path.parts
    )
