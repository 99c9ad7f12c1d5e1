"""The register of sources agrees with itself, with the readers and with the layout of the official files."""

import importlib
import re
from collections import Counter
from itertools import chain
from pathlib import PurePosixPath

import pytest

from terrdiag.catalogue.load import load_analyses, load_indicators, load_sources
from terrdiag.edition import open_edition
from terrdiag.sources.download.checks import check_file
from terrdiag.sources.download.transfer import hash_file
from terrdiag.sources.probe import sample_family

SOURCES = load_sources()
FILES = [
    (source, file, f"{source.id}:{file.path}")
    for source in SOURCES.values()
    for file in source.files
]

LICENCES = {"Licence Ouverte 2.0", "ODbL 1.0", "Licence Copernicus"}
"""A licence that is not here has not been read: read it, then say in the register what it allows."""

YEARS_OF_GEOGRAPHY = range(2003, 2028)
YEARS_DESCRIBED = range(1968, 2028)
YEAR_GRAMMAR = re.compile(r"AAAA|YYYY|%Y|\{(?!each\})")
"""What would stand for a year to be computed: an address is one of a vintage, seen and kept."""

NOT_IN_MIRROR = {
    "dgcl/epcicom2026.xlsx",
    *(
        f"etalab/geo-api/departements/{code}.geojson.gz"
        for code in ("12", "21", "22", "24", "29", "50", "63", "64", "71")
    ),
}
"""What the producers have and the mirror of the tests does not."""


def test_indicators_and_analyses_cite_registered_sources():
    cited = chain(load_indicators().values(), load_analyses().values())
    assert {source for entry in cited for source in entry.source} <= set(SOURCES)


def test_a_file_is_fetched_to_one_place():
    paths = Counter(file.path for source in SOURCES.values() for file in source.every_file)
    assert [path for path, count in paths.items() if count > 1] == []


def test_identifiers_are_words_of_an_address():
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) for name in SOURCES)


@pytest.mark.parametrize("source", SOURCES.values(), ids=list(SOURCES))
class TestSource:
    def test_reader_exists(self, source):
        module, function = source.reader.split(":")
        assert callable(getattr(importlib.import_module(f"terrdiag.sources.{module}"), function))

    def test_addresses_are_full(self, source):
        for address in (source.landing_page, source.address, source.licence_url):
            assert address.startswith("https://")
            assert "{" not in address

    def test_licence_is_known_and_only_licence_ouverte_is_embedded(self, source):
        assert source.licence in LICENCES
        assert source.embeddable == (source.licence == "Licence Ouverte 2.0")

    def test_geography_and_years_are_plausible(self, source):
        assert source.cog_year in YEARS_OF_GEOGRAPHY
        assert all(year in YEARS_DESCRIBED for year in source.ref_years)
        assert list(source.ref_years) == sorted(set(source.ref_years))

    def test_years_of_the_figures_are_told(self, source):
        """An address that is rewritten has no years of its own: they are read in the file, and the note says so."""
        told = source.ref_years or re.search(r"[Aa]nnées (lues|se lisent) dans", source.note)
        assert told or source.feeds not in {"figures", "flows"}

    def test_texts_are_there(self, source):
        assert len(source.note) > 40
        assert source.note.endswith(".")
        for text in (source.producer, source.title, source.vintage, source.attribution):
            assert text.strip() == text != ""

    def test_rhythm_is_in_words(self, source):
        assert len(source.rhythm) > 4
        assert not source.rhythm.endswith(".")

    def test_it_has_files_unless_it_is_asked_for_a_territory(self, source):
        assert bool(source.files) == (source.feeds != "elevation")

    @pytest.mark.mirror
    def test_files_of_the_embedded_edition_are_in_the_mirror(self, source, mirror):
        if source.id in open_edition().sources:
            missing = {
                file.path
                for file in source.every_file
                if not file.stands_for and not (mirror / file.path).is_file()
            }
            assert missing <= NOT_IN_MIRROR

    @pytest.mark.mirror
    def test_the_real_files_are_those_that_the_register_describes(self, source, mirror):
        for file in (one for many in source.files for one in sample_family(many)):
            if (mirror / file.path).is_file():
                check_file(mirror / file.path, file)
                assert file.sha256 in {"", hash_file(mirror / file.path)}


@pytest.mark.parametrize(
    ("source", "file"), [(s, f) for s, f, _ in FILES], ids=[i for *_, i in FILES]
)
class TestFile:
    def test_addresses_are_full(self, source, file):
        for address in filter(None, (file.address, *file.alternatives)):
            assert re.fullmatch(r"https://[a-z0-9.-]+/\S+", address)
        assert file.address or not file.alternatives
        assert file.address not in file.alternatives

    def test_no_year_is_computed(self, source, file):
        for text in (file.path, file.address, *file.alternatives):
            assert not YEAR_GRAMMAR.search(text)

    def test_a_family_differs_by_one_word(self, source, file):
        texts = [text for text in (file.path, file.address, *file.alternatives) if text]
        assert all(("{each}" in text) == bool(file.for_each) for text in texts)
        assert len(set(file.for_each)) == len(file.for_each)

    def test_it_lies_where_the_source_says(self, source, file):
        for one in file.expand():
            path, pattern = PurePosixPath(one.path), PurePosixPath(source.path)
            assert path.match(source.path)
            assert len(path.parts) == len(pattern.parts)
            assert not path.is_absolute()
            assert ".." not in path.parts

    def test_content_agrees_with_the_extension(self, source, file):
        assert file.path.lower().endswith(f".{file.content}")

    def test_what_proves_it(self, source, file):
        text = file.content in {"csv", "csv.gz"} or file.member.lower().endswith(".csv")
        assert file.columns or not text
        assert len(set(file.columns)) == len(file.columns)
        assert file.min_rows > 0 or file.for_each or not (text or file.content == "xlsx")
        assert file.separator in {",", ";", "\t", "|"}

    def test_archives_name_the_member_that_is_read(self, source, file):
        assert bool(file.member) == (file.content in {"zip", "7z"})

    def test_bounds(self, source, file):
        assert 0 < file.max_megabytes <= 4000
        assert file.cog_year is None or file.cog_year in YEARS_OF_GEOGRAPHY
        assert re.fullmatch(r"([0-9a-f]{64})?", file.sha256)

    def test_what_has_no_address_can_be_recognised(self, source, file):
        is_known = file.names or file.columns or file.sha256 or file.for_each or file.member
        assert file.address or is_known


def test_a_rewritten_file_is_pinned_or_not_fetched():
    """The comparateur of 2018 has been overwritten at its address: another edition is never taken for it."""
    (file,) = SOURCES["insee-comparateur-2018"].files
    assert file.address == ""
    assert len(file.sha256) == 64


def test_every_departement_is_fetched():
    (family,) = SOURCES["etalab-geo-api-2026"].files
    codes = {f"{number:02}" for number in range(1, 96)} - {"20"} | {"2A", "2B"}
    assert set(family.for_each) == codes | {"971", "972", "973", "974", "976"}
    one = next(file for file in family.expand() if file.path.endswith("/2A.geojson.gz"))
    assert one.address == (
        "https://geo.api.gouv.fr/departements/2A/communes?format=geojson&geometry=contour"
    )


def test_every_workbook_of_the_dgcl_bears_its_year():
    files = SOURCES["dgcl-epcicom"].files
    assert [file.cog_year for file in files] == list(range(2019, 2027))
    assert all(str(file.cog_year) in file.path for file in files)
    assert all(file.address.count(str(file.cog_year)) == 2 for file in files)
