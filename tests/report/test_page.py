import base64
import hashlib
import itertools
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from report.conftest import HOSTILE
from terrdiag.report import render_page
from terrdiag.report.page import embed_json
from terrdiag.values import empty_values

VOID = {"meta", "link", "br", "img", "input", "hr", "wbr"}
SVG_EMPTY = {"line", "circle", "rect"}


class Outline(HTMLParser):
    """A strict reader: every tag that is opened is closed, in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open, self.faults, self.tags, self.text = [], [], [], []
        self.scripts = []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if len(attrs) != len(dict(attrs)):
            self.faults.append(f"attribut répété : {tag}")
        if tag not in VOID:
            self.open.append(tag)
        if tag == "script":
            self.scripts.append("")

    def handle_startendtag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID | SVG_EMPTY:
            self.faults.append(f"{tag} fermé sur lui-même")

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"</{tag}> de trop, ligne {self.getpos()[0]}")

    def handle_data(self, data):
        if self.open and self.open[-1] == "script":
            self.scripts[-1] += data
        elif not self.open or self.open[-1] != "style":
            self.text.append(data)


def read(html):
    outline = Outline()
    outline.feed(html)
    outline.close()
    return outline


def words(html):
    return " ".join(" ".join(read(html).text).replace("\u00a0", " ").replace("\u202f", " ").split())


@pytest.mark.parametrize("name", ["html", "hostile_html"])
def test_html_is_well_formed(name, request):
    outline = read(request.getfixturevalue(name))
    assert outline.faults == []
    assert outline.open == []


def test_ids_are_unique_and_what_refers_to_them_exists(html):
    tags = read(html).tags
    ids = [attrs["id"] for _, attrs in tags if "id" in attrs]
    assert len(ids) == len(set(ids))
    for _, attrs in tags:
        for name in ("aria-labelledby", "aria-describedby", "for"):
            if name in attrs:
                assert set(attrs[name].split()) <= set(ids)
        if attrs.get("href", "").startswith("#"):
            assert attrs["href"][1:] in ids


def test_headings_come_in_order(html):
    levels = [int(tag[1]) for tag, _ in read(html).tags if re.fullmatch(r"h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


@pytest.mark.parametrize("name", ["html", "hostile_html"])
def test_nothing_is_loaded_from_anywhere(name, request):
    html = request.getfixturevalue(name)
    for tag, attrs in read(html).tags:
        assert "src" not in attrs, (tag, attrs)
        assert not any(attribute.startswith("on") for attribute in attrs), (tag, attrs)
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form"}
        if "href" in attrs:
            assert tag == "a"
            assert attrs["href"].startswith(
                ("https://", "#", "../../data/processed/")
            ) or re.fullmatch(r"\w+\.html", attrs["href"])
    style = "".join(re.findall(r"<style>(.*?)</style>", html, re.DOTALL))
    assert "@import" not in style
    assert not re.search(r"url\((?!['\"]?data:)", style)


def test_policy_allows_the_one_script_and_no_other(html):
    outline = read(html)
    policy = next(
        a["content"] for t, a in outline.tags if a.get("http-equiv") == "Content-Security-Policy"
    )
    assert policy.startswith("default-src 'none'")
    assert "'unsafe-inline'" not in policy.split("script-src")[1].split(";")[0]
    digest = base64.b64encode(hashlib.sha256(outline.scripts[-1].encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    kinds = [attrs.get("type") for tag, attrs in outline.tags if tag == "script"]
    assert kinds == ["application/json"] * 3 + [None]


def test_hostile_names_stay_text(hostile_html):
    outline = read(hostile_html)
    # no tag is born of a name
    assert len(outline.scripts) == 4
    text = " ".join(outline.text)
    assert all(name.split("\u2028")[0] in text for name in HOSTILE.values())
    # a template is not read twice
    assert "{{ 7*7 }}" in text
    # the scene holds them whole, and its script is still JSON
    assert json.loads(outline.scripts[0])
    assert "Pays d'</title><script>alert(3)</script>" in text


def test_title_is_escaped(hostile_html):
    assert re.search(r"<title>Pays d&#39;&lt;/title&gt;&lt;script&gt;", hostile_html)


@pytest.mark.parametrize("character", ["<", ">", "&", "\u2028", "\u2029"])
def test_embedded_json_cannot_leave_its_script(character):
    text = json.dumps({"a": f"x{character}y"}, ensure_ascii=False)
    embedded = str(embed_json(text))
    assert character not in embedded
    assert json.loads(embedded) == json.loads(text)


def test_embedded_data_agree_with_the_table_of_values(html, content):
    _, views, data = (json.loads(text) for text in read(html).scripts[:3])
    key = "industry_establishments_share_pct@2018"
    assert data["communes"]["codes"] == ["01001", "01002", "01003", "01004"]
    assert data["communes"]["group"] == [0, 0, 1, 1]
    assert [place[0] for place in data["places"]] == [
        "territoire",
        "departement",
        "region",
        "france",
    ]
    assert data["pinned"][key] == [
        [8.33, "ok", 100, 6, 72],
        [7.1, "ok", 100, None, None],
        [6.66, "ok", 100, None, None],
        [5.9, "ok", 100, None, None],
    ]
    assert data["pinned"]["industry_establishments_share_pct@2024"][2] == [
        None,
        "missing",
        100,
        None,
        None,
    ]
    assert data["pinned"]["population@2022"][0][2] == 98.26
    assert data["parts"][key] == {"numerator": [5, 0, 1, None], "denominator": [57, 12, 3, None]}
    assert data["reference"]["industry_establishments_share_pct"] == 2018
    assert [view["key"] for view in views] == list(data["pinned"])


def test_page_without_script_says_everything(html):
    text = words(re.sub(r"<script.*?</script>", "", html, flags=re.DOTALL))
    for said in (
        "4 communes",
        "70,0 km²",
        "1 683 habitants (2022)",
        "édition 2026.1",
        "22 novembre 2026",
        "L'essentiel",
        "Tableau des communes",
        "1 Le territoire",
        "2 Population",
        "3 Emploi et industrie",
        "4 Relief",
        "Sources et limites",
        "Pré-diagnostic : ne remplace pas le travail de terrain",
        # the default table, by commune
        "Aubre 01001 CC du Haut Val 62,5",
        "L'Œuf 01003 CC du Bas Val n.d.",
        "Val-d'Exemple Territoire 24,0",
        # an estimate, a coverage, a figure that cannot be compared
        "7,80 % 2022, estimation",
        "couverture 98,2 %",
        "9,08 % (2024)",
        "sans comparaison possible",
        # relief: named only where the extreme is alone
        "Le territoire s'étend de 180 m à 1 204 m (Saint-Élan) d'altitude",
        "l'altitude moyenne est de 478 m",
        "terrdiag diagnostic val",
        "abab",
        "Licence Ouverte 2.0",
        "1er janvier 2023",
        "demandent JavaScript",
    ):
        assert said in text, said


def test_sources_used_are_told_from_the_others(html):
    text = words(html)
    assert text.index("Sources utilisées dans cette page") < text.index(
        "Comparateur de territoires"
    )
    assert text.index("Autres sources de l'édition") < text.index("Grille de densité")


def test_what_is_missing_is_counted(html):
    text = words(html)
    assert "Niveau de vie médian (2019) : secret statistique pour 2 communes sur 4." in text
    assert (
        "Établissements : industrie (2018) : effectif trop faible pour 1 commune et sans objet pour 1 commune sur 4."
        in text
    )
    # the same gap is said once
    assert "Population, Densité (2022) : n.d. pour 1 commune sur 4." in text


def test_source_link_is_never_a_script(content):
    sources = tuple(
        source.model_copy(
            update={"landing_page": "javascript:alert(1)", "licence_url": "data:text/html,x"}
        )
        for source in content.edition.sources
    )
    html = render_page(
        replace(content, edition=content.edition.model_copy(update={"sources": sources}))
    )
    assert "javascript:" not in html.split("<script")[0]
    assert "data:text/html" not in html


def test_rendering_is_deterministic(content, html):
    shuffled = replace(content, values=content.values.sample(frac=1, random_state=1))
    assert render_page(content) == html
    assert words(render_page(shuffled)) == words(html)


def test_page_without_any_value_or_map_still_stands(content):
    html = render_page(
        replace(content, values=empty_values(), views_json="[]", warnings=(), comparators=())
    )
    outline = read(html)
    assert outline.faults == []
    assert "Aucun chiffre n'est connu" in words(html)
    assert not any(attrs.get("id") == "td-map" for _, attrs in outline.tags)


def test_territory_with_only_epci_maps_shows_its_epci(content):
    views = [view for view in json.loads(content.views_json) if view["level"] == "epci"]
    text = words(render_page(replace(content, views_json=json.dumps(views))))
    assert "Tableau des EPCI" in text
    assert "CC du Bas Val 200000002 4,25" in text
