"""The page of « Val-d'Exemple » in Chromium, from file://, without network."""

import re

import pytest

pytestmark = pytest.mark.browser

SHARE = "industry_establishments_share_pct"


def plain(text):
    return re.sub(r"\s+", " ", text).strip()


def rows(page, part="tbody"):
    """The cells of the table, in words."""
    lines = page.evaluate(
        "part => [...document.querySelectorAll('#td-table ' + part + ' tr')]"
        ".map(line => [...line.cells].map(cell => cell.innerText))",
        part,
    )
    return [[plain(text) for text in line] for line in lines]


def focus(page):
    """The panel beside the map: name, figure, detail."""
    return [plain(text) for text in page.locator("#td-focus p").all_inner_texts()]


def names(page):
    return [row[0] for row in rows(page)]


def fragment(page):
    return page.evaluate("location.hash")


def place(page, code):
    return page.locator(f'#td-map [data-code="{code}"]')


@pytest.fixture
def opened(open_page, html):
    opened = open_page(html)
    yield opened
    assert [url for url in opened.requests if not url.startswith(("file:", "blob:"))] == []
    assert len([url for url in opened.requests if url.startswith("file:")]) == 1
    assert opened.messages == []


@pytest.fixture
def page(opened):
    return opened.page


def test_page_opens_on_the_default_map_and_its_table(page):
    assert plain(page.inner_text("#td-title")) == "Densité de population, 2022 (hab./km²)"
    assert page.get_attribute("#td-map", "data-ready") == "population_density@2022"
    assert rows(page) == [
        ["Aubre", "01001", "CC du Haut Val", "62,5", "1 250", "20"],
        ["Bézu", "01002", "CC du Haut Val", "15,0", "300", "20"],
        ["L'Œuf", "01003", "CC du Bas Val", "n.d.", "", ""],
        ["Saint-Élan", "01004", "CC du Bas Val", "3,8", "38", "10"],
    ]
    assert rows(page, "tfoot") == [
        ["Val-d'Exemple", "Territoire", "", "24,0", "1 683", "70"],
        ["Hautes-Pyrénées", "Département", "", "51,3", "", ""],
        ["Occitanie", "Région", "", "83,9", "", ""],
        ["France", "France", "", "107,2", "", ""],
    ]
    # nothing has been chosen: the address is untouched
    assert fragment(page) == ""


def test_table_of_the_script_says_what_the_table_without_script_says(open_page, html, page):
    without = open_page(html, java_script_enabled=False).page
    assert rows(page) == rows(without)
    assert rows(page, "tfoot") == rows(without, "tfoot")


def test_selector_changes_map_table_panel_and_address(page):
    page.select_option("#td-indicator", SHARE)
    # the year at which the comparators are known, not the latest
    assert fragment(page) == f"#indicator={SHARE}&year=2018"
    assert page.get_attribute("#td-map", "data-ready") == f"{SHARE}@2018"
    assert [row[3] for row in rows(page)] == ["8,77", "0,00", "effectif trop faible", "sans objet"]
    assert "Part de l'industrie dans les établissements actifs" in page.inner_text("#td-definition")
    assert "établissements industriels / établissements actifs" in page.inner_text("#td-formula")
    assert "Effectif trop faible" in page.inner_text("#td-legend")
    assert page.get_attribute("#td-alone", "href") == f"{SHARE}.html"


def test_year_changes_and_comparators_of_another_year_are_never_shown(page):
    page.select_option("#td-indicator", SHARE)
    page.select_option("#td-year", "2024")
    assert fragment(page) == f"#indicator={SHARE}&year=2024"
    assert [row[3] for row in rows(page)] == [
        "9,50 estimation",
        "secret statistique",
        "n.d.",
        "0,00",
    ]
    assert [row[3] for row in rows(page, "tfoot")] == ["9,08", "n.d.", "n.d.", "n.d."]


def test_epci_indicator_lists_the_epci_and_their_neighbours(page):
    page.select_option("#td-indicator", "industry_jobs_share_pct")
    assert page.inner_text("#communes-title") == "Tableau des EPCI"
    inside = [["CC du Bas Val", "200000002", "4,25"], ["CC du Haut Val", "200000001", "12,50"]]
    # two EPCI are only read among their neighbours
    assert rows(page) == [["CC d'à Côté hors du territoire", "200000003", "30,00"], *inside]
    page.get_by_role("button", name="CC du Bas Val").click()
    assert fragment(page).endswith("&epci=200000002")
    assert focus(page)[:2] == ["CC du Bas Val", "4,25 %"]
    page.uncheck("#td-around")
    assert rows(page) == inside
    assert page.inner_text("#td-count") == "2\u00a0EPCI"
    page.select_option("#td-indicator", "population_density")
    assert page.locator("#td-around").is_hidden()


