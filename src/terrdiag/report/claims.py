"""The section « Chiffres cités »: a table of the claims, then what explains those that are not confirmed."""

from typing import Final

from terrdiag.analyses.claims import VERDICTS, CheckedClaim, ClaimsFindings, Verdict
from terrdiag.report.blocks import Block, Grid
from terrdiag.report.claim_words import VERDICT_WORDS, ClaimWords
from terrdiag.values import MISSING, STATUS_WORDS
from terrdiag.wording import NBSP, join_words, plural

THEME: Final = "claims"

COUNT_WORDS: Final[dict[Verdict, tuple[str, str]]] = {
    "confirmed": ("confirmé", "confirmés"),
    "differs": ("diffère", "diffèrent"),
    "not_computable": ("n'est pas calculable", "ne sont pas calculables"),
}

FIRST_WORDS: Final = frozenset({"Aucune", "La", "Le", "Les", "Un", "Une"})
"""First words of sentences that bear a capital only there: a name keeps its own."""

HOW: Final = (
    "Chaque chiffre est recalculé avec la définition, le périmètre et la source indiqués. Il est confirmé s'il est "
    "égal à la valeur citée, arrondie comme elle est écrite (12,9 veut dire entre 12,85 et 12,95)."
)
HYPOTHESIS: Final = (
    "Une hypothèse dit quelle autre définition donne la valeur citée ; "
    "elle ne prouve pas que le document l'a employée."
)


def tell_claims(findings: ClaimsFindings) -> tuple[Block, ...]:
    """Tell the claims of a study.

    Parameters
    ----------
    findings
        The claims, checked.

    Returns
    -------
    tuple of Block
        A table with its summary, then a block of explanations where there are some; nothing without claims.
    """
    if not findings.checked:
        return ()
    words = ClaimWords(findings)
    named = dict.fromkeys(one.found.indicator for one in findings.checked if one.found is not None)
    table = Block(
        theme=THEME,
        title="",
        sentences=(summarise_claims(findings),),
        grids=(_tabulate(findings, words),),
        notes=(HOW, HYPOTHESIS),
        definitions=tuple(findings.indicators[name] for name in named),
    )
    told = tuple(
        f"{one.number}. {words.stated(one.claim)}{NBSP}— {_follow(' '.join(said))}"
        for one in findings.checked
        if (said := explain_claim(one, words))
    )
    explained = Block(theme=THEME, title="Ce qui diffère, ce qui manque", sentences=told)
    return (table, explained) if told else (table,)


def summarise_claims(findings: ClaimsFindings) -> str:
    """Count the claims by verdict: « 5 chiffres cités : 1 confirmé, 3 diffèrent, 1 n'est pas calculable. »."""
    counts = [
        plural(count, *COUNT_WORDS[verdict])
        for verdict in VERDICTS
        if (count := findings.count(verdict))
    ]
    total = plural(len(findings.checked), "chiffre cité", "chiffres cités")
    return f"{total}{NBSP}: {join_words(counts)}."


def explain_claim(checked: CheckedClaim, words: ClaimWords) -> tuple[str, ...]:
    """Say why a claim is not confirmed and what other definitions give; nothing for one that is.

    The search over a whole sentence is said with the last of its claims; when one definition explains them all, it
    stands for those of each.
    """
    joint = words.findings.joint_of(checked.number)
    is_last = joint is not None and joint.numbers[-1] == checked.number
    together = (words.together(joint),) if joint and is_last else ()
    if checked.verdict == "confirmed":
        return together
    gap = words.gap(checked)
    alone = () if joint and joint.fitting else words.hypotheses(checked)
    return tuple(sentence for sentence in (gap, *alone, *together) if sentence)


def _tabulate(findings: ClaimsFindings, words: ClaimWords) -> Grid:
    rows = []
    for one in findings.checked:
        found, claim = one.found, one.claim
        rows.append(
            (
                f"{one.number}. {_quote(one)} ({claim.document})",
                words.stated(claim),
                words.value(found, claim) if found else STATUS_WORDS[MISSING],
                words.difference(found, claim) if found and claim.relation == "=" else "",
                VERDICT_WORDS[one.verdict],
                f"{words.definition(found)}. {words.sources(found)}" if found else "",
            )
        )
    return Grid(
        caption="Chiffres cités par les documents, et chiffres calculés",
        heads=(
            *("Phrase (document)", "Cité", "Calculé", "Écart", "Verdict"),
            "Définition, périmètre et source",
        ),
        rows=tuple(rows),
        texts=(4, 5),
    )


def _follow(text: str) -> str:
    """Put a sentence after a dash: its first word loses its capital where it is an article or the like."""
    first, second, *_ = [*text.split(maxsplit=2), "", ""]
    # « La Rochelle » is a name
    is_article = first in FIRST_WORDS and not second[:1].isupper()
    return text[:1].lower() + text[1:] if is_article else text


def _quote(checked: CheckedClaim) -> str:
    return f"« {' '.join(checked.claim.text.split())} »"
