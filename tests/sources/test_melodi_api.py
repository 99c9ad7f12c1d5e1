"""The interface of Melodi, behind a server that answers what a table says."""

import json

import pandas as pd
import pytest

from terrdiag.errors import (
    OfflineError,
    QuotaError,
    SourceError,
    SourceFormatError,
    SourceUnavailableError,
)
from terrdiag.sources.download.problems import HttpStatusError
from terrdiag.sources.melodi.api import BASE, Melodi
from terrdiag.sources.melodi.bulk import read_bulk
from terrdiag.sources.melodi.catalog import find_bulk, parse_catalogue
from terrdiag.sources.melodi.datasets import FLORES_A5, LT_COMP, POPULATIONS
from terrdiag.sources.melodi.figures import make_figures_extract
from terrdiag.sources.melodi.local import read_epci_communes

EPCI = "GEO=EPCI-246500482%2ACOM"
COUNT = "totalCount=TRUE&maxResult=0"
WHOLE = "idTerritoire=TRUE&maxResult=100000"
DATA = f"{BASE}/data/DS_POPULATIONS_REFERENCE"

CATALOGUE = [
    {
        "identifier": "DS_POPULATIONS_REFERENCE",
        "title": [{"lang": "fr", "content": "Populations de référence"}, {"lang": "en"}],
        "numObservations": 106065,
        "spatialTemporal": "2025-01-01T01:00:00",
        "temporal": {"startPeriod": "2023-01-01T00:00:00", "endPeriod": "2023-01-01T00:00:00"},
        "product": [
            {
                "id": f"DS_POPULATIONS_REFERENCE_{year}_{kind}_{language}",
                "format": kind,
                "language": language,
                "modified": f"{year + 2}-12-17T08:50:56",
                "accessURL": f"{BASE}/file/DS_POPULATIONS_REFERENCE/{year}_{kind}_{language}",
                "byteSize": 926388,
            }
            for year in (2022, 2023)
            for kind, language in (("CSV", "EN"), ("CSV", "FR"), ("XLSX", "FR"))
        ],
    },
    {"identifier": "DS_FLORES_A5"},
]


class Reply:
    def __init__(self, body):
        self.body = body if isinstance(body, bytes) else json.dumps(body).encode()


class Server:
    """Answers known addresses, notes what was asked, and fails as told."""

    def __init__(self, answers):
        self.answers, self.asked = {f"{BASE}/catalog/all": CATALOGUE, **answers}, []

    def get(self, url, *, max_bytes=0):
        self.asked.append(url)
        found = self.answers.get(url, HttpStatusError(f"{url} : 404", 404))
        if isinstance(found, Exception):
            raise found
        return Reply(found)


def observe(geo, measure, value, **more):
    dimensions = {"GEO": geo, "FREQ": "A", "TIME_PERIOD": "2023", "POPREF_MEASURE": measure}
    found = {"dimensions": dimensions, "measures": {"OBS_VALUE_NIVEAU": {"value": value}}}
    return found | more


def page(*observations, **paging):
    return {
        "identifier": "DS_POPULATIONS_REFERENCE",
        "title": {"fr": "Populations de référence", "en": "Reference populations "},
        "observations": list(observations),
        "paging": {"first": f"{DATA}?page=1", **paging},
    }


BAGNERES = [
    observe("2025-COM-65059", measure, value)
    for measure, value in (("PMUN", 7114.0), ("PCAP", 261.0), ("PTOT", 7375.0))
]


