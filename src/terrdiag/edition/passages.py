"""What our following of communes through the events gives, beside the passage tables of INSEE."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd

from terrdiag.edition.crosswalk import bring_forward
from terrdiag.wording import NBSP, join_words, plural


@dataclass(frozen=True)
class Difference:
    """A commune that does not lead to the same ones by the events and by a passage table.

    Attributes
    ----------
    year
        It is a commune of 1 January of that year.
    code
        Its code.
    ours, theirs
        Where it leads by the events, by the table.
    """

    year: int
    code: str
    ours: tuple[str, ...]
    theirs: tuple[str, ...]

    @property
    def text(self) -> str:
        r"""In words.

        Examples
        --------
        >>> Difference(2015, "14666", ("14666", "14712"), ("14666",)).text
        '14666 (2015) : 14666 et 14712 par les événements, 14666 par la table'
        """
        return (
            f"{self.code} ({self.year}) : {join_words(self.ours)} par les événements, "
            f"{join_words(self.theirs)} par la table"
        )


def compare_passages(
    passage: pd.DataFrame, events: pd.DataFrame, cog_year: int
) -> tuple[Difference, ...]:
    """Compare where communes lead by the events and by a passage table, for every year of the table.

    Parameters
    ----------
    passage
        ``year, code_before, code_after`` (see :func:`terrdiag.sources.passage.read_yearly_passage`). A table without
        ``year`` (``CODGEO_INI``) is followed from 2003 on, the year it begins.
    events
        Events of the edition.
    cog_year
        The year the table leads to.

    Returns
    -------
    tuple of Difference
        By year and code; empty when both agree.
    """
    if "year" not in passage:
        passage = passage.assign(year=2003)
    end = dt.date(cog_year, 1, 1)
    found: list[Difference] = []
    for year, rows in passage.groupby("year", sort=True):
        start = dt.date(int(str(year)), 1, 1)
        ours = bring_forward(rows["code_before"].unique(), start, events, end)
        pairs = ours.merge(rows, on=["code_before", "code_after"], how="outer", indicator="side")
        wrong = sorted(set(pairs.loc[pairs["side"] != "both", "code_before"]))
        ours, theirs = (t[t["code_before"].isin(wrong)] for t in (ours, rows))
        found += [
            Difference(start.year, code, _list_after(ours, code), _list_after(theirs, code))
            for code in wrong
        ]
    return tuple(found)


def _list_after(pairs: pd.DataFrame, code: str) -> tuple[str, ...]:
    return tuple(sorted(pairs.loc[pairs["code_before"] == code, "code_after"]))


def word_differences(differences: tuple[Difference, ...], limit: int = 10) -> str:
    r"""Word what differs: how many communes, the first ones named, each once (at its latest year).

    Examples
    --------
    >>> word_differences(())
    'La table de passage et les événements mènent aux mêmes communes.'
    """
    if not differences:
        return "La table de passage et les événements mènent aux mêmes communes."
    latest = {one.code: one for one in sorted(differences, key=lambda one: one.year)}
    named = "; ".join(one.text for one in list(latest.values())[:limit])
    more = f"; et {plural(len(latest) - limit, 'autre')}" if len(latest) > limit else ""
    count = plural(len(latest), "code ne mène pas", "codes ne mènent pas")
    return f"Table de passage{NBSP}: {count} aux mêmes communes que les événements{NBSP}: {named}{more}."
