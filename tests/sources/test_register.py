"""The register of sources agrees with the readers and with the layout of the official files."""

import importlib

import pytest

from terrdiag.catalogue.load import load_indicators, load_sources

SOURCES = load_sources()


def test_indicators_cite_registered_sources():
    assert {source for entry in load_indicators().values() for source in entry.source} <= set(
        SOURCES
    )


@pytest.mark.parametrize("source", SOURCES.values(), ids=list(SOURCES))
class TestSource:
    def test_reader_exists(self, source):
        module, function = source.reader.split(":")
        assert callable(getattr(importlib.import_module(f"terrdiag.sources.{module}"), function))

    def test_addresses_are_full(self, source):
        for address in (source.landing_page, source.address, source.licence_url):
            assert address.startswith("https://")
            assert "{" not in address

    def test_embeddable_sources_are_under_licence_ouverte(self, source):
        assert source.embeddable == (source.licence == "Licence Ouverte 2.0")

    def test_note_and_attribution(self, source):
        assert len(source.note) > 40
        assert source.attribution

    @pytest.mark.mirror
    def test_files_are_there(self, source, mirror):
        assert list(mirror.glob(source.path))