class TestData:
    def test_observations(self):
        server = Server(
            {f"{DATA}?{EPCI}&{COUNT}": page(count=3), f"{DATA}?{EPCI}&{WHOLE}": page(*BAGNERES)}
        )
        filters = [("GEO", "EPCI-246500482*COM")]
        data = Melodi(server).read_data("DS_POPULATIONS_REFERENCE", filters)
        assert server.asked == [f"{DATA}?{EPCI}&{COUNT}", f"{DATA}?{EPCI}&{WHOLE}"]
        assert data.title == "Populations de référence"
        assert data.measure == "OBS_VALUE_NIVEAU"
        first = data.table.iloc[0].to_dict()
        assert first == {
            "GEO": "65059", "GEO_OBJECT": "COM", "COG_YEAR": 2025, "FREQ": "A", "TIME_PERIOD": "2023",
            "POPREF_MEASURE": "PMUN", "OBS_STATUS": "", "CONF_STATUS": "", "OBS_VALUE": "7114.0",
        }  # fmt: skip

    def test_a_dimension_may_stand_several_times(self):
        asked = "GEO=COM-65059&GEO=DEP-65&POPREF_MEASURE=PMUN"
        server = Server({f"{DATA}?{asked}&{COUNT}": page(count=0)})
        filters = [("GEO", "COM-65059"), ("GEO", "DEP-65"), ("POPREF_MEASURE", "PMUN")]
        data = Melodi(server).read_data("DS_POPULATIONS_REFERENCE", filters)
        assert data.table.empty
        assert data.reason == (
            "DS_POPULATIONS_REFERENCE n'a aucune observation pour "
            "GEO = COM-65059, GEO = DEP-65, POPREF_MEASURE = PMUN."
        )

    def test_pages_are_followed_to_the_last(self):
        # the address of the next page has its star bare
        second, third = f"{DATA}?{EPCI}&page=2", f"{DATA}?{EPCI}&page=3"
        server = Server(
            {
                f"{DATA}?{EPCI}&{COUNT}": page(count=3),
                f"{DATA}?{EPCI}&{WHOLE}": page(BAGNERES[0], next=second.replace("%2A", "*")),
                second: page(BAGNERES[1], next=third),
                third: page(BAGNERES[2], next=""),
            }
        )
        data = Melodi(server).read_data("DS_POPULATIONS_REFERENCE", [("GEO", "EPCI-246500482*COM")])
        assert data.table["OBS_VALUE"].tolist() == ["7114.0", "261.0", "7375.0"]
        assert server.asked[2:] == [second, third]

    @pytest.mark.parametrize(
        "following", [f"{DATA}?{WHOLE}", "https://ailleurs.example/data?page=2", "page=2"]
    )
    def test_a_next_page_that_is_not_one(self, following):
        server = Server(
            {f"{DATA}?{COUNT}": page(count=2), f"{DATA}?{WHOLE}": page(BAGNERES[0], next=following)}
        )
        with pytest.raises(SourceFormatError, match="la page suivante annoncée n'en est pas une"):
            Melodi(server).read_data("DS_POPULATIONS_REFERENCE")

    def test_observations_that_are_lacking(self):
        server = Server({f"{DATA}?{COUNT}": page(count=4), f"{DATA}?{WHOLE}": page(*BAGNERES)})
        with pytest.raises(SourceFormatError, match="3 observations reçues sur 4 annoncées"):
            Melodi(server).read_data("DS_POPULATIONS_REFERENCE")

    def test_more_than_the_limit_is_not_asked_for(self):
        server = Server({f"{DATA}?{COUNT}": page(count=106065)})
        with pytest.raises(SourceError, match=r"106\W065 observations .* 100\W000 admises"):
            Melodi(server).read_data("DS_POPULATIONS_REFERENCE")
        assert len(server.asked) == 1

    def test_several_measures(self):
        other = observe("2025-COM-65059", "PMUN", 1.0) | {
            "measures": {"OBS_VALUE_INDICE": {"value": 9}}
        }
        for answer in (page(BAGNERES[0], other), page({**other, "measures": {}}, BAGNERES[0])):
            server = Server({f"{DATA}?{COUNT}": page(count=2), f"{DATA}?{WHOLE}": answer})
            with pytest.raises(SourceFormatError, match=r"plusieurs mesures|observation illisible"):
                Melodi(server).read_data("DS_POPULATIONS_REFERENCE")

    @pytest.mark.parametrize(
        ("answer", "message"),
        [
            (b"<html><title>Gravitee</title></html>", "page HTML .*Gravitee"),
            (b"", "fichier vide"),
            (b'{"observations": [', "réponse illisible .*tronquée"),
            (b"[" * 100_000, "réponse illisible"),
            ([], "n'a pas de pagination"),
            ({"paging": {}}, "ne dit pas combien"),
            ({"paging": {"count": -1}}, "ne dit pas combien"),
            ({"paging": {"count": "3"}}, "ne dit pas combien"),
        ],
    )
    def test_not_an_answer(self, answer, message):
        server = Server({f"{DATA}?{COUNT}": answer})
        with pytest.raises(SourceFormatError, match=message):
            Melodi(server).read_data("DS_POPULATIONS_REFERENCE")

    @pytest.mark.parametrize(
        "item",
        [
            None,
            {},
            {"dimensions": {"GEO": "65059"}, "measures": {"OBS_VALUE_NIVEAU": {"value": 1}}},
            {"dimensions": {"GEO": "COM-65059"}, "measures": {"OBS_VALUE_NIVEAU": {"value": "1"}}},
            {"dimensions": {"GEO": "COM-65059"}, "measures": {}},
            {"dimensions": {"GEO": "COM-65059"}, "measures": {"OBS_VALUE_NIVEAU": None}},
        ],
    )
    def test_not_an_observation(self, item):
        server = Server({f"{DATA}?{COUNT}": page(count=1), f"{DATA}?{WHOLE}": page(item)})
        with pytest.raises(SourceFormatError, match="observation illisible"):
            Melodi(server).read_data("DS_POPULATIONS_REFERENCE")


