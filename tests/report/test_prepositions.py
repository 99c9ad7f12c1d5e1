import pytest

from terrdiag.edition import open_edition
from terrdiag.edition.store import read_memberships
from terrdiag.report.prepositions import locate


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [
        ("region", "Occitanie", "en Occitanie"),
        ("region", "Île-de-France", "en Île-de-France"),
        ("region", "Grand Est", "dans le Grand Est"),
        ("region", "Hauts-de-France", "dans les Hauts-de-France"),
        ("region", "Pays de la Loire", "dans les Pays de la Loire"),
        ("region", "La Réunion", "à La Réunion"),
        ("region", "Corse", "en Corse"),
        ("region", "Occitanie hors Toulouse Métropole", "en Occitanie hors Toulouse Métropole"),
        ("region", "Midi-Pyrénées", "dans la région Midi-Pyrénées"),
        ("departement", "Hautes-Pyrénées", "dans les Hautes-Pyrénées"),
        ("departement", "Gers", "dans le Gers"),
        ("departement", "Lozère", "en Lozère"),
        ("departement", "Paris", "à Paris"),
        ("departement", "Ain", "dans l'Ain"),
        ("departement", "Essonne", "dans l'Essonne"),
        ("departement", "Loire", "dans la Loire"),
        ("departement", "Loir-et-Cher", "dans le Loir-et-Cher"),
        ("departement", "Loire-Atlantique", "en Loire-Atlantique"),
        ("departement", "Territoire de Belfort", "dans le Territoire de Belfort"),
        ("departement", "Seine-et-Oise", "dans le département Seine-et-Oise"),
        ("france", "France", "en France"),
        ("france", "France métropolitaine", "en France métropolitaine"),
        ("france", "DROM", "dans l'ensemble DROM"),
        ("ti", "Lacq-Pau - Tarbes", "dans le Territoire d'industrie Lacq-Pau - Tarbes"),
        ("ti", "Territoire d'industrie du Gers", "dans le Territoire d'industrie du Gers"),
        ("petr", "PETR du Pays Portes de Gascogne", "dans le PETR du Pays Portes de Gascogne"),
        ("petr", "Garonne Quercy Gascogne", "dans le PETR Garonne Quercy Gascogne"),
        ("epci", "CC de la Haute-Bigorre", "dans l'intercommunalité CC de la Haute-Bigorre"),
        ("chose", "Truc", "dans le territoire Truc"),
        # a commune of the same name as a département keeps its common noun
        ("commune", "Paris", "dans la commune Paris"),
    ],
)
def test_place_is_introduced_as_in_french(kind, name, expected):
    assert locate(kind, name) == expected


@pytest.mark.parametrize(("kind", "count"), [("departement", 101), ("region", 18)])
def test_every_departement_and_region_of_the_edition_has_its_own_words(kind, count):
    names = read_memberships(open_edition(), kinds=[kind])["nom"].unique()
    assert len(names) == count
    assert [name for name in names if kind[:5] in locate(kind, name)[:18]] == []


@pytest.mark.parametrize("kind", ["departement", "region"])
def test_elision_is_kept_for_vowels(kind):
    names = read_memberships(open_edition(), kinds=[kind])["nom"].unique()
    for words in (locate(kind, name) for name in names):
        after_article = words.removeprefix("dans le ").removeprefix("dans la ")
        assert after_article == words or after_article[0].lower() not in "aeéèiïoœuy", words
