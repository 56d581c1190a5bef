"""What engines have said in transcriptions that are not finished, in the catalogue."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import select

from radio_archive.catalogue.broadcasts import insert_new
from radio_archive.db import Database, Guard, unguarded
from radio_archive.db.schema import checkpoints
from radio_archive.model import BroadcastId


class KeptAnswers:
    """Answers of an engine by question, for each broadcast; gone when its text is stored."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, broadcast_id: BroadcastId) -> dict[str, bytes]:
        """All answers kept of a broadcast."""
        with self._database.read() as connection:
            rows = connection.execute(
                select(checkpoints.c.question, checkpoints.c.answer).where(
                    checkpoints.c.broadcast_id == broadcast_id
                )
            ).all()
        return {row.question: row.answer for row in rows}

    def keep(
        self, broadcast_id: BroadcastId, answers: Mapping[str, bytes], guard: Guard = unguarded
    ) -> None:
        """Keep more answers; those that are there stay.

        Args:
            broadcast_id: whose transcription it is.
            answers: by question.
            guard: run first in the same transaction; raises when the caller lost its lease.
        """
        rows = [
            {"broadcast_id": broadcast_id, "question": question, "answer": answer}
            for question, answer in answers.items()
        ]
        with self._database.write() as connection:
            guard(connection)
            if rows:
                connection.execute(insert_new(self._database, checkpoints), rows)
