"""Whatever a file holds, it is a study or a StudyFileError: never a stack trace."""

import tempfile
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import given, settings

from terrdiag.errors import StudyFileError
from terrdiag.study import Study, load_study
from terrdiag.study.codes import KINDS, check_code, guess_code

VALID = Path(__file__).parents[2] / "pipelines" / "cchb.toml"

VALUES = st.one_of(
    st.integers(),
    st.floats(),
    st.booleans(),
    st.text(max_size=12),
    st.dates(),
    st.lists(st.one_of(st.text(max_size=6), st.integers(), st.booleans()), max_size=3),
)
KEYS = [("study", "id"), ("perimeter", "epci"), ("perimeter", "date"), ("expect", "communes")]


def load(text: str) -> Study | str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "x.toml"
        path.write_text(text, encoding="utf-8", newline="\n", errors="surrogatepass")
        try:
            return load_study(path)
        except StudyFileError as error:
            return str(error)


def as_toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return '"' + "".join(f"\\U{ord(char):08X}" for char in value) + '"'
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    return str(value)


@settings(max_examples=150, deadline=None)
@given(
    place=st.integers(0, 1000),
    removed=st.integers(0, 30),
    added=st.text(st.characters(exclude_categories=["Cs"]), max_size=8),
)
def test_a_damaged_file(place, removed, added):
    text = VALID.read_text(encoding="utf-8")
    place %= len(text)
    load(text[:place] + added + text[place + removed :])


@settings(max_examples=150, deadline=None)
@given(table_key=st.sampled_from(KEYS), value=VALUES)
def test_a_value_of_any_type(table_key, value):
    tables = {
        "study": {"id": '"x"', "title": '"X"'},
        "perimeter": {"regions": '["76"]'},
        "expect": {},
    }
    table, key = table_key
    tables[table][key] = as_toml(value)
    lines = []
    for name, keys in tables.items():
        lines += [f"[{name}]", *(f"{k} = {v}" for k, v in keys.items())]
    found = load("\n".join(lines))
    if isinstance(found, str):
        expected = lines.index(f"{key} = {tables[table][key]}") + 1
        assert f"ligne {expected}, " in found


@given(kind=st.sampled_from(sorted(KINDS)), text=st.text(max_size=12))
def test_a_guessed_code_is_a_code(kind, text):
    guess = guess_code(kind, text)
    if guess:
        assert check_code(kind, guess) == guess


@pytest.mark.parametrize(
    ("kind", "written", "guess"),
    [
        ("commune", "1004", "01004"),
        ("commune", "2a004", "2A004"),
        ("commune", "65 059", "65059"),
        ("commune", "59", ""),
        ("epci", "246 500 482", "246500482"),
        ("departement", "1", "01"),
        ("departement", "2b", "2B"),
        ("departement", "2", "02"),
        ("region", "6", "06"),
        ("ti", "7505", "ti-7505"),
        ("ti", "TI-7505", "ti-7505"),
        ("petr", "cr0289", "CR0289"),
        ("petr", "289", ""),
    ],
)
def test_what_was_meant_by_a_code(kind, written, guess):
    assert guess_code(kind, written) == guess
