"""The address of the day, found in the catalogue of a producer once that of the register is dead."""

import json

import pytest

from sources.download.minisource import DAY
from terrdiag.catalogue import load_sources
from terrdiag.errors import SourceUnavailableError
from terrdiag.sources import resolve
from terrdiag.sources.download import NetworkSettings, fetch, fetch_sources
from terrdiag.sources.download.client import Answer
from terrdiag.sources.resolve import resolve_address

FLORES = load_sources()["insee-flores-a5-2024"].files[0]
BASE = "https://api.insee.fr/melodi/file/DS_FLORES_A5"


class Asked:
    """The catalogue of Melodi, that gives one bulk file."""

    def __init__(self, name):
        self.name = name

    def get(self, url, **_):
        product = {
            "id": self.name,
            "format": "CSV",
            "language": "FR",
            "accessURL": f"{BASE}/{self.name}",
            "modified": "2026-06-05T10:00:00",
        }
        body = json.dumps({"identifier": "DS_FLORES_A5", "product": [product]}).encode()
        return Answer(200, {}, body, url)


@pytest.mark.parametrize("name", ["DS_FLORES_A5_2024_CSV_FR", "DS_FLORES_A5_2024_V2_CSV_FR"])
def test_the_same_vintage_under_any_name(name):
    assert resolve_address(Asked(name), FLORES) == f"{BASE}/{name}"


@pytest.mark.parametrize("name", ["DS_FLORES_A5_2023_CSV_FR", "DS_FLORES_A5_CSV_FR"])
def test_another_vintage_is_not_taken_in_its_place(name):
    with pytest.raises(SourceUnavailableError, match=f"{name}, d'un autre millésime"):
        resolve_address(Asked(name), FLORES)


def test_nothing_without_a_catalogue():
    assert resolve_address(None, load_sources()["insee-cog-2026"].files[0]) == ""


def test_every_file_of_melodi_names_its_catalogue():
    for source in load_sources().values():
        for file in source.files:
            if "/melodi/file/" in file.address:
                assert file.catalogue == f"melodi:{file.address.split('/')[-2]}"


class TestInAnUpdate:
    @pytest.fixture
    def asked(self, monkeypatch):
        """Whom the update asks for the address of the day."""
        asked = []

        def give(_client, file):
            asked.append(file.path)
            return "https://api.insee.fr/nouvelle"

        monkeypatch.setattr(resolve, "resolve_address", give)
        monkeypatch.setattr(fetch, "today", lambda: DAY)
        return asked

    def test_never_offline(self, asked, tmp_path):
        source = load_sources()["insee-flores-a5-2024"]
        (outcome,) = fetch_sources([source], tmp_path, settings=NetworkSettings(offline=True))
        assert (outcome.state, asked) == ("absent", [])

    def test_never_with_a_mirror(self, asked, tmp_path):
        (tmp_path / "m").mkdir()
        source = load_sources()["insee-flores-a5-2024"]
        (outcome,) = fetch_sources([source], tmp_path / "raw", mirror=str(tmp_path / "m"))
        assert (outcome.state, asked) == ("absent", [])
