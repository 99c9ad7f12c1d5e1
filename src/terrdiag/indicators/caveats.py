"""What a user must know before citing the values of a run."""

from collections import Counter

import pandas as pd

from terrdiag.catalogue import Indicator
from terrdiag.indicators.fragility import find_fragile
from terrdiag.values import ESTIMATE, PARTIAL, SECRET, TOO_SMALL
from terrdiag.wording import NBSP, format_number, join_words, lower_first, plural


def find_caveats(values: pd.DataFrame, indicators: dict[str, Indicator]) -> tuple[str, ...]:
    """Word the small numbers, secrets, fragile shares, estimates and incomplete sums of a run, most serious first.

    Parameters
    ----------
    values
        The table of values.
    indicators
        The catalogue.

    Returns
    -------
    tuple of str
        French sentences; none when there is nothing to say.
    """
    communes = values[values["level"] == "commune"]
    above = values[~values["level"].isin(["commune", "epci"])]
    words = (
        _count_communes(
            communes, TOO_SMALL, "Effectifs trop faibles", "le taux n'est pas donné", indicators
        ),
        _count_communes(
            communes, SECRET, "Secret statistique", "la valeur n'est pas publiée", indicators
        ),
        _count_fragile(values, indicators),
        _word_estimates(above, indicators),
        _word_partial(above),
    )
    return tuple(sentence for sentence in words if sentence)


def _count_communes(
    communes: pd.DataFrame, status: str, title: str, effect: str, indicators: dict[str, Indicator]
) -> str:
    """Count the communes concerned, for the indicator and year that lose most of them."""
    rows = communes[communes["status"] == status]
    if rows.empty:
        return ""
    counts = Counter(zip(rows["indicator"], rows["ref_year"], strict=True))
    (indicator, year), most = counts.most_common(1)[0]
    total = communes["code"].nunique()
    label = lower_first(indicators[indicator].short_fr)
    others = len({name for name, _ in counts}) - 1
    return (
        f"{title}{NBSP}: {effect} pour {format_number(most)} des {plural(total, 'commune')} "
        f"(« {label} », {year}){_and_others(others)}."
    )


def _count_fragile(values: pd.DataFrame, indicators: dict[str, Indicator]) -> str:
    """Count the communes whose shares rest on a small sample, for the indicator and year that have most of them."""
    rows = values[find_fragile(values, indicators)]
    if rows.empty:
        return ""
    names = dict.fromkeys(rows["indicator"])
    labels = _quote(tuple(lower_first(indicators[name].short_fr) for name in names))
    floor = format_number(max(indicators[name].fragile_below for name in names))
    communes = rows[rows["level"] == "commune"]
    most = communes.groupby(["indicator", "ref_year"])["code"].nunique().max()
    total = values.loc[values["level"] == "commune", "code"].nunique()
    others = rows.loc[rows["level"] != "commune", "name"].unique().tolist()
    # a territory of one commune is named, not counted
    counted = len(communes) and total > 1
    where = [f"{format_number(most)} des {plural(total, 'commune')}"] if counted else []
    return (
        f"Données fragiles{NBSP}: {labels} pour {join_words([*where, *others])}, de moins de "
        f"{floor}{NBSP}habitants (sondage du recensement{NBSP}: valeurs à ne pas commenter une à une)."
    )


def _and_others(count: int) -> str:
    if count == 0:
        return ""
    return f", et pour {plural(count, 'autre indicateur', 'autres indicateurs')} au plus autant"


def _word_estimates(above: pd.DataFrame, indicators: dict[str, Indicator]) -> str:
    rows = above[above["status"] == ESTIMATE]
    if rows.empty:
        return ""
    by_place = {
        str(name): tuple(dict.fromkeys(lower_first(indicators[one].short_fr) for one in found))
        for name, found in rows.groupby("name", sort=False)["indicator"]
    }
    # places that share the same estimates are named together: France may have one, an industry area all
    clauses = [
        f"pour {join_words([name for name, found in by_place.items() if found == labels])}{NBSP}: "
        f"{_quote(labels)}"
        for labels in dict.fromkeys(by_place.values())
    ]
    return f"Estimations (valeurs publiées, pondérées par l'emploi) {f'{NBSP}; '.join(clauses)}."


def _quote(labels: tuple[str, ...]) -> str:
    shown = [f"« {label} »" for label in labels[:2]]
    others = [plural(len(labels) - 2, "autre")] if len(labels) > 2 else []
    return join_words([*shown, *others])


def _word_partial(above: pd.DataFrame) -> str:
    rows = above[above["status"] == PARTIAL].sort_values("coverage_pct")
    if rows.empty:
        return ""
    worst = rows.iloc[0]
    names = list(dict.fromkeys(rows["name"]))
    coverage = format_number(worst["coverage_pct"], 1)
    return (
        f"Couverture incomplète pour {join_words(names)}{NBSP}: au minimum {coverage}{NBSP}% des habitants "
        f"({worst['name']}, {worst['ref_year']})."
    )
