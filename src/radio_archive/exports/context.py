"""What an export says beside the words: of which broadcast, and how far to believe it."""

from __future__ import annotations

from dataclasses import dataclass

from radio_archive.model import Band, Broadcast, Segment, Transcript, TranscriptKind, Trust

#: what a journalist must know before quoting, by trust
TRUST_SENTENCES = {
    Trust.CHECKED: "Transcription relue et corrigée à l'écoute.",
    Trust.IMPORTED: "Transcription reçue de l'extérieur, non vérifiée ici.",
    Trust.MACHINE: "Transcription automatique, à vérifier à l'écoute.",
    Trust.MACHINE_WEAK: "Transcription automatique peu sûre, à vérifier mot à mot à l'écoute.",
}

_KIND_SENTENCES = {
    TranscriptKind.TRANSLATION: "Traduction : ce ne sont pas les mots prononcés.",
    TranscriptKind.REDACTED: "Version dont des passages ont été retirés.",
}

#: in the place of both where a machine translated; `imports.provenance` knows its beginning
ROUGH_TRANSLATION_SENTENCE = (
    "Traduction automatique approximative, ne pas citer : ce ne sont pas les mots prononcés."
)

#: stands before a sentence the machine is not sure of, where a format has nothing better;
#: `imports.txt` knows it
UNSURE_MARK = "[?]"

#: what the mark means, in French
UNSURE_SENTENCE = "phrase dont la machine n'est pas sûre, à vérifier à l'écoute."

_SYNTHETIC_SENTENCE = "Exemple fabriqué : voix de synthèse, propos inventés."


@dataclass(frozen=True, slots=True, kw_only=True)
class ExportContext:
    """The broadcast a transcript belongs to, and names the transcript does not carry."""

    broadcast: Broadcast
    station: str = ""  #: who aired it; empty leaves the line out
    language_name: str = ""  #: the transcript's language for people; empty shows the tag alone


def warnings(transcript: Transcript, context: ExportContext) -> tuple[str, ...]:
    """Sentences that must go wherever the words go, in French, the most important first."""
    if transcript.is_rough_translation:
        sentences = [ROUGH_TRANSLATION_SENTENCE]
    else:
        sentences = [TRUST_SENTENCES[transcript.trust]]
        if transcript.kind in _KIND_SENTENCES:
            sentences.append(_KIND_SENTENCES[transcript.kind])
    if context.broadcast.is_synthetic:
        sentences.append(_SYNTHETIC_SENTENCE)
    return tuple(sentences)


def is_unsure(segment: Segment) -> bool:
    """Whether a sentence is marked as one to be listened to before it is believed."""
    return segment.band is Band.UNSURE


def explain_mark(transcript: Transcript, mark: str) -> tuple[str, ...]:
    """What a mark beside sentences says, in French; nothing where no sentence bears it."""
    is_used = any(map(is_unsure, transcript.segments))
    return (f"{mark} : {UNSURE_SENTENCE}",) if is_used else ()


def language_label(transcript: Transcript, context: ExportContext) -> str:
    """The transcript's language: ``français (fr)``, or its tag alone."""
    name = context.language_name
    return f"{name} ({transcript.language})" if name else str(transcript.language)


def engine_label(transcript: Transcript) -> str:
    """What wrote the transcript, and on which day; the day alone for people."""
    day = transcript.created_at.strftime("%Y-%m-%d")
    return f"{transcript.engine}, {day}" if transcript.engine else day
