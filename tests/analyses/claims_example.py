"""Claims and figures written by hand: what the checking of claims is tested on."""

import datetime as dt

from terrdiag.analyses.claims.analyse import Tried, search_all
from terrdiag.analyses.claims.book import FigureBook
from terrdiag.analyses.claims.counts import counted_indicators
from terrdiag.analyses.claims.evaluate import choose_year, judge_claim
from terrdiag.analyses.claims.model import CheckedClaim, ClaimsFindings, Gap, Ground
from terrdiag.catalogue import load_indicators
from terrdiag.indicators import Place
from terrdiag.study.claims import ClaimTable, WrittenFloat
from terrdiag.values import STATUSES_WITH_VALUE, build_values, empty_values

TODAY = dt.date(2026, 1, 1)

FIGURES = """
territoire own    industry_salaried_jobs_share_pct 2016 14.6 estimate 90
territoire own    industry_jobs_share_pct          2022 12.4 estimate
territoire own    industry_establishments_share_pct 2018 7.62
territoire own    industry_establishments_share_pct 2024 8.4
territoire own    construction_jobs_share_pct      2022 7.9
territoire own    population                       2011 1000
territoire own    population                       2018 1040
territoire own    population_total                 2023 1100
perimetre  old    industry_establishments_share_pct 2018 7.9
perimetre  old    population                       2011 950
perimetre  old    population                       2018 990
region     76     industry_salaried_jobs_share_pct 2016 11.1 estimate
region     76     industry_jobs_share_pct          2022 9.4
region     76     industry_establishments_share_pct 2018 6.66
region     76     population                       2011 5000
region     76     population                       2018 5400 partial 97
petr       CR1    population                       2011 1030
petr       CR1    industry_jobs_share_pct          2022 13.2
"""
"""Level, code, indicator, year, value, status (``ok``), coverage (100)."""


def read_figures(text=FIGURES):
    """Read figures written as lines."""
    rows = []
    for line in text.strip().splitlines():
        level, code, indicator, year, value, *more = line.split()
        status, coverage = [*more, *("ok", "100")[len(more) :]]
        rows.append(
            {
                "level": level,
                "code": code,
                "name": f"Lieu {code}",
                "indicator": indicator,
                "ref_year": int(year),
                "value": float(value) if status in STATUSES_WITH_VALUE else float("nan"),
                "unit": load_indicators()[indicator].unit,
                "status": status,
                "coverage_pct": float(coverage),
                "source_id": "insee",
                "cog_year": 2026,
            }
        )
    return build_values(rows)


def make_book(text=FIGURES):
    """A book of these figures; nothing is ever computed from an edition."""
    return FigureBook(None, load_indicators() | counted_indicators(), read_figures(text))


def make_ground(level="territoire", code="own", communes="01 02", **more):
    return Ground(
        Place(level, code, f"Lieu {code}", tuple(communes.split())), more.pop("date", TODAY), **more
    )


OWN = make_ground()
OLD = make_ground("perimetre", "old", "01", change="date", until=dt.date(2023, 12, 31))
REGION = make_ground("region", "76", "01 02 03 04")
AROUND = make_ground("region", "76", "01 02 03 04", change="zoning")
PETR = make_ground("petr", "CR1", "01 02 03", change="zoning")


def make_claim(indicator, value, **more):
    """A claim; the value may be written as text, to keep its digits."""
    number = WrittenFloat(value) if isinstance(value, str) else value
    texts = {"text": "la phrase", "document": "le document", "indicator": indicator}
    return ClaimTable(**(texts | more), value=number)


def make_checked(claim, ground=OWN, number=1):
    return CheckedClaim(number, claim, "differs", ground)


def make_findings(*claims, text=FIGURES):
    """Check claims on these figures; a claim is about the territory, or about Occitanie."""
    book = make_book(text)
    places = [REGION if claim.place == "region:76" else OWN for claim in claims]
    places = [p if c.indicator else Gap("stated") for p, c in zip(places, claims, strict=True)]
    years = [
        claim.year or (choose_year(book, claim.indicator, [OWN, REGION]) if claim.indicator else 0)
        for claim in claims
    ]
    checked = [
        judge_claim(rank + 1, claim, place, book, year)
        for rank, (claim, place, year) in enumerate(zip(claims, places, years, strict=True))
    ]
    searched, joints = search_all(checked, years, Tried(OWN, (OLD,), (PETR, AROUND)), book)
    intervals = {2016: 2011, 2018: 2013}
    names = {"insee": "INSEE, Recensement (RP 2018)"}
    return ClaimsFindings(searched, joints, book.indicators, intervals, names, OWN, empty_values())
