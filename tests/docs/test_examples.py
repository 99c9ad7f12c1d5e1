"""The study files shown in the documents are valid ones."""

import re
from pathlib import Path

import pytest

from docs.markdown import FENCE, read
from terrdiag.study import load_study

ROOT = Path(__file__).parents[2]

HEAD = '[study]\nid = "exemple"\ntitle = "Exemple"\n'
PLACE = '[perimeter]\nepci = ["246500482"]\n'

TABLES = re.compile(r"^\[+(study|perimeter|comparators|expect|relief|claims)\b", re.MULTILINE)

EXAMPLES = [
    pytest.param(body, id=f"{document}-{number}")
    for document in ("docs/guide.md", "CONTRIBUTING.md")
    for number, (language, body) in enumerate(FENCE.findall(read(ROOT / document)))
    if language == "toml" and TABLES.search(body)
]


def test_there_are_examples():
    assert len(EXAMPLES) >= 5


@pytest.mark.parametrize("body", EXAMPLES)
def test_an_example_is_a_valid_study(body, tmp_path):
    tables = set(TABLES.findall(body))
    head = "" if "study" in tables else HEAD
    place = "" if "perimeter" in tables else PLACE
    file = tmp_path / "exemple.toml"
    file.write_text(f"{head}{place}{body}", encoding="utf-8")
    assert load_study(file).perimeter.epci
