"""Dossiers in a real Chromium: filled, noted, put in order and heard, with scripts and without."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.editing import PASSWORD, hashed
from tests.web.serving import open_browser, serve
from tests.web.stocking import Stock, stock_archive

pytestmark = pytest.mark.browser

Site = tuple[str, Stock]

NOTE = "Écouter jusqu'à la fin.\nDeux voix."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A served archive with an editor."""
    with stock_archive(tmp_path_factory.mktemp("dossiers")) as stock:
        stock.catalogue.editors.add("Awa", hashed())
        with serve(stock.archive) as url:
            yield url, stock


@pytest.fixture
def slug(site: Site) -> str:
    """A private dossier with two broadcasts in it."""
    _, stock = site
    slug = stock.archive.dossiers.make("Le crime", "Awa").slug
    for identity in (stock.bulletin, stock.silent):
        stock.archive.dossiers.add_broadcast(slug, identity, "", "Awa")
    return slug


def open_page(browser: Browser, address: str, *, scripts: bool) -> Page:
    """A page in a browser of its own."""
    context = browser.new_context(
        java_script_enabled=scripts, locale="fr-FR", viewport={"width": 1280, "height": 800}
    )
    page = context.new_page()
    page.goto(address)
    return page


def sign_in(page: Page) -> None:
    page.get_by_label("Nom", exact=True).fill("Awa")
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.locator("form.stack button").click()


def open_edit(browser: Browser, site: Site, slug: str, *, scripts: bool = True) -> Page:
    """The page that changes a dossier."""
    address = (
        f"{site[0]}/sign-in?next=/dossiers/{slug}/edit"  # a private one is not there for others
    )
    page = open_page(browser, address, scripts=scripts)
    sign_in(page)
    expect(page.locator("#entries > li").first).to_be_visible()
    return page


def order(site: Site, slug: str) -> list[int]:
    """Numbers of the entries as they are kept."""
    kept = site[1].archive.dossiers.page(slug, is_editor=True, is_grouped=False)
    return [item.entry.number for group in kept.groups for item in group]


def notes(site: Site, slug: str) -> list[str]:
    kept = site[1].archive.dossiers.page(slug, is_editor=True, is_grouped=False)
    return [item.note for group in kept.groups for item in group]


def plays(page: Page) -> bool:
    """Whether the sound is heard within some seconds."""
    page.evaluate("void document.querySelector('audio').play()")
    deadline = time.monotonic() + 60
    while not page.evaluate("document.querySelector('audio').currentTime > 0.1"):
        if time.monotonic() > deadline:
            return False
        page.wait_for_timeout(50)
    return True


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no scripts"])
def test_a_passage_is_added_noted_moved_and_heard_by_readers(
    browser: Browser, site: Site, slug: str, scripts: bool
) -> None:
    url, stock = site
    moment = f"{url}/broadcasts/{stock.debate}?t=30.4#t=30.4"
    page = open_page(browser, moment, scripts=scripts)
    page.locator("#to-dossier").click()
    sign_in(page)
    expect(page.locator("blockquote")).to_contain_text("Le crime organisé")
    page.locator("#dossier").select_option(slug)
    page.get_by_role("button", name="Ajouter", exact=True).click()
    last = page.locator("#entries > li").nth(2)
    expect(last.locator("blockquote")).to_contain_text("Le crime organisé")
    last.get_by_label("Note").fill(NOTE)
    last.get_by_role("button", name="Enregistrer la note").click()
    expect(page.locator("#dossier-said" if scripts else "#entries > li:target")).to_be_visible()
    assert notes(site, slug) == ["", "", NOTE]
    page.locator("#entries > li").nth(2).get_by_role("button", name="Monter").click()
    expect(page.locator("#entries > li").nth(1).locator("blockquote")).to_be_visible()
    page.get_by_text("Titre, présentation, visibilité").click()
    page.get_by_label("Public").check()
    page.get_by_role("button", name="Enregistrer", exact=True).click()
    expect(page.locator("header .badge")).to_have_text("public")

    reader = open_page(browser, f"{url}/dossiers/{slug}", scripts=scripts)
    entry = reader.locator("ol.entries > li").nth(1)
    expect(entry.locator("blockquote")).to_contain_text("Le crime organisé")
    expect(entry.locator(".noted")).to_have_text(NOTE, use_inner_text=True)
    entry.locator("summary").click()
    expect(entry.locator("audio")).to_be_visible()
    assert plays(reader)


