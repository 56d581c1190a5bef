"""Feeds become broadcasts, whatever is missing, doubled or hostile in them."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radio_archive.errors import BadFeed
from radio_archive.feeds import ParsedFeed, looks_like_feed, parse_feed
from radio_archive.feeds.identity import make_slug, without_tracking
from radio_archive.feeds.markup import plain_text

DATA = Path(__file__).parent / "data" / "feeds"
URL = "https://radio.example/feed.xml"


def parsed(name: str) -> ParsedFeed:
    return parse_feed((DATA / name).read_bytes(), URL)


def rss(inside: str, head: str = "") -> bytes:
    return (
        f'{head}<rss version="2.0"><channel><title>Essai</title>{inside}</channel></rss>'.encode()
    )


def item(number: int, extra: str = "") -> str:
    return (
        f"<item><title>Numéro {number}</title><guid>{number}</guid>{extra}"
        f'<enclosure url="https://radio.example/{number}.mp3" type="audio/mpeg"/></item>'
    )


def test_a_feed_names_its_programme_and_language() -> None:
    feed = parsed("podcast.xml")
    assert (feed.title, feed.language) == ("L’entretien du soir", "fr")
    assert feed.programme is not None
    assert feed.programme.id == "l-entretien-du-soir"
    assert feed.programme.language == "fr"
    assert feed.programme.description == "Un entretien fictif, chaque soir."
    assert feed.programme.homepage == "https://radio.example/entretien"


def test_an_item_is_read_whole() -> None:
    first = parsed("podcast.xml").items[0]
    assert (first.source, first.guid) == (URL, "entretien-0002")
    assert first.title == "Le prix du mil"
    assert first.summary == "Le prix du mil\nDeux éleveurs fictifs\nparlent du marché."
    assert first.aired_at == datetime(2014, 10, 16, 17, tzinfo=UTC)
    assert first.audio_url == "https://radio.example/sons/mil.mp3?utm_source=flux"
    assert first.source_url == "https://radio.example/entretien/2"
    assert first.language == "fr"


def test_guests_of_an_item_replace_those_of_the_feed() -> None:
    first, second, _ = parsed("podcast.xml").items
    assert first.guests == ("Éleveur Premier", "Éleveur Second")
    assert second.guests == ("Invitée Permanente",)


def test_an_item_may_have_a_language_of_its_own() -> None:
    assert parsed("podcast.xml").items[1].language == "bm"


def test_times_are_turned_to_utc() -> None:
    assert parsed("podcast.xml").items[1].aired_at == datetime(2014, 10, 15, 17, tzinfo=UTC)


def test_a_picture_is_not_taken_for_sound() -> None:
    assert parsed("podcast.xml").items[1].audio_url == "https://radio.example/sons/un.ogg"


def test_an_item_without_sound_or_date_is_kept_and_noted() -> None:
    feed = parsed("podcast.xml")
    assert (feed.items[2].audio_url, feed.items[2].aired_at) == (None, None)
    assert [problem for problem in feed.problems if "Annonce sans son" in problem] == [
        "Item 3 (Annonce sans son) has a date nobody can read: 'un jour prochain'.",
        "Item 3 (Annonce sans son) names no sound.",
    ]


def test_atom_is_read_too() -> None:
    feed = parsed("atom.xml")
    assert feed.problems == ()
    (entry,) = feed.items
    assert entry.guid == "tag:radio.example,2015:magazines/1"
    assert entry.audio_url == "https://radio.example/sante.mp3"
    assert entry.aired_at == datetime(2015, 8, 19, 10, tzinfo=UTC)
    assert (entry.language, entry.summary) == ("fr", "Un sujet inventé.")


def test_items_without_guid_keep_their_identity_when_tracking_changes() -> None:
    body = (DATA / "without_guids.xml").read_bytes()
    before = parse_feed(body, URL)
    after = parse_feed(body.replace(b"token=abc", b"token=xyz&amp;utm_campaign=b"), URL)
    assert [one.guid for one in before.items] == [one.guid for one in after.items]
    assert len({one.guid for one in before.items}) == 2
    assert all(one.guid.startswith("derived:") for one in before.items)
    assert len(before.problems) == 2


def test_what_identifies_a_recording_in_its_address_is_not_tracking() -> None:
    assert without_tracking("HTTPS://Radio.Example/a.mp3?id=7&utm_x=1#t=3") == (
        "https://radio.example/a.mp3?id=7"
    )


def test_a_guid_used_for_two_sounds_loses_neither() -> None:
    feed = parsed("shared_guid.xml")
    assert [one.title for one in feed.items] == ["Troisième", "Deuxième"]
    assert feed.items[1].guid == "g"
    assert feed.items[0].guid.startswith("g#")
    assert len(feed.problems) == 2


def test_an_item_added_later_never_takes_over_an_identity() -> None:
    """The oldest of those that share a GUID keeps it, wherever the feed puts it."""
    feed = parse_feed((DATA / "shared_guid.xml").read_bytes().replace(b"Sat, 18", b"Mon, 13"), URL)
    assert [one.guid for one in feed.items if one.title == "Troisième"] == ["g"]


def test_a_date_from_the_future_is_not_believed() -> None:
    body = rss(item(1, "<pubDate>Thu, 16 Oct 2042 17:00:00 +0000</pubDate>"))
    feed = parse_feed(body, URL, seen_at=datetime(2020, 1, 1, tzinfo=UTC))
    assert feed.items[0].aired_at is None
    assert "future" in feed.problems[0]


def test_an_unknown_language_is_noted_and_never_guessed() -> None:
    feed = parse_feed(rss("<language>klingon</language>" + item(1)), URL)
    assert (feed.language, feed.items[0].language) == (None, None)
    assert "klingon" in feed.problems[0]


@pytest.mark.parametrize("address", ["file:///etc/passwd", "javascript:alert(1)", "http://[", ""])
def test_only_web_addresses_are_taken_for_sound(address: str) -> None:
    body = rss(f'<item><guid>1</guid><enclosure url="{address}" type="audio/mpeg"/></item>')
    assert parse_feed(body, URL).items[0].audio_url is None


def test_naughty_titles_stay_text() -> None:
    body = rss("<item><guid>1</guid><title>../../&lt;script&gt;x&lt;/script&gt;CON</title></item>")
    assert parse_feed(body, URL).items[0].title == "../../CON"


LAUGHS = "".join(
    f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' if n else '<!ENTITY l0 "ha">' for n in range(10)
)
BOMBS = {
    "laughs": rss("<description>&l9;</description>", f"<!DOCTYPE rss [{LAUGHS}]>"),
    "quadratic": rss("&a;" * 1000, f'<!DOCTYPE rss [<!ENTITY a "{"a" * 100_000}">]>'),
    "file": rss("&f;", '<!DOCTYPE rss [<!ENTITY f SYSTEM "file:///etc/passwd">]>'),
    "remote": rss("", '<!DOCTYPE rss SYSTEM "http://127.0.0.1/evil.dtd">'),
    "utf16": rss("&a;", '<!DOCTYPE rss [<!ENTITY a "b">]>').decode().encode("utf-16"),
    "broken": rss("<p>", '  <?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "b">]>'),
}


@pytest.mark.parametrize("name", list(BOMBS))
def test_document_types_and_entities_are_refused(name: str) -> None:
    began = time.monotonic()
    with pytest.raises(BadFeed, match=r"radio\.example"):
        parse_feed(BOMBS[name], URL)
    assert time.monotonic() - began < 10


def test_a_huge_token_does_not_hold_the_parser_up() -> None:
    began = time.monotonic()
    parse_feed(rss(f"<description>{'x' * 4_000_000}</description>"), URL)
    assert time.monotonic() - began < 10


def test_a_large_broken_feed_is_refused_rather_than_mended() -> None:
    with pytest.raises(BadFeed, match="too large to be mended"):
        parse_feed(rss("<" * 5_000_000), URL)


def test_a_small_broken_feed_is_mended() -> None:
    feed = parse_feed(rss(item(1) + "<description>Thé & café</description>"), URL)
    assert [one.guid for one in feed.items] == ["1"]


@pytest.mark.parametrize(
    "body", [b"", b"hello", b"<html><body>page</body></html>", b"{}", b"\x00\xff", b"ID3\x04"]
)
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    assert not looks_like_feed(body)
    with pytest.raises(BadFeed):
        parse_feed(body, URL)


@pytest.mark.parametrize("name", ["podcast.xml", "atom.xml", "without_guids.xml"])
def test_a_feed_is_told_from_a_page(name: str) -> None:
    assert looks_like_feed((DATA / name).read_bytes())
    assert not looks_like_feed(b"<!DOCTYPE html><html><head><title>rss</title></head>")


def test_ten_thousand_items_are_read_in_half_a_minute() -> None:
    text = "<description>&lt;p&gt;Une phrase &amp;eacute;crite.&lt;/p&gt;</description>"
    date = "<pubDate>jeu., 16 oct. 2014 17:00:00 +0000</pubDate>"
    body = rss("".join(item(number, text + date) for number in range(10_000)))
    began = time.monotonic()
    feed = parse_feed(body, URL)
    assert time.monotonic() - began < 30
    assert len(feed.items) == 10_000
    assert feed.items[-1].summary == "Une phrase écrite."


@given(st.binary(max_size=300), st.integers(0, 2000))
def test_no_bytes_make_the_reader_stumble(noise: bytes, cut: int) -> None:
    whole = (DATA / "podcast.xml").read_bytes()
    for body in (noise, whole[:cut], whole[:cut] + noise + whole[cut:]):
        try:
            feed = parse_feed(body, URL)
        except BadFeed:
            continue
        assert len({one.guid for one in feed.items}) == len(feed.items)


@given(st.text())
def test_plain_text_holds_no_markup_and_no_controls(text: str) -> None:
    result = plain_text(f"<p onclick='x'>{text}</p>")
    assert "onclick" not in result or "onclick" in text
    assert not any(ord(letter) < 32 and letter != "\n" for letter in result)


def test_slugs_are_plain_ascii() -> None:
    assert make_slug("Le Grand Dialogue : économie & société") == (
        "le-grand-dialogue-economie-societe"
    )
    assert make_slug("Bamanankan kɔnɔ") == "bamanankan-kono"
    assert make_slug("العربية") == ""
