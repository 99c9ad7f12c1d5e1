"""What « terrdiag sources check » prints: the official files that are there, or the addresses of the register."""

from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

from terrdiag.catalogue import Source, load_sources
from terrdiag.errors import OfflineError
from terrdiag.report.typography import set_spaces
from terrdiag.sources.download.lock import read_lock
from terrdiag.sources.download.settings import NetworkSettings
from terrdiag.sources.probe import Prober, ProbeState, SourceProbe, probe_source
from terrdiag.sources.verify import FileState, Verdict, find_held, verify_file
from terrdiag.sources_words import fill
from terrdiag.wording import plural

FAULT: Final = 3
"""Exit code when a source is dead, or a local file is not what it should be: the command itself has worked."""

PROBE_LABELS: Final[Mapping[ProbeState, str]] = {
    "alive": "vivante",
    "moved": "déplacée",
    "changed": "changée",
    "dead": "morte",
    "unchecked": "non essayée",
    "no_address": "sans adresse",
}

FILE_LABELS: Final[Mapping[FileState, tuple[str, str]]] = {
    "locked": ("conforme au verrou", "conformes au verrou"),
    "by_hand": ("bon, hors du verrou", "bons, hors du verrou"),
    "absent": ("absent", "absents"),
    "faulty": ("en faute", "en faute"),
}


def check_sources(
    raw: Path,
    *,
    online: bool = False,
    settings: NetworkSettings | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> tuple[str, int]:
    """Check the official files that are there, or, online, the addresses of the register.

    Parameters
    ----------
    raw
        Folder of the official files, with its lock.
    online
        Whether to ask the producers' servers.
    settings
        How to go over the network.
    progress
        Told each source.

    Returns
    -------
    text : str
        What to print: a line a source, then what to do.
    code : int
        3 when a source is dead (online) or a local file is not what it should be, 0 otherwise.

    Raises
    ------
    OfflineError
        The addresses cannot be tried without the network.
    """
    if not online:
        return _check_files(raw, progress)
    settings = settings or NetworkSettings()
    if settings.offline:
        raise OfflineError(
            "Essayer les adresses demande le réseau : ôtez --offline, ou --online pour ne vérifier que les fichiers."
        )
    lock, probes = read_lock(raw), []
    with Prober(settings) as prober:
        for source in load_sources().values():
            progress(source.title)
            probes.append(probe_source(source, prober, lock))
    return _word_probes(probes), FAULT if any(one.state == "dead" for one in probes) else 0


def _check_files(raw: Path, progress: Callable[[str], None]) -> tuple[str, int]:
    """Check every file of the register that is in the raw folder, and word what was found."""
    lock, lines, faults, empty = read_lock(raw), [], 0, 0
    known: set[str] = set()
    for source in (one for one in load_sources().values() if one.files):
        progress(source.title)
        verdicts = [verify_file(one) for one in find_held(source, raw, lock)]
        known |= {one.held.file.path for one in verdicts}
        faults += any(one.state == "faulty" for one in verdicts)
        if all(one.state == "absent" for one in verdicts):
            empty += 1
            continue
        lines += _word_verdicts(source, verdicts)
    strangers = [path for path in lock if path not in known]
    lines += [f"  {path} : dans LOCK.toml, et d'aucune source du registre" for path in strangers]
    head = f"{plural(empty, 'source')} sans fichier sous {raw}" if empty else f"Fichiers sous {raw}"
    lines.append(f"{head} ; {plural(faults, 'source')} en faute.")
    return set_spaces("\n".join(lines)), FAULT if faults else 0


def _word_verdicts(source: Source, verdicts: list[Verdict]) -> list[str]:
    counts = Counter(one.state for one in verdicts)
    found = ", ".join(plural(count, *FILE_LABELS[state]) for state, count in counts.items())
    head = "FAUTE" if counts["faulty"] else "bon"
    lines = [f"{head:<7}{source.id} : {found} (sur {plural(len(verdicts), 'fichier')})"]
    for one in verdicts:
        lines += fill(one.why, indent=9) if one.why else []
    return lines


def _word_probes(probes: list[SourceProbe]) -> str:
    """Word what the producers' servers answered: a line a source, and the page to open when one does not."""
    width = max(map(len, PROBE_LABELS.values())) + 2
    lines: list[str] = []
    for probe in probes:
        page = load_sources()[probe.source_id].landing_page
        lines.append(f"{PROBE_LABELS[probe.state]:<{width}}{probe.source_id}")
        told = [one for one in probe.files if one.state not in {"alive", "no_address"}]
        for one in told:
            lines += fill(f"{one.path} : {one.why}", indent=width + 2)
        if told or probe.state == "no_address":
            lines += [" " * (width + 2) + f"page à ouvrir : {page}"]
    counts = Counter(probe.state for probe in probes)
    if counts["dead"] > 1 and counts["dead"] + counts["no_address"] == len(probes):
        lines.append("Aucune adresse ne répond. Vérifiez d'abord la connexion à internet.")
    total = ", ".join(
        plural(counts[state], label, label if state == "no_address" else f"{label}s")
        for state, label in PROBE_LABELS.items()
        if counts[state]
    )
    return set_spaces("\n".join([*lines, f"{plural(len(probes), 'source')} : {total}."]))
