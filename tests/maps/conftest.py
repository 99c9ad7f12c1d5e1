"""Fixtures of the maps: a territory of squares, and a browser that refuses the network."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from find_browser import find_browser
from maps.example import make_frame, make_scene
from terrdiag.maps.scene import Scene


@pytest.fixture(scope="session")
def frame():
    return make_frame()


@pytest.fixture(scope="session")
def scene() -> Scene:
    return make_scene()


@dataclass
class Opened:
    """A page opened in the browser, and what it did that it must not do."""

    page: object
    requests: list[str] = field(default_factory=list)
    messages: list[str] = field(default_factory=list)
    files: int = 1


# for one module: two engines of playwright cannot be open at once in a process
@pytest.fixture(scope="module")
def chromium() -> Iterator[object]:
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright n'est pas installé")
    path = find_browser()
    if path is None:
        pytest.skip("NAVIGATEUR ABSENT : les tests de cartes dans Chromium ne sont pas faits")
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class MapOpener:
    """Open pages from files, and keep what they asked for and complained of."""

    def __init__(self, browser: object, folder: Path):
        self.browser, self.folder, self.opened = browser, folder, []

    def __call__(self, html: str, **options: object) -> object:
        path = self.folder / f"carte{len(self.opened)}.html"
        path.write_text(html, encoding="utf-8")
        context = self.browser.new_context(**options)
        one = Opened(context.new_page())
        self.opened.append(one)
        # the network is refused, and what would have used it is written down with the rest
        context.route("http*://**", lambda route: route.abort())
        one.page.on("request", lambda request: one.requests.append(request.url))
        one.page.on("console", lambda message: one.messages.append(message.text))
        one.page.on("pageerror", lambda error: one.messages.append(str(error)))
        one.page.goto(path.as_uri())
        one.page.wait_for_selector("[data-ready]")
        return one.page

    def forgive(self, page: object, files: int = 1) -> None:
        """Accept the messages of a page, and that it reads so many files."""
        for one in self.opened:
            if one.page is page:
                one.messages.clear()
                one.files = files

    def check(self) -> None:
        for one in self.opened:
            assert [url for url in one.requests if not url.startswith("file:")] == []
            assert len(one.requests) == one.files
            # the tests read pixels back, and the browser remarks on it
            assert [text for text in one.messages if "willReadFrequently" not in text] == []


@pytest.fixture
def open_map(chromium, tmp_path: Path):
    """Open a page from a file; at the end, check that it asked nothing and complained of nothing."""
    opener = MapOpener(chromium, tmp_path)
    yield opener
    for one in opener.opened:
        one.page.context.close()
    opener.check()
