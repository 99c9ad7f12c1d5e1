import json

import pytest

from terrdiag.errors import SourceFormatError
from terrdiag.sources.anct import read_petr, read_territoires_industrie, read_typology

TI = (
    "id_ti,lib_ti,siren,nom_epci_2026\n"
    "ti-7505,Lacq-Pau - Tarbes,246500482,CC de la Haute-Bigorre\n"
    "ti-7505,Lacq-Pau - Tarbes,200067254,CA Pau Béarn Pyrénées\n"
    "ti-2706,Nevers Val de Loire,215800467,\n"
)


def make_polygons(*rows):
    features = [
        {
            "type": "Feature",
            "properties": dict(zip(("id_ti", "lib_ti", "siren_groupement"), row, strict=True)),
        }
        for row in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": features})


PAU = ("ti-7505", "Lacq-Pau - Tarbes", "200067254, 246500482")
NEVERS = ("ti-2706", "Nevers Val de Loire", "215800467")


def test_territoires_industrie(write):
    polygons = write("ti.geojson", make_polygons(PAU, NEVERS))
    table = read_territoires_industrie(write("ti.csv", TI), polygons).table
    assert table.to_numpy().tolist() == [
        ["ti-2706", "Nevers Val de Loire", "215800467"],
        ["ti-7505", "Lacq-Pau - Tarbes", "200067254"],
        ["ti-7505", "Lacq-Pau - Tarbes", "246500482"],
    ]


@pytest.mark.parametrize(
    ("text", "polygons", "message"),
    [
        (TI, [PAU], r"1 lien\(s\) diffèrent, par exemple ti-2706 - 215800467"),
        (TI, [("ti-7505", "Pau", PAU[2]), NEVERS], r"4 lien\(s\) diffèrent"),
        (TI + "ti-2706,Nevers,215800468,\n", [PAU, NEVERS], "en double .*ti-2706"),
        (TI + TI.splitlines()[-1] + "\n", [PAU, NEVERS], "en double .*ti-2706 215800467"),
        (TI.replace("246500482", "24650048"), [PAU, NEVERS], "mal formé.*« 24650048 »"),
        (TI.replace("ti-2706", "2706"), [PAU, NEVERS], "colonne id_ti.*« 2706 »"),
    ],
)
def test_territoires_industrie_refused(write, text, polygons, message):
    with pytest.raises(SourceFormatError, match=message):
        read_territoires_industrie(
            write("ti.csv", text), write("ti.geojson", make_polygons(*polygons))
        )


def test_other_geojson(write):
    other = write("ti.geojson", '{"type": "FeatureCollection", "features": [{"properties": {}}]}')
    with pytest.raises(SourceFormatError, match="'id_ti' manque"):
        read_territoires_industrie(write("ti.csv", TI), other)


PETR = (
    "id,lib,siren_epci,nom_epci,nb_com_in,nb_com_epci,share\n"
    "CR0230,Sundgau,200066041,CC Sundgau,63,64,0.984\n"
    "CR0306,Marennes Oléron,241700624,CC de l'Ile d'Oléron,16,8,2.0\n"
    "CR0306,Ouest Charente - Cognac,241600303,CC du Rouillacais,26,13,2.0\n"
    "CR0237,Adour Chalosse Tursan,244000881,CC Coteaux,30,16,1.875\n"
)


def test_petr(write):
    extract = read_petr(write("p.csv", PETR))
    assert extract.table.to_numpy().tolist() == [
        ["CR0230", "Sundgau", "200066041", 63, 64, 63 / 64],
        ["CR0237", "Adour Chalosse Tursan", "244000881", 15, 16, 0.9375],
        ["CR0306-marennes-oleron", "Marennes Oléron", "241700624", 8, 8, 1.0],
        ["CR0306-ouest-charente-cognac", "Ouest Charente - Cognac", "241600303", 13, 13, 1.0],
    ]
    assert [(left.count, left.examples) for left in extract.dropped] == [
        (3, ("CR0237", "CR0306", "CR0306")),
        (1, ("CR0306",)),
    ]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ((",0.984", ",0.9"), "share ≠ nb_com_in / nb_com_epci.*CR0230"),
        (("30,16,1.875", "31,16,1.9375"), "plus de communes dans un PETR"),
        (("16,8,2.0", "24,8,3.0"), "plus de communes dans un PETR"),
        (("63,64", "soixante,64"), "colonne nb_com_in : « soixante »"),
    ],
)
def test_petr_refused(write, change, message):
    with pytest.raises(SourceFormatError, match=message):
        read_petr(write("p.csv", PETR.replace(*change)))


def test_massifs(write):
    text = (
        "\ufeffinsee_com,lib_com,niveau_montagne\n"
        "65059,B,08 - Massif des Pyrénées\n"
        "2A004,A,05 - Massif de Corse\n"
    )
    extract = read_typology(write("montagne.csv", text), "montagne")
    assert extract.source_id == "anct-massifs"
    assert extract.table.to_numpy().tolist() == [
        ["2A004", "05", "Massif de Corse"],
        ["65059", "08", "Massif des Pyrénées"],
    ]


def test_typology_labels_and_unclassified(write):
    changed = "Commune dont le périmètre a changé depuis la réalisation de la typologie"
    text = (
        "\ufeffinsee_com,lib_com,niveau_ruralite\n"
        "01001,A, Les petites polarités mixtes\n"
        f"01138,B, {changed}\n"
        "97101,C, - undefined\n"
    )
    extract = read_typology(write("ruralite.csv", text), "ruralite")
    assert extract.table.to_numpy().tolist() == [
        ["01001", "les-petites-polarites-mixtes", "Les petites polarités mixtes"]
    ]
    assert [(left.reason, left.examples) for left in extract.dropped] == [
        ("communes non classées : undefined", ("97101",)),
        (f"communes non classées : {changed}", ("01138",)),
    ]


@pytest.mark.mirror
class TestMirror:
    def test_territoires_industrie(self, mirror):
        table = read_territoires_industrie(
            mirror / "anct/territoires_industrie_groupements.csv",
            mirror / "anct/polygone-4326_ti.geojson",
        ).table
        assert (len(table), table["code"].nunique()) == (588, 149)
        assert (table["code"] == "ti-7606").sum() == 11
        assert table.loc[table["siren"] == "246500482", "code"].tolist() == ["ti-7505"]
        communes = table["siren"].str.startswith("21").sum()
        assert communes == 38

    def test_petr(self, mirror):
        table = read_petr(mirror / "anct/petr_contrats_ruralite_2018.csv").table
        assert (len(table), table["code"].nunique(), table["nom"].nunique()) == (448, 124, 124)
        assert table["share"].between(0, 1).all()
        assert table.loc[table["code"] == "CR0233", "nb_com_in"].tolist() == [26, 6]

    @pytest.mark.parametrize(
        ("column", "communes", "classes", "left"),
        [("montagne", 8594, 9, 0), ("densite", 34_875, 7, 0), ("ruralite", 34_801, 9, 74),
         ("centralite", 34_746, 5, 129)],
    )  # fmt: skip
    def test_typologies(self, mirror, column, communes, classes, left):
        extract = read_typology(mirror / f"anct/{column}.csv", column)
        assert (len(extract.table), extract.table["code"].nunique()) == (communes, classes)
        assert sum(dropped.count for dropped in extract.dropped) == left
