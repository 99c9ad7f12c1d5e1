"""Memberships beyond those of the embedded edition: zonings, Territoires d'industrie 2023, PETR of BANATIC."""

import datetime as dt

import pandas as pd
import pytest

from sources.test_banatic import row, save
from sources.test_zonings import COMMUNES, HEADER, ZONES
from sources.workbooks import save_workbook
from terrdiag.edition import memberships as members
from terrdiag.edition.bench import Workbench
from terrdiag.edition.build_zonings import build_petr, build_ti_2023, build_zonings
from terrdiag.errors import SourceFormatError, SourceUnavailableError

TODAY = dt.date(2026, 1, 1)

EDITION = pd.DataFrame(
    {
        "code_commune": ["01001", "01003", "2A004", "65059", "65222", "65440", "69001"],
        "code_region": ["84", "84", "94", "76", "76", "76", "84"],
    }
)
EVENTS = pd.DataFrame(
    {
        "date": pd.to_datetime(["2024-01-01", "2024-01-01", "2025-01-01", "2025-01-01"]),
        "kind": [32, 32, 21, 21],
        "code_before": ["01002", "01001", "65059", "65059"],
        "code_after": ["01001", "01001", "65059", "65222"],
    }
)
NO_EVENTS = EVENTS.iloc[:0]


@pytest.fixture
def bench(tmp_path):
    return Workbench(tmp_path, lambda _: None)


def put(bench, path):
    target = bench.raw / path
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def dropped(bench, source_id):
    return {one.reason: one.examples for one in bench.provenance[source_id].dropped}


def rows_of(table, *columns):
    """Rows as texts, sorted; a date that is not known is « NaT »."""
    texts = table[list(columns)].map(lambda cell: "NaT" if pd.isna(cell) else str(cell))
    return sorted(map(tuple, texts.to_numpy().tolist()))


def days_of(table):
    days = table.assign(valid_from=table["valid_from"].dt.date, valid_to=table["valid_to"].dt.date)
    return rows_of(days, "code", "code_commune", "valid_from", "valid_to", "source_id")


# --- zonings ------------------------------------------------------------------------------------


def save_table(bench, communes=COMMUNES, stated="Géographie au 1er janvier 2026"):
    path = put(bench, "insee/zonages/table-appartenance-geo-communes-2026.zip")
    return save_workbook(
        path, {"COM": (HEADER, *communes), "Zones_supra_communales": ZONES}, stated=stated
    )


def test_nothing_is_made_of_what_is_not_there(bench):
    assert build_zonings(bench, EDITION, NO_EVENTS, 2026) == []
    assert build_ti_2023(bench, no_groupements(), NO_EVENTS, 2026) == []
    former = petr_2018()
    assert build_petr(bench, former, no_groupements(), EDITION, 2026) == [former]
    assert bench.absent == {}


def test_zonings(bench):
    save_table(bench)
    (table,) = build_zonings(bench, EDITION, NO_EVENTS, 2026)
    assert list(table.columns) == members.COLUMNS
    assert set(table["kind"]) == {"ze", "aav", "bv", "uu", "arr", "cv"}
    assert table[["valid_from", "valid_to"]].isna().all(axis=None)
    assert rows_of(table[table["kind"] == "ze"], "code", "code_commune") == [
        ("7624", "65059"),
        ("7624", "65222"),
        ("7624", "65440"),
        ("9401", "2A004"),
    ]


def test_an_older_table_is_carried_to_the_edition(bench):
    # 65222 was a part of 65059; the table of 2024 gives it what 65059 has
    save_table(bench, (COMMUNES[0], COMMUNES[3]), "Géographie au 1er janvier 2024")
    (table,) = build_zonings(bench, EDITION, EVENTS, 2026)
    assert rows_of(table[table["kind"] == "bv"], "code", "code_commune") == [
        ("2A004", "2A004"),
        ("65059", "65059"),
        ("65059", "65222"),
    ]


