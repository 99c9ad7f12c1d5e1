"""Commands, options, targets, keys, columns: what exists is documented, what is documented exists."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import click
import pytest
from pydantic import BaseModel

from docs.markdown import find_code, read, section
from terrdiag.cli import terrdiag
from terrdiag.study.model import StudyFile
from terrdiag.tables.long_table import CSV_COLUMNS, PARQUET_SCHEMA
from terrdiag.values import LEVEL_LABELS, STATUS_CODES_FR, STATUS_WORDS

ROOT = Path(__file__).parents[2]
GUIDE = read(ROOT / "docs/guide.md")
BY_HAND = [
    *("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "data/raw/README.md", "pipelines/README.md"),
    *("docs/index.md", "docs/guide.md", "docs/donnees.md", "docs/reseau.md"),
    *("docs/methode.md", "docs/sources.md"),
]
TARGETS = set(re.findall(r"^([a-z-]+):.*?##", read(ROOT / "Makefile"), re.MULTILINE))


def walk(command: click.Command, name: str = "terrdiag") -> Iterator[tuple[str, click.Command]]:
    """Give every command that does something, with its full name."""
    if isinstance(command, click.Group):
        for child in command.commands.values():
            yield from walk(child, f"{name} {child.name}")
    else:
        yield name, command


COMMANDS = dict(walk(terrdiag))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_and_option_is_in_the_guide(name):
    text = section(GUIDE, f"`{name}`")
    options = [o for o in COMMANDS[name].params if isinstance(o, click.Option)]
    for option in options:
        assert f"`{option.opts[0]}" in text or f" {option.opts[0]} " in text, option.opts[0]


def commands_of(text: str, program: str) -> list[list[str]]:
    """Command lines of a program in the code of a document."""
    lines = [line for code in find_code(text) for line in re.split(r" && |\s*\|\s*", code)]
    return [shlex.split(line) for line in lines if re.match(rf"(\S*/)?{program}( |$)", line)]


@pytest.mark.parametrize("document", BY_HAND)
def test_commands_of_documents_exist(document):
    for words in commands_of(read(ROOT / document), "terrdiag"):
        command: click.Command = terrdiag
        rest = [word for word in words[1:] if word not in {"…", "COMMANDE", "--help", "--version"}]
        while rest and isinstance(command, click.Group):
            assert rest[0] in command.commands, f"{document} : {' '.join(words)}"
            command = command.commands[rest.pop(0)]
        known = {flag for option in command.params for flag in option.opts}
        unknown = {word for word in rest if word.startswith("--")} - known
        assert not unknown, f"{document} : {' '.join(words)}"


@pytest.mark.parametrize("document", BY_HAND)
def test_targets_of_documents_exist(document):
    for words in commands_of(read(ROOT / document), "make"):
        named = {word for word in words[1:] if "=" not in word and word != "…"}
        assert named <= TARGETS, f"{document} : {' '.join(words)}"


def test_variables_of_make_exist():
    declared = set(re.findall(r"^([A-Z]+) \?=", read(ROOT / "Makefile"), re.MULTILINE))
    used = {
        word.partition("=")[0]
        for document in BY_HAND
        for words in commands_of(read(ROOT / document), "make")
        for word in words[1:]
        if "=" in word
    }
    assert used <= declared


def test_every_target_is_documented():
    documented = {
        word
        for document in BY_HAND
        for words in commands_of(read(ROOT / document), "make")
        for word in words[1:]
    }
    # clean says of itself all there is to say
    assert TARGETS - {"clean"} <= documented


def test_every_key_of_a_study_is_in_the_guide():
    text = section(GUIDE, "Le fichier d'étude")
    for table, field in StudyFile.model_fields.items():
        for key in model_of(field.annotation).model_fields:
            rows = [line for line in text.splitlines() if f"`[{table}]` " in line]
            rows += [line for line in text.splitlines() if f"`[[{table}]]` " in line]
            assert any(f"`{key}`" in row.split("|")[1] for row in rows), f"[{table}] {key}"


def model_of(annotation):
    """Find the table that a key holds, be it in a list of tables."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(found for one in get_args(annotation) if (found := model_of(one)))


def test_every_column_is_in_the_guide():
    text = section(GUIDE, "`indicators.csv` et `indicators.parquet`")
    for column in (*CSV_COLUMNS, *PARQUET_SCHEMA.names):
        assert f"`{column}`" in text, column
    for level in LEVEL_LABELS:
        assert f"`{level}`" in text, level


@pytest.mark.parametrize("status", STATUS_WORDS)
def test_every_status_is_in_the_documents(status):
    row = next(
        line
        for line in section(GUIDE, "Ce que disent les statuts").splitlines()
        if f"| `{STATUS_CODES_FR[status]}` | `{status}` |" in line
    )
    words = STATUS_WORDS[status]
    assert words in row or status == "partial"  # the page gives the coverage in its place
    assert f"| `{status}` |" in section(read(ROOT / "docs/methode.md"), "Les statuts")
    assert f"`{status}`" in section(read(ROOT / "CONTRIBUTING.md"), "Conventions")
