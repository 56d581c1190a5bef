"""The glossary in the catalogue: what corrections taught, where, and what people decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import Connection, and_, exists, func, or_, select, update

from radio_archive.catalogue.broadcasts import insert_new
from radio_archive.catalogue.rows import AnyRow, to_datetime, to_seconds
from radio_archive.db import Database
from radio_archive.db.schema import broadcasts, glossary, glossary_evidence
from radio_archive.errors import NotFound
from radio_archive.languages.wordings import key_of
from radio_archive.model import (
    BroadcastId,
    Correction,
    Entry,
    EntryId,
    EntryState,
    LanguageTag,
    ProgrammeId,
)

_ENTRY = glossary.c
_EVIDENCE = glossary_evidence.c
#: the largest number of an entry: PostgreSQL refuses to be asked for more
_LARGEST = 2**31 - 1
_IS_SHOWN = exists().where(_EVIDENCE.entry_id == _ENTRY.id)
#: read in the statement that writes. SQLite has one writer; two on PostgreSQL that decide in the
#: same instant may share a number, and the second is then searched with the next change
_LAST_CHANGE = func.coalesce(func.max(_ENTRY.changed), 0)
_NEXT_CHANGE = select(
    func.coalesce(func.max(glossary.alias("all_entries").c.changed), 0) + 1
).scalar_subquery()

Accepted = tuple[tuple[LanguageTag, str, str], ...]
"""Language, wrong form and right form of each."""


class Glossary:
    """What the machine writes, and what people write instead.

    What was seen in a broadcast is replaced as a whole when it is learnt again, so that learning
    twice changes nothing.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._read: tuple[int, Accepted] | None = None

    def learn(
        self, broadcast_id: BroadcastId, language: LanguageTag, corrections: Sequence[Correction]
    ) -> tuple[Entry, ...]:
        """Remember what a broadcast teaches, instead of what it taught before.

        Entries that nothing shows any more, and nobody decided, are not told until something does.

        Returns:
            The entries it teaches now, by number.
        """
        now = datetime.now(UTC)
        with self._database.write() as connection:
            seen = Counter(
                self._put(connection, language, correction.wrong, correction.right, now)
                for correction in corrections
            )
            _replace_evidence(connection, broadcast_id, language, seen, now)
        return tuple(entry for entry in self.all(language) if entry.id in seen)

    def add(self, language: LanguageTag, wrong: str, right: str) -> Entry:
        """An entry that a person states: accepted, whether it was seen or not."""
        with self._database.write() as connection:
            entry_id = self._put(connection, language, wrong, right, datetime.now(UTC))
        return self.decide(entry_id, EntryState.ACCEPTED)

    def decide(self, entry_id: EntryId, state: EntryState) -> Entry:
        """What a person decides of an entry; evidence does not change it any more.

        Raises:
            NotFound: there is no such entry.
        """
        return self._set_state(entry_id, state, is_decided=True)

    def settle(self, entry_id: EntryId, state: EntryState) -> Entry:
        """What evidence says of an entry; nothing happens where a person decided."""
        return self._set_state(entry_id, state, is_decided=False)

    def get(self, entry_id: int) -> Entry:
        """One entry.

        Raises:
            NotFound: there is no such entry.
        """
        _require_number(entry_id)
        with self._database.read() as connection:
            row = connection.execute(select(glossary).where(_ENTRY.id == entry_id)).one_or_none()
            if row is None:
                raise _unknown(entry_id)
            return _entry_from(row, _evidence(connection, [row.id]).get(row.id, []))

    def all(self, language: LanguageTag | None = None) -> tuple[Entry, ...]:
        """Every entry that was seen or decided, of one language or of all, by number."""
        statement = select(glossary).where(or_(_ENTRY.is_decided, _IS_SHOWN)).order_by(_ENTRY.id)
        if language is not None:
            statement = statement.where(_ENTRY.language == language)
        with self._database.read() as connection:
            rows = connection.execute(statement).all()
            seen = _evidence(connection, [row.id for row in rows])
        return tuple(_entry_from(row, seen.get(row.id, [])) for row in rows)

    def accepted(self) -> Accepted:
        """What is accepted; the same tuple until it changes, for every search asks."""
        with self._database.read() as connection:
            changed = connection.execute(select(_LAST_CHANGE)).scalar_one()
            if self._read is None or self._read[0] != changed:
                rows = connection.execute(
                    select(_ENTRY.language, _ENTRY.wrong, _ENTRY.right)
                    .where(_ENTRY.state == EntryState.ACCEPTED)
                    .order_by(_ENTRY.id)
                ).all()
                found = tuple((LanguageTag(row.language), row.wrong, row.right) for row in rows)
                self._read = (changed, found)
            return self._read[1]

    def seen_in(self, programme_id: ProgrammeId, language: LanguageTag) -> tuple[str, ...]:
        """The right forms accepted and seen in a programme, those said last first."""
        aired = func.max(func.coalesce(broadcasts.c.aired_at, 0))
        statement = (
            select(_ENTRY.right)
            .select_from(
                glossary.join(glossary_evidence, _EVIDENCE.entry_id == _ENTRY.id).join(
                    broadcasts, broadcasts.c.id == _EVIDENCE.broadcast_id
                )
            )
            .where(
                _ENTRY.state == EntryState.ACCEPTED,
                _ENTRY.language == language,
                broadcasts.c.programme_id == programme_id,
            )
            .group_by(_ENTRY.id, _ENTRY.right)
            .order_by(aired.desc(), _ENTRY.id.desc())
        )
        with self._database.read() as connection:
            return tuple(dict.fromkeys(connection.execute(statement).scalars()))

    def _put(
        self, connection: Connection, language: LanguageTag, wrong: str, right: str, now: datetime
    ) -> EntryId:
        """The entry of a pair, made where there is none."""
        keys = {"language": language, "wrong_key": key_of(wrong), "right_key": key_of(right)}
        same = and_(*(_ENTRY[name] == value for name, value in keys.items()))
        connection.execute(
            insert_new(self._database, glossary).values(
                **keys,
                wrong=wrong,
                right=right,
                state=EntryState.PROPOSED,
                is_decided=False,
                first_seen=to_seconds(now),
                last_seen=to_seconds(now),
                changed=0,
            )
        )
        if not wrong.islower():  # a capital inside a sentence tells more than none
            connection.execute(
                update(glossary)
                .where(same, _ENTRY.wrong != wrong)
                .values(wrong=wrong, changed=_NEXT_CHANGE)
            )
        return EntryId(connection.execute(select(_ENTRY.id).where(same)).scalar_one())

    def _set_state(self, entry_id: EntryId, state: EntryState, *, is_decided: bool) -> Entry:
        _require_number(entry_id)
        statement = update(glossary).where(_ENTRY.id == entry_id)
        if not is_decided:
            statement = statement.where(~_ENTRY.is_decided)
        with self._database.write() as connection:
            connection.execute(
                statement.values(state=state, is_decided=is_decided, changed=_NEXT_CHANGE)
            )
        return self.get(entry_id)