class TestRefusals:
    UNKNOWN = HttpStatusError(
        "le serveur répond 500", 500, "Le serveur a rencontré une erreur inattendue."
    )

    def test_an_unknown_data_set(self):
        address = f"{BASE}/data/DS_POPULATION_REFERENCE?{COUNT}"
        server = Server({address: self.UNKNOWN})
        expected = "DS_POPULATION_REFERENCE : jeu de données inconnu .*DS_POPULATIONS_REFERENCE"
        with pytest.raises(SourceUnavailableError, match=expected):
            Melodi(server).read_data("DS_POPULATION_REFERENCE")

    def test_a_known_one_while_the_server_fails(self):
        server = Server({f"{DATA}?{COUNT}": self.UNKNOWN})
        with pytest.raises(HttpStatusError, match="le serveur répond 500"):
            Melodi(server).read_data("DS_POPULATIONS_REFERENCE")

    def test_everything_fails(self):
        server = Server({f"{DATA}?{COUNT}": self.UNKNOWN, f"{BASE}/catalog/all": self.UNKNOWN})
        with pytest.raises(HttpStatusError, match="le serveur répond 500"):
            Melodi(server).read_data("DS_POPULATIONS_REFERENCE")

    def test_an_unknown_dimension(self):
        refused = HttpStatusError("le serveur répond 400", 400, "Bad Request")
        server = Server({f"{DATA}?AGE=Y15&{COUNT}": refused})
        expected = "une dimension ou un code est sans doute inconnu. Réponse : Bad Request. Demande : .*AGE=Y15"
        with pytest.raises(SourceUnavailableError, match=expected):
            Melodi(server).read_data("DS_POPULATIONS_REFERENCE", [("AGE", "Y15")])

    @pytest.mark.parametrize("error", [QuotaError("quota"), OfflineError("hors ligne")])
    def test_quota_and_offline_are_said_at_once(self, error):
        server = Server({f"{DATA}?{COUNT}": error})
        with pytest.raises(type(error)):
            Melodi(server).read_data("DS_POPULATIONS_REFERENCE")
        assert len(server.asked) == 1


class TestCatalogue:
    def test_the_newest_bulk_file_in_french(self):
        address = f"{BASE}/catalog/DS_POPULATIONS_REFERENCE"
        found = Melodi(Server({address: CATALOGUE[0]})).find_bulk("DS_POPULATIONS_REFERENCE")
        assert found.address == f"{BASE}/file/DS_POPULATIONS_REFERENCE/2023_CSV_FR"
        assert found.megabytes == 0.926388
        assert found.modified.isoformat() == "2025-12-17"

    def test_what_it_says_of_a_data_set(self):
        entry = Melodi(Server({})).read_catalogue()["DS_POPULATIONS_REFERENCE"]
        assert entry.title == "Populations de référence"
        assert (entry.observations, entry.cog_year, entry.years) == (106065, 2025, (2023, 2023))

    def test_it_is_read_once(self):
        melodi = Melodi(server := Server({}))
        assert melodi.read_catalogue() is melodi.read_catalogue()
        assert len(server.asked) == 1

    def test_without_a_bulk_file(self):
        with pytest.raises(
            SourceUnavailableError, match=r"DS_FLORES_A5 : .* pas de fichier complet"
        ):
            find_bulk(Melodi(Server({})).read_catalogue()["DS_FLORES_A5"])

    def test_unknown(self):
        address = f"{BASE}/catalog/DS_FLORES_A6"
        server = Server({address: HttpStatusError("500", 500)})
        with pytest.raises(SourceUnavailableError, match=r"DS_FLORES_A6 : jeu .*DS_FLORES_A5"):
            Melodi(server).read_entry("DS_FLORES_A6")

    @pytest.mark.parametrize(
        "content",
        [{}, "x", [3], [{}], [{"identifier": ""}], [CATALOGUE[0] | {"numObservations": "x"}]],
    )
    def test_not_a_catalogue(self, content):
        with pytest.raises(SourceFormatError, match="catalogue de Melodi"):
            parse_catalogue(content, "catalog/all")

    def test_an_address_that_is_not_the_producers(self):
        wrong = {"id": "X", "format": "CSV", "language": "FR", "modified": "2025-01-01"}
        entry = {
            "identifier": "DS_X",
            "product": [wrong | {"accessURL": "https://ailleurs.example/x"}],
        }
        with pytest.raises(SourceFormatError, match=r"adresse hors de https://api.insee.fr/"):
            parse_catalogue([entry], "catalog/all")

    def test_code_list(self):
        labels = {"en": "Farming", "fr": "Agriculture"}
        texts = [{"langue": language, "contenu": text} for language, text in labels.items()]
        codes = [{"code": "AZ", "label": texts}]
        server = Server({f"{BASE}/rmes/listeCode/CL_A5": {"codes": codes}})
        assert Melodi(server).read_code_list("CL_A5") == {"AZ": "Agriculture"}
        server = Server({f"{BASE}/rmes/listeCode/CL_A5": {"codes": [3]}})
        with pytest.raises(SourceFormatError, match="liste de codes illisible"):
            Melodi(server).read_code_list("CL_A5")


