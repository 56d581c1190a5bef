"""What stands in public dossiers beside a broadcast, in the catalogue."""

from __future__ import annotations

from sqlalchemy import Subquery, func, or_, select

from radio_archive.catalogue.documents import document_from
from radio_archive.catalogue.hidden import IS_SHOWN
from radio_archive.catalogue.rows import AnyRow
from radio_archive.db import Database
from radio_archive.db.dossier_tables import documents, dossier_entries, dossiers
from radio_archive.db.schema import broadcasts
from radio_archive.model import BroadcastId, DossierNear, LanguageTag, Neighbour

MOST_DOSSIERS = 3
"""Dossiers told of beside a broadcast: chosen, what a reader looks through beside a text."""

MOST_NEIGHBOURS = 5
"""Other things told of each: chosen likewise; the dossier has the rest."""

_ENTRY = dossier_entries.c


class Related:
    """Finds what editors gathered on the theme of a broadcast."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def near(self, broadcast_id: str) -> tuple[DossierNear, ...]:
        """The public dossiers that hold a broadcast or a passage of it, what changed last first.

        Each with the first of the other things in it; no broadcast that was withdrawn.
        """
        holding = select(_ENTRY.dossier_id).where(_ENTRY.broadcast_id == broadcast_id)
        chosen = (
            select(dossiers.c.id, dossiers.c.slug, dossiers.c.title)
            .where(dossiers.c.is_public, dossiers.c.id.in_(holding))
            .order_by(dossiers.c.changed_at.desc(), dossiers.c.slug)
            .limit(MOST_DOSSIERS)
        )
        with self._database.read() as connection:
            found = connection.execute(chosen).all()
            if not found:
                return ()
            beside = _neighbours(broadcast_id, [row.id for row in found])
            statement = (
                select(
                    beside.c.dossier_id,
                    beside.c.broadcast_id,
                    broadcasts.c.title.label("broadcast_title"),
                    broadcasts.c.language.label("broadcast_language"),
                    *documents.c,
                )
                .outerjoin(broadcasts, broadcasts.c.id == beside.c.broadcast_id)
                .outerjoin(documents, documents.c.id == beside.c.document_id)
                .where(beside.c.rank <= MOST_NEIGHBOURS)
                .order_by(beside.c.rank)
            )
            rows = connection.execute(statement).all()
        return tuple(
            DossierNear(
                slug=row.slug,
                title=row.title,
                neighbours=tuple(_neighbour(each) for each in rows if each.dossier_id == row.id),
            )
            for row in found
        )


def _neighbours(broadcast_id: str, dossier_ids: list[int]) -> Subquery:
    """Everything else in some dossiers, each thing once, numbered in the order of its dossier."""
    shown = select(broadcasts.c.id).where(
        IS_SHOWN, broadcasts.c.id == _ENTRY.broadcast_id, _ENTRY.broadcast_id != broadcast_id
    )
    once = (
        select(
            _ENTRY.dossier_id,
            _ENTRY.broadcast_id,
            _ENTRY.document_id,
            func.min(_ENTRY.place).label("place"),
        )
        .where(
            _ENTRY.dossier_id.in_(dossier_ids),
            or_(_ENTRY.document_id.is_not(None), shown.exists()),
        )
        .group_by(_ENTRY.dossier_id, _ENTRY.broadcast_id, _ENTRY.document_id)
        .subquery()
    )
    rank = func.row_number().over(partition_by=once.c.dossier_id, order_by=once.c.place)
    return select(once, rank.label("rank")).subquery()


def _neighbour(row: AnyRow) -> Neighbour:
    if row.broadcast_id is None:
        document = document_from(row)
        return Neighbour(title=document.title, language=document.language, document=document)
    return Neighbour(
        title=row.broadcast_title,
        language=LanguageTag(row.broadcast_language),
        broadcast_id=BroadcastId(row.broadcast_id),
    )