def _unknown(entry_id: int) -> NotFound:
    return NotFound(
        f"The glossary has no entry {entry_id}.", hint="Run `radio-archive glossary list`."
    )


def _require_number(entry_id: int) -> None:
    """Refuse a number that a database could not even be asked for."""
    if not 0 < entry_id <= _LARGEST:
        raise _unknown(entry_id)


def _replace_evidence(
    connection: Connection,
    broadcast_id: BroadcastId,
    language: LanguageTag,
    seen: Mapping[EntryId, int],
    now: datetime,
) -> None:
    mine = and_(
        _EVIDENCE.broadcast_id == broadcast_id,
        _EVIDENCE.entry_id.in_(select(_ENTRY.id).where(_ENTRY.language == language)),
    )
    before = connection.execute(select(_EVIDENCE.entry_id, _EVIDENCE.times).where(mine)).all()
    if {row.entry_id: row.times for row in before} == dict(seen):
        return
    connection.execute(glossary_evidence.delete().where(mine))
    for entry_id, times in seen.items():
        connection.execute(
            glossary_evidence.insert().values(
                entry_id=entry_id, broadcast_id=broadcast_id, times=times
            )
        )
    connection.execute(
        update(glossary).where(_ENTRY.id.in_(list(seen))).values(last_seen=to_seconds(now))
    )
    connection.execute(
        update(glossary)
        .where(
            _ENTRY.language == language,
            _ENTRY.state == EntryState.ACCEPTED,
            ~_ENTRY.is_decided,
            ~_IS_SHOWN,
        )
        .values(state=EntryState.PROPOSED, changed=_NEXT_CHANGE)
    )


def _evidence(connection: Connection, ids: Sequence[int]) -> dict[int, list[AnyRow]]:
    rows = connection.execute(
        select(glossary_evidence)
        .where(_EVIDENCE.entry_id.in_(ids))
        .order_by(_EVIDENCE.broadcast_id)
    ).all()
    found: dict[int, list[AnyRow]] = {}
    for row in rows:
        found.setdefault(row.entry_id, []).append(row)
    return found


def _entry_from(row: AnyRow, seen: Sequence[AnyRow]) -> Entry:
    first_seen, last_seen = to_datetime(row.first_seen), to_datetime(row.last_seen)
    assert first_seen is not None  # noqa: S101 (the columns are not null)
    assert last_seen is not None  # noqa: S101
    return Entry(
        id=EntryId(row.id),
        language=LanguageTag(row.language),
        wrong=row.wrong,
        right=row.right,
        state=EntryState(row.state),
        is_decided=bool(row.is_decided),
        times=sum(each.times for each in seen),
        broadcasts=tuple(BroadcastId(each.broadcast_id) for each in seen),
        first_seen=first_seen,
        last_seen=last_seen,
    )