class TestEpci:
    SOURCE = "insee-melodi-populations-2023"
    ASKED = f"{EPCI}&POPREF_MEASURE=PMUN&POPREF_MEASURE=PCAP&POPREF_MEASURE=PTOT"

    def read(self, cities, *observations):
        server = Server(
            {
                f"{DATA}?{self.ASKED}&{COUNT}": page(count=len(observations)),
                f"{DATA}?{self.ASKED}&{WHOLE}": page(*observations),
            }
        )
        return read_epci_communes(Melodi(server), POPULATIONS, "246500482", self.SOURCE, cities)

    def test_the_same_figures_as_the_bulk_file(self, write, arrondissements):
        text = "GEO;GEO_OBJECT;FREQ;POPREF_MEASURE;TIME_PERIOD;OBS_VALUE\n" + "".join(
            f"65059;COM;A;{measure};2023;{value}\n"
            for measure, value in (("PMUN", 7114), ("PCAP", 261), ("PTOT", 7375))
        )
        bulk = read_bulk(write("p.csv", text), POPULATIONS.wanted, POPULATIONS.optional)
        expected = make_figures_extract(POPULATIONS, bulk, self.SOURCE, arrondissements)
        extract = self.read(arrondissements, *BAGNERES)
        pd.testing.assert_frame_equal(extract.table, expected.table)
        assert extract.cog_year == 2025
        assert extract.files == ()

    def test_not_disseminated(self, arrondissements):
        hidden = [
            observe("2025-COM-65001", measure, value, attributes={"OBS_STATUS": "K"})
            for measure, value in (("PMUN", None), ("PCAP", 0), ("PTOT", None))
        ]
        table = self.read(arrondissements, *BAGNERES, *hidden).table.set_index(["code", "variable"])
        assert table.loc[("65001", "population"), "status"] == "missing"
        assert table.loc[("65001", "population_total"), "status"] == "missing"
        assert table.loc[("65059", "population"), "value"] == 7114

    def test_nothing_known_of_the_epci(self, arrondissements):
        extract = self.read(arrondissements)
        assert extract.table.empty
        assert "n'a aucune observation pour GEO = EPCI-246500482*COM" in extract.dropped[0].reason

    def test_other_levels_are_left_out(self, arrondissements):
        extract = self.read(
            arrondissements, *BAGNERES, observe("2025-EPCI-246500482", "PMUN", 16510)
        )
        assert set(extract.table["code"]) == {"65059"}
        assert "(EPCI)" in extract.dropped[0].reason

    def test_two_geographies(self, arrondissements):
        with pytest.raises(SourceFormatError, match=r"une seule géographie .* 2024, 2025"):
            self.read(arrondissements, *BAGNERES, observe("2024-COM-65001", "PMUN", 5))

    def test_geography_that_is_not_said(self, arrondissements):
        bare = [
            {**item, "dimensions": {**item["dimensions"], "GEO": "COM-65059"}} for item in BAGNERES
        ]
        # that of the register
        assert self.read(arrondissements, *bare).cog_year == 2025

    @pytest.mark.parametrize(
        ("dataset", "asked", "not_asked"),
        [
            (
                LT_COMP,
                ["EMP_ACTIVITY=BE", "SEX=_T", "PCS=_T", "EMPFORM=_T", "RP_MEASURE=NBEMP"],
                "AGE",
            ),
            # a data set without sizes of establishments would refuse the whole request
            (FLORES_A5, ["ACTIVITY=BE", "FLORES_MEASURE=EMPL3112"], "NUMBER_EMPL"),
        ],
    )
    def test_only_what_is_needed_is_asked_for(self, arrondissements, dataset, asked, not_asked):
        server = Server({})
        with pytest.raises(SourceUnavailableError):
            read_epci_communes(Melodi(server), dataset, "246500482", self.SOURCE, arrondissements)
        assert all(f"&{part}&" in server.asked[0] for part in asked)
        assert not_asked not in server.asked[0]
