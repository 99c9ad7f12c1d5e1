"""What « terrdiag claims » prints: each claim, its verdict, why, and what other definitions give, in 100 columns."""

import re
import textwrap
import unicodedata
from pathlib import Path
from typing import Final

from terrdiag.analyses.claims import CheckedClaim, ClaimsFindings, analyse_claims
from terrdiag.edition.local import find_edition
from terrdiag.report.claim_words import VERDICT_WORDS, ClaimWords
from terrdiag.report.claims import explain_claim, summarise_claims
from terrdiag.report.typography import set_spaces
from terrdiag.territory import resolve_perimeter, resolve_target
from terrdiag.territory.model import format_date
from terrdiag.wording import plural

WIDTH: Final = 100
MARGIN: Final = 4
HEAD: Final = 11
"""Columns before the number, and of the head of a row."""

FOUND: Final = 0
DIFFERS: Final = 3
"""Exit code when a document does not say what is found: neither a success nor a failure of the command (1, 2)."""


def list_claims(target: str, edition_dir: Path | None, *, strict: bool) -> tuple[str, int]:
    """Check the claims of a study, and word what was found.

    Parameters
    ----------
    target
        The study: a file, or its name in ``pipelines/``.
    edition_dir
        Folder of the edition, or nothing for the embedded one.
    strict
        Whether a claim that cannot be computed is a fault too.

    Returns
    -------
    text : str
        What to print.
    code : int
        0 when no claim differs, 3 otherwise.
    """
    edition = find_edition(edition_dir, Path())
    study = resolve_target(target, edition, Path("pipelines"))
    perimeter = resolve_perimeter(study, edition)
    findings = analyse_claims(study, perimeter, edition)
    if not findings.checked:
        return "Cette étude ne cite aucun chiffre : elle n'a pas de table [[claims]].", FOUND
    words = ClaimWords(findings)
    where = (
        f"{perimeter.name} ({plural(len(perimeter.communes), 'commune')} au "
        f"{format_date(perimeter.date)}), édition {edition.info.id}"
    )
    parts = [_fill(where), _fill(summarise_claims(findings))]
    parts += [f"\n{word_claim(one, words)}" for one in findings.checked]
    return "\n".join(parts), exit_code(findings, strict=strict)


def exit_code(findings: ClaimsFindings, *, strict: bool) -> int:
    """Give the exit code of a check: 3 when a claim differs, or, if strict, cannot be computed."""
    faults = findings.count("differs") + (findings.count("not_computable") if strict else 0)
    return DIFFERS if faults else FOUND


def word_claim(checked: CheckedClaim, words: ClaimWords) -> str:
    """Word one claim in lines of a head and a text."""
    claim, found = checked.claim, checked.found
    title = f"{VERDICT_WORDS[checked.verdict].upper()} — « {claim.text} »"
    rows = [("Document", claim.document), ("Cité", words.stated(claim))]
    if found:
        is_equal = claim.relation == "=" and found.gap
        rows += [
            ("Calculé", words.apart(found, claim) if is_equal else words.value(found, claim)),
            ("Définition", words.definition(found)),
            ("Source", words.sources(found)),
        ]
    rows += [("→", sentence) for sentence in explain_claim(checked, words)]
    lines = [_fill(title, f"{checked.number}.".ljust(MARGIN), MARGIN)]
    lines += [_fill(text, " " * MARGIN + head.ljust(HEAD), MARGIN + HEAD) for head, text in rows]
    return "\n".join(lines)


def plain(text: str) -> str:
    """Take out of a text what would drive a terminal, and put it on one line.

    Examples
    --------
    >>> plain("un\x1b[31m rouge\\n \u202eretourné")
    'un[31m rouge retourné'
    """
    # no-break spaces are spaces of ours, and stay
    spaced = re.sub(r"[\t-\r\x1c-\x1f\x85\u2028\u2029]", " ", text)
    kept = "".join(char for char in spaced if unicodedata.category(char)[0] != "C")
    return set_spaces(re.sub(" +", " ", kept).strip())


def _fill(text: str, start: str = "", indent: int = 0) -> str:
    """Set a text in lines of 100 columns, under its head."""
    return textwrap.fill(
        plain(text),
        WIDTH,
        initial_indent=start,
        subsequent_indent=" " * indent,
        break_on_hyphens=False,
    )
