"""Links lead somewhere; files that documents name exist."""

import re
from pathlib import Path

import pytest

from docs.markdown import find_anchors, find_code, find_links, read
from terrdiag.catalogue import load_sources

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted(
    path.relative_to(ROOT)
    for pattern in ("*.md", "docs/**/*.md", "data/raw/*.md", "pipelines/*.md", "benchmarks/*.md")
    for path in ROOT.glob(pattern)
)
PARTS = {
    f"/{path.relative_to(ROOT).as_posix()}"
    for folder in ("src/terrdiag", "tests", "docs", "pipelines", "benchmarks", "tools")
    for path in (ROOT / folder, *(ROOT / folder).rglob("*"))
    if "__pycache__" not in path.parts
}
"""Files and folders that a document may name by the end of their path (``edition/build.py``)."""

RESULTS = {
    *("indicators.csv", "indicators.parquet", "indicators.xlsx", "communes.gpkg", "manifest.json"),
    *("indicators-modifie.xlsx", "edition.toml", "LOCK.toml", "COURANTE.toml"),
}
EXAMPLES = {
    *("mes-etudes/bigorre.toml", "mes-etudes/pipelines/", "pipelines/mon-territoire.toml"),
    *("data/raw/", "data/raw", "insee/cog/v_commune_2026.csv"),
}
WRITTEN = ("maps/", "data/processed/", "data/raw/", "data/edition/")
"""Folders that commands write in."""

NOT_YET = {"atlas.py"}
IS_FILE = re.compile(r"[\w.-]+(/[\w.-]+)*(/|\.(py|toml|md|json|csv|txt|png|xlsx|parquet|gpkg|zip))")


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_links_lead_somewhere(document):
    for link in find_links(read(ROOT / document)):
        if link.startswith("https://"):
            continue
        assert not link.startswith(("http:", "/")), f"{document} : {link}"
        name, _, anchor = link.partition("#")
        target = (ROOT / document).parent / name if name else ROOT / document
        assert target.exists(), f"{document} : {link}"
        if anchor:
            assert anchor in find_anchors(read(target)), f"{document} : {link}"


@pytest.mark.parametrize(
    "document",
    [
        *("README.md", "CONTRIBUTING.md", "docs/guide.md", "docs/donnees.md", "docs/methode.md"),
    ],
)
def test_files_that_are_named_exist(document):
    sources = {source.path for source in load_sources().values()}
    names = {code for code in find_code(read(ROOT / document)) if IS_FILE.fullmatch(code)}
    written = {name for name in names if name.startswith(WRITTEN)}
    for name in names - RESULTS - EXAMPLES - NOT_YET - sources - written:
        known = (ROOT / name).exists() or any(p.endswith(f"/{name.rstrip('/')}") for p in PARTS)
        assert known, f"{document} : {name}"


def test_what_is_said_to_come_later_is_not_there():
    assert not [name for name in NOT_YET if (ROOT / "src/terrdiag" / name).exists()]


def test_the_picture_is_light():
    assert (ROOT / "docs/images/cchb.png").stat().st_size <= 200_000


def test_the_raw_folder_names_every_source_and_its_files():
    text = read(ROOT / "data/raw/README.md")
    for source in load_sources().values():
        folder, _, _ = source.path.rpartition("/")
        assert f"`{source.id}`" in text
        assert f"`{folder}/`" in text
        for file in source.files:
            # of a family of files, or of years, a pattern or the ends are enough
            if not file.for_each and source.id != "dgcl-epcicom":
                assert f"`{file.path.rpartition('/')[2]}`" in text
