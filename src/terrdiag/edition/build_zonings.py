"""Memberships that the embedded edition has not got: zonings of INSEE, Territoires d'industrie 2023, PETR of today."""

import datetime as dt
from collections.abc import Callable, Collection
from functools import partial
from typing import Final

import pandas as pd

from terrdiag.catalogue import Source, load_sources
from terrdiag.edition import memberships as members
from terrdiag.edition.bench import Workbench, load_reader, sources_feeding
from terrdiag.edition.passages import compare_passages, word_differences
from terrdiag.sources import banatic, programmes, zonings
from terrdiag.sources.extract import Dropped, Extract
from terrdiag.wording import plural

ZONING_SOURCE: Final = zonings.SOURCE_ID
TI_SOURCE: Final = programmes.SOURCE_ID
BANATIC_SOURCE: Final = banatic.SOURCE_ID

ZONING_KINDS: Final = tuple(zonings.ZONINGS)

GENERATION: Final = " (2023-2027)"
"""Set after the names: most are those of a territory of the first generation."""

GROUPEMENT_LIST: Final = "liste-ti-grpt"
"""Start of the name of the list of groupements, beside that of communes."""


def build_zonings(
    bench: Workbench, communes: pd.DataFrame, events: pd.DataFrame, cog_year: int
) -> list[pd.DataFrame]:
    """Make the memberships of the zonings of INSEE.

    Parameters
    ----------
    bench
        The workbench.
    communes, events
        Tables of the edition.
    cog_year
        Its COG year.

    Returns
    -------
    list of DataFrame
        One table with the columns of the memberships; none when the source is not there.
    """

    def make() -> pd.DataFrame:
        (path, *_) = bench.find(load_sources()[ZONING_SOURCE])
        extract = zonings.read_zonings(path)
        date = dt.date(cog_year, 1, 1)
        carried = [
            members.carry_list(rows, extract.cog_year, events, date)
            for _, rows in extract.table.groupby("kind")
        ]
        table = pd.concat(carried, ignore_index=True)
        known = table["code_commune"].isin(communes["code_commune"])
        more = (
            *members.describe_unknown(
                "communes qui ne sont pas dans l'édition", set(table.loc[~known, "code_commune"])
            ),
            *members.describe_unknown(
                "communes nouvelles à cheval sur deux zones, gardées dans les deux",
                _find_straddling(table, extract.table),
            ),
        )
        bench.take(extract, more)
        rows = [
            members.undated(str(kind), part, ZONING_SOURCE)
            for kind, part in table[known].groupby("kind")
        ]
        return pd.concat(rows, ignore_index=True)

    return _attempt(bench, ZONING_SOURCE, ZONING_KINDS, make)


def _find_straddling(carried: pd.DataFrame, listed: pd.DataFrame) -> list[str]:
    found = {
        code
        for kind, part in carried.groupby("kind")
        for code in members.find_straddling(part, listed[listed["kind"] == kind])
    }
    return sorted(found)


def check_passages(bench: Workbench, events: pd.DataFrame) -> None:
    """Compare where the events lead with the passage tables of INSEE that are there, and note what differs."""
    for source in sources_feeding("check"):
        if any(bench.raw.glob(source.path)):
            bench.attempt(source.id, partial(_compare_passages, bench, source, events), _nothing)


def _compare_passages(bench: Workbench, source: Source, events: pd.DataFrame) -> None:
    extract: Extract = load_reader(source)(bench.find(source)[0])
    table = bench.take(extract)
    differences = compare_passages(table, events, extract.cog_year)
    bench.notes.append(word_differences(differences))


def _nothing() -> None:
    """Carry nothing: a table that checks brings nothing to an edition."""


def build_ti_2023(
    bench: Workbench, groupements: pd.DataFrame, events: pd.DataFrame, cog_year: int
) -> list[pd.DataFrame]:
    """Make the memberships of the Territoires d'industrie of 2023-2027.

    Parameters
    ----------
    bench
        The workbench.
    groupements
        ``code, code_commune, valid_from, valid_to`` of everything that bears a SIREN: the list of groupements, when
        it is there, is compared with that of communes; what differs is named.
    events
        Events of the edition.
    cog_year
        Its COG year.

    Returns
    -------
    list of DataFrame
        One table with the columns of the memberships; none when the source is not there.
    """
    date = dt.date(cog_year, 1, 1)

    def make() -> pd.DataFrame:
        paths = bench.find(load_sources()[TI_SOURCE])
        lists = [path for path in paths if not path.name.startswith(GROUPEMENT_LIST)]
        # with the list of groupements alone, the file that lacks is named
        path = lists[0] if lists else bench.path(load_sources()[TI_SOURCE].files[0].path)
        extract = programmes.read_ti_2023(path)
        names = extract.table.drop_duplicates("code").set_index("code")["nom"] + GENERATION
        dated = members.date_list(
            extract.table[["code", "code_commune"]], extract.cog_year, events, date
        )
        now = members.select_valid(dated, date)
        more = members.describe_unknown(
            "communes nouvelles à cheval sur deux Territoires d'industrie, gardées dans les deux",
            members.find_straddling(now, extract.table),
        )
        for other in paths:
            if other.name.startswith(GROUPEMENT_LIST):
                more += _compare(
                    bench, programmes.read_ti_2023_groupements(other), groupements, now, date
                )
        bench.take(extract, more)
        return dated.assign(kind="ti2023", nom=dated["code"].map(names), source_id=TI_SOURCE)

    return _attempt(bench, TI_SOURCE, ["ti2023"], make)


