"""The interface in French and English."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import radio_archive.web
from radio_archive.model import (
    BroadcastState,
    Gap,
    GapReason,
    LanguageTag,
    Milliseconds,
    Sort,
    TranscriptKind,
    Trust,
)
from radio_archive.web.i18n import LOCALES, choose_locale, load_catalogues
from radio_archive.web.wording import Wording, timecode

WEB = Path(radio_archive.web.__file__).parent
Key = str | tuple[str, ...]


def extracted() -> set[Key]:
    """Every text of templates and code that is shown to readers."""
    found = extract_from_dir(
        WEB,
        method_map=[("templates/**.html", "jinja2"), ("**.py", "python")],
        options_map={"templates/**.html": {"trimmed": "true", "newstyle_gettext": "true"}},
        keywords={"_": None, "gettext": None, "ngettext": (1, 2), "N_": None},
    )
    return {_key(message) for _, _, message, _, _ in found}


def _key(message: object) -> Key:
    return tuple(message) if isinstance(message, tuple | list) else str(message)


def catalogue(tag: str) -> Catalog:
    with (WEB / "locales" / tag / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=tag)


def wordings() -> Iterator[Wording]:
    yield from (Wording(found) for found in load_catalogues().values())


@pytest.mark.parametrize("tag", LOCALES)
def test_every_text_is_translated_and_none_is_left_over(tag: str) -> None:
    known = {_key(message.id): message for message in catalogue(tag) if message.id}
    assert extracted() - set(known) == set()
    assert set(known) - extracted() == set()
    texts = [message.string for message in known.values()]
    assert all(all(text) if isinstance(text, tuple) else text for text in texts)


def test_french_says_its_own_message_ids() -> None:
    assert all(message.string == message.id for message in catalogue("fr") if message.id)


@pytest.mark.parametrize("tag", LOCALES)
def test_a_translation_keeps_its_placeholders(tag: str) -> None:
    assert [error for message in catalogue(tag) for error in message.check()] == []


def test_every_state_and_trust_has_words() -> None:
    for words in wordings():
        for state in BroadcastState:
            assert words.short_state(state)
            assert words.state(state) or state is BroadcastState.TRANSCRIBED
        assert all(words.trust(trust) and words.trust_meaning(trust) for trust in Trust)
        for reason in GapReason:
            gap = Gap(start_ms=Milliseconds(0), end_ms=Milliseconds(1), reason=reason)
            assert words.gap(gap)
            named = words.gap(replace(gap, language=LanguageTag("en")))
            assert words.language("en") in named
            assert "%" not in named
        assert all(words.kind(kind) for kind in TranscriptKind)
        assert all(words.sort(sort) for sort in Sort)
        assert set(words.trusts) == set(Trust)


def test_the_address_wins_over_the_cookie_and_the_cookie_over_the_browser() -> None:
    assert choose_locale("en", "fr", "fr") == "en"
    assert choose_locale(None, "en", "fr") == "en"
    assert choose_locale(None, None, "en-GB,en;q=0.9") == "en"
    assert choose_locale("xx", "yy", "bm;q=1, en;q=0.4, fr;q=0.5") == "fr"


@pytest.mark.parametrize("header", ["", "bm", "*", "en;q=0", "en;q=9", ";;;,,,", "x" * 10_000])
def test_without_a_usable_wish_the_interface_is_french(header: str) -> None:
    assert choose_locale(None, None, header) == "fr"


def test_dates_and_lengths_are_written_as_the_language_writes_them() -> None:
    french, english = wordings()
    first = datetime(2015, 1, 1, 7, tzinfo=UTC)
    assert french.date(first) == "1er janvier 2015"
    assert french.date(datetime(2014, 10, 16, 17, tzinfo=UTC)) == "16 octobre 2014"
    assert english.date(first) == "1 January 2015"
    assert french.date(None) == "date inconnue"
    assert french.size(1_940_000) == "1,9\N{NO-BREAK SPACE}Mo"
    assert english.size(95_600) == "96\N{NO-BREAK SPACE}kB"
    assert french.size(10) == "1\N{NO-BREAK SPACE}ko"
    assert english.size(16_200_000) == "16\N{NO-BREAK SPACE}MB"
    assert french.duration(Milliseconds(38_400)) == "38\N{NO-BREAK SPACE}s"
    assert french.duration(Milliseconds(2_700_000)) == "45\N{NO-BREAK SPACE}min"
    assert french.duration(Milliseconds(3_900_000)) == "1\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}05"
    assert french.hours(0.2) == "12\N{NO-BREAK SPACE}min"
    assert french.hours(8.04) == "8,0\N{NO-BREAK SPACE}h"
    assert french.hours(0.008) == "29\N{NO-BREAK SPACE}s"
    assert french.hours(0) == "0"
    assert (timecode(754_249), timecode(3_723_000)) == ("12:34", "1:02:03")


def test_french_gets_its_own_spaces_and_apostrophes() -> None:
    french = next(wordings())
    assert french.catalogue.gettext("Par exemple :") == "Par exemple\N{NO-BREAK SPACE}:"
    assert french.catalogue.gettext("Retour à l'accueil") == "Retour à l’accueil"
