"""Bring the files of the register into the raw folder, source after source: one that fails stops no other."""

import contextlib
import datetime as dt
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

from terrdiag.catalogue.models import Source, SourceFile
from terrdiag.errors import (
    ChecksumMismatchError,
    OfflineError,
    OutputError,
    SourceError,
    SourceFormatError,
    TerrdiagError,
)
from terrdiag.sources.download.client import Client
from terrdiag.sources.download.inbox import INBOX, Inbox, find_in_inbox
from terrdiag.sources.download.lock import HIDDEN
from terrdiag.sources.download.mirror import Mirror
from terrdiag.sources.download.outcome import FileOutcome, Outcome, State, Teller, conclude
from terrdiag.sources.download.problems import HttpStatusError
from terrdiag.sources.download.settings import NetworkSettings
from terrdiag.sources.download.store import IN_PLACE, Arrival, Present, Store, bring_copy
from terrdiag.sources.download.transfer import Known, hash_file
from terrdiag.workspace.locks import acquire, release
from terrdiag.workspace.refusals import explained, output_error

_NOT_FOUND: Final = 404


def fetch_sources(
    sources: Sequence[Source],
    raw: Path,
    *,
    mirror: str | None = None,
    accept_new: bool = False,
    settings: NetworkSettings | None = None,
    progress: Callable[[str], None] = lambda _text: None,
) -> tuple[Outcome, ...]:
    """Bring the files of sources into a raw folder, checked and recorded in its ``LOCK.toml``.

    Parameters
    ----------
    sources
        Sources of the register, in the order they are fetched.
    raw
        The folder; made if need be.
    mirror
        Folder or address that stands for the producers, who are not asked then.
    accept_new
        Whether another content than the recorded one is taken, and recorded.
    settings
        How the network is used.
    progress
        Told a few words at each step.

    Returns
    -------
    tuple of Outcome
        One a source, in order; then one for the files of the inbox that are of none, if any.

    Raises
    ------
    OutputError
        The folder cannot be written, or another update is under way there.
    SourceFormatError
        Its ``LOCK.toml`` is not one that terrdiag wrote.
    SourceUnavailableError
        The mirror is not there (``OfflineError`` if it is an address and the network may not be used).
    """
    settings = settings or NetworkSettings()
    place = Mirror.at(mirror) if mirror else None
    if place and not isinstance(place.base, Path):
        if settings.offline:
            raise OfflineError(
                f"{mirror} : ce miroir est sur le réseau, et --offline l'interdit. "
                "Donnez un dossier, ou relancez sans --offline."
            )
        settings = replace(settings, allow_http=settings.allow_http | place.plain_host)
    with explained(raw), _alone(raw), Client(settings) as client:
        store = Store(raw, accept_new=accept_new, today=today())
        inbox = find_in_inbox(raw / INBOX, [file for one in sources for file in one.every_file])
        update = _Update(store, client, Teller(progress, time.monotonic), inbox, place)
        outcomes = [update.fetch_source(source) for source in sources]
    return (*outcomes, *_list_refused(inbox))


def today() -> dt.date:
    """Give the date of the user's clock."""
    return dt.datetime.now().astimezone().date()


@contextlib.contextmanager
def _alone(raw: Path) -> Iterator[None]:
    """Hold the folder for the time of an update."""
    path = raw / HIDDEN / "verrou"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = acquire(path, wait=False)
    except OSError as error:
        raise output_error(error, raw) from error
    if lock is None:
        raise OutputError(
            f"{raw} : une autre mise à jour des données est en cours dans ce dossier. "
            "Attendez qu'elle finisse, ou arrêtez-la, puis relancez."
        )
    try:
        yield
    finally:
        release(lock, path)


def _list_refused(inbox: Inbox) -> tuple[Outcome, ...]:
    if not inbox.refused:
        return ()
    files = tuple(
        FileOutcome(f"{INBOX}/{name}", "failed", why) for name, why in sorted(inbox.refused.items())
    )
    return (
        Outcome(
            INBOX,
            "Fichiers déposés dans data/raw/inbox/",
            "failed",
            files,
            " ".join(dict.fromkeys(file.why for file in files)),
            "Renommez ces fichiers, ou retirez-les de data/raw/inbox/.",
        ),
    )


