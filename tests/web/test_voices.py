"""Who speaks, on the page, in the JSON and in what can be taken away."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import lxml.html
import pytest
from starlette.testclient import TestClient

from radio_archive.archive import Archive, ImportOptions
from radio_archive.catalogue import Catalogue
from radio_archive.model import VOICES, BroadcastId, Transcript, VoiceFinding
from radio_archive.web import create_app
from tests.imports.test_eaf import make_eaf
from tests.support.making import make_transcript, put_broadcast
from tests.web.stocking import add_transcript, bare_archive

NOTE = "Voix A, B…"

VTT = """WEBVTT

00:01.000 --> 00:03.000
<v Awa Diallo>Bonsoir à tous.

00:04.000 --> 00:06.000
<v.loud Issa Traoré>Merci. <v Awa Diallo>De rien.

00:08.000 --> 00:09.000
Sans nom.
"""
STM = """;; a talk
talk 1 Awa_Diallo 1.0 3.0 Bonsoir à tous.
talk 1 Issa_Traoré 4.0 6.0 <o,f0,male> Merci.
"""
JSON = """{"language": "fr", "segments": [
 {"start": 1, "end": 3, "text": " Bonsoir à tous.", "speaker": "Awa Diallo"},
 {"start": 4, "end": 6, "text": " Merci.", "speaker": "SPEAKER_01"}]}