def test_communes_that_the_edition_has_not_are_named(bench):
    save_table(bench)
    (table,) = build_zonings(bench, EDITION[EDITION["code_commune"] != "65440"], NO_EVENTS, 2026)
    assert "65440" not in set(table["code_commune"])
    found = dropped(bench, "insee-table-appartenance-2026")
    assert found["communes qui ne sont pas dans l'édition"] == ("65440",)


def test_a_merged_commune_of_two_zones_is_named(bench):
    communes = (("01001", *COMMUNES[0][1:]), ("01002", *COMMUNES[1][1:]))
    save_table(bench, communes, "Géographie au 1er janvier 2023")
    (table,) = build_zonings(bench, EDITION, EVENTS, 2026)
    assert rows_of(table[table["kind"] == "arr"], "code", "code_commune") == [
        ("651", "01001"),
        ("653", "01001"),
    ]
    found = dropped(bench, "insee-table-appartenance-2026")
    assert found["communes nouvelles à cheval sur deux zones, gardées dans les deux"] == ("01001",)


def test_a_table_later_than_the_edition_is_refused(bench):
    save_table(bench, stated="Géographie au 1er janvier 2027")
    with pytest.raises(
        SourceFormatError, match="communes de 2027 ne peut pas être ramenée à celles de 2026"
    ):
        build_zonings(bench, EDITION, NO_EVENTS, 2026)


# --- Territoires d'industrie 2023-2027 -----------------------------------------------------------

TI = """insee_com,lib_com,id_ti,lib_ti
01001,Un,ti-8401,Ain
01002,Deux,ti-8402,Bugey
65059,Bagnères,ti-7505,Tarbes
"""
GROUPEMENTS = """id_ti,lib_ti,siren_groupement,lib_groupement,nature_juridique
ti-8401,Ain,200000001,CC,CC
ti-7505,Tarbes,216500595,Bagnères,COM
"""


def no_groupements():
    return pd.DataFrame(
        {
            name: pd.Series(dtype="object")
            for name in ("code", "code_commune", "valid_from", "valid_to")
        }
    )


def groupements(*pairs):
    table = pd.DataFrame(pairs, columns=["code", "code_commune"])
    return table.assign(valid_from=members.NO_DATE, valid_to=members.NO_DATE)


def test_territoires_industrie(bench):
    put(bench, "anct/territoires-industrie-2023/liste-ti-com2023-20240704.csv").write_text(TI)
    (table,) = build_ti_2023(bench, no_groupements(), EVENTS, 2026)
    assert list(table.columns) == members.COLUMNS
    assert set(table["nom"]) == {"Ain (2023-2027)", "Bugey (2023-2027)", "Tarbes (2023-2027)"}
    days = [one[:4] for one in days_of(table)]
    assert days == [
        # 65222 came out of 65059 on 1 January 2025
        ("ti-7505", "65059", "2023-01-01", "NaT"),
        ("ti-7505", "65222", "2025-01-01", "NaT"),
        ("ti-8401", "01001", "2023-01-01", "NaT"),
        # 01002 is a part of 01001 since 2024
        ("ti-8402", "01001", "2024-01-01", "NaT"),
        ("ti-8402", "01002", "2023-01-01", "2024-01-01"),
    ]
    found = dropped(bench, "anct-territoires-industrie-2023")
    assert found == {
        "communes nouvelles à cheval sur deux Territoires d'industrie, gardées dans les deux": (
            "01001",
        )
    }


def test_groupements_are_compared_with_communes(bench):
    put(bench, "anct/territoires-industrie-2023/liste-ti-com2023-20240704.csv").write_text(TI)
    put(bench, "anct/territoires-industrie-2023/liste-ti-grpt2023-20240704.csv").write_text(
        GROUPEMENTS
    )
    known = groupements(("200000001", "01001"), ("200000001", "01003"), ("216500595", "65059"))
    build_ti_2023(bench, known, NO_EVENTS, 2026)
    found = dropped(bench, "anct-territoires-industrie-2023")
    [(reason, examples)] = found.items()
    assert reason.startswith(
        "communes que la liste des communes et celle des groupements ne mettent pas"
    )
    assert examples == ("01003 (ti-8401)", "01002 (ti-8402)")


