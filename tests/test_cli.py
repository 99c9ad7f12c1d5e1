"""The command line: help in French, clear refusals, exit codes, nothing written when something is wrong."""

import subprocess
import sys
from pathlib import Path

import click
import pytest

from terrdiag import cli

ROOT = Path(__file__).parent.parent


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Run the command line in an empty folder; give its exit code, output and error output."""

    def call(*arguments: str, folder: Path = tmp_path) -> tuple[int, str, str]:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["terrdiag", *arguments])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return int(stop.value.code or 0), out, err

    return call


def commands(group: click.Group, prefix: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    found = []
    for name, command in group.commands.items():
        found.append((*prefix, name))
        if isinstance(command, click.Group):
            found += commands(command, (*prefix, name))
    return found


@pytest.mark.parametrize("path", [(), *commands(cli.terrdiag)], ids=" ".join)
def test_every_help_page_is_in_french(run, path):
    code, out, _ = run(*path, "--help")
    assert code == 0
    assert "Affiche cette aide." in out
    for english in ("Usage:", "Show this", "required", "Commands", "Arguments"):
        assert english not in out


def test_module_runs_like_the_script():
    done = subprocess.run(
        [sys.executable, "-m", "terrdiag", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("terrdiag ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "il manque une commande"),
        (("diagnostique", "cchb"), "Valeurs proches\xa0: diagnostic."),
        (("diagnostic",), "il manque NOM|CODE|FICHIER.toml"),
        (("diagnostic", "cchb", "--ouut", "x"), "option inconnue\xa0: --ouut"),
        (("diagnostic", "cchb", "--out"), "--out"),
        (("list", "etudes"), "attendu studies, indicators, sources"),
        (("find", "x", "--limit", "0"), "attendu un nombre entier d'au moins 1"),
        (
            ("edition", "build", "--raw", ".", "--out", "e", "--date", "hier"),
            "attendu une date AAAA-MM-JJ",
        ),
    ],
)
def test_a_wrong_command_says_what_is_wrong_in_french(run, arguments, words):
    code, _, err = run(*arguments)
    assert code == 2
    assert words in err
    assert "--help" in err


class TestDiagnosticRefusals:
    def refuses(self, run, tmp_path, arguments, words):
        code, out, err = run("diagnostic", *arguments)
        assert code == 1
        assert out == ""
        assert err.startswith("Erreur : ")
        for word in words:
            assert word in err
        assert not (tmp_path / "maps").exists()
        assert not (tmp_path / "data").exists()

    def test_misspelt_territory(self, run, tmp_path):
        self.refuses(run, tmp_path, ["haute bigore"], ["haute bigore", "246500482"])

    def test_unknown_code(self, run, tmp_path):
        self.refuses(run, tmp_path, ["99999"], ["99999"])

    def test_lost_zero(self, run, tmp_path):
        self.refuses(run, tmp_path, ["1004"], ["01004"])

    def test_ambiguous_code(self, run, tmp_path):
        self.refuses(run, tmp_path, ["75"], ["departement:75", "region:75"])

    def test_absent_file(self, run, tmp_path):
        self.refuses(run, tmp_path, ["absente.toml"], ["absente.toml"])

    def test_broken_toml(self, run, tmp_path):
        (tmp_path / "x.toml").write_text('[study]\nid = "x\n')
        self.refuses(run, tmp_path, ["x.toml"], ["x.toml", "ligne 2"])

    def test_unknown_key(self, run, tmp_path):
        (tmp_path / "x.toml").write_text(
            '[study]\nid = "x"\ntitle = "X"\n[perimeter]\nepcis = ["246500482"]\n'
        )
        self.refuses(run, tmp_path, ["x.toml"], ["x.toml", "ligne 5", "epcis", "epci"])

    def test_unmet_expectation(self, run, tmp_path):
        (tmp_path / "x.toml").write_text(
            '[study]\nid = "x"\ntitle = "X"\n[perimeter]\nepci = ["246500482"]\n[expect]\ncommunes = 24\n'
        )
        self.refuses(run, tmp_path, ["x.toml"], ["24", "25"])

    def test_not_an_edition(self, run, tmp_path):
        self.refuses(
            run, tmp_path, ["cchb", "--edition", str(tmp_path / "rien")], ["n'est pas une édition"]
        )

    def test_output_is_a_file(self, run, tmp_path):
        (tmp_path / "occupé").write_text("une note")
        self.refuses(run, tmp_path, ["246500482", "--out", str(tmp_path / "occupé")], ["occupé"])
        assert (tmp_path / "occupé").read_text() == "une note"


def test_find_ignores_accents_and_case(run):
    code, out, _ = run("find", "HAUTE", "bigorre")
    assert code == 0
    assert out.splitlines()[0].startswith("246500482")
    assert "CC de la Haute-Bigorre" in out


def test_find_says_when_nothing_is_found(run):
    code, out, err = run("find", "zzzzqqqq")
    assert (code, out) == (1, "")
    assert "zzzzqqqq" in err


def test_list_shows_studies_indicators_sources(run):
    code, out, _ = run("list", folder=ROOT)
    assert code == 0
    for word in (
        "cchb",
        "industry_establishments_share_pct",
        "insee-comparateur-2018",
        "Licence Ouverte",
    ):
        assert word in out


def test_list_outside_a_project_says_how_to_start(run):
    code, out, _ = run("list", "studies")
    assert code == 0
    assert "terrdiag init" in out


def test_init_writes_a_study_that_runs_and_overwrites_nothing(run, tmp_path):
    code, out, _ = run("init", "etudes")
    assert code == 0
    assert "exemple.toml" in out
    (tmp_path / "etudes/pipelines/exemple.toml").write_text("la mienne")
    code, _, err = run("init", "etudes")
    assert code == 1
    assert "existe déjà" in err
    assert (tmp_path / "etudes/pipelines/exemple.toml").read_text() == "la mienne"


def test_init_example_is_a_valid_study(run, tmp_path):
    run("init", "etudes")
    code, out, _ = run("diagnostic", "exemple", folder=tmp_path / "etudes")
    assert code == 0
    assert "25\xa0communes" in out
    assert (tmp_path / "etudes/maps/exemple/index.html").is_file()


def test_edition_info_and_check(run):
    code, out, _ = run("edition", "info")
    assert code == 0
    assert "laissé de côté" in out
    code, out, _ = run("edition", "check")
    assert code == 0
    assert "bon : chiffres" in out


def test_build_without_raw_files_names_the_first_missing_one(run, tmp_path):
    (tmp_path / "raw").mkdir()
    code, _, err = run("edition", "build", "--raw", "raw", "--out", "edition")
    assert code == 1
    assert "raw/insee/cog/*_2026* est absent" in err
    assert not (tmp_path / "edition").exists()


@pytest.mark.parametrize("command", [("data", "update"), ("data", "dem", "65059")])
def test_an_empty_mirror_is_not_the_producers(run, command):
    """An empty shell variable must not send the requests to the producers."""
    code, _, err = run(*command, "--mirror", " ")
    assert code == 2
    assert "--mirror est vide" in err


def test_data_update_of_nothing(run, tmp_path):
    code, _, err = run("data", "update", "--offline")
    assert code == 1
    assert "Aucun fichier officiel n'a pu être lu" in err
    assert not (tmp_path / "data/edition/COURANTE.toml").exists()


def test_data_add_example_and_list(run, tmp_path):
    code, out, _ = run("data", "add", "--example", "ex")
    assert code == 0
    assert (tmp_path / "ex/exemple.toml").is_file()
    assert "écrit" in out
    code, out, _ = run("data", "list")
    assert code == 0
    code, _, err = run("data", "add")
    assert code == 2
    assert "--example DOSSIER" in err


def test_sources_commands(run):
    code, out, _ = run("sources", "list")
    assert code == 0
    assert "insee-base-emploi-2022" in out
    code, out, _ = run("sources", "show", "insee-flux-2022")
    assert code == 0
    assert "base-flux-mobilite-domicile-lieu-travail-2022_csv.zip" in out
    code, _, err = run("sources", "show", "insee-flux-2002")
    assert code == 1
    assert "insee-flux-2022" in err
    code, out, _ = run("sources", "check")
    assert code == 0
