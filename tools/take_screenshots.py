"""Writes pictures of the pages, and ``docs/pages.md`` that shows them: a page is a row in `SHOTS`.

Works on a copy of a demonstration archive, in which one sentence is quoted and then corrected:

    radio-archive demo --home .
    python -m tools.take_screenshots [--home .] [--only NAME]
"""

from __future__ import annotations

import argparse
import base64
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from argon2 import PasswordHasher
from playwright.sync_api import Browser, Page
from tests.web.serving import open_browser, serve

from radio_archive.archive import Archive, open_archive, wish
from radio_archive.catalogue import Catalogue
from radio_archive.db import Database
from radio_archive.links import alert_url, quote_url
from radio_archive.model import AlertKind, Asked, Excerpt, Pace, QuoteRequest, SavedSearch, Wish
from radio_archive.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "images" / "pages"
PAGE = ROOT / "docs" / "pages.md"

LANGUAGES = ("fr", "en")
#: a phone and a laptop: width and height of what is seen
SIZES = ((360, 720), (1280, 800))
#: of WebP: text stays sharp, and all pictures together small
QUALITY = 45

QUERY = "crime+organisé"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shot:
    """A page to show."""

    path: str  #: ``{debate}`` and the like are filled in
    title: str
    says: str
    is_for_editors: bool = False


SHOTS: Mapping[str, Shot] = {
    "home": Shot(path="/", title="Home", says="One box, examples, what the archive holds."),
    "results": Shot(
        path=f"/search?q={QUERY}",
        title="Results",
        says="Each hit in its words, to be played here, and how sure it is.",
    ),
    "nothing-found": Shot(
        path="/search?q=xylophone",
        title="Nothing found",
        says="Not found is not never said, and what to try.",
    ),
    "broadcast": Shot(
        path=f"/broadcasts/{{debate}}?t={{t}}&q={QUERY}#t={{t}}",
        title="A broadcast at its moment",
        says="Player, sound map and transcript; the sentence that was looked for is marked.",
    ),
    "months": Shot(
        path="/search/trend?q=Mali",
        title="Month by month",
        says="How often it was said, per hour transcribed, as a picture and as a table.",
    ),
    "quotation": Shot(
        path="{quoted}",
        title="A quotation",
        says="The words with their source, their sound, and a lasting address.",
    ),
    "quotation-corrected": Shot(
        path="{corrected}",
        title="Corrected since",
        says="The words as quoted, and as they stand today.",
    ),
    "embed": Shot(
        path="{embed}",
        title="The player for other sites",
        says="The words, their sound and the way back; no script, no cookie.",
    ),
    "dossier": Shot(
        path="/dossiers/{dossier}",
        title="A dossier",
        says="Passages, broadcasts and documents on a theme, with notes.",
    ),
    "saved-search": Shot(
        path="/searches/{saved}",
        title="A saved search",
        says="What was found that day, what became of it, and being told what is new.",
    ),
    "alert": Shot(
        path="{alert}",
        title="An alert",
        says="Nothing is sent before it is confirmed, and one click ends it.",
    ),
    "programme": Shot(
        path="{programme}", title="A programme", says="Its broadcasts, the newest first."
    ),
    "language": Shot(
        path="/languages/fr",
        title="A language",
        says="What is held, transcribed and checked, and in which months.",
    ),
    "sign-in": Shot(
        path="/sign-in", title="Signing in", says="For editors; reading needs no account."
    ),
    "correcting": Shot(
        path="/broadcasts/{debate}/correct",
        title="Correcting",
        says="Sentence by sentence, beside the sound.",
        is_for_editors=True,
    ),
    "history": Shot(
        path="/broadcasts/{debate}/history",
        title="History",
        says="Who changed what, and how to take it back.",
        is_for_editors=True,
    ),
    "dossier-edit": Shot(
        path="/dossiers/{dossier}/edit",
        title="Filling a dossier",
        says="Entries are moved and noted where they stand.",
        is_for_editors=True,
    ),
    "withdraw": Shot(
        path="/broadcasts/{debate}/withdraw",
        title="Withdrawing",
        says="The whole or a stretch, with a reason and a second look.",
        is_for_editors=True,
    ),
    "tasks": Shot(
        path="/tasks",
        title="Ten seconds",
        says="Listen to one sentence: accept it, fix it or skip it.",
        is_for_editors=True,
    ),
    "glossary": Shot(
        path="/glossary",
        title="What corrections teach",
        says="Names learnt from them.",
        is_for_editors=True,
    ),
    "not-found": Shot(path="/nowhere", title="An error", says="What failed, and what to do next."),
}