def test_the_list_of_groupements_alone_is_not_enough(bench):
    put(bench, "anct/territoires-industrie-2023/liste-ti-grpt2023-20240704.csv").write_text(
        GROUPEMENTS
    )
    with pytest.raises(SourceUnavailableError, match=r"liste-ti-com2023-20240704\.csv est absent"):
        build_ti_2023(bench, no_groupements(), NO_EVENTS, 2026)


# --- PETR ---------------------------------------------------------------------------------------

PAYS = "200053981"


def petr_2018():
    """A contract in Occitanie, one in Auvergne-Rhône-Alpes, both since 2019."""
    rows = [("CR0001", "65059"), ("CR0001", "65440"), ("CR0002", "69001")]
    table = pd.DataFrame(rows, columns=["code", "code_commune"])
    return table.assign(
        kind="petr",
        nom="Pays",
        valid_from=pd.Timestamp(2019, 1, 1),
        valid_to=members.NO_DATE,
        source_id="anct-petr-2018",
    )[members.COLUMNS]


PETR = (
    row(PAYS, "PETR de Bigorre", "PETR", "246500482", "CC", "Groupement"),
    row(PAYS, "PETR de Bigorre", "PETR", "216504400", "Tarbes", "Commune"),
    row(PAYS, "PETR de Bigorre", "PETR", "249999999", "Inconnu", "Groupement"),
)
KNOWN = (("246500482", "65059"), ("246500482", "65222"), ("216504400", "65440"))


def known_groupements():
    past = groupements(("246500482", "65440")).assign(valid_to=pd.Timestamp(2020, 1, 1))
    return pd.concat([groupements(*KNOWN), past], ignore_index=True)


@pytest.mark.parametrize(
    ("made", "start", "note"),
    [
        (
            dt.date(2026, 11, 2),
            "2026-01-01",
            "1 export régional du 02/11/2026), tenue pour celle du 01/01/2026.",
        ),
        (
            dt.date(2025, 6, 15),
            "2025-06-15",
            "1 export régional du 15/06/2025), tenue pour celle du 15/06/2025.",
        ),
    ],
)
def test_petr(bench, made, start, note):
    save(put(bench, "interieur/banatic/76.xlsx"), PETR, made=dt.datetime.combine(made, dt.time()))
    table = pd.concat(build_petr(bench, petr_2018(), known_groupements(), EDITION, 2026))
    assert list(table.columns) == members.COLUMNS
    assert days_of(table) == [
        (PAYS, "65059", start, "NaT", "interieur-banatic"),
        (PAYS, "65222", start, "NaT", "interieur-banatic"),
        (PAYS, "65440", start, "NaT", "interieur-banatic"),
        ("CR0001", "65059", "2019-01-01", start, "anct-petr-2018"),
        ("CR0001", "65440", "2019-01-01", start, "anct-petr-2018"),
        # its région has no export: the contract goes on
        ("CR0002", "69001", "2019-01-01", "NaT", "anct-petr-2018"),
    ]
    assert dropped(bench, "interieur-banatic")["membres de PETR sans commune connue"] == (
        "249999999",
    )
    assert bench.notes[0].replace("\xa0", " ").endswith(note)


# --- lists --------------------------------------------------------------------------------------


def test_what_a_date_closes():
    table = petr_2018().assign(
        valid_from=pd.to_datetime(["2019-01-01", "2019-01-01", "2026-01-01"]),
        valid_to=pd.to_datetime([None, "2022-01-01", None]),
    )
    closed = members.close_at(table, TODAY)
    assert closed["valid_to"].dt.year.tolist() == [2026, 2022]
    assert members.select_valid(closed, TODAY).empty
    assert members.select_valid(table, TODAY)["code"].tolist() == ["CR0001", "CR0002"]
