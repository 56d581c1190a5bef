"""Names that people gave to the voices a machine told apart, in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sqlalchemy import Connection, literal, select

from radio_archive.db import Database
from radio_archive.db.schema import voice_names
from radio_archive.model import Transcript, TranscriptId


class VoiceNames:
    """The names of the voices of each transcript.

    They belong to one version of what was said: another transcription letters its voices anew.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, transcript_id: TranscriptId, names: Mapping[str, str | None]) -> None:
        """Set the names of some voices, all or none of them.

        Args:
            transcript_id: whose voices they are.
            names: by the letter of the voice; None takes its name away.
        """
        with self._database.write() as connection:
            for voice, name in names.items():
                connection.execute(
                    voice_names.delete().where(
                        voice_names.c.transcript_id == transcript_id, voice_names.c.voice == voice
                    )
                )
                if name is not None:
                    connection.execute(
                        voice_names.insert().values(
                            transcript_id=transcript_id, voice=voice, name=name
                        )
                    )


def copy_names(connection: Connection, giver: TranscriptId, taker: TranscriptId) -> None:
    """Let another wording of a transcript, with the same voices, have the same names."""
    names = voice_names.c
    rows = select(literal(taker), names.voice, names.name).where(names.transcript_id == giver)
    connection.execute(voice_names.insert().from_select(["transcript_id", "voice", "name"], rows))


def with_names(connection: Connection, transcript: Transcript) -> Transcript:
    """The transcript with people's names as the speakers of the voices that have one."""
    rows = connection.execute(
        select(voice_names.c.voice, voice_names.c.name).where(
            voice_names.c.transcript_id == transcript.id
        )
    ).all()
    if not rows:
        return transcript
    names = {row.voice: row.name for row in rows}
    return replace(
        transcript,
        segments=tuple(
            replace(segment, speaker=segment.speaker or names.get(segment.voice or ""))
            for segment in transcript.segments
        ),
    )
