"""« terrdiag claims »: what is printed, in which width, and the exit codes."""

import re
import sys
from pathlib import Path

import pytest

from terrdiag import cli
from terrdiag.claims_listing import WIDTH, plain

ROOT = Path(__file__).parent.parent
HEAD = '[study]\nid = "x"\ntitle = "X"\n[perimeter]\nepci = ["246500482"]\n'
CONFIRMED = '[[claims]]\ntext = "25 communes"\ndocument = "d"\nindicator = "communes"\nvalue = 25\n'
DIFFERS = CONFIRMED.replace("25", "33")
UNKNOWN = (
    '[[claims]]\ntext = "28e rang"\ndocument = "d"\nnot_computable = "Pas de rang"\nvalue = 28\n'
)


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    def call(*arguments, folder=tmp_path):
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "argv", ["terrdiag", "claims", *arguments])
        with pytest.raises(SystemExit) as stop:
            cli.main()
        out, err = capsys.readouterr()
        assert "Traceback" not in out + err
        return int(stop.value.code or 0), out, err

    return call


@pytest.fixture
def check(run, tmp_path):
    def call(claims, *options):
        (tmp_path / "x.toml").write_text(HEAD + claims, encoding="utf-8")
        return run("x.toml", *options)

    return call


@pytest.mark.parametrize(
    ("claims", "options", "code"),
    [
        (CONFIRMED, [], 0),
        (DIFFERS, [], 3),
        (CONFIRMED + DIFFERS, [], 3),
        (UNKNOWN, [], 0),
        (CONFIRMED + UNKNOWN, ["--strict"], 3),
        (CONFIRMED, ["--strict"], 0),
        ("", [], 0),
        ("", ["--strict"], 0),
    ],
)
def test_exit_codes(check, claims, options, code):
    found, out, err = check(claims, *options)
    assert found == code
    assert out.strip()
    assert err == ""


def test_a_study_without_claims_says_so(check):
    assert "ne cite aucun chiffre" in check("")[1]


@pytest.mark.parametrize(
    ("claims", "words"),
    [
        (DIFFERS.replace('"communes"', '"comunes"'), ["ligne 9", "n° 1", "communes"]),
        (f'{CONFIRMED}place = "epci:999999999"\n', ["ligne 11", "n° 1", "place", "999999999"]),
        (f'{CONFIRMED}place = "territory"\n', ["place", "territoire"]),
    ],
)
def test_a_fault_of_the_study_is_not_a_claim_that_differs(check, claims, words):
    code, out, err = check(claims)
    assert code == 1
    assert out == ""
    for word in words:
        assert word in err


def test_an_absent_edition(check):
    assert check(CONFIRMED, "--edition", "nulle-part")[0] == 1


def test_a_reference_study_is_readable(run):
    code, out, _ = run("cchb", folder=ROOT)
    assert code == 3
    text = re.sub(r"\s+", " ", out)
    for words in (
        "6 chiffres cités : 4 diffèrent et 2 ne sont pas calculables.",
        "1. DIFFÈRE — « 24 communes »",
        "La valeur citée correspond à « Nombre de communes », périmètre d'avant le 1er janvier 2018 (24 communes",
        "C'est une hypothèse",
        "Aucune des",
        "autres définitions essayées ne donne 18 112 habitants.",
        "17 187 habitants",
        "5. NON CALCULABLE",
    ):
        assert re.sub(r"\s+", " ", words) in text
    lines = out.splitlines()
    assert max(map(len, lines)) <= WIDTH
    assert not any(line != line.rstrip() for line in lines)


def test_hostile_texts_do_not_drive_the_terminal(check):
    hostile = r'"\u001b[31m\u001b]0;titre\u0007 rouge\n\u202eretourné\u2028{0} %s"'
    keys = ("text", "document", "not_computable", "unit")
    claims = "".join(["[[claims]]\nvalue = 1\n", *(f"{key} = {hostile}\n" for key in keys)])
    code, out, _ = check(claims)
    assert code == 0
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\u2029]", out)
    assert "[31m]0;titre rouge retourné {0} %s" in out


def test_plain_keeps_the_spaces_that_do_not_break():
    assert plain("18\u202f112\u00a0hab.  \t en\n2011 ?") == "18\u202f112\u00a0hab. en 2011\u202f?"


def test_what_is_written_to_the_digit_counts(check):
    # 16,640 in 2018: 17 thousand when rounded, not to the unit
    base = '[[claims]]\ntext = "x"\ndocument = "d"\nindicator = "population"\nyear = 2018\nvalue = '
    assert check(f"{base}17e3\n")[0] == 0
    assert check(f"{base}17000\n")[0] == 3
