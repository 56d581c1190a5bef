"""The station's pages, written here in the structure of the real ones, with invented content."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radio_archive.errors import BadPage
from radio_archive.model import NewBroadcast
from radio_archive.sources.studio_tamani import knows, read_listing, read_page

DATA = Path(__file__).parent.parent / "data" / "studio_tamani"
SITE = "https://www.studiotamani.org"
OLD_DEBATE = f"{SITE}/index.php/grands-dialogues/2003-le-grand-dialogue-du-16-octobre-2014"
LANGUAGES = ["fr", "bm", "ses", "ffm", "taq"]


def page(name: str, url: str = f"{SITE}/") -> tuple[NewBroadcast, ...]:
    return read_page((DATA / f"{name}.html").read_bytes(), url)


def made(title: str, content: str) -> bytes:
    return f"<html><body><h1>{title}</h1>{content}</body></html>".encode()


def test_a_bulletin_page_is_five_broadcasts_under_one_summary() -> None:
    broadcasts = page("bulletin_morning")
    assert [one.language for one in broadcasts] == LANGUAGES
    assert len({one.summary for one in broadcasts}) == 1
    assert broadcasts[0].summary.splitlines() == [
        "Ouverture d’un marché imaginaire à Ville-Neuve",
        "Une radio fictive lance un feuilleton en bambara",
        "Les pêcheurs de Port-Inventé comptent leurs filets.",
    ]


def test_each_language_has_its_own_programme_title_and_sound() -> None:
    broadcasts = page("bulletin_morning")
    assert [one.programme.id for one in broadcasts if one.programme] == [
        "journal-francais",
        "journal-bambara",
        "journal-sonrhai",
        "journal-peulh",
        "journal-tamasheq",
    ]
    assert broadcasts[2].title == "Journal en sonrhaï du 12 août 2020 (matin)"
    assert [one.audio_url for one in broadcasts] == [
        f"{SITE}/wp-content/uploads/2020/08/J{number}-120820-M.mp3" for number in range(1, 6)
    ]


def test_morning_and_evening_are_part_of_time_and_identity() -> None:
    morning, evening = page("bulletin_morning")[1], page("bulletin_evening")[1]
    assert (morning.guid, evening.guid) == ("49935:bm:matin", "91013:bm:soir")
    assert morning.aired_at == datetime(2020, 8, 12, 7, tzinfo=UTC)
    assert evening.aired_at == datetime(2016, 11, 2, 18, tzinfo=UTC)


def test_relative_links_and_dead_sounds_are_read() -> None:
    broadcasts = page("bulletin_evening")
    assert [one.language for one in broadcasts] == LANGUAGES
    assert broadcasts[0].audio_url == f"{SITE}/audio/2016/francais.mp3"
    assert broadcasts[4].audio_url is None


def test_a_page_of_dead_sounds_still_tells_what_was_aired() -> None:
    broadcasts = page("bulletin_dead")
    assert len({one.guid for one in broadcasts}) == 10
    assert {one.audio_url for one in broadcasts} == {None}
    assert [one.language for one in broadcasts] == LANGUAGES * 2
    assert broadcasts[5].aired_at == datetime(2020, 1, 1, 18, tzinfo=UTC)
    assert broadcasts[5].title == "Journal en français du 1er janvier 2020 (soir)"


def test_dead_twice_in_one_language_is_one_broadcast() -> None:
    dead = "<p>Journal en peulh</p>" + "<p>Fichier audio non disponible</p>" * 2
    assert len(read_page(made("Les titres du 3 mai 2019", dead), f"{SITE}/?p=5")) == 1


def test_labels_in_a_row_above_their_players_are_paired_in_order() -> None:
    broadcasts = page("bulletin_table")
    assert [(one.language, one.audio_url) for one in broadcasts] == [
        (tag, f"{SITE}/t/{number}.mp3") for number, tag in enumerate(LANGUAGES, 1)
    ]
    assert broadcasts[0].aired_at == datetime(2014, 9, 21, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("name", "tag"),
    [
        ("français", "fr"),
        ("Bambara", "bm"),
        ("sonrhaï", "ses"),
        ("songhai", "ses"),
        ("peul", "ffm"),
        ("tamachek", "taq"),
        ("tamasheck", "taq"),
        ("TAMASHEQ", "taq"),
    ],
)
def test_languages_are_known_in_every_spelling(name: str, tag: str) -> None:
    content = f'<p>Journal en {name}</p><a href="x.mp3">Télécharger</a>'
    (only,) = read_page(made("Les titres du 3 mai 2019 (soir)", content), f"{SITE}/5-titres")
    assert (only.language, only.guid) == (tag, f"5:{tag}:soir")


def test_a_file_name_tells_the_language_where_the_page_does_not() -> None:
    content = '<a href="/a/JOURNAL_TAMASHEQ-2016-07-11.mp3">Écouter</a>'
    (only,) = read_page(made("Les titres du 11 juillet 2016", content), f"{SITE}/5-titres")
    assert only.language == "taq"


def test_a_debate_of_the_old_site_is_read_with_its_guests() -> None:
    (debate,) = page("debate_joomla", OLD_DEBATE)
    assert debate.guid == "joomla:2003"
    assert debate.title == "Le Grand Dialogue du 16 octobre 2014 : un thème inventé"
    assert debate.aired_at == datetime(2014, 10, 16, 17, tzinfo=UTC)
    assert debate.programme is not None
    assert (debate.programme.id, debate.language) == ("grand-dialogue", "fr")
    assert debate.guests == ("Prénom Premierfictif", "Oumar Ag Inventé", "Aïssata D’Exemple")
    assert debate.summary.splitlines() == [
        "Une réunion fictive vient de s’achever à Ville-Neuve.",
        "Le débat suit trois axes :",
        "les formes du sujet inventé ;",
        "ses causes ;",
        "ses remèdes.",
    ]
    assert debate.audio_url == f"{SITE}/audio/gd-161014.mp3"
    assert debate.source_url == OLD_DEBATE


def test_guests_announced_in_one_sentence_are_told_apart() -> None:
    (debate,) = page("debate_inline")
    assert debate.guests == ("Fanta Exemplaire", "Bakary Inventon", "Ali Ould Fictif")
    assert debate.summary == "Introduction inventée."


def test_an_announced_debate_without_sound_is_kept() -> None:
    body = made("Le Grand Dialogue du 3 mars 2015 : rien à entendre", "<p>Bientôt.</p>")
    (debate,) = read_page(body, f"{SITE}/7-grand-dialogue")
    assert (debate.audio_url, debate.summary) == (None, "Bientôt.")


def test_a_debate_in_two_parts_is_two_broadcasts() -> None:
    body = made("Le Grand Dialogue", '<a href="p1.mp3">1</a><a href="p2.mp3">2</a>')
    assert [one.guid for one in read_page(body, f"{SITE}/7-gd")] == ["7", "7:2"]


def test_one_sound_in_two_formats_is_one_broadcast() -> None:
    body = made("Le Grand Dialogue", '<a href="gd.mp3">1</a><audio src="gd.ogg"></audio>')
    assert [one.audio_url for one in read_page(body, f"{SITE}/7-gd")] == [f"{SITE}/gd.mp3"]


def test_a_magazine_takes_its_day_from_the_page_and_guesses_no_language() -> None:
    (magazine,) = page("magazine")
    assert magazine.programme is not None
    assert (magazine.programme.id, magazine.programme.title) == (
        "magazine-sante",
        "Magazine santé",
    )
    assert magazine.aired_at == datetime(2015, 8, 19, 12, tzinfo=UTC)
    assert magazine.language is None


def test_a_magazine_in_five_languages_is_five_broadcasts() -> None:
    broadcasts = page("youth")
    assert [one.language for one in broadcasts] == LANGUAGES
    assert {one.programme.id for one in broadcasts if one.programme} == {"l-actu-des-jeunes"}
    assert broadcasts[1].title == "L’Actu des jeunes du 6 mars 2021 (en bambara)"


@pytest.mark.parametrize(
    "url",
    [
        f"{SITE}/91013-les-titres-du-02-novembre-2016-soir",
        "http://studiotamani.org/91013-les-titres-du-02-novembre-2016-soir/?utm_source=x#top",
        f"{SITE}/?p=91013",
        "https://studiotamani.org/?p=91013",
        "https://studiotamani.org/index.php?p=91013",
    ],
)
def test_one_page_under_any_address_is_the_same_broadcasts(url: str) -> None:
    seen = [(one.guid, one.source_url) for one in page("bulletin_evening", url)]
    assert seen == [(one.guid, one.source_url) for one in page("bulletin_evening")]
    body = (DATA / "bulletin_evening.html").read_bytes().replace(b"canonical", b"nothing")
    bare = read_page(body, url)
    assert [one.guid for one in bare] == [guid for guid, _ in seen]
    assert {one.source_url for one in bare} == {f"{SITE}/?p=91013"}


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"{SITE}/91013-les-titres", True),
        ("http://studiotamani.org/?p=12", True),
        (OLD_DEBATE, True),
        (f"{SITE}/index.php?option=com_content&view=article&id=2003:le-debat", True),
        (f"{SITE}/feed/", False),
        (f"{SITE}/index.php?format=feed&type=rss", False),
        (f"{SITE}/wp-content/uploads/2020/08/a.mp3", False),
        (SITE, False),
        ("https://studiotamani.org.example/12-x", False),
        ("https://ailleurs.example/12-x", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_only_pages_of_the_station_are_known(url: str, expected: bool) -> None:
    assert knows(url) is expected


def test_a_listing_gives_each_page_once() -> None:
    links = read_listing((DATA / "listing.html").read_bytes(), "https://studiotamani.org/journaux")
    assert links == (
        "https://studiotamani.org/49935-les-titres-du-mercredi-12-aout-2020-matin",
        "http://studiotamani.org/?p=91013",
        "https://studiotamani.org/index.php/grands-dialogues/"
        "2003-le-grand-dialogue-du-16-octobre-2014",
    )
    assert read_listing(b"", SITE) == ()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
def test_a_page_reads_the_same_in_every_encoding(encoding: str) -> None:
    text = made("Le Grand Dialogue du 12 août 2020 : été", "<p>Déjà vu à Gao</p>").decode()
    (debate,) = read_page(text.encode(encoding), f"{SITE}/7-gd")
    assert (debate.title, debate.summary) == (
        "Le Grand Dialogue du 12 août 2020 : été",
        "Déjà vu à Gao",
    )


@pytest.mark.parametrize(
    "body", [b"", b"   ", b"\x00", b"<html></html>", b"{}", made("Contact", "<p>Ici</p>")]
)
def test_any_other_page_is_refused_with_its_address(body: bytes) -> None:
    with pytest.raises(BadPage, match=r"studiotamani\.org/7-x.*Give the address"):
        read_page(body, f"{SITE}/7-x")


def test_a_listing_is_no_broadcast() -> None:
    with pytest.raises(BadPage):
        page("listing", f"{SITE}/category/journaux")


def test_deeply_nested_pages_are_read() -> None:
    body = made("Le Grand Dialogue", "<div>" * 5000 + '<a href="x.mp3">x</a>')
    try:
        broadcasts = read_page(body, f"{SITE}/7-gd")
    except BadPage:
        return
    assert broadcasts[0].guid == "7"


NAMES = sorted(path.stem for path in DATA.glob("*.html"))


@given(st.binary(max_size=400), st.sampled_from(NAMES), st.integers(0, 4000))
def test_no_bytes_make_the_reader_stumble(noise: bytes, name: str, cut: int) -> None:
    whole = (DATA / f"{name}.html").read_bytes()
    for body in (noise, whole[:cut], whole[:cut] + noise + whole[cut:], whole[cut:]):
        try:
            broadcasts = read_page(body, f"{SITE}/7-x")
        except BadPage:
            continue
        assert len({one.guid for one in broadcasts}) == len(broadcasts)
        read_listing(body, SITE)