@contextmanager
def open_copy(home: Path) -> Iterator[tuple[Archive, Catalogue]]:
    """A copy of an archive, to be changed and thrown away."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("media", "index"):
            shutil.copytree(home / name, Path(folder) / name)
        settings = replace(
            Settings.load(os.environ, Path(folder)),
            transcribed_languages=(),
            base_url="https://archive.example",
            smtp_url="smtp://127.0.0.1",  # no worker runs: nothing is sent
            mail_sender="alertes@example.org",
        )
        with open_archive(settings) as archive:
            database = Database(f"sqlite:///{settings.media_dir / 'catalogue.sqlite'}")
            yield archive, Catalogue(database)
            database.close()


def furnish(archive: Archive) -> dict[str, str]:
    """Save a search, quote two sentences it finds, correct one, and say where everything is."""
    saved = archive.searches.save(Asked(text=QUERY.replace("+", " ")), "Awa")
    [found, *_] = archive.search(QUERY.replace("+", " ")).broadcasts
    debate, hit = found.broadcast, found.hits[0]
    sentences = archive.get_transcript(debate.id).segments
    number = next(n for n, each in enumerate(sentences) if each.end_ms > hit.start_ms)
    addresses = []
    for each in sentences[number : number + 2]:
        asked = QuoteRequest(excerpt=Excerpt(start_ms=each.start_ms, end_ms=each.end_ms))
        quote = archive.quotes.get(debate.id, asked)
        addresses.append(quote_url(debate.id, quote.excerpt, quote.version, quote.digest))
    sentence = archive.desk.worksheet(debate.id, "Awa").sentences[number + 1]
    text = " ".join([*sentence.segment.text.split()[:-1], "étapes."])
    wish = Wish(broadcast_id=debate.id, number=number + 1, version=sentence.version, text=text)
    archive.desk.save(wish, "Awa")
    programme = debate.programme
    [dossier, *_] = archive.dossiers.all(is_editor=False)
    end_ms = sentences[number + 1].end_ms
    return {
        "saved": saved.id,
        "alert": ask_for_alert(archive, saved),
        "dossier": dossier.slug,
        "embed": f"/embed/{debate.id}?start={hit.start_ms / 1000:.1f}&end={end_ms / 1000:.1f}",
        "debate": debate.id,
        "t": f"{hit.start_ms / 1000:.1f}",
        "quoted": addresses[0],
        "corrected": addresses[1],
        "programme": "/" if programme is None else f"/programmes/{programme.id}",
    }


def ask_for_alert(archive: Archive, saved: SavedSearch) -> str:
    """The address of an alert that is still to be confirmed."""
    asked = wish(AlertKind.MAIL, "awa@example.org", Pace.DAILY, "fr")
    archive.alerts.ask_by_mail(saved, asked, "127.0.0.1")
    [(alert, _)] = archive.alerts.all()
    return alert_url(alert)


def take(page: Page, address: str, target: Path, size: tuple[int, int]) -> None:
    """Write what is seen of a page, at one size."""
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.goto(address)
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(500)  # the page scrolls to its moment
    session = page.context.new_cdp_session(page)
    asked = {"format": "webp", "quality": QUALITY}
    picture = session.send("Page.captureScreenshot", asked)["data"]
    session.detach()
    target.write_bytes(base64.b64decode(picture))


def sign_in(browser: Browser, url: str, language: str, password: str) -> Page:
    """A page of somebody who may correct."""
    page = browser.new_context(locale=language).new_page()
    page.goto(f"{url}/sign-in?lang={language}")
    page.locator("#name").fill("Awa")
    page.locator("#password").fill(password)
    page.locator("form.stack button").click()
    page.wait_for_load_state()
    return page


def write_page(target: Path) -> None:
    """The page of the documentation that shows them."""
    lines = [
        "# The pages",
        "",
        "As they are in Chromium, in French and in English, on a laptop and on a phone, over the",
        "[demonstration archive](samples.md): `python -m tools.take_screenshots` takes them again.",
        "",
    ]
    for name, shot in SHOTS.items():
        lines += [f"## {shot.title}", "", shot.says, ""]
        for width, _ in reversed(SIZES):
            lines += [" ".join(_shown(name, language, width) for language in LANGUAGES), ""]
    target.write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _shown(name: str, language: str, width: int) -> str:
    says = f"{SHOTS[name].title}, {language}, {width} px"
    return f"![{says}](images/pages/{name}-{language}-{width}.webp)"


def main() -> None:
    """Take the pictures, and write the page."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path, default=ROOT, help="a demonstration archive")
    parser.add_argument("--only", choices=SHOTS, help="one page")
    options = parser.parse_args()
    IMAGES.mkdir(parents=True, exist_ok=True)
    password = secrets.token_urlsafe(16)
    with open_copy(options.home) as (archive, catalogue), open_browser() as browser:
        places = furnish(archive)
        catalogue.editors.add("Awa", PasswordHasher().hash(password))
        with serve(archive) as url:
            for language in LANGUAGES:
                reader = browser.new_context(locale=language).new_page()
                editor = sign_in(browser, url, language, password)
                for name, shot in SHOTS.items():
                    if options.only not in (None, name):
                        continue
                    address = url + shot.path.format(**places)
                    for size in SIZES:
                        target = IMAGES / f"{name}-{language}-{size[0]}.webp"
                        take(editor if shot.is_for_editors else reader, address, target, size)
    write_page(PAGE)
    weights = [each.stat().st_size for each in IMAGES.glob("*.webp")]
    print(f"{len(weights)} pictures, {sum(weights) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