def _compare(
    bench: Workbench,
    extract: Extract,
    groupements: pd.DataFrame,
    listed: pd.DataFrame,
    date: dt.date,
) -> tuple[Dropped, ...]:
    """Name the communes that the lists of communes and of groupements do not put in the same territory."""
    bench.take(extract)
    derived, unknown = members.derive_from_epci(
        extract.table, members.select_valid(groupements, date)
    )
    pairs = [set(zip(t["code"], t["code_commune"], strict=True)) for t in (listed, derived)]
    words = [f"{commune} ({code})" for code, commune in sorted(pairs[0] ^ pairs[1])]
    return (
        *members.describe_unknown(
            "communes que la liste des communes et celle des groupements ne mettent pas dans le même territoire "
            "(la première est suivie)",
            words,
        ),
        *members.describe_unknown("groupements sans composition connue", unknown),
    )


def build_petr(
    bench: Workbench,
    former: pd.DataFrame,
    groupements: pd.DataFrame,
    communes: pd.DataFrame,
    cog_year: int,
) -> list[pd.DataFrame]:
    """Make the memberships of the PETR: those of BANATIC from its exports on, those of 2018 until then.

    The composition of the day of an export is taken as that of the edition's date when the export is later.

    Parameters
    ----------
    bench
        The workbench.
    former
        Memberships of the PETR of the contracts of 2018. They end where an export of their région replaces them.
    groupements
        ``code, code_commune, valid_from, valid_to`` of everything that bears a SIREN.
    communes
        Communes of the edition.
    cog_year
        Its COG year.

    Returns
    -------
    list of DataFrame
        Tables with the columns of the memberships.
    """
    regions: set[str] = set()

    def make() -> pd.DataFrame:
        paths = bench.find(load_sources()[BANATIC_SOURCE])
        extract = banatic.read_petr_members(paths)
        regions.update(path.stem for path in paths)
        edition_date = dt.date(cog_year, 1, 1)
        start = _find_start(extract.table["exported"], edition_date)
        derived, unknown = members.derive_from_epci(
            extract.table, members.select_valid(groupements, edition_date)
        )
        bench.take(
            extract, members.describe_unknown("membres de PETR sans commune connue", unknown)
        )
        bench.notes.append(_word_exports(extract.table["exported"], len(paths), start))
        table = derived.drop_duplicates(["code", "code_commune"])
        return table.assign(
            kind="petr",
            valid_from=pd.Timestamp(start),
            valid_to=members.NO_DATE,
            source_id=BANATIC_SOURCE,
        )

    found = _attempt(bench, BANATIC_SOURCE, ["petr"], make)
    if not found:
        return [former]
    (table,) = found
    region_of = communes.set_index("code_commune")["code_region"]
    covered = regions | set(table["code_commune"].map(region_of).dropna())
    replaced = _find_replaced(former, region_of, covered)
    start = table["valid_from"].min().date()
    ended = members.close_at(former[former["code"].isin(replaced)], start)
    return [former[~former["code"].isin(replaced)], ended, table]


def _find_start(exported: "pd.Series[pd.Timestamp]", edition_date: dt.date) -> dt.date:
    """Give the day from which the members hold: that of the first export, the edition's date at the latest."""
    first = exported.min()
    return edition_date if pd.isna(first) else min(first.date(), edition_date)


def _word_exports(exported: "pd.Series[pd.Timestamp]", count: int, start: dt.date) -> str:
    days = sorted({day.strftime("%d/%m/%Y") for day in exported.dropna().dt.date})
    when = (
        f"du {days[0]}"
        if len(days) == 1
        else f"du {days[0]} au {days[-1]}"
        if days
        else "sans date"
    )
    return (
        f"PETR : composition de BANATIC ({plural(count, 'export régional', 'exports régionaux')} {when}), "
        f"tenue pour celle du {start:%d/%m/%Y}."
    )


def _find_replaced(
    former: pd.DataFrame, region_of: "pd.Series[str]", covered: Collection[str]
) -> set[str]:
    """List the former PETR most of whose communes are in a région whose export is there."""
    inside = former["code_commune"].map(region_of).isin(list(covered))
    share = inside.groupby(former["code"]).mean()
    return set(share.index[share >= 0.5])


def _attempt(
    bench: Workbench, source_id: str, kinds: Collection[str], make: Callable[[], pd.DataFrame]
) -> list[pd.DataFrame]:
    """Make a table, or carry it from the base edition; none when neither has it."""
    source = load_sources()[source_id]
    if bench.base is None and not any(bench.raw.glob(source.path)):
        return []
    table = bench.attempt(source_id, make, lambda: bench.carry_memberships(kinds, source_id))
    return [] if table.empty else [table[members.COLUMNS]]
