"""The interface of Melodi against the answers that were recorded of it."""

import json
import re
from pathlib import Path

import pytest

from terrdiag.errors import SourceError, SourceUnavailableError
from terrdiag.sources.download.problems import HttpStatusError
from terrdiag.sources.melodi.api import Melodi
from terrdiag.sources.melodi.catalog import find_bulk, parse_catalogue
from terrdiag.sources.melodi.datasets import (
    CENSUS_SERIES,
    FLORES_A5,
    FLORES_A17,
    LT_COMP,
    POPULATIONS,
)
from terrdiag.sources.melodi.local import read_epci_communes

pytestmark = pytest.mark.mirror


def read_cassette(text):
    """Read a recording (the YAML of vcr, and no more of YAML than that): status and body by address."""
    found = {}
    for part in re.split(r"^- request:$", text, flags=re.M)[1:]:
        address = re.search(r"^    uri: (\S+)$", part, re.M)[1]
        status = int(re.search(r"^ +status(?:_code)?: (\d+)$", part, re.M)[1])
        body = part.rpartition("\n    body:\n")[2]
        found[address] = (
            status,
            read_scalar(body[re.search(r"^      string: ?", body, re.M).end() :]),
        )
    return found


def read_scalar(text):
    """Read a text of YAML: a block, between quotes, or bare."""
    if text.startswith("|"):
        lines = text.splitlines()[1:]
        return "\n".join(line[8:] for line in lines if line.startswith(" " * 8) or not line)
    if text.startswith("'"):
        inside = re.match(r"'((?:[^']|'')*)'", text)[1].replace("''", "'")
        # a line break and its indentation are one space
        return re.sub(r" *\n +", " ", inside)
    return text.split("\n")[0]


class Replay:
    """Answers as recorded; a status other than 200 is the error that the downloader makes of it."""

    def __init__(self, folder, *names):
        self.answers, self.asked = {}, []
        for name in names:
            path = folder / "melodi/recorded" / f"{name}.yml"
            self.answers |= read_cassette(path.read_text(encoding="utf-8"))
        whole = (folder / "melodi/catalog_all.json").read_text(encoding="utf-8")
        self.answers.setdefault("https://api.insee.fr/melodi/catalog/all", (200, whole))

    def get(self, url, *, max_bytes=0):
        self.asked.append(url)
        status, body = self.answers[url]
        if status != 200:
            raise HttpStatusError(f"{url} : le serveur répond {status}", status, body)
        return type("Answer", (), {"body": body.encode()})()


@pytest.fixture
def replay(mirror):
    return lambda *names: Replay(mirror, *names)


def test_every_recording_is_replayed_here(mirror):
    here = Path(__file__).read_text(encoding="utf-8")
    names = {path.stem for path in (mirror / "melodi/recorded").glob("*.yml")}
    assert len(names) == 12
    assert {name for name in names if f'"{name}"' not in here} == set()


def test_nantes(replay):
    melodi = Melodi(replay("get_data_popref_nantes"))
    filters = [("FREQ", "A"), ("GEO", "COM-44109")]
    data = melodi.read_data("DS_POPULATIONS_REFERENCE", filters)
    values = dict(zip(data.table["POPREF_MEASURE"], data.table["OBS_VALUE"], strict=True))
    assert values == {"PMUN": "327734.0", "PTOT": "332515.0", "PCAP": "4781.0"}
    assert set(data.table["COG_YEAR"]) == {2025}


@pytest.mark.parametrize(
    ("name", "filters", "count"),
    [
        ("get_local_data_popref", [("GEO", "DEP-69")], 3),
        ("get_local_data_filter_popref", [("GEO", "DEP-69"), ("POPREF_MEASURE", "PMUN")], 1),
        ("get_local_data_by_com_popref", [("GEO", "EPCI-244400404*COM")], 72),
        (
            "get_local_data_filter_by_com_popref",
            [("GEO", "EPCI-244400404*COM"), ("POPREF_MEASURE", "PMUN")],
            24,
        ),
    ],
)
def test_local(replay, name, filters, count):
    data = Melodi(replay(name)).read_data("DS_POPULATIONS_REFERENCE", filters)
    assert len(data.table) == count
    assert data.measure == "OBS_VALUE_NIVEAU"
    assert data.reason == ""


