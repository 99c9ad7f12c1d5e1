"""The sidecar: what is accepted, and every fault told with its line."""

from pathlib import Path

import pytest

from terrdiag.errors import SourceFormatError
from terrdiag.own_example import write_example
from terrdiag.sources.own import load_sidecar

TEXT = """\
[indicator]
id = "bibliotheques"
label = "Bibliothèques"
unit = "lieux"
theme = "population"
kind = "count"
definition = "Lieux de lecture."

[data]
code = "codgeo"
value = "nb"
year = 2024
cog_year = 2025

[source]
producer = "Département"
title = "Annuaire"
vintage = "2024"
licence = "Licence Ouverte 2.0"
attribution = "Département, 2024"
"""


def load(tmp_path, text):
    path = tmp_path / "sidecar.toml"
    path.write_text(text, encoding="utf-8")
    return load_sidecar(path)


def test_what_a_sidecar_says(tmp_path):
    sidecar = load(tmp_path, TEXT)
    assert sidecar.source_id == "own-bibliotheques"
    assert sidecar.variables == {"own_bibliotheques_value": "nb"}
    assert sidecar.columns == ("codgeo", "nb")


def test_a_ratio_has_two_variables(tmp_path):
    text = TEXT.replace('"count"', '"ratio"').replace(
        'value = "nb"', 'numerator = "a"\ndenominator = "b"'
    )
    sidecar = load(tmp_path, text.replace("year = 2024", 'year = "an"'))
    assert sidecar.variables == {
        "own_bibliotheques_numerator": "a",
        "own_bibliotheques_denominator": "b",
    }
    assert sidecar.columns == ("codgeo", "an", "a", "b")


@pytest.mark.parametrize(
    ("old", "new", "line", "said"),
    [
        ('id = "bibliotheques"', 'id = "Bibliothèques !"', 2, "minuscules"),
        ('id = "bibliotheques"', 'id = "population"', 2, "« population » est l'identifiant"),
        ('id = "bibliotheques"', 'id = "lq_industry_jobs_vs_region_76"', 2, "est l'identifiant"),
        ('id = "bibliotheques"', 'id = "../evil"', 2, "minuscules"),
        ('label = "Bibliothèques"', 'label = "population MUNICIPALE"', 3, "dites le vôtre autrement"),
        ('label = "Bibliothèques"', 'label = "A\\u0000B"', 3, "une seule ligne"),
        ('label = "Bibliothèques"', 'label = "  "', 3, "qui ne soit pas vide"),
        ('theme = "population"', 'theme = "populaton"', 5, "Valeurs proches\u00a0: population"),
        ('theme = "population"', 'theme = "gradients"', 5, "inconnu"),
        ('kind = "count"', 'kind = "mean"', 6, "valeur inconnue"),
        ('kind = "count"', 'kind = "ratio"', 0, "numerator et denominator"),
        ('value = "nb"', 'valeur = "nb"', 11, "clé inconnue. Valeurs proches\u00a0: value"),
        ("year = 2024", "year = 2024.5", 12, "[data] year"),
        ("cog_year = 2025", "cog_year = 1999", 13, "[data] cog_year"),
        ("cog_year = 2025\n", "", 9, "[data] cog_year : clé obligatoire"),
        ("cog_year = 2025", "cog_year = true", 13, "[data] cog_year"),
        ('licence = "Licence Ouverte 2.0"\n', "", 15, "[source] licence : clé obligatoire"),
        ('title = "Annuaire"', 'landing_page = "javascript:alert(1)"\ntitle = "A"', 17, "https://"),
        ("cog_year = 2025", 'cog_year = 2025\nsecret = ["s"]\nmissing = ["s"]', 0, "secret et manquant"),
    ],
)  # fmt: skip
def test_faults_are_told_with_their_line(tmp_path, old, new, line, said):
    assert old in TEXT
    with pytest.raises(SourceFormatError) as caught:
        load(tmp_path, TEXT.replace(old, new))
    assert said in str(caught.value)
    assert (f"ligne {line}," in str(caught.value)) == bool(line)


def test_all_the_faults_are_told(tmp_path):
    with pytest.raises(SourceFormatError, match="2 fautes"):
        load(
            tmp_path, TEXT.replace('unit = "lieux"', "unit = 3").replace("year = 2024", "year = 3")
        )


@pytest.mark.parametrize(
    "content", [b"", b"[indicator\n", b"\xff\xfe", b"a = " + b"[" * 5000, b"indicator = 3"]
)
def test_what_is_no_sidecar(tmp_path, content):
    path = tmp_path / "sidecar.toml"
    path.write_bytes(content)
    with pytest.raises(SourceFormatError, match=r"sidecar\.toml"):
        load_sidecar(path)


def test_a_sidecar_that_is_not_there(tmp_path):
    with pytest.raises(SourceFormatError, match="--example"):
        load_sidecar(tmp_path / "rien.toml")
    with pytest.raises(SourceFormatError, match="illisible"):
        load_sidecar(tmp_path)


def test_the_example_is_a_sidecar(tmp_path):
    table, path = write_example(tmp_path / "ici")
    sidecar = load_sidecar(path)
    header = table.read_text(encoding="utf-8").splitlines()[0].split(";")
    assert set(sidecar.columns) <= set(header)
    assert isinstance(path, Path)


@pytest.mark.parametrize(
    "text", ["[indicator]\ndecimals = " + "9" * 5000, "a = " + "[" * 5000 + "]" * 5000]
)
def test_numbers_and_brackets_without_end(tmp_path, text):
    path = tmp_path / "a.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceFormatError, match="n'est pas du TOML"):
        load_sidecar(path)
