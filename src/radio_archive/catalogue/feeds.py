"""The feeds the station follows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import select, update

from radio_archive.catalogue.broadcasts import insert_new
from radio_archive.catalogue.rows import to_datetime, to_seconds
from radio_archive.db import Database
from radio_archive.db.schema import feeds
from radio_archive.errors import NotFound
from radio_archive.model import Feed, LanguageTag, ProgrammeId


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """What the server said identifies the version of a feed we read last."""

    etag: str | None = None
    last_modified: str | None = None


class Feeds:
    """Addresses that `sync` reads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, feed: Feed) -> None:
        """Follow a feed; programme and language of a known one are replaced."""
        choices = {"programme_id": feed.programme, "language": feed.language}
        with self._database.write() as connection:
            connection.execute(insert_new(self._database, feeds).values(url=feed.url, **choices))
            connection.execute(update(feeds).where(feeds.c.url == feed.url).values(**choices))

    def all(self) -> tuple[Feed, ...]:
        """Every feed, by address."""
        with self._database.read() as connection:
            rows = connection.execute(select(feeds).order_by(feeds.c.url)).all()
        return tuple(
            Feed(
                url=row.url,
                programme=None if row.programme_id is None else ProgrammeId(row.programme_id),
                language=None if row.language is None else LanguageTag(row.language),
                last_synced_at=to_datetime(row.last_synced_at),
                last_error=row.last_error,
            )
            for row in rows
        )

    def remove(self, url: str) -> None:
        """Stop following a feed; its broadcasts stay.

        Raises:
            NotFound: nobody follows this address.
        """
        with self._database.write() as connection:
            removed = connection.execute(feeds.delete().where(feeds.c.url == url))
        if removed.rowcount == 0:
            raise NotFound(f"No feed {url} is followed.", hint="Run `radio-archive feeds list`.")

    def validators(self, url: str) -> Validators:
        """What to send so that an unchanged feed is not sent again."""
        with self._database.read() as connection:
            row = connection.execute(
                select(feeds.c.etag, feeds.c.last_modified).where(feeds.c.url == url)
            ).one_or_none()
        if row is None:
            return Validators()
        return Validators(etag=row.etag, last_modified=row.last_modified)

    def set_read(self, url: str, validators: Validators, error: str = "") -> None:
        """Remember how the last reading went."""
        with self._database.write() as connection:
            connection.execute(
                update(feeds)
                .where(feeds.c.url == url)
                .values(
                    etag=validators.etag,
                    last_modified=validators.last_modified,
                    last_synced_at=to_seconds(datetime.now(UTC)),
                    last_error=error,
                )
            )
