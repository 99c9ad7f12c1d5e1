"""Turn observations of Melodi into figures: what a status means, what an absent row means, what must add up.

Four things are not the same: a figure that is zero, one that is not disseminated (status ``K``: it is
counted with another commune), one that is under secrecy, and a combination that has no row. The last
is a zero only where the total of the commune proves it: when its other parts make up the whole of it.
Otherwise nothing is known of it.
"""

import itertools
from pathlib import Path
from typing import Final

import pandas as pd

from terrdiag.errors import SourceFormatError
from terrdiag.sources.extract import Dropped, Extract, check_unique
from terrdiag.sources.melodi.bulk import Observations
from terrdiag.sources.melodi.datasets import Dataset
from terrdiag.sources.melodi.layout import Findings, lay_out, sum_parts
from terrdiag.sources.tables import (
    COMMUNE_PATTERN,
    make_extract,
    make_figures,
)
from terrdiag.values import MISSING, OK, SECRET

NOT_DISSEMINATED: Final = "K"

INCLUDES_ANOTHER: Final = "W"

STATUSES: Final = {
    **dict.fromkeys(("", "A", "B", "D", "E", "F", "I", "P", "U", "V", INCLUDES_ANOTHER), OK),
    **dict.fromkeys((NOT_DISSEMINATED, "L", "M", "O"), MISSING),
    "Q": SECRET,
}
"""What a status of observation (SDMX, ``CL_OBS_STATUS``) says of the value beside it."""

CONFIDENTIAL: Final = ("C", "N", "S")
"""``CONF_STATUS`` of a value that is not given for being confidential."""

HIGHEST: Final = 1e9


def make_figures_extract(
    dataset: Dataset,
    observations: Observations,
    source_id: str,
    cities: pd.DataFrame,
    files: tuple[Path, ...] = (),
) -> Extract:
    """Make the figures of communes out of observations.

    Parameters
    ----------
    dataset
        Which codes make which variables, and what must add up.
    observations
        As read from a bulk file or from the interface.
    source_id
        The source, as in the register.
    cities
        ``code_arrondissement, code_commune``: an arrondissement of Paris, Lyon or Marseille is never
        counted beside its commune.
    files
        The files read.

    Returns
    -------
    Extract
        A table of figures of communes. A value with status ``K`` is missing, never zero.

    Raises
    ------
    SourceFormatError
        A code, a year or a value is not one, a figure stands twice, or parts do not sum to their total.
    """
    rows = _name_variables(dataset, observations)
    inside = rows["code"].isin(cities["code_arrondissement"])
    found = Findings()
    found.add(
        "arrondissements de Paris, Lyon et Marseille (déjà comptés dans leur commune)",
        rows.loc[inside, "code"],
    )
    # year after year: what is laid out for nine censuses at once would fill the memory
    tables = [
        _make_year(block, dataset, observations.where, found)
        for _, block in rows[~inside].groupby("ref_year")
    ]
    table = pd.concat(tables) if tables else pd.DataFrame()
    if table.empty:
        raise SourceFormatError(
            f"{observations.where} : aucune commune n'a l'une des variables attendues "
            f"({', '.join(dataset.handed_over)}). Ce n'est pas le fichier attendu, ou ses codes ont changé."
        )
    years = sorted(map(int, table["ref_year"].unique()))
    intervals = tuple(itertools.pairwise(years)) if dataset.compares else ()
    dropped = (*_word_levels(observations), *found.words())
    return make_extract(source_id, table, files, dropped, intervals, cog_year=observations.cog_year)


def _make_year(
    rows: pd.DataFrame, dataset: Dataset, where: object, found: Findings
) -> pd.DataFrame:
    """Make the figures of one year."""
    year = int(rows["ref_year"].iloc[0])
    judged = _judge(rows.astype({"code": "str", "variable": "str", "mark": "str"}), where)
    _note_statuses(judged, found)
    values, statuses = lay_out(judged, dataset, where, found)
    for name, parts in dataset.sums.items():
        values[name], statuses[name] = sum_parts(values[list(parts)], statuses[list(parts)])
    codes = values.index.to_series()
    # what the data set does not give for the year is not a figure that is missing
    figures = [
        (name, year, values[name], statuses[name])
        for name in dataset.handed_over
        if statuses[name].notna().all()
    ]
    return make_figures("commune", codes, figures) if figures else pd.DataFrame()


