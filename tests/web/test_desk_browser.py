"""Correcting in a real Chromium: by keyboard, without scripts, two at once, and off the line."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.web.editing import PASSWORD, hashed
from tests.web.serving import open_browser, serve
from tests.web.stocking import Stock, stock_archive

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Stock]]:
    """A served archive with two editors."""
    with stock_archive(tmp_path_factory.mktemp("desk")) as stock:
        for name in ("Awa", "Bakary"):
            stock.catalogue.editors.add(name, hashed())
        with serve(stock.archive) as url:
            yield url, stock


@pytest.fixture
def stock(site: tuple[str, Stock]) -> Stock:
    """The debate as the machine wrote it, whatever the test before did."""
    _, stock = site
    history = stock.archive.desk.history(stock.debate)
    if history:
        assert history[-1].before_id is not None
        stock.archive.desk.restore(stock.debate, history[-1].before_id, "Awa")
    return stock


def open_desk(
    browser: Browser, site: tuple[str, Stock], name: str, *, scripts: bool = True
) -> Page:
    """The page of corrections of the debate in a browser of its own."""
    url, stock = site
    context = browser.new_context(
        java_script_enabled=scripts, locale="fr-FR", viewport={"width": 1280, "height": 800}
    )
    page = context.new_page()
    page.goto(f"{url}/broadcasts/{stock.debate}/correct")
    page.get_by_label("Nom", exact=True).fill(name)
    page.get_by_label("Mot de passe").fill(PASSWORD)
    page.locator("form.stack button").click()
    expect(page.locator("#s0 textarea")).to_be_visible()
    return page


def text_of(stock: Stock, number: int) -> str:
    return stock.archive.get_transcript(stock.debate).segments[number].text


def wait_until(page: Page, expression: str) -> None:
    deadline = time.monotonic() + 60
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, f"never true: {expression}"
        page.wait_for_timeout(50)


def test_a_sentence_is_corrected_by_keyboard(
    browser: Browser, site: tuple[str, Stock], stock: Stock
) -> None:
    page = open_desk(browser, site, "Awa")
    field = page.locator("#s2 textarea")
    field.focus()
    page.keyboard.press("Escape")
    wait_until(page, "!document.querySelector('#sound').paused")
    assert 29.5 < page.evaluate("document.querySelector('#sound').currentTime") < 33
    wait_until(page, "document.querySelector('#sound').paused")
    assert page.evaluate("document.querySelector('#sound').currentTime") < 35  # before the next
    field.fill("Le crime organisé menace-t-il tout le Mali ?")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#desk-said")).to_have_text("Enregistré.")
    expect(page.locator("#s3 textarea")).to_be_focused()
    assert text_of(stock, 2) == "Le crime organisé menace-t-il tout le Mali ?"
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator("#s2 textarea")).to_be_focused()
    page.keyboard.press("Control+Enter")
    page.goto(f"{site[0]}/search?q=%22tout+le+Mali%22")
    expect(page.locator(".hits")).to_contain_text("tout le Mali")
    page.context.close()


def test_a_sentence_is_repeated_until_somebody_stops_it(
    browser: Browser, site: tuple[str, Stock], stock: Stock
) -> None:
    page = open_desk(browser, site, "Awa")
    page.get_by_label("Répéter la phrase").check()
    page.locator("#s4 a.time").click()
    wait_until(page, "document.querySelector('#sound').currentTime > 52.9")
    wait_until(page, "document.querySelector('#sound').currentTime < 52.4")
    page.locator("#s4 textarea").focus()
    page.keyboard.press("Escape")
    wait_until(page, "document.querySelector('#sound').paused")
    page.context.close()


def test_a_sentence_is_corrected_without_scripts(
    browser: Browser, site: tuple[str, Stock], stock: Stock
) -> None:
    page = open_desk(browser, site, "Awa", scripts=False)
    page.locator("#s3 textarea").fill("Ce grand trafic vit des pistes coupées.")
    page.locator("#s3").get_by_role("button").click()
    expect(page).to_have_url(f"{site[0]}/broadcasts/{stock.debate}/correct?page=1&saved=3#s3")
    expect(page.locator("#s3 .saved")).to_have_text("Enregistré.")
    expect(page.locator("#s3")).to_be_in_viewport()
    assert text_of(stock, 3) == "Ce grand trafic vit des pistes coupées."
    page.get_by_role("link", name="Historique", exact=True).click()
    page.get_by_role("button", name="Annuler").first.click()
    expect(page.locator(".edits li").first).to_contain_text("correction annulée")
    assert text_of(stock, 3) == "Ce grand trafic vit des routes coupées."
    page.context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_two_editors_choose_between_both_texts(
    browser: Browser, site: tuple[str, Stock], stock: Stock, scripts: bool
) -> None:
    awa = open_desk(browser, site, "Awa", scripts=scripts)
    bakary = open_desk(browser, site, "Bakary", scripts=scripts)
    awa.locator("#s0 textarea").fill("Bonsoir à toutes et à tous.")
    awa.locator("#s0").get_by_role("button").click()
    if scripts:
        expect(awa.locator("#desk-said")).to_have_text("Enregistré.")
    else:
        expect(awa.locator("#s0 .saved")).to_have_text("Enregistré.")
    bakary.locator("#s0 textarea").fill("Bonsoir, et bienvenue.")
    bakary.locator("#s0").get_by_role("button").click()
    expect(bakary.locator("#theirs")).to_have_text("Bonsoir à toutes et à tous.")
    expect(bakary.locator("#mine")).to_have_value("Bonsoir, et bienvenue.")
    assert text_of(stock, 0) == "Bonsoir à toutes et à tous."
    bakary.get_by_role("button", name="Enregistrer mon texte").click()
    expect(bakary.locator("#s0 textarea")).to_have_value("Bonsoir, et bienvenue.")
    assert text_of(stock, 0) == "Bonsoir, et bienvenue."
    awa.context.close()
    bakary.context.close()


def test_times_are_set_by_keyboard_beside_the_sound(
    browser: Browser, site: tuple[str, Stock], stock: Stock
) -> None:
    page = open_desk(browser, site, "Awa")
    field = page.locator("#s2 textarea")
    before = stock.archive.get_transcript(stock.debate).segments[2]
    field.focus()
    page.keyboard.press("Escape")
    wait_until(page, "document.querySelector('#sound').currentTime > 30.6")
    page.evaluate("document.querySelector('#sound').playbackRate = 0.1")  # its end is far
    page.keyboard.press("Escape")
    here = page.evaluate("document.querySelector('#sound').currentTime")
    page.keyboard.press("F8")
    assert page.locator("#f2").input_value().startswith("0:3")
    expect(page.locator("#s2")).to_have_class(re.compile("is-changed"))
    page.keyboard.press("Control+Enter")
    expect(page.locator("#desk-said")).to_have_text("Enregistré.")
    after = stock.archive.get_transcript(stock.debate).segments[2]
    assert abs(after.start_ms - here * 1000) < 60
    assert (after.end_ms, after.text) == (before.end_ms, before.text)
    page.locator("#s2").get_by_label("Finit à").fill("0:33.5")
    page.locator("#s2").get_by_role("button", name="Valider").click()
    expect(page.locator("#e2")).to_have_value("0:33.500")
    assert stock.archive.get_transcript(stock.debate).segments[2].end_ms == 33_500
    page.context.close()


def test_a_sentence_is_cut_and_joined_by_keyboard(
    browser: Browser, site: tuple[str, Stock], stock: Stock
) -> None:
    page = open_desk(browser, site, "Awa")
    whole, following = text_of(stock, 1), text_of(stock, 2)
    page.locator("#s3 textarea").fill("Un brouillon à garder.")
    page.locator("#s1 textarea").focus()
    page.keyboard.press("Control+Home")
    for _ in range(len("Nous parlons")):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Control+Shift+Enter")
    expect(page.locator("#s1 textarea")).to_have_value("Nous parlons")
    expect(page.locator("#s2 textarea")).to_have_value(whole.removeprefix("Nous parlons "))
    expect(page.locator("#s4 textarea")).to_have_value("Un brouillon à garder.")
    assert text_of(stock, 3) == following
    page.locator("#s1 textarea").focus()
    page.keyboard.press("Alt+j")
    expect(page.locator("#s1 textarea")).to_have_value(whole)
    assert (text_of(stock, 1), text_of(stock, 2)) == (whole, following)
    page.context.close()


def test_a_sentence_is_cut_and_joined_without_scripts(
    browser: Browser, site: tuple[str, Stock], stock: Stock
) -> None:
    page = open_desk(browser, site, "Awa", scripts=False)
    whole = text_of(stock, 1)
    page.locator("#s1 textarea").fill(whole.replace("Nous parlons ", "Nous parlons\n"))
    page.locator("#s1 summary").click()
    page.locator("#s1").get_by_role("button", name="Couper").click()
    expect(page.locator("#s1 textarea")).to_have_value("Nous parlons")
    page.locator("#s1 summary").click()
    page.locator("#s1").get_by_role("button", name="Joindre").click()
    expect(page.locator("#s1 textarea")).to_have_value(whole)
    assert text_of(stock, 1) == whole
    page.context.close()


def test_nothing_is_lost_on_reload_or_without_a_connection(
    browser: Browser, site: tuple[str, Stock], stock: Stock
) -> None:
    page = open_desk(browser, site, "Awa")
    field = page.locator("#s1 textarea")
    field.fill("Nous parlons du prix du mil.")
    page.reload()
    expect(field).to_have_value("Nous parlons du prix du mil.")
    page.context.set_offline(True)
    page.locator("#s1").get_by_role("button").click()
    expect(page.locator("#desk-said")).to_contain_text("la connexion manque")
    assert text_of(stock, 1) == "Nous parlons ce soir du prix du riz à Bamako."
    page.context.set_offline(False)
    expect(page.locator("#desk-said")).to_have_text("Enregistré.")
    assert text_of(stock, 1) == "Nous parlons du prix du mil."
    field.fill("Un brouillon pour plus tard.")
    page.wait_for_timeout(1_600)
    other = open_desk(browser, site, "Awa", scripts=False)
    expect(other.locator("#s1 textarea")).to_have_value("Un brouillon pour plus tard.")
    page.context.close()
    other.context.close()


def test_a_task_takes_one_key(browser: Browser, site: tuple[str, Stock], stock: Stock) -> None:
    url, _ = site
    page = open_desk(browser, site, "Awa")
    page.goto(f"{url}/tasks?language=fr")
    page.locator("#text").focus()
    page.keyboard.press("Escape")
    wait_until(page, "!document.querySelector('#sound').paused")
    expect(page.get_by_role("button", name="C’est juste")).to_be_visible()
    page.locator("#text").press("End")
    page.keyboard.type(" Oui.")
    expect(page.get_by_role("button", name="Envoyer ma correction")).to_be_visible()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("status")).to_contain_text("Une autre personne écoutera")
    page.context.close()
