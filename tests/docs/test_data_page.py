"""What the page on data says of the register is so."""

import re
from pathlib import Path

import pytest

from docs.markdown import read, section
from terrdiag.catalogue import load_sources
from terrdiag.data_listing import STATES
from terrdiag.edition import open_edition
from terrdiag.refresh import choose_sources
from terrdiag.sources.dem import KINDS
from terrdiag.sources.probe import ProbeState
from terrdiag.sources_checking import PROBE_LABELS

ROOT = Path(__file__).parents[2]
PAGE = re.sub("[\u00a0\u202f]", " ", read(ROOT / "docs/donnees.md"))
GAINS = section(PAGE, "Ce que gagne l'édition")
DEFAULT = choose_sources(())

NUMBERS = {8: "Huit", 15: "Quinze"}


@pytest.mark.parametrize("source", DEFAULT, ids=lambda one: one.id)
def test_what_an_update_brings_to_the_embedded_edition_is_told(source):
    brings = source.feeds != "check" and source.is_fetched
    if brings and source.id not in open_edition().sources:
        assert f"`{source.id}`" in GAINS


def test_what_is_said_to_be_gained_is_in_the_register():
    named = {name for name in re.findall(r"`([a-z0-9-]+)`", GAINS) if "-" in name}
    assert named <= set(load_sources())


def test_sources_and_files_are_counted():
    files = sum(bool(file.address) for source in DEFAULT for file in source.every_file)
    head = next(line for line in PAGE.splitlines() if "Auprès des producteurs" in line)
    assert f"{len(DEFAULT)} sources" in head
    assert f"quelque {round(files, -1)} fichiers" in head
    energy = load_sources()["ore-energie-2024"]
    assert f"({len(energy.every_file)} demandes" in GAINS


def test_sources_on_demand_are_counted():
    demanded = [
        one for one in load_sources().values() if one.on_demand and one.feeds != "elevation"
    ]
    assert f"{NUMBERS[len(demanded)]} sources ne viennent que si vous les nommez" in PAGE


def test_sources_without_an_address_are_counted_and_carried():
    alone = [one for one in DEFAULT if not one.is_fetched]
    assert f"{NUMBERS[len(alone)]} sources n'ont pas d'adresse stable" in PAGE
    (lost,) = {one.id for one in alone} - set(open_edition().sources)
    assert f"sauf `{lost}`, qui n'y est pas" in PAGE


def test_every_state_of_a_source_is_told():
    text = section(PAGE, "Lire le résumé")
    for word in STATES.values():
        assert f"| {word} |" in text


def test_states_of_an_address_are_told():
    states: list[ProbeState] = ["alive", "moved", "changed", "dead"]
    assert ", ".join(PROBE_LABELS[state] for state in states) in PAGE


def test_every_elevation_model_is_told_in_the_order_of_preference():
    text = section(PAGE, "Le modèle d'altitude")
    for kind in KINDS:
        assert f"| `{kind}`" in text
    first, *_, last = KINDS
    order = re.search(r"le plus fin du sol sert\s+\(([^)]*)\)", text)
    assert order
    assert re.findall(r"`(\w+)`", order[1]) == list(KINDS)
    assert (first, last) == ("rgealti", "glo30")
