"""Plain text to read and quote from."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from tests.exports.making import CONTEXT, make_doubtful, make_segment, make_transcript, transcripts

from radio_archive.exports.lines import one_line
from radio_archive.exports.txt import write
from radio_archive.model import Gap, GapReason, Milliseconds, Transcript, TranscriptKind, Trust


def test_the_header_says_what_it_is_and_how_far_to_believe_it() -> None:
    text = write(make_transcript(make_segment("Bonjour.", 754_999, 756_000)), CONTEXT)
    assert text.splitlines() == [
        "Le Grand Dialogue",
        "Station : Studio Tamani",
        "Émission : Les grands débats",
        "Diffusion : 2014-10-16 17:00 UTC",
        "Invités : Awa Traoré, Issa Keïta",
        "Langue : français (fr)",
        "Transcription : faster-whisper/base, 2026-11-23",
        "",
        "Transcription automatique, à vérifier à l'écoute.",
        "Exemple fabriqué : voix de synthèse, propos inventés.",
        "",
        "[00:12:34] Bonjour.",
    ]


def test_a_weak_transcript_and_a_checked_one_do_not_carry_the_same_banner() -> None:
    weak = write(make_transcript(trust=Trust.MACHINE_WEAK), CONTEXT)
    checked = write(make_transcript(trust=Trust.CHECKED), CONTEXT)
    assert "peu sûre" in weak
    assert "relue et corrigée" in checked


def test_what_a_machine_translated_says_that_it_is_not_to_be_quoted() -> None:
    weak = make_transcript(trust=Trust.MACHINE_WEAK)
    text = write(replace(weak, kind=TranscriptKind.TRANSLATION), CONTEXT)
    assert "Traduction automatique approximative, ne pas citer" in text
    assert "Transcription automatique" not in text
    by_people = make_transcript(trust=Trust.IMPORTED)
    text = write(replace(by_people, kind=TranscriptKind.TRANSLATION), CONTEXT)
    assert "Traduction : ce ne sont pas les mots prononcés." in text
    assert "ne pas citer" not in text


def test_what_nobody_wrote_down_stands_in_its_place() -> None:
    transcript = replace(
        make_transcript(make_segment("Avant.", 0, 1000), make_segment("Après.", 90_000, 91_000)),
        gaps=(
            Gap(
                start_ms=Milliseconds(10_000),
                end_ms=Milliseconds(80_000),
                reason=GapReason.OTHER_LANGUAGE,
            ),
        ),
    )
    assert write(transcript, CONTEXT).splitlines()[-3:] == [
        "[00:00:00] Avant.",
        "[00:00:10] (parole dans une autre langue, non transcrite) jusqu'à 00:01:20",
        "[00:01:30] Après.",
    ]


@given(transcripts())
def test_every_segment_has_exactly_one_line(transcript: Transcript) -> None:
    text = write(transcript, CONTEXT)
    body = text.removesuffix("\n").split("\n")[11:]
    assert len(body) == len(transcript.segments)
    for line, segment in zip(body, transcript.segments, strict=True):
        assert line.endswith(one_line(segment.text))
    assert len(text.splitlines()) == 11 + len(transcript.segments)


def test_a_sentence_the_machine_was_not_sure_of_says_so() -> None:
    text = write(make_doubtful(), CONTEXT)
    assert "[00:00:04] Awa : [?] Un coeur d'onir.\n" in text
    explained = "[?] : phrase dont la machine n'est pas sûre, à vérifier à l'écoute.\n"
    assert explained in text.split("[00:00:00]")[0]
    assert text.count("[?]") == 2
    assert "[?]" not in write(make_transcript(make_segment("Bonjour.")), CONTEXT)
