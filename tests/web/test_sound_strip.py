"""The strip under the player: what is heard, drawn and in words, each moment a link."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import lxml.html
import pytest
from starlette.testclient import TestClient

from radio_archive.model import BroadcastId, RecordingKey, Rendition
from radio_archive.web import create_app
from radio_archive.web.sound_strip import MOST_BARS, MOST_MOMENTS, WIDTH, sound_strip
from tests.support.making import make_sound_map, ms, put_broadcast
from tests.web.stocking import bare_archive

DEBATE = make_sound_map("music 20 speech 1200 telephone 300 silence 10 speech 100 noise 4 music 40")
RENDITION = Rendition(
    name="mp3",
    key=RecordingKey("a" * 64),
    extension=".mp3",
    media_type="audio/mpeg",
    size_bytes=1_000,
)

Served = tuple[TestClient, BroadcastId, BroadcastId]


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A site with one broadcast that is mapped and one that is not."""
    with bare_archive(tmp_path) as (archive, catalogue):
        ids = [put_broadcast(catalogue, guid, duration_ms=1_674_000) for guid in ("one", "two")]
        for broadcast_id in ids:
            recording = catalogue.broadcasts.get(broadcast_id).recording
            assert recording is not None
            catalogue.recordings.add_rendition(recording.key, RENDITION)
            if broadcast_id == ids[0]:
                catalogue.sound_maps.put(recording.key, DEBATE)
        with TestClient(create_app(archive)) as client:
            yield client, ids[0], ids[1]


def strip_of(client: TestClient, url: str) -> lxml.html.HtmlElement:
    tree = lxml.html.fromstring(client.get(url).text)
    [section] = tree.xpath("//section[@class='sounds']")
    found: lxml.html.HtmlElement = section
    return found


def text(element: lxml.html.HtmlElement) -> str:
    return " ".join(str(element.text_content()).split())


def test_the_legend_says_in_words_how_much_there_is_of_what(served: Served) -> None:
    client, debate, _ = served
    strip = strip_of(client, f"/broadcasts/{debate}")
    assert [text(item) for item in strip.xpath("./ul/li")] == [
        "parole 22 min",
        "parole au téléphone 5 min",
        "musique 1 min",
        "bruit 4 s",
        "silence 10 s",
    ]
    english = strip_of(client, f"/broadcasts/{debate}?lang=en")
    assert text(english.xpath("./ul/li")[1]) == "speech on the telephone 5 min"


def test_each_stretch_of_speech_or_music_is_a_link_to_its_moment(served: Served) -> None:
    client, debate, _ = served
    strip = strip_of(client, f"/broadcasts/{debate}?q=riz")
    starts = ["0.0", "20.0", "1220.0", "1530.0", "1634.0"]
    expected = [f"?q=riz&t={start}#t={start}" for start in starts]
    assert strip.xpath(".//svg//@href") == expected
    assert strip.xpath(".//details//@href") == expected
    assert text(strip.xpath(".//details//li")[2]) == "20:20 parole au téléphone 5 min"
    for url in expected:
        assert client.get(f"/broadcasts/{debate}{url}").status_code == 200


def test_only_the_list_of_moments_is_reached_by_keyboard(served: Served) -> None:
    client, debate, _ = served
    [drawing] = strip_of(client, f"/broadcasts/{debate}").xpath(".//svg")
    assert drawing.get("aria-hidden") == "true"
    assert set(drawing.xpath(".//a/@tabindex")) == {"-1"}


def test_the_moment_asked_for_is_marked(served: Served) -> None:
    client, debate, _ = served
    asked = strip_of(client, f"/broadcasts/{debate}?t=837")
    assert asked.xpath(".//path[@class='cursor']/@d") == ["M500 0v20"]
    assert strip_of(client, f"/broadcasts/{debate}").xpath(".//path[@class='cursor']") == []


def test_a_broadcast_nobody_has_mapped_has_no_strip(served: Served) -> None:
    client, _, other = served
    assert 'class="sounds"' not in client.get(f"/broadcasts/{other}").text


def test_a_restless_hour_is_drawn_in_few_bars_that_fill_the_strip() -> None:
    restless = make_sound_map(" ".join(f"speech {n % 7 + 2} music {n % 3 + 1}" for n in range(500)))
    strip = sound_strip(restless, ms(0))
    assert strip is not None
    assert 20 < len(strip.bars) <= MOST_BARS
    assert 5 < len(strip.moments) <= MOST_MOMENTS
    assert (strip.bars[0].left, strip.bars[-1].left + strip.bars[-1].width) == (0, WIDTH)
    assert strip.cursor == 0
    assert strip.lengths == restless.lengths


def test_no_map_and_a_map_of_nothing_are_not_drawn() -> None:
    assert sound_strip(None, None) is None
    assert sound_strip(make_sound_map(""), None) is None
