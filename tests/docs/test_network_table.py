"""What ``docs/reseau.md`` promises is tested: its tests exist, and every fault of the server is in it."""

import ast
import re
from pathlib import Path

import pytest

from faultserver import FAULTS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs/reseau.md").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"`((?:\w+/)?test_\w+(?:::\w+)+)`", TEXT)))
ROWS = [
    [cell.strip() for cell in line.strip("|").split(" | ")]
    for line in TEXT.splitlines()
    if line.startswith("| ")
]


def find_tests(module: str) -> set[str]:
    """List the tests of a file, as the document names them (by the end of its path)."""
    (path,) = (
        path
        for path in (ROOT / "tests").rglob("test_*.py")
        if path.as_posix().endswith(f"/{module}.py")
    )
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef):
            found.add(f"{module}::{node.name}")
        elif isinstance(node, ast.ClassDef):
            found |= {
                f"{module}::{node.name}::{inner.name}"
                for inner in node.body
                if isinstance(inner, ast.FunctionDef)
            }
    return found


@pytest.mark.parametrize("name", NAMED)
def test_named_tests_exist(name):
    assert name in find_tests(name.partition("::")[0])


def test_every_fault_of_the_server_is_told_once():
    first = [fault for row in ROWS for fault in re.findall(r"`([\w-]+)`", row[0].split(" : ")[0])]
    told = [fault for fault in first if fault in FAULTS]
    assert sorted(told) == sorted(FAULTS)


def test_every_row_names_a_test():
    heads = {"Panne", "Ce qui est là", "Le fichier", "Situation", "Moment", "Quoi"}
    for row in ROWS:
        assert row[0] in heads or re.search(r"`(\w+/)?test_\w+::", row[-1]), row[0]


def test_every_test_of_faults_is_in_the_table():
    written = find_tests("download/test_faults") | find_tests("download/test_faults_content")
    assert {name for name in written if "::test_" in name} <= set(NAMED)