def _name_variables(dataset: Dataset, observations: Observations) -> pd.DataFrame:
    """Give each observation its commune, variable and year; refuse a figure that stands twice."""
    raw, where = observations.table, observations.where
    texts = {name: raw[name].astype("category") for name in raw.columns if name != "OBS_VALUE"}
    _check_texts(texts["GEO"], COMMUNE_PATTERN, "code(s) mal formé(s)", where)
    _check_texts(
        texts["TIME_PERIOD"], r"(?:19|20)\d\d", "valeur(s) qui ne sont pas des années", where
    )
    keys = raw[dataset.dimensions[0]].astype("str")
    for name in dataset.dimensions[1:]:
        keys = keys + " " + raw[name].astype("str")
    names = {" ".join(key): name for key, name in dataset.variables.items()}
    nothing = pd.Series("", index=raw.index, dtype="category")
    rows = pd.DataFrame(
        {
            "code": texts["GEO"],
            "variable": keys.astype("category").map(names),
            "ref_year": texts["TIME_PERIOD"].map(int).astype("int64"),
            "text": raw["OBS_VALUE"],
            "mark": texts.get("OBS_STATUS", nothing),
            "confidential": texts.get("CONF_STATUS", nothing).isin(CONFIDENTIAL),
        }
    )
    rows = rows[rows["variable"].notna()]
    own = ["code", "variable", "ref_year"]
    known = {"GEO", "TIME_PERIOD", "OBS_VALUE", "OBS_STATUS", "CONF_STATUS", *dataset.dimensions}
    more = [name for name in texts if name not in known and len(texts[name].unique()) > 1]
    if more and rows.duplicated(own).any():
        raise SourceFormatError(
            f"{where} : plusieurs valeurs par commune, que distingue une dimension inconnue de terrdiag : "
            f"{', '.join(more)}. Le producteur a détaillé ce jeu de données : mettez terrdiag à jour."
        )
    check_unique(rows, own, Path(str(where)))
    return rows


def _check_texts(texts: pd.Series, pattern: str, what: str, where: object) -> None:
    """Refuse texts of a bad form, such as the code of a commune that lost its zero."""
    distinct = pd.Series(texts.cat.categories.astype("str"))
    bad = distinct[~distinct.str.fullmatch(pattern)]
    if not bad.empty:
        examples = ", ".join(f"« {text[:40]} »" for text in bad.head(3))
        raise SourceFormatError(
            f"{where}, colonne {texts.name} : {len(bad)} {what} : {examples}. "
            "Un tableur retire les zéros de tête : reprenez le fichier du producteur, tel quel."
        )


def _judge(rows: pd.DataFrame, where: object) -> pd.DataFrame:
    """Give each observation its value and status."""
    text = rows["text"].str.strip()
    status = rows["mark"].str.strip().map(STATUSES)
    if status.isna().any():
        unknown = sorted(rows.loc[status.isna(), "mark"].unique())
        raise SourceFormatError(
            f"{where}, colonne OBS_STATUS : statut inconnu : {', '.join(unknown)[:200]}. "
            "Le producteur a peut-être changé ses codes : mettez terrdiag à jour."
        )
    empty = text == ""
    status = status.mask((status == OK) & empty, MISSING).mask(empty & rows["confidential"], SECRET)
    value = pd.to_numeric(text, errors="coerce").astype("float64").where(status == OK)
    bad = (status == OK) & ~value.between(0, HIGHEST)
    if bad.any():
        first = rows[bad].iloc[0]
        raise SourceFormatError(
            f"{where}, commune {first['code']}, {first['ref_year']} : « {first['text']} » n'est pas un effectif "
            f"({int(bad.sum())} valeur(s) en tout). Vérifiez que le fichier est celui du producteur."
        )
    return rows.assign(value=value, status=status)


def _note_statuses(rows: pd.DataFrame, found: Findings) -> None:
    """Note what is not disseminated, secret or not given, and what counts another commune too."""
    hidden = rows["mark"] == NOT_DISSEMINATED
    missing, known = rows["status"] == MISSING, rows["status"] == OK
    for reason, concerned in (
        ("valeurs non diffusées (statut K : comptées avec une autre commune), manquantes", hidden),
        ("valeurs sous secret statistique", rows["status"] == SECRET),
        ("valeurs non renseignées", missing & ~hidden),
        (
            "valeurs gardées qui comprennent aussi une autre commune (statut W)",
            known & (rows["mark"] == INCLUDES_ANOTHER),
        ),
    ):
        found.add(reason, rows.loc[concerned, "code"])


def _word_levels(observations: Observations) -> tuple[Dropped, ...]:
    levels = observations.other_levels
    if not levels:
        return ()
    return (
        Dropped(
            f"lignes d'autres niveaux que la commune ({', '.join(sorted(levels))}) : ils se recomptent des communes",
            sum(levels.values()),
        ),
    )
