"""The generated documents are those of the catalogue and of the embedded edition."""

import re
from pathlib import Path

import pytest

from docs.markdown import read
from terrdiag.catalogue import load_analyses, load_indicators, load_sources
from terrdiag.edition import open_edition, read_figures

ROOT = Path(__file__).parents[2]


def test_documents_are_up_to_date(documents):
    stale = [
        str(path)
        for path, text in documents.items()
        if not (ROOT / path).is_file() or read(ROOT / path) != text
    ]
    assert not stale, f"lancez « make docs » : {', '.join(stale)}"


def test_there_is_no_fiche_without_indicator(documents):
    fiches = {path.relative_to(ROOT) for path in (ROOT / "docs/indicateurs").glob("*.md")}
    assert fiches <= set(documents)


def test_a_stale_fiche_is_removed_and_the_others_written(generate, documents, tmp_path):
    old = tmp_path / "docs/indicateurs/no_more.md"
    old.parent.mkdir(parents=True)
    old.write_text("x", encoding="utf-8")
    generate.write_documents(tmp_path)
    assert not old.exists()
    assert {path.relative_to(tmp_path) for path in tmp_path.rglob("*") if path.is_file()} == set(
        documents
    )


@pytest.mark.parametrize("one", load_indicators().values(), ids=list(load_indicators()))
def test_a_fiche_says_what_the_catalogue_says(one, documents, generate):
    text = documents[Path(f"docs/indicateurs/{one.id}.md")]
    for said in (one.label_fr, one.label_en, one.formula_fr, one.definition_fr, one.note_fr):
        assert generate.typeset(said) in text
    for key in one.source:
        source = load_sources()[key]
        assert f"(../sources.md#{key})" in text
        assert generate.typeset(source.attribution) in text
        assert source.landing_page in text


@pytest.mark.parametrize("one", load_analyses().values(), ids=list(load_analyses()))
def test_the_fiche_of_an_analysis_says_its_formula_its_reference_and_its_limits(
    one, documents, generate
):
    text = documents[Path(f"docs/indicateurs/{one.id}.md")]
    assert "{" not in re.sub(r"`[^`]*`", "", text)
    # what holds for all its variants is said as it is in the catalogue
    for said in (one.formula_fr, one.definition_fr, one.reference_fr, one.limits_fr):
        assert "{" in said or generate.typeset(said) in text


@pytest.mark.parametrize("key", load_sources())
def test_the_page_of_sources_tells_every_source(key, documents, generate):
    source, text = load_sources()[key], documents[Path("docs/sources.md")]
    assert f"\n### {key}\n" in text
    for said in (source.producer, source.vintage, source.attribution, source.note):
        assert generate.typeset(said) in text
    for dropped in open_edition().sources[key].dropped:
        assert generate.typeset(f"  - {dropped}.")[:-1] in text


def test_years_count_the_communes_that_are_known(documents):
    rows = read_figures(open_edition(), levels=["commune"], variables=["jobs_total"])
    known = int(rows[rows["ref_year"] == 2013]["value"].notna().sum())
    text = documents[Path("docs/indicateurs/jobs.md")]
    assert f"| 2013 | {known:,} | 0 | 0 | 0 |".replace(",", "\u202f") in text


def test_years_of_establishments_in_haute_bigorre(documents):
    # 15 of the 25 communes have one to four establishments: no share on such a base
    text = documents[Path("docs/indicateurs/industry_establishments_share_pct.md")]
    assert "| 2024 | 10 | 15 | 0 | 0 |" in text
    assert "2024\u00a0: 25\u00a0communes seulement" in text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Non : oui ; 8,77 % !", "Non\u00a0: oui\u202f; 8,77\u00a0%\u202f!"),
        ("« oui »", "«\u00a0oui\u00a0»"),
        ("`a : b` : c", "`a : b`\u00a0: c"),
        ("```sh\nmake : x ;\n```\nfin :", "```sh\nmake : x ;\n```\nfin\u00a0:"),
        ("[« a »](x.md#b)", "[«\u00a0a\u00a0»](x.md#b)"),
        ("<!-- a : b -->", "<!-- a : b -->"),
        ("voir https://example.fr/a?b=1 ; puis", "voir https://example.fr/a?b=1\u202f; puis"),
        ("| a | b |", "| a | b |"),
    ],
)
def test_typeset(generate, text, expected):
    assert generate.typeset(text) == expected
    assert generate.typeset(expected) == expected