def test_every_column_sorts_both_ways_and_the_unknown_stays_last(page):
    head = page.locator("#td-table thead th")
    value = head.nth(3)
    value.get_by_role("button").click()
    assert value.get_attribute("aria-sort") == "descending"
    assert names(page) == ["Aubre", "Bézu", "Saint-Élan", "L'Œuf"]
    value.get_by_role("button").click()
    assert value.get_attribute("aria-sort") == "ascending"
    assert names(page) == ["Saint-Élan", "Bézu", "Aubre", "L'Œuf"]
    for column in range(head.count()):
        head.nth(column).get_by_role("button").click()
        assert page.locator("#td-table thead [aria-sort]").count() == 1
    head.nth(0).get_by_role("button").click()
    assert names(page) == ["Aubre", "Bézu", "L'Œuf", "Saint-Élan"]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("bezu", ["Bézu"]),
        ("OEUF", ["L'Œuf"]),
        ("saint elan", ["Saint-Élan"]),
        ("01003", ["L'Œuf"]),
        ("zzz", []),
    ],
)
def test_search_ignores_accents_and_case(page, typed, found):
    page.fill("#td-search", typed)
    assert names(page) == found
    assert (
        plain(page.inner_text("#td-count"))
        == f"{len(found)} {'commune' if len(found) < 2 else 'communes'} sur 4"
    )
    page.fill("#td-search", "")
    assert len(names(page)) == 4


def test_choosing_a_row_shows_on_the_map_in_the_panel_and_in_the_address(page):
    page.get_by_role("button", name="Bézu").click()
    assert fragment(page) == "#indicator=population_density&year=2022&commune=01002"
    assert focus(page) == ["Bézu", "15,0 hab./km²", "Densité, 2022 · 300 / 20"]
    assert page.locator("#td-table tr.chosen").get_attribute("data-code") == "01002"
    outlined = page.locator("#td-map path.td-halo").get_attribute("d")
    assert outlined == place(page, "01002").get_attribute("d")


def test_choosing_a_place_on_the_map_shows_in_the_table(page):
    place(page, "01004").click()
    assert page.locator("#td-table tr.chosen").get_attribute("data-code") == "01004"
    assert fragment(page).endswith("commune=01004")
    assert "Saint-Élan" in page.inner_text("#td-focus")
    # the pointer leaves: what was chosen stays
    page.hover("h1")
    assert "Saint-Élan" in page.inner_text("#td-focus")
    assert page.locator("#td-map path.td-halo").get_attribute("d") == place(
        page, "01004"
    ).get_attribute("d")


def test_passing_over_a_place_shows_it_without_choosing_it(page):
    place(page, "01001").hover()
    assert "Aubre" in page.inner_text("#td-focus")
    assert fragment(page) == ""
    page.hover("h1")
    assert "Choisissez une commune" in page.inner_text("#td-focus")


def test_choice_is_kept_from_one_indicator_to_the_next(page):
    page.get_by_role("button", name="Aubre").click()
    page.select_option("#td-indicator", SHARE)
    assert fragment(page) == f"#indicator={SHARE}&year=2018&commune=01001"
    assert focus(page) == ["Aubre", "8,77 %", "Établissements : industrie, 2018 · 5 / 57"]


def test_keyboard_goes_through_the_rows_with_one_tabulation(page):
    page.locator("#td-scroll").focus()
    # the heads of the columns, then one stop for all the rows
    for _ in range(7):
        page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Aubre"
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    assert fragment(page).endswith("commune=01003")
    page.keyboard.press("End")
    assert fragment(page).endswith("commune=01004")
    assert page.evaluate("document.activeElement.textContent") == "Saint-Élan"


def test_keyboard_chooses_a_place_on_the_map(page):
    page.locator("#td-map [data-place][tabindex='0']").focus()
    first = fragment(page)
    assert "commune=0100" in first
    for key in ("End", "Home", "ArrowRight"):
        page.keyboard.press(key)
    assert page.locator("#td-table tr.chosen").count() == 1
    chosen = page.locator("#td-table tr.chosen").get_attribute("data-code")
    assert fragment(page).endswith(f"commune={chosen}")


def test_address_is_read_when_the_page_opens(open_page, html):
    page = open_page(html, f"#indicator={SHARE}&year=2024&commune=01002").page
    assert page.get_attribute("#td-map", "data-ready") == f"{SHARE}@2024"
    assert page.input_value("#td-indicator") == SHARE
    assert page.input_value("#td-year") == "2024"
    assert page.locator("#td-table tr.chosen").get_attribute("data-code") == "01002"
    assert "secret statistique" in page.inner_text("#td-focus")


