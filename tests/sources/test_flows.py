"""Commuting flows: the header of the producer, arrondissements, the border, and what is refused."""

import io
import zipfile

import pytest

from terrdiag.errors import SourceFormatError
from terrdiag.sources.flows import read_commuting_flows

HEADER = "CODGEO;LIBGEO;DCLT;L_DCLT;NBFLUX_C22_ACTOCC15P\n"
ROWS = (
    "65059;Bagnères-de-Bigorre;65059;Bagnères-de-Bigorre;1500.25\n"
    "65059;Bagnères-de-Bigorre;65440;Tarbes;400.5\n"
    "65440;Tarbes;65059;Bagnères-de-Bigorre;120\n"
    "01004;Ambérieu;99140;Suisse;35.5\n"
)
INNER = "base-flux-mobilite-domicile-lieu-travail-2022.csv"


def archive(content, name=INNER):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        made.writestr("meta_base-flux-mobilite-domicile-lieu-travail-2022.csv", "COD_VAR;LIB_VAR\n")
        made.writestr(name, content)
    return data.getvalue()


def rows(table):
    columns = ["origin", "destination", "place", "ref_year", "value"]
    return table[columns].to_numpy().tolist()


@pytest.mark.parametrize("zipped", [True, False])
def test_pairs_and_year(write, arrondissements, zipped):
    path = write("f.zip", archive(HEADER + ROWS)) if zipped else write("f.csv", HEADER + ROWS)
    (extract,) = read_commuting_flows([path], "insee-flux-2022", arrondissements)
    assert rows(extract.table) == [
        ["01004", "99140", "Suisse", 2022, 35.5],
        ["65059", "65059", "Bagnères-de-Bigorre", 2022, 1500.25],
        ["65059", "65440", "Tarbes", 2022, 400.5],
        ["65440", "65059", "Bagnères-de-Bigorre", 2022, 120.0],
    ]
    assert extract.cog_year == 2025
    assert extract.dropped == ()


def test_another_year_and_column_order(write, arrondissements):
    text = "NBFLUX_C21_ACTOCC15P;CODGEO;DCLT;LIBGEO;L_DCLT\n10;65059;65440;Bagnères;Tarbes\n"
    (extract,) = read_commuting_flows([write("f.csv", text)], "insee-flux-2021", arrondissements)
    assert rows(extract.table) == [["65059", "65440", "Tarbes", 2021, 10.0]]


def test_arrondissements_are_summed_in_their_city(write, arrondissements):
    text = HEADER + (
        "75101;Paris 1er;75102;Paris 2e;100\n75102;Paris 2e;75102;Paris 2e;50\n"
        "75101;Paris 1er;69381;Lyon 1er;8\n93001;Aubervilliers;75101;Paris 1er;30\n"
    )
    (extract,) = read_commuting_flows([write("f.csv", text)], "insee-flux-2022", arrondissements)
    assert [(o, d, v) for o, d, _, _, v in rows(extract.table)] == [
        ("75056", "69123", 8.0),
        ("75056", "75056", 150.0),
        ("93001", "75056", 30.0),
    ]
    assert [(one.reason, one.count) for one in extract.dropped] == [
        ("arrondissements additionnés en leur commune, résidence", 2),
        ("arrondissements additionnés en leur commune, travail", 3),
    ]


def test_arrondissements_beside_their_city_are_not_counted_twice(write, arrondissements):
    text = (
        HEADER + "75056;Paris;65440;Tarbes;9\n75101;Paris 1er;65440;Tarbes;4\n75102;P;65440;T;5\n"
    )
    (extract,) = read_commuting_flows([write("f.csv", text)], "insee-flux-2022", arrondissements)
    assert [(o, v) for o, _, _, _, v in rows(extract.table)] == [("75056", 9.0)]
    assert "déjà comptés" in extract.dropped[0].reason


def test_a_city_given_both_ways_does_not_take_another_away(write, arrondissements):
    text = HEADER + (
        "75056;Paris;65440;Tarbes;9\n75101;Paris 1er;65440;Tarbes;9\n"
        "69381;Lyon 1er;65440;Tarbes;4\n69382;Lyon 2e;65440;Tarbes;3\n"
    )
    (extract,) = read_commuting_flows([write("f.csv", text)], "insee-flux-2022", arrondissements)
    assert [(o, v) for o, _, _, _, v in rows(extract.table)] == [("69123", 7.0), ("75056", 9.0)]
    assert [(one.reason, one.count) for one in extract.dropped] == [
        (
            "arrondissements de Paris, Lyon et Marseille (déjà comptés dans leur commune), résidence",
            1,
        ),
        ("arrondissements additionnés en leur commune, résidence", 2),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEADER.replace("DCLT;", "DEST;", 1) + ROWS, "colonne absente : DCLT"),
        (HEADER.replace("C22", "P22") + ROWS, r"colonne absente : NBFLUX_CAA_ACTOCC15P \(une seule\)"),
        (HEADER, "aucune ligne"),
        (HEADER + "1004;A;65440;T;3\n", r"ligne 2 : commune de résidence « 1004 »"),
        (HEADER + ROWS + "65440;T;;;3\n", r"ligne 6 : .* lieu de travail « »".replace("« »", "«  »")),
        (HEADER + "65440;T;65059;B;beaucoup\n", "ligne 2 : « beaucoup » n'est pas un nombre"),
        (HEADER + "65440;T;65059;B;-3\n", "« -3 » n'est pas un nombre"),
        (HEADER + "65440;T;65059;B;inf\n", "« inf » n'est pas un nombre"),
        (HEADER + ROWS + "65440;Tarbes;65059;Bagnères-de-Bigorre;7\n", "1 clé.*65440 65059"),
        (HEADER + "65440;T;65059;B", "ligne 2 : 4 cellule"),
        ("<html><title>Maintenance</title></html>", "Maintenance"),
        ("", "vide"),
    ],
)  # fmt: skip
def test_refusals(write, arrondissements, text, message):
    with pytest.raises(SourceFormatError, match=message):
        read_commuting_flows([write("f.csv", text)], "insee-flux-2022", arrondissements)


def test_archive_without_the_data(write, arrondissements):
    path = write("f.zip", archive(HEADER + ROWS, "autre.csv"))
    with pytest.raises(SourceFormatError, match=r"autre\.csv"):
        read_commuting_flows([path], "insee-flux-2022", arrondissements)


def test_truncated_archive(write, arrondissements):
    path = write("f.zip", archive(HEADER + ROWS * 1)[:-40])
    with pytest.raises(SourceFormatError, match="zip"):
        read_commuting_flows([path], "insee-flux-2022", arrondissements)
