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
    assert all(f"`{file.path}`" in text for file in source.files)
    assert all(url in text for file in source.files for url in (file.address, *file.alternatives))
    record = open_edition().sources.get(key)
    for dropped in record.dropped if record else ():
        assert generate.typeset(f"  - {dropped}.")[:-1] in text


@pytest.mark.parametrize(
    ("key", "said"),
    [
        ("insee-comparateur-2018", "(sans adresse stable : d'un miroir, ou à la main)"),
        ("etalab-geo-api-2026", "(101 fichiers, `https://geo.api.gouv.fr/departements/{each}/"),
        ("etalab-decoupage-2025", "[autre adresse](https://cdn.jsdelivr.net/npm/@etalab/"),
        ("dgcl-epcicom", "[adresse](https://www.collectivites-locales.gouv.fr/files/"),
        (
            "insee-cog-2026",
            "CSV ; 37\u202f000\u00a0lignes au moins ; 20 Mo au plus ; colonnes TYPECOM, COM",
        ),
        ("insee-cog-2026", "Apporte : code géographique. Publication : annuel, en mars."),
    ],
)
def test_the_page_of_sources_tells_the_files_and_what_proves_them(key, said, generate):
    edition, source = open_edition(), load_sources()[key]
    assert said in generate.render_sources({key: source}, edition)


def test_the_page_of_sources_tells_what_is_not_embedded(generate):
    known = load_sources()["insee-cog-2026"]
    other = known.model_copy(
        update={"id": "urssaf", "licence": "ODbL 1.0", "embeddable": False, "files": ()}
    )
    text = generate.render_sources({"insee-cog-2026": known, "urssaf": other}, open_edition())
    first, second = text.split("\n### urssaf\n")
    assert "N'est pas dans l'édition embarquée" not in first
    assert "- N'est pas dans l'édition embarquée." in second
    assert "Sa licence ne lui permet pas d'entrer dans l'édition embarquée." in second
    assert "| ODbL 1.0 | non |" in first
    assert "| Licence Ouverte 2.0 | oui |" in first


@pytest.mark.parametrize(
    ("key", "said"),
    [
        (
            "salaried_posts",
            "source [insee-flores-a17-2024](../sources.md#insee-flores-a17-2024) (2024)\u202f; sur demande, ",
        ),
        ("median_living_standard_eur", "Seulement dans une [édition locale](../donnees.md)"),
        (
            "energy_use",
            "à déposer soi-même, [sdes-energie](../sources.md#sdes-energie) (années lues",
        ),
        ("private_jobs", "(de 2006 à 2025)"),
        ("commuting_inside", "Seulement dans une [édition locale](../donnees.md)"),
        (
            "industry_jobs_share_pct",
            "Par commune, et comme rapport de sommes, seulement dans une [édition locale](../donnees.md)",
        ),
    ],
)
def test_a_fiche_tells_what_only_a_local_edition_has(key, said, documents):
    assert said in documents[Path(f"docs/indicateurs/{key}.md")]


def test_a_fiche_cites_the_edition_that_has_the_figure(documents):
    local = documents[Path("docs/indicateurs/private_jobs.md")]
    assert "édition locale *identifiant*." in local
    assert "édition 2026.1." not in local
    both = documents[Path("docs/indicateurs/industry_jobs_share_pct.md")]
    assert both.count("\n> ") == 2
    assert (
        "édition locale" not in documents[Path("docs/indicateurs/mountain_communes_share_pct.md")]
    )


def test_the_fiche_of_a_share_with_counts(documents):
    text = documents[Path("docs/indicateurs/industry_jobs_share_pct.md")]
    assert "`jobs_industry`, `jobs_sectors` |" in text
    assert "| Prudence | fragile sous 2\u202f000 habitants" in text
    assert "France\u202f; Commune, avec ses effectifs |" in text


def test_the_index_marks_what_only_a_local_edition_has(documents):
    rows = {
        line.split("`")[1]: line.rsplit("|", 2)[1].strip()
        for line in documents[Path("docs/indicateurs/README.md")].splitlines()
        if line.startswith("| [")
    }
    assert rows["salaried_posts"] == rows["commuting_inside"] == "locale"
    assert rows["industry_jobs_share_pct"] == "locale pour les communes"
    assert rows["population"] == rows["area_above_{m}_pct"] == ""


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