"""

#: file, then who says what
IMPORTS: dict[str, list[tuple[str | None, str]]] = {
    "talk.vtt": [
        ("Awa Diallo", "Bonsoir à tous."),
        ("Issa Traoré", "Merci."),
        ("Awa Diallo", "De rien."),
        (None, "Sans nom."),
    ],
    "talk.stm": [("Awa_Diallo", "Bonsoir à tous."), ("Issa_Traoré", "Merci.")],
    "talk.json": [("Awa Diallo", "Bonsoir à tous."), ("SPEAKER_01", "Merci.")],
    "talk.eaf": [("Jeli 0", "An bɛ baro la 0.0"), ("Jeli 1", "An bɛ baro la 1.0")],
}


@contextmanager
def serving(home: Path) -> Iterator[tuple[Archive, Catalogue, TestClient, BroadcastId]]:
    """An archive with one broadcast, and a browser."""
    with bare_archive(home) as (archive, catalogue):
        identity = put_broadcast(catalogue)
        with TestClient(create_app(archive)) as client:
            yield archive, catalogue, client, identity


def lettered(finding: VoiceFinding, *letters: str | None) -> Transcript:
    transcript = make_transcript(*[f"Phrase {number}." for number in range(len(letters))])
    segments = [
        replace(segment, voice=letter)
        for segment, letter in zip(transcript.segments, letters, strict=True)
    ]
    parameters = MappingProxyType({VOICES: finding.value})
    return replace(transcript, segments=tuple(segments), parameters=parameters)


def shown(client: TestClient, identity: str, language: str = "fr") -> lxml.html.HtmlElement:
    answer = client.get(f"/broadcasts/{identity}", headers={"accept-language": language})
    assert answer.status_code == 200
    tree: lxml.html.HtmlElement = lxml.html.fromstring(answer.text)
    return tree


def labels(page: lxml.html.HtmlElement) -> list[str]:
    return [str(each.text_content()) for each in page.xpath("//*[@id='lines']//b")]


def write(home: Path, name: str) -> Path:
    path = home / name
    texts = {".vtt": VTT, ".stm": STM, ".json": JSON}
    if path.suffix == ".eaf":
        return make_eaf(path)
    path.write_text(texts[path.suffix], encoding="utf-8")
    return path


@pytest.mark.parametrize("name", IMPORTS)
def test_imported_speakers_are_on_the_page_in_the_json_and_in_every_format(
    name: str, tmp_path: Path
) -> None:
    expected = IMPORTS[name]
    with serving(tmp_path) as (archive, _, client, identity):
        options = ImportOptions(language="bm" if name.endswith("eaf") else None)
        archive.import_transcript(identity, write(tmp_path, name), options)
        address = f"/api/v1/broadcasts/{identity}/transcript"
        query = "?language=bm" if name.endswith("eaf") else ""
        segments = client.get(address + query).json()["segments"]
        said = [(each["speaker"], each["text"]) for each in segments]
        assert said[: len(expected)] == expected
        assert {each["voice"] for each in segments} == {None}
        page = client.get(f"/broadcasts/{identity}{query}").text
        speaker = expected[0][0]
        assert f'<b dir="auto">{speaker}</b>' in page
        assert NOTE not in page
        export = f"/broadcasts/{identity}/transcript"
        assert f"<v {speaker}>{expected[0][1]}" in client.get(f"{export}.vtt{query}").text
        assert f"{speaker}: {expected[0][1]}" in client.get(f"{export}.srt{query}").text
        assert f"{speaker} : {expected[0][1]}" in client.get(f"{export}.txt{query}").text
        written = client.get(f"{export}.json{query}").json()["segments"]
        assert [each["speaker"] for each in written][: len(expected)] == [
            name for name, _ in expected
        ]


def test_letters_are_on_the_page_explained_once_and_in_the_json_alone(tmp_path: Path) -> None:
    with serving(tmp_path) as (_, catalogue, client, identity):
        transcript = lettered(VoiceFinding.TOLD_APART, "A", "A", "B", None, "A")
        add_transcript(catalogue, identity, transcript)
        page = shown(client, identity)
        assert labels(page) == ["Voix A", "Voix B", "Voix incertaine", "Voix A"]
        assert str(page.text_content()).count(NOTE) == 1
        assert labels(shown(client, identity, "en")) == [
            "Voice A",
            "Voice B",
            "Voice unsure",
            "Voice A",
        ]
        answer = client.get(f"/api/v1/broadcasts/{identity}/transcript").json()
        assert answer["voices"] == "told_apart"
        assert [each["voice"] for each in answer["segments"]] == ["A", "A", "B", None, "A"]
        export = f"/broadcasts/{identity}/transcript"
        written = client.get(f"{export}.json").json()["segments"]
        assert [each["voice"] for each in written] == ["A", "A", "B", None, "A"]
        for ending in ("vtt", "srt", "txt"):
            text = client.get(f"{export}.{ending}").text
            assert "Phrase 0." in text
            assert "Voix" not in text
            assert "<v" not in text


def test_a_name_by_people_takes_the_place_of_the_letter(tmp_path: Path) -> None:
    with serving(tmp_path) as (archive, catalogue, client, identity):
        add_transcript(catalogue, identity, lettered(VoiceFinding.TOLD_APART, "A", "B", "A"))
        archive.name_voices(identity, {"B": "Awa <Diallo>"})
        page = shown(client, identity)
        assert labels(page) == ["Voix A", "Awa <Diallo>", "Voix A"]
        assert NOTE in str(page.text_content())
        segments = client.get(f"/api/v1/broadcasts/{identity}/transcript").json()["segments"]
        assert [(each["voice"], each["speaker"]) for each in segments] == [
            ("A", None),
            ("B", "Awa <Diallo>"),
            ("A", None),
        ]


@pytest.mark.parametrize("finding", [each for each in VoiceFinding if each != "told_apart"])
def test_where_voices_could_not_be_told_apart_the_page_says_why(
    finding: VoiceFinding, tmp_path: Path
) -> None:
    with serving(tmp_path) as (_, catalogue, client, identity):
        add_transcript(catalogue, identity, lettered(finding, None, None))
        page = shown(client, identity)
        assert labels(page) == []
        assert "Changements de voix non marqués" in str(page.text_content())
        assert "Changes of voice are not marked" in str(
            shown(client, identity, "en").text_content()
        )
        broadcast = client.get(f"/api/v1/broadcasts/{identity}").json()
        assert broadcast["transcript"]["voices"] == finding


def test_where_nobody_asked_for_voices_the_page_says_nothing_of_them(tmp_path: Path) -> None:
    with serving(tmp_path) as (_, catalogue, client, identity):
        add_transcript(catalogue, identity, make_transcript())
        text = str(shown(client, identity).text_content())
        assert "Changements de voix" not in text
        assert NOTE not in text
        assert client.get(f"/api/v1/broadcasts/{identity}").json()["transcript"]["voices"] is None
