"""A small table of values written by hand: every status, every kind of code, every nasty text."""

import datetime as dt

import pandas as pd

from terrdiag.catalogue.models import Indicator, Theme
from terrdiag.edition.schema import SourceRecord
from terrdiag.tables import TableContext
from terrdiag.values import VALUE_DTYPES

NAN = float("nan")

ROWS = [
    # level, code, name, indicator, ref_year, value, unit,
    # numerator, denominator, coverage_pct, status, source_id
    ("commune", "01004", "Ambérieu", "jobs", 2018, 0.1 + 0.2, "emplois", NAN, NAN, 100, "ok", "a"),
    ("commune", "01004", "Ambérieu", "rate", 2018, -1 / 3, "%", -1, 300, 100, "ok", "a+b"),
    ("commune", "01004", "Ambérieu", "growth", 2018, 1.5, "% par an", 110, 102, 100, "ok", "a"),
    ("commune", "2A004", "Ajaccio", "jobs", 2018, 1.5e-7, "emplois", NAN, NAN, 100, "ok", "a"),
    ("commune", "2A004", "Ajaccio", "rate", 2018, NAN, "%", 1, 3, 100, "too_small", "a+b"),
    ("commune", "2A004", "Ajaccio", "growth", 2018, NAN, "% par an", NAN, NAN, NAN, "secret", "a"),
    (
        "commune",
        "65059",
        "=cmd|' /C calc'!A0",
        "jobs",
        2018,
        NAN,
        "emplois",
        NAN,
        NAN,
        NAN,
        "missing",
        "",
    ),
    (
        "commune",
        "65059",
        "=cmd|' /C calc'!A0",
        "rate",
        2018,
        NAN,
        "%",
        0,
        0,
        100,
        "not_applicable",
        "b",
    ),
    ("commune", "65059", "=cmd|' /C calc'!A0", "rate", 2022, 12, "%", 6, 50, 100, "ok", "b"),
    (
        "epci",
        "246500482",
        'CC de la « Haute; "Bigorre" »',
        "jobs",
        2018,
        66730000.126,
        "emplois",
        NAN,
        NAN,
        98.5,
        "partial",
        "a",
    ),
    (
        "territoire",
        "mini",
        "Le\r\nterritoire\t🏔",
        "rate",
        2018,
        11.4,
        "%",
        NAN,
        NAN,
        100,
        "estimate",
        "a",
    ),
    ("departement", "01", "+Ain", "jobs", 2018, -0.0, "emplois", NAN, NAN, 100, "ok", "a"),
    (
        "france",
        "00FR",
        "@France",
        "jobs",
        2018,
        12345678901234,
        "emplois",
        NAN,
        NAN,
        100,
        "ok",
        "a",
    ),
]


def make_values(rows=ROWS):
    frame = pd.DataFrame([(*row, 2026) for row in rows], columns=list(VALUE_DTYPES))
    return frame.astype(VALUE_DTYPES)


def make_indicator(key, label, unit, *, theme="emploi", inputs=("x",), **changes):
    entry = {
        "id": key,
        "theme": theme,
        "label_fr": label,
        "label_en": label,
        "short_fr": label,
        "unit": unit,
        "decimals": 1,
        "kind": "count",
        "inputs": inputs,
        "formula_fr": f"formule de {key}",
        "definition_fr": f"définition de {key}",
        "source": ("a",),
    }
    return Indicator(**(entry | changes))


def make_source(key, **changes):
    entry = {
        "id": key,
        "producer": "INSEE",
        "title": f"Fichier {key}",
        "vintage": "RP 2018",
        "landing_page": "https://example.org/page",
        "address": "https://example.org/file.csv",
        "licence": "Licence Ouverte 2.0",
        "licence_url": "https://example.org/licence",
        "attribution": "INSEE",
        "cog_year": 2026,
        "ref_years": (2018,),
    }
    return SourceRecord(**(entry | changes))


def make_context(**changes):
    indicators = [
        make_indicator("jobs", "Emplois", "emplois", decimals=0),
        make_indicator("rate", "Part", "%", kind="ratio_of_sums", decimals=2),
        make_indicator(
            "growth",
            "Évolution",
            "% par an",
            kind="growth",
            inputs=("x:start", "x:end"),
            theme="population",
            signed=True,
        ),
        make_indicator("unused", "Jamais calculé", "m", theme="relief"),
    ]
    themes = {"population": "Population", "emploi": "Emploi", "relief": "Relief"}
    entry = {
        "territory": "mini",
        "name": "Mini-France",
        "date": dt.date(2026, 1, 1),
        "indicators": {one.id: one for one in indicators},
        "themes": {k: Theme(id=k, label_fr=label, label_en=label) for k, label in themes.items()},
        "sources": {
            "a": make_source("a"),
            "b": make_source("b", producer="DGCL"),
            "contours": make_source("contours", ref_years=()),
            "unused": make_source("unused"),
        },
        "intervals": ((2011, 2016), (2013, 2018)),
        "notice": ("3 communes.",),
        "warnings": ("=attention",),
    }
    return TableContext(**(entry | changes))
