"""The people who may correct, and how often somebody tried to be one of them, in the catalogue."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update

from radio_archive.catalogue.broadcasts import insert_new
from radio_archive.catalogue.rows import AnyRow, to_datetime, to_seconds
from radio_archive.db import Database
from radio_archive.db.schema import editors, sign_ins
from radio_archive.model import Editor


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An editor with what their password is compared with."""

    editor: Editor
    password_hash: str


def key_of_editor(name: str) -> str:
    """What names share that differ in case only."""
    return name.casefold()


class EditorAccounts:
    """Names and hashes of passwords; never a password."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, name: str, password_hash: str) -> bool:
        """Add an editor; False where one has this name."""
        values = {
            "key": key_of_editor(name),
            "name": name,
            "password_hash": password_hash,
            "created_at": to_seconds(datetime.now(UTC)),
        }
        with self._database.write() as connection:
            done = connection.execute(insert_new(self._database, editors).values(**values))
            return bool(done.rowcount)

    def set_hash(self, name: str, password_hash: str) -> bool:
        """Give an editor another password; False where there is none of this name."""
        with self._database.write() as connection:
            done = connection.execute(
                update(editors)
                .where(editors.c.key == key_of_editor(name))
                .values(password_hash=password_hash)
            )
            return bool(done.rowcount)

    def remove(self, name: str) -> bool:
        """Let somebody be no editor any more; what they corrected stays. False without one."""
        with self._database.write() as connection:
            done = connection.execute(editors.delete().where(editors.c.key == key_of_editor(name)))
            return bool(done.rowcount)

    def find(self, name: str) -> Account | None:
        """The account of a name."""
        with self._database.read() as connection:
            row = connection.execute(
                select(editors).where(editors.c.key == key_of_editor(name))
            ).one_or_none()
        return None if row is None else _account_from(row)

    def all(self) -> tuple[Editor, ...]:
        """Every editor, by name."""
        with self._database.read() as connection:
            rows = connection.execute(select(editors).order_by(editors.c.key)).all()
        return tuple(_account_from(row).editor for row in rows)

    def count_attempt(self, limits: Mapping[str, int], since: datetime) -> bool:
        """Count an attempt to sign in before its password is looked at.

        Args:
            limits: for each key how many failures are let pass.
            since: what failed before that is forgotten.

        Returns:
            Whether it may be made; what may not is not counted.
        """
        now = to_seconds(datetime.now(UTC))
        with self._database.write() as connection:
            connection.execute(sign_ins.delete().where(sign_ins.c.since < to_seconds(since)))
            for key in sorted(limits):  # in one order, so that two never wait for one another
                new = {"key": key, "failures": 0, "since": now}
                connection.execute(insert_new(self._database, sign_ins).values(**new))
                connection.execute(
                    update(sign_ins)
                    .where(sign_ins.c.key == key)
                    .values(failures=sign_ins.c.failures + 1)
                )
            rows = connection.execute(select(sign_ins).where(sign_ins.c.key.in_(list(limits))))
            may = all(row.failures <= limits[row.key] for row in rows.all())
            if not may:
                connection.execute(
                    update(sign_ins)
                    .where(sign_ins.c.key.in_(list(limits)))
                    .values(failures=sign_ins.c.failures - 1)
                )
            return may

    def take_back_attempt(self, keys: Sequence[str], forgotten: str) -> None:
        """Somebody signed in: their attempt was no failure.

        Args:
            keys: of the attempt.
            forgotten: the one of them whose failures before it do not count any more either.
        """
        with self._database.write() as connection:
            connection.execute(
                update(sign_ins)
                .where(sign_ins.c.key.in_(keys), sign_ins.c.failures > 0)
                .values(failures=sign_ins.c.failures - 1)
            )
            connection.execute(sign_ins.delete().where(sign_ins.c.key == forgotten))


def _account_from(row: AnyRow) -> Account:
    created_at = to_datetime(row.created_at)
    assert created_at is not None  # noqa: S101 (the column is not null)
    stamp = hashlib.sha256(row.password_hash.encode()).hexdigest()[:16]
    return Account(
        editor=Editor(name=row.name, stamp=stamp, created_at=created_at),
        password_hash=row.password_hash,
    )
