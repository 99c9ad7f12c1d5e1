"""Small tables of values by sector, written by hand: what the analyses of specialisation are tested on."""

import functools
import math
from pathlib import Path

from terrdiag.analyses.sectors.mix import SECTORS
from terrdiag.edition import open_edition
from terrdiag.indicators import compute_values, list_places
from terrdiag.indicators.places import Place, Places
from terrdiag.territory import (
    read_commune_frame,
    resolve_comparators,
    resolve_perimeter,
    resolve_target,
)
from terrdiag.values import STATUSES_WITH_VALUE, build_values

NAN = math.nan

VAL = ("01001", "01002", "01003", "01004", "01005", "01006")
COMMUNES = tuple(Place("commune", code, f"Commune {code[-1]}", (code,)) for code in VAL)
HAUT = Place("epci", "200000001", "CC du Haut", VAL[:3])
BAS = Place("epci", "200000002", "CC du Bas", VAL[3:])
TERRITORY = Place("territoire", "val", "Val-d'Exemple", VAL)
AIN = Place("departement", "01", "Ain", (*VAL, "01007", "01008"))
FRANCE = Place("france", "00FR", "France", (*AIN.communes, "02001"))
PLACES = Places(COMMUNES, (HAUT, BAS, TERRITORY, AIN, FRANCE))


def row(place, indicator, year, value, status="ok", **more):
    """One row of the table of values."""
    return {
        "level": place.level,
        "code": place.code,
        "name": place.name,
        "indicator": indicator,
        "ref_year": year,
        "value": value if status in STATUSES_WITH_VALUE else NAN,
        "status": status,
        "unit": "",
        "source_id": "insee-essai",
        "cog_year": 2026,
        **more,
    }


def establishments(place, year, counts, *, status="ok", coverage=100.0):
    """Rows of the five sectors of a place: counts in the order of SECTORS, or a status instead of one."""
    total = sum(count for count in counts if not isinstance(count, str))
    rows = [row(place, "establishments", year, total, status, coverage_pct=coverage)]
    for sector, count in zip(SECTORS, counts, strict=True):
        name = f"{sector}_establishments_share_pct"
        if isinstance(count, str):
            rows.append(row(place, name, year, NAN, count))
        else:
            more = {"numerator": count, "denominator": total, "coverage_pct": coverage}
            rows.append(row(place, name, year, 100 * count / total, status, **more))
    return rows


def job_shares(place, year, shares, status="ok", growth=None):
    """Rows of shares of jobs, by sector, and of the published growth that ends that year."""
    rows = [
        row(place, f"{name}_jobs_share_pct", year, share, status) for name, share in shares.items()
    ]
    if growth is not None:
        rows.append(row(place, "jobs_growth_published_pct", year, growth, status))
    return rows


def five(*shares):
    """Shares of jobs of the five sectors, in the order of SECTORS."""
    return dict(zip(SECTORS, shares, strict=True))


def three(construction, trade_services, administration):
    """Shares of jobs of the three sectors published for every census."""
    return {
        "construction": construction,
        "trade_services": trade_services,
        "administration": administration,
    }


def communes(what, year, counts):
    """Rows of a count by commune (a status instead of a number where it is not known), and of the territory."""
    known = [count for count in counts if not isinstance(count, str)]
    covered = 100.0 * len(known) / len(counts)
    rows = [
        row(place, what, year, NAN, count)
        if isinstance(count, str)
        else row(place, what, year, count)
        for place, count in zip(COMMUNES, counts, strict=True)
    ]
    status = "ok" if covered == 100 else "partial"
    return [*rows, row(TERRITORY, what, year, float(sum(known)), status, coverage_pct=covered)]


def table(*groups):
    """The table of values of some groups of rows."""
    return build_values([one for group in groups for one in group])


def find(values, place, indicator, year=None):
    """The row of a value, as a dict."""
    rows = values[(values["level"] == place.level) & (values["code"] == place.code)]
    rows = rows[rows["indicator"] == indicator]
    if year is not None:
        rows = rows[rows["ref_year"] == year]
    [found] = rows.to_dict("records")
    return found


@functools.cache
def run_embedded(target):
    """Values, places and intervals of a territory of the embedded edition, once a session."""
    edition = open_edition()
    study = resolve_target(target, edition, Path(__file__).parents[2] / "pipelines")
    perimeter = resolve_perimeter(study, edition)
    frame = read_commune_frame(edition, perimeter)
    comparators = resolve_comparators(study, perimeter, edition)
    places = list_places(perimeter, comparators, frame, edition.date)
    return compute_values(edition, places)[0], places, edition.info.intervals
