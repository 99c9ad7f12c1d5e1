"""The JSON schema of study files, and the studies of the repository."""

import datetime as dt
import json
import re
import tomllib
from pathlib import Path

import pytest

from terrdiag.errors import OutputError
from terrdiag.study import list_studies, load_study, study_schema, write_schema, write_study_folder
from terrdiag.study.model import StudyFile

PIPELINES = Path(__file__).parents[2] / "pipelines"
SIX = {
    "cchb",
    "gers-tarn-et-garonne",
    "lacq-pau-tarbes",
    "mel",
    "metz-metropole",
    "nouvelle-aquitaine",
}


def test_the_committed_schema_is_up_to_date():
    committed = (PIPELINES / "study.schema.json").read_text(encoding="utf-8")
    assert committed == study_schema(), (
        "run terrdiag.study.write_schema on pipelines/study.schema.json"
    )


def test_the_schema_is_written_as_text(tmp_path):
    write_schema(tmp_path / "s.json")
    assert (tmp_path / "s.json").read_bytes() == study_schema().encode()


def test_the_schema_says_all_that_a_file_may_say():
    schema = json.loads(study_schema())
    assert schema["additionalProperties"] is False
    assert set(schema["properties"]) == set(StudyFile.model_fields)
    for table in schema["$defs"].values():
        assert table["additionalProperties"] is False
        for key, said in table["properties"].items():
            assert said["description"], key
            assert said["type"], key


def test_the_six_reference_studies_are_there_and_well_formed():
    studies = {path.stem: load_study(path) for path in list_studies(PIPELINES)}
    assert set(studies) >= SIX
    assert all(name == study.id for name, study in studies.items())


def test_each_study_names_the_schema_and_is_commented():
    for path in list_studies(PIPELINES):
        first, second = path.read_text(encoding="utf-8").splitlines()[:2]
        assert first == "#:schema ./study.schema.json"
        assert second.startswith("# ")


def test_the_commented_list_of_epci_is_that_of_both_petr():
    text = (PIPELINES / "gers-tarn-et-garonne.toml").read_text(encoding="utf-8")
    commented = text[text.index("# epci = [") : text.index("# ]") + 3]
    listed = tomllib.loads("\n".join(line.removeprefix("# ") for line in commented.splitlines()))
    assert len(set(listed["epci"])) == 11


def test_init_writes_a_folder_that_works(tmp_path):
    written = write_study_folder(tmp_path / "dossier")
    folder = tmp_path / "dossier" / "pipelines"
    assert {path.name for path in written} == {"README.md", "exemple.toml", "study.schema.json"}
    assert all(path.parent == folder and path.is_file() for path in written)
    assert load_study(folder / "exemple.toml").perimeter.epci == ("246500482",)


def test_every_commented_key_of_the_example_is_valid(tmp_path):
    write_study_folder(tmp_path)
    path = tmp_path / "pipelines" / "exemple.toml"
    text = path.read_text(encoding="utf-8")
    # a commented key, or a commented table: but the empty history, which the one below contradicts
    key = re.compile(r"^# (?=\[|(?!history)[a-z0-9_]+ = )", re.MULTILINE)
    path.write_text(key.sub("", text), encoding="utf-8")
    study = load_study(path)
    assert study.author == "Communauté de communes de la Haute-Bigorre"
    assert study.perimeter.ti == ("ti-7505",)
    assert study.perimeter.compare_dates == (dt.date(2017, 1, 1),)
    assert [table.commune for table in study.perimeter.history] == ["65222"]
    assert study.comparators.include == (
        *("ti:ti-7505", "departement:65", "region:76", "region:76 - epci:243100518", "france"),
    )
    assert study.expect.area_km2 == 391.2


def test_the_examples_of_the_readme_are_valid(tmp_path):
    text = (PIPELINES / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert len(examples) == 2
    head = '[study]\nid = "x"\ntitle = "X"\n'
    places = '[perimeter]\nregions = ["75"]\n[comparators]\n'
    for number, example in enumerate(examples):
        path = tmp_path / f"{number}.toml"
        path.write_text(head + ("" if number else places) + example, encoding="utf-8")
        assert load_study(path).id == "x"


def test_init_overwrites_nothing(tmp_path):
    (tmp_path / "pipelines").mkdir()
    mine = tmp_path / "pipelines" / "exemple.toml"
    mine.write_text("à moi", encoding="utf-8")
    with pytest.raises(OutputError, match="existe déjà, rien n'a été écrit"):
        write_study_folder(tmp_path)
    assert mine.read_text(encoding="utf-8") == "à moi"
    assert not (tmp_path / "pipelines" / "README.md").exists()


def test_init_says_what_stands_in_the_way(tmp_path):
    (tmp_path / "dossier").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match="dossier"):
        write_study_folder(tmp_path / "dossier")


def test_both_readmes_describe_the_same_keys():
    # the steps differ (which file to copy, make or not); what a file may say does not
    template = Path(__file__).parents[2] / "src" / "terrdiag" / "study" / "template" / "README.md"
    keys = [
        path.read_text(encoding="utf-8").partition("## Ce qu'un fichier peut dire")[2]
        for path in (template, PIPELINES / "README.md")
    ]
    assert keys[0] == keys[1] != ""