def test_communes_of_nantes_metropole_as_figures(mirror, arrondissements):
    replay = Replay(mirror, "get_local_data_by_com_popref")
    # the recording asked for every measure, without naming them
    named = "&POPREF_MEASURE=PMUN&POPREF_MEASURE=PCAP&POPREF_MEASURE=PTOT"
    replay.answers |= {
        url.replace("%2ACOM", f"%2ACOM{named}"): answer for url, answer in replay.answers.items()
    }
    extract = read_epci_communes(
        Melodi(replay), POPULATIONS, "244400404", "insee-melodi-populations-2023", arrondissements
    )
    table = extract.table.pivot_table(index="code", columns="variable", values="value")
    assert len(table) == 24
    assert table.loc["44109"].to_dict() == {"population": 327734, "population_total": 332515}
    assert extract.cog_year == 2025


def test_valid_but_empty(replay):
    melodi = Melodi(replay("get_data_popref_empty"))
    filters = [("TIME_PERIOD", "1900"), ("GEO", "COM-44109")]
    data = melodi.read_data("DS_POPULATIONS_REFERENCE", filters)
    assert data.table.empty
    assert "aucune observation pour TIME_PERIOD = 1900" in data.reason


def test_over_the_limit(replay):
    with pytest.raises(SourceError, match=r"106\W065 observations"):
        Melodi(replay("get_data_popref_over")).read_data("DS_POPULATIONS_REFERENCE")


def test_unknown_data_set(replay):
    expected = "DS_NEXISTEPAS : jeu de données inconnu de Melodi"
    with pytest.raises(SourceUnavailableError, match=expected):
        Melodi(replay("get_data_not_exist")).read_data("DS_NEXISTEPAS")


def test_another_measure(replay):
    filters = [
        ("IND_TYPE", "IX"),
        ("GEO", "DEP-974"),
        ("TIME_PERIOD", "2026-01"),
        ("PRODUCT_GROUP", "4000"),
    ]
    data = Melodi(replay("get_data_obs_value_indice_prix")).read_data("DS_IPC_PRINC", filters)
    assert data.measure == "OBS_VALUE_INDICE_DE_PRIX"
    row = data.table.iloc[0]
    assert (row["OBS_VALUE"], row["OBS_STATUS"], row["CONF_STATUS"]) == ("99.14", "A", "F")
    assert (row["GEO_OBJECT"], row["GEO"], row["COG_YEAR"]) == ("DEP", "974", 2025)


def test_empty_catalogue(replay):
    with pytest.raises(SourceUnavailableError, match="le catalogue de Melodi est vide"):
        Melodi(replay("get_catalog_empty")).read_catalogue()


def test_entry_of_the_catalogue(replay):
    entry = Melodi(replay("get_metadata_deces")).read_entry("DS_EC_DECES")
    assert entry.id == "DS_EC_DECES"
    assert entry.title == "Décès quotidiens et mensuels"


def test_code_list(replay):
    labels = Melodi(replay("get_code_list_fr")).read_code_list("CL_AGE")
    assert labels["_Z"] == "Non applicable"
    assert labels["Y26T49"] == "De 26 à 49 ans"


@pytest.fixture(scope="module")
def catalogue(mirror):
    content = json.loads((mirror / "melodi/catalog_all.json").read_text(encoding="utf-8"))
    return parse_catalogue(content, "catalog_all.json")


def test_every_data_set_has_a_bulk_file(catalogue):
    assert len(catalogue) == 96
    assert all(find_bulk(entry).address.endswith("_CSV_FR") for entry in catalogue.values())


@pytest.mark.parametrize(
    ("dataset", "megabytes", "observations"),
    [
        (LT_COMP, 50.1, 5_044_973),
        (FLORES_A5, 24.2, 4_763_034),
        (FLORES_A17, 19.1, 2_884_604),
        (POPULATIONS, 0.93, 106_065),
        (CENSUS_SERIES, 21.3, 2_945_325),
    ],
    ids=lambda value: getattr(value, "id", None),
)
def test_the_data_sets_that_are_read(catalogue, dataset, megabytes, observations):
    entry = catalogue[dataset.id]
    assert find_bulk(entry).megabytes == pytest.approx(megabytes, abs=0.06)
    assert entry.observations == observations
    assert entry.cog_year == 2025