def test_notes_and_order_are_kept_without_leaving_the_page(
    browser: Browser, site: Site, slug: str
) -> None:
    page = open_edit(browser, site, slug)
    page.evaluate("window.isSame = true")
    first, second = order(site, slug)
    field = page.locator(f"#e{second} textarea")
    for note in (NOTE, "Une autre."):
        field.fill(note)
        field.press("Control+Enter")
        expect(page.locator("#dossier-said")).to_have_text("Enregistré")
        end = time.monotonic() + 20
        while notes(site, slug) != ["", note] and time.monotonic() < end:
            page.wait_for_timeout(50)
        assert notes(site, slug) == ["", note]
    page.locator(f"#e{second}").get_by_role("button", name="Monter").click()
    items = page.locator("#entries > li")
    expect(items.nth(0)).to_have_id(f"e{second}")
    assert order(site, slug) == [second, first]
    expect(items.nth(0).locator(".bar .count")).to_have_text("1 · émission entière")
    expect(items.nth(1).locator(".bar .count")).to_have_text("2 · émission entière")
    up, down = (items.nth(0).locator(f"[data-move='{sign}'] button") for sign in "↑↓")
    expect(up).to_be_disabled()
    expect(down).to_be_focused()
    page.keyboard.press("Enter")
    expect(items.nth(1)).to_have_id(f"e{second}")
    assert order(site, slug) == [first, second]
    assert page.evaluate("window.isSame")


def test_a_note_that_another_wrote_meanwhile_is_shown_beside_ones_own(
    browser: Browser, site: Site, slug: str
) -> None:
    page = open_edit(browser, site, slug)
    number = order(site, slug)[0]
    site[1].archive.dossiers.annotate(slug, number, "De Bakary.", "", "Bakary")
    page.locator(f"#e{number} textarea").fill("De Awa.")
    page.locator(f"#e{number}").get_by_role("button", name="Enregistrer la note").click()
    expect(page.get_by_role("alert")).to_contain_text("Réunissez les deux")
    expect(page.locator(f"#e{number} .noted")).to_have_text("De Bakary.")
    expect(page.locator(f"#e{number} textarea")).to_have_value("De Awa.")
    assert notes(site, slug)[0] == "De Bakary."


def test_off_the_line_nothing_moves_and_it_is_said(browser: Browser, site: Site, slug: str) -> None:
    page = open_edit(browser, site, slug)
    first, second = order(site, slug)
    page.context.set_offline(True)
    page.locator(f"#e{first}").get_by_role("button", name="Descendre").click()
    expect(page.locator("#dossier-said")).to_have_text("Pas enregistré : réessayez.")
    expect(page.locator("#entries > li").first).to_have_id(f"e{first}")
    page.context.set_offline(False)
    page.locator(f"#e{first}").get_by_role("button", name="Descendre").click()
    expect(page.locator("#entries > li").first).to_have_id(f"e{second}")
    assert order(site, slug) == [second, first]


def test_a_note_off_the_line_stays_in_its_field(browser: Browser, site: Site, slug: str) -> None:
    page = open_edit(browser, site, slug)
    number = order(site, slug)[0]
    field = page.locator(f"#e{number} textarea")
    field.fill(NOTE)
    page.context.set_offline(True)
    page.locator(f"#e{number}").get_by_role("button", name="Enregistrer la note").click()
    expect(page.locator("#dossier-said")).to_have_text("Pas enregistré : réessayez.")
    expect(field).to_have_value(NOTE)
    page.context.set_offline(False)
    page.locator(f"#e{number}").get_by_role("button", name="Enregistrer la note").click()
    expect(page.locator("#dossier-said")).to_have_text("Enregistré")
    assert notes(site, slug)[0] == NOTE