@dataclass
class _Try:
    """What has been tried for a file so far."""

    present: Present
    why: list[str] = field(default_factory=list)
    refused: bool = False

    def note(self, error: TerrdiagError, address: str, *paths: Path) -> None:
        """Keep why it failed, naming the address rather than where its bytes were for a time."""
        self.refused |= isinstance(error, ChecksumMismatchError)
        text = str(error)
        for path in paths:
            text = text.replace(str(path), address)
        self.why.append(text)


@dataclass(frozen=True)
class _Update:
    """An update under way."""

    store: Store
    client: Client
    teller: Teller
    inbox: Inbox
    mirror: Mirror | None
    done: dict[str, FileOutcome] = field(default_factory=dict)

    def fetch_source(self, source: Source) -> Outcome:
        """Bring the files of a source."""
        self.teller.begin(source.title)
        files = []
        try:
            for file in source.every_file:
                if file.path not in self.done:  # two sources may read the same file
                    self.done[file.path] = self._fetch_file(file, source.id)
                files.append(self.done[file.path])
        finally:
            self.store.save()
        return conclude(source, files)

    def _fetch_file(self, file: SourceFile, source_id: str) -> FileOutcome:
        try:
            tried = _Try(self.store.look(file))
            outcome = (
                self._from_inbox(file, source_id, tried)
                or self._from_mirror_folder(file, source_id, tried)
                or self._from_network(file, source_id, tried)
                or self._stay(file, source_id, tried)
            )
        except SourceError as error:
            return FileOutcome(file.path, "failed", str(error))
        except OSError as error:
            # what cannot be written (a network error never comes so far); a full disk gets its room back
            with contextlib.suppress(OSError):
                self.store.part_of(file).unlink(missing_ok=True)
            return FileOutcome(file.path, "failed", str(output_error(error, self.store.raw, "")))
        return self._tell_aside(outcome, tried.present)

    def _from_inbox(self, file: SourceFile, source_id: str, tried: _Try) -> FileOutcome | None:
        origin = self.inbox.found.get(file.path)
        if origin is None:
            return None
        return self._take_copy(file, source_id, tried, origin, f"inbox:{origin.name}")

    def _from_mirror_folder(
        self, file: SourceFile, source_id: str, tried: _Try
    ) -> FileOutcome | None:
        origin = self.mirror.find(file) if self.mirror else None
        if origin is None:
            return None
        return self._take_copy(file, source_id, tried, origin, f"miroir:{file.path}")

    def _take_copy(
        self, file: SourceFile, source_id: str, tried: _Try, origin: Path, address: str
    ) -> FileOutcome | None:
        """Take a file of this machine; None when it is refused."""
        part = self.store.part_of(file)
        try:
            if tried.present.is_locked and hash_file(origin) == tried.present.sha256:
                self.store.confirm(file, address, "", "")
                return FileOutcome(file.path, "unchanged", address=address)
            bring_copy(origin, part, file)
            arrival = Arrival(part, address)
            state = self.store.take(file, source_id, tried.present, arrival)
        except (SourceFormatError, ChecksumMismatchError) as error:
            tried.note(error, address, part, origin)
            return None
        return self._conclude(file, state, tried, address)

    def _from_network(self, file: SourceFile, source_id: str, tried: _Try) -> FileOutcome | None:
        """Ask the addresses one after the other; None when none gives the file."""
        if tried.refused and self.inbox.found.get(file.path):
            return None  # what a person put there is not replaced by something else
        for address in self._offer_addresses(file, tried):
            part = self.store.part_of(file)
            try:
                return self._ask(file, source_id, tried, address)
            except HttpStatusError as error:
                if self.mirror and error.status == _NOT_FOUND:
                    continue
                tried.note(error, address, part)
            except SourceError as error:
                tried.note(error, address, part)
        return None

    def _offer_addresses(self, file: SourceFile, tried: _Try) -> Iterator[str]:
        """Give the addresses of the register, then that of the day where the producer has a catalogue of them."""
        known = self._list_addresses(file)
        yield from known
        if not file.catalogue or self.mirror or self.client.settings.offline or tried.refused:
            return
        # the clients of the catalogues are made with this room: they are imported when it is whole
        from terrdiag.sources.resolve import resolve_address  # noqa: PLC0415

        try:
            found = resolve_address(self.client, file)
        except SourceError as error:
            tried.note(error, "")
        else:
            yield from {found} - {*known, ""}

    def _list_addresses(self, file: SourceFile) -> tuple[str, ...]:
        if self.client.settings.offline:
            return ()
        if self.mirror:
            return self.mirror.list_addresses(file)
        return (file.address, *file.alternatives) if file.address else file.alternatives

    def _ask(self, file: SourceFile, source_id: str, tried: _Try, address: str) -> FileOutcome:
        part = self.store.part_of(file)
        entry = tried.present.entry
        known = None
        if entry and tried.present.is_locked and entry.address == address:
            known = Known(entry.etag, entry.last_modified)
        got = self.client.stream_to(
            address,
            part,
            known=known,
            max_bytes=int(file.max_megabytes * 1e6),
            tell=self.teller.tell_bytes,
        )
        if got.not_modified:
            self.store.confirm(file, address, got.etag, got.last_modified)
            return self._conclude(file, "unchanged", tried, address)
        arrival = Arrival(part, address, got.etag, got.last_modified, got.proven, got.content_type)
        state = self.store.take(file, source_id, tried.present, arrival)
        return self._conclude(file, state, tried, address)

    def _conclude(self, file: SourceFile, state: State, tried: _Try, address: str) -> FileOutcome:
        """Conclude on a file that came, saying what was tried before."""
        before = f"Pris à {address}, après un échec. {' '.join(tried.why)}" if tried.why else ""
        return FileOutcome(file.path, state, before, address)

    def _stay(self, file: SourceFile, source_id: str, tried: _Try) -> FileOutcome:
        """Conclude on a file that did not come: the previous one stays, if there is one."""
        present, why = tried.present, " ".join(tried.why)
        if present.sha256 and not present.entry:
            self.store.adopt(file, source_id, present)
            said = "Posé à la main dans le dossier, vérifié et noté dans LOCK.toml."
            return FileOutcome(
                file.path, "kept" if why else "new", f"{why} {said}".strip(), IN_PLACE
            )
        if why:
            kept = present.is_locked
            ending = " Le fichier précédent est gardé." if kept else ""
            return FileOutcome(
                file.path, "kept" if kept else "failed", why + ending, refused=tried.refused
            )
        return FileOutcome(
            file.path, "unchanged" if present.is_locked else "absent", self._word_absence(tried)
        )

    def _word_absence(self, tried: _Try) -> str:
        if tried.present.is_locked:
            return ""  # it is there and whole: nothing has to be said
        ending = "il n'est pas dans data/raw"
        if self.mirror:
            return f"Absent du miroir : {ending}."
        if self.client.settings.offline:
            return f"Hors ligne, le producteur n'a pas été interrogé : {ending}."
        return f"Aucune adresse stable n'est connue : {ending}."

    def _tell_aside(self, outcome: FileOutcome, present: Present) -> FileOutcome:
        """Say where a file edited by hand has been put."""
        if not present.moved_aside:
            return outcome
        aside = present.moved_aside.relative_to(self.store.raw)
        said = (
            f"{file_name(outcome)} n'était plus celui de LOCK.toml (modifié à la main ?) : "
            f"il a été mis de côté dans {aside.as_posix()}, et n'est pas utilisé."
        )
        # nothing came in its place: a figure would change without a word
        state = "failed" if outcome.state == "absent" else outcome.state
        return replace(outcome, state=state, why=f"{said} {outcome.why}".strip())


def file_name(outcome: FileOutcome) -> str:
    """Name the file of an outcome."""
    return Path(outcome.path).name
