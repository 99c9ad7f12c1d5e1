"""Fixtures of the page: the hand-written territory, and a browser that refuses the network."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from find_browser import find_browser
from report.example import INTERVALS, PLACES, make_content, make_values
from terrdiag.catalogue import load_indicators
from terrdiag.report import PageContent, render_page
from terrdiag.report.comparison import Figures, Place, gather_figures

HOSTILE = {
    "01001": "<script>alert(1)</script>",
    "01002": "\"quotes\" & 'apostrophes'",
    "01003": "</script><img src=x onerror=alert(2)>",
    "01004": "=1+1;\u2028{{ 7*7 }}",
}


@pytest.fixture(scope="session")
def content() -> PageContent:
    return make_content()


@pytest.fixture(scope="session")
def html(content: PageContent) -> str:
    return render_page(content)


@pytest.fixture(scope="session")
def hostile_html() -> str:
    return render_page(make_content(HOSTILE, title="Pays d'</title><script>alert(3)</script>"))


@pytest.fixture
def figures() -> Figures:
    territory, *others = (Place(level, code, name) for (level, code), name in PLACES.items())
    return gather_figures(make_values(), territory, others, load_indicators(), INTERVALS)


@dataclass
class Opened:
    """A page opened in the browser, and what it did that it must not do."""

    page: object
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)


# for one module: two engines of playwright cannot be open at once in a process
@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright n'est pas installé")
    path = find_browser()
    if path is None:
        pytest.skip("NAVIGATEUR ABSENT : les tests de la page dans Chromium ne sont pas faits")
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture
def open_page(chromium, tmp_path: Path):
    contexts = []

    def open_(html: str, fragment: str = "", **options: object) -> Opened:
        path = tmp_path / "index.html"
        path.write_text(html, encoding="utf-8")
        context = chromium.new_context(offline=True, **options)
        context.set_default_timeout(8000)
        contexts.append(context)
        opened = Opened(context.new_page())
        opened.page.on("request", lambda request: opened.requests.append(request.url))
        opened.page.on("console", lambda message: opened.messages.append(message.text))
        opened.page.on("pageerror", lambda error: opened.messages.append(str(error)))
        opened.page.goto(path.as_uri() + fragment)
        return opened

    yield open_
    for context in contexts:
        context.close()
