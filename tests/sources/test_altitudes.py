import datetime as dt

import pytest

from terrdiag.edition.crosswalk import communes_at
from terrdiag.errors import SourceFormatError
from terrdiag.sources import cog
from terrdiag.sources.altitudes import read_altitude_max, read_altitudes

MAXIMA = (
    "code_insee,nom_standard,altitude_maximale,latitude_centre,longitude_centre\n"
    "65326,Ordizan,0.0,43.1,0.1\n"
    "65059,Bagnères-de-Bigorre,2872.0,43.0,0.1\n"
    "13004,Arles,,43.6,4.6\n"
)
ALTITUDES = (
    "code_insee,nom_standard,epci_code,population,superficie_hectare,"
    "altitude_moyenne,altitude_minimale,altitude_maximale\n"
    "65016,Antist,246500482,186,235,485,434,576\n"
)


def test_zero_is_missing(write):
    extract = read_altitude_max(write("a.csv", MAXIMA))
    rows = extract.table.set_index("code")
    assert rows["status"].to_dict() == {"13004": "missing", "65059": "ok", "65326": "missing"}
    assert rows["value"].dropna().to_dict() == {"65059": 2872.0}
    assert [(left.count, left.examples) for left in extract.dropped] == [(1, ("65326",))]
    assert extract.cog_year == 2024


def test_altitudes(write):
    rows = read_altitudes(write("a.csv", ALTITUDES)).table.set_index("variable")["value"]
    assert rows.to_dict() == {
        "altitude_min_m": 434.0,
        "altitude_mean_m": 485.0,
        "altitude_max_m": 576.0,
    }


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("485,434,576", "433,434,576", "pas entre les extrêmes : 65016"),
        ("485,434,576", "485,434,480", "pas entre les extrêmes : 65016"),
        ("485,434,576", "485,434,9999", "altitude_maximale : « 9999 » est hors"),
        ("65016,", "6516,", "« 6516 »"),
    ],
)
def test_altitudes_refused(write, old, new, message):
    with pytest.raises(SourceFormatError, match=message):
        read_altitudes(write("a.csv", ALTITUDES.replace(old, new)))


@pytest.mark.mirror
class TestMirror:
    def test_maxima_are_those_of_the_communes_of_2024(self, mirror):
        extract = read_altitude_max(mirror / "figures/altitude_maximale_communes.csv")
        communes = cog.read_communes(mirror / "insee/cog/v_commune_2026.csv").table
        events = cog.read_events(mirror / "insee/cog/v_mvt_commune_2026.csv").table
        codes = communes_at(dt.date(2024, 1, 1), communes["code_commune"], events)
        assert set(extract.table["code"]) == codes
        assert extract.dropped[0].count == 1323
        status = extract.table.set_index("code")["status"]
        assert (status[["65297", "65326", "65111"]] == "missing").all()

    def test_haute_bigorre(self, mirror):
        table = read_altitudes(mirror / "figures/altitudes_communes_cchb.csv").table
        value = table.set_index(["variable", "code"])["value"]
        assert (value["altitude_min_m"].idxmin(), value["altitude_min_m"].min()) == ("65147", 327)
        assert (value["altitude_max_m"].idxmax(), value["altitude_max_m"].max()) == ("65059", 2872)