@pytest.mark.parametrize(
    "wrong",
    [
        "#indicator=happiness",
        "#commune=99999",
        "#indicator=population_density&year=1800&commune=zz",
        "#%",
        "#sources",
    ],
)
def test_wrong_address_opens_the_default(open_page, html, wrong):
    opened = open_page(html, wrong)
    assert opened.page.get_attribute("#td-map", "data-ready") == "population_density@2022"
    assert opened.page.locator("#td-table tr.chosen").count() == 0
    assert opened.messages == []


def test_link_pasted_in_the_open_page_is_followed(page):
    page.evaluate(f"location.hash = '#indicator={SHARE}&year=2018&commune=01001'")
    page.wait_for_selector(f'#td-map[data-ready="{SHARE}@2018"]')
    assert page.locator("#td-table tr.chosen").get_attribute("data-code") == "01001"


def test_csv_is_that_of_the_table(page):
    page.select_option("#td-indicator", SHARE)
    with page.expect_download() as waiting:
        page.click("#td-csv")
    assert waiting.value.suggested_filename == f"val_{SHARE}_2018.csv"
    text = waiting.value.path().read_bytes().decode("utf-8")
    assert text.startswith(
        "\ufeffterritoire;niveau;code;nom;indicateur;libelle;annee;valeur;unite;"
    )
    lines = text.splitlines()
    assert len(lines) == 1 + 4 + 4
    assert lines[1] == (
        f"val;commune;01001;Aubre;{SHARE};Part des établissements industriels;2018;8,77;%;5;57;;ok;INSEE, comparateur"
    )
    assert lines[3].split(";")[7:13] == ["", "%", "1", "3", "", "effectif_trop_faible"]
    assert lines[5].startswith("val;territoire;val;Val-d'Exemple;")


def test_names_cannot_run_nor_be_computed(open_page, hostile_html):
    opened = open_page(hostile_html)
    page = opened.page
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    assert page.locator("#td-table tbody img, #td-map img").count() == 0
    assert "<script>alert(1)</script>" in names(page)
    page.get_by_role("button", name="<script>").click()
    assert "<script>alert(1)</script>" in page.inner_text("#td-focus")
    with page.expect_download() as waiting:
        page.click("#td-csv")
    text = waiting.value.path().read_bytes().decode("utf-8")
    assert "\"'=1+1;" in text
    assert opened.messages == []


def test_without_script_the_page_says_what_matters(open_page, html):
    page = open_page(html, java_script_enabled=False).page
    assert page.locator("#td-indicator").is_hidden()
    assert page.locator("#td-csv").is_hidden()
    assert page.locator("noscript").is_visible()
    assert len(names(page)) == 4
    assert page.locator(".keyfigure").count() == 4
    assert page.locator(".picture svg").count() > 10


@pytest.mark.parametrize("width", [390, 768, 1200])
def test_page_never_scrolls_sideways(open_page, html, width):
    page = open_page(html, viewport={"width": width, "height": 844}).page
    for indicator in ("population_density", SHARE, "industry_jobs_share_pct"):
        page.select_option("#td-indicator", indicator)
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_paper_has_the_map_and_no_control(page):
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    for hidden in ("#td-indicator", "#td-search", "#td-csv", "nav", "#td-print"):
        assert page.locator(hidden).is_hidden(), hidden
    assert page.locator("#td-legend").is_visible()
    assert page.locator("#td-map").bounding_box()["width"] <= 660
    assert page.locator("details.definitions:not([open])").count() == 0
    page.emulate_media(media="screen")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.locator("details.definitions[open]").count() == 0


def test_contrast_of_every_text_is_enough(page):
    faint = page.evaluate(
        """() => {
        const luminance = (rgb) => rgb.map((c) => c / 255)
          .map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
          .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
        const read = (text) => text.match(/[\\d.]+/g).map(Number);
        const ground = (node) => {
          for (let at = node; at; at = at.parentElement) {
            const rgba = read(getComputedStyle(at).backgroundColor);
            if (rgba.length === 3 || rgba[3] > 0) return rgba.slice(0, 3);
          }
          return [255, 255, 255];
        };
        const walker = document.createTreeWalker(document.querySelector('body'), NodeFilter.SHOW_TEXT);
        const found = [];
        while (walker.nextNode()) {
          const node = walker.currentNode.parentElement;
          if (!walker.currentNode.data.trim() || node.closest('svg, script, noscript, #td-map, select')) continue;
          const [a, b] = [read(getComputedStyle(node).color).slice(0, 3), ground(node)].map(luminance);
          const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
          if (ratio < 4.5) found.push(walker.currentNode.data.trim() + ' ' + ratio.toFixed(2));
        }
        return found;
        }"""
    )
    assert faint == []
