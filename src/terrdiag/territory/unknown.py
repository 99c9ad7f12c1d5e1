"""What to say of a code that designates nothing at the date wanted."""

import datetime as dt
import difflib
from typing import Final

import pandas as pd
import pyarrow.compute as pc

from terrdiag.edition import Edition, read_events, read_memberships
from terrdiag.edition.store import read_commune_list
from terrdiag.study.codes import KINDS, OPTIONAL_KINDS, Kind
from terrdiag.territory.groups import bring_to_edition, groups_around, valid_at
from terrdiag.territory.model import KIND_LABELS, format_date
from terrdiag.wording import NNBSP, join_words

CITIES: Final = {"751": "75056", "6938": "69123", "132": "13055"}
"""Start of the codes of arrondissements → their city."""


def explain_unknown(edition: Edition, kind: Kind, code: str, date: dt.date) -> str:
    """Say why a code is not found at a date, and which one to write.

    Parameters
    ----------
    edition
        The edition.
    kind, code
        What was asked for.
    date
        The date it was asked for.

    Returns
    -------
    str
        A sentence in French.
    """
    if not has_kind(edition, kind):
        return f'"{code}" est inconnu : {word_absent(kind)}.'
    is_commune = kind == "commune"
    reason = (
        _explain_commune(edition, code) if is_commune else _explain_group(edition, kind, code, date)
    )
    return reason or f'"{code}" est inconnu.{_near(edition, kind, code, date)}'


def has_kind(edition: Edition, kind: Kind) -> bool:
    """Tell whether an edition has the groups of a kind that not every edition has."""
    return kind not in OPTIONAL_KINDS or bool(
        pc.any(pc.equal(edition.memberships["kind"], kind)).as_py()
    )


def word_absent(kind: Kind) -> str:
    """Say that a kind of groups is not in the edition, and what brings it, without the final stop."""
    many = KINDS[kind].many
    return f"{many} ne sont pas dans cette édition{NNBSP}; « terrdiag data update » les télécharge"


def _explain_commune(edition: Edition, code: str) -> str:
    if city := next((city for start, city in CITIES.items() if code.startswith(start)), None):
        return f'"{code}" est un arrondissement municipal : écrivez "{city}", la commune entière.'
    events = read_events(edition)
    past = events[(events["code_before"] == code) & (events["code_after"] != code)]
    if past.empty:
        return ""
    last = past.sort_values("date").iloc[-1]
    names = read_commune_list(edition).set_index("code_commune")["nom"]
    day_before = last["date"].date() - dt.timedelta(days=1)
    now = bring_to_edition(edition, [code], day_before)["code_after"]
    successors = [f'"{new}" ({names[new]})' for new in now if new in names.index]
    advice = f" : écrivez {join_words(successors)}" if successors else ""
    return (
        f'"{code}" ({last["nom_before"]}) n\'est plus une commune '
        f"depuis le {format_date(last['date'].date())}{advice}."
    )


def _explain_group(edition: Edition, kind: Kind, code: str, date: dt.date) -> str:
    rows = read_memberships(edition, codes=[code])
    own = rows[rows["kind"] == kind]
    if own.empty:
        other = rows["kind"].drop_duplicates().tolist()
        names = [k for k in KINDS if k in other]
        if not names:
            return ""
        return (
            f'"{code}" n\'est pas {KINDS[kind].label}, mais {KINDS[names[0]].label} '
            f"({rows['nom'].iloc[0]}) : sa clé est {KINDS[names[0]].key}."
        )
    first, last = own["valid_from"].min(), own["valid_to"].max()
    if pd.Timestamp(date) < first:
        return (
            f"\"{code}\" ({own['nom'].iloc[0]}) n'est connu dans cette édition qu'à partir du "
            f"{format_date(first.date())} : avancez la date, ou listez ses communes."
        )
    end = (last - pd.Timedelta(days=1)).date()
    return (
        f'"{code}" ({own["nom"].iloc[-1]}) n\'existe plus : il est connu du '
        f"{format_date(first.date())} au {format_date(end)}."
        f"{_word_successors(edition, kind, own)} Pour le périmètre d'alors, ajoutez date = {end}."
    )


def _word_successors(edition: Edition, kind: Kind, rows: pd.DataFrame) -> str:
    found = find_successors(edition, kind, rows)
    words = [f'"{code}" ({name})' for code, name in found]
    return f" Aujourd'hui : {join_words(words)}." if words else ""


def find_successors(edition: Edition, kind: str, rows: pd.DataFrame) -> list[tuple[str, str]]:
    """Find the groups that hold today the communes of one that is no more.

    Parameters
    ----------
    edition
        The edition.
    kind
        Kind of membership.
    rows
        Memberships of the former group, all dates.

    Returns
    -------
    list of (code, name)
        The one that holds the most of its last communes first.
    """
    last_day = (rows["valid_to"].max() - pd.Timedelta(days=1)).date()
    last = rows[valid_at(rows, last_day)]
    communes = set(bring_to_edition(edition, last["code_commune"], last_day)["code_after"])
    groups = groups_around(edition, [kind], communes)[kind]
    ranked = sorted(groups, key=lambda group: (-len(communes & set(group.communes)), group.code))
    return [(group.code, group.name) for group in ranked]


def _near(edition: Edition, kind: Kind, code: str, date: dt.date) -> str:
    """Word the codes that look most like an unknown one, with their names."""
    if kind == "commune":
        known = read_commune_list(edition).rename(columns={"code_commune": "code"})
    else:
        rows = read_memberships(edition, kinds=[kind])
        known = rows[valid_at(rows, date)].drop_duplicates("code")
        if known.empty:
            first = rows["valid_from"].min()
            since = f" qu'à partir du {format_date(first.date())}" if pd.notna(first) else ""
            return f" Cette édition ne connaît ce niveau ({KIND_LABELS[kind]}){since}."
    names = dict(zip(known["code"].astype(str), known["nom"].astype(str), strict=True))
    near = difflib.get_close_matches(code, names, n=3, cutoff=0.5)
    words = [f'"{known}" ({names[known]})' for known in near]
    return f" Codes proches : {', '.join(words)}." if words else ""
