"""Reading from a streaming replica while the database itself is away.

The catalogue and a search index in PostgreSQL do it alike: whoever reads is led to the replica, and
one at a time looks whether the database is back.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from threading import Lock

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

#: seconds a database that was away is left alone before the next look
LEFT_ALONE_S = 5.0


class Absence:
    """Whether a database is away, and who may look next: one at a time, after a while."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._until: float | None = None

    def __bool__(self) -> bool:
        """Whether it was away at the last look."""
        return self._until is not None

    def may_look(self) -> bool:
        """Whether the caller is to try it; everybody else then lets it alone for a while."""
        with self._lock:
            if self._until is None:
                return True
            if time.monotonic() < self._until:
                return False
            self._until = time.monotonic() + LEFT_ALONE_S
            return True

    def begin(self) -> None:
        """It did not answer."""
        with self._lock:
            self._until = time.monotonic() + LEFT_ALONE_S

    def end(self) -> None:
        """It answered."""
        with self._lock:
            self._until = None


class Readers:
    """Gives connections to those who only read. Safe between threads."""

    def __init__(
        self,
        engine: Engine,
        replica: Engine | None,
        is_away: Callable[[SQLAlchemyError], bool],
    ) -> None:
        """Connect to nobody yet.

        Args:
            engine: the database.
            replica: what holds the same, perhaps some moments behind; None: nothing does.
            is_away: tells from what connecting raised whether the database is away, rather than
                that it answers and refuses.
        """
        self._engine = engine
        self._replica = replica
        self._is_away = is_away
        self._absence = Absence()
        self.from_replica = 0  #: connections that it gave so far

    @property
    def is_lagging(self) -> bool:
        """Whether what is read comes from the replica, because the database is away."""
        return bool(self._absence)

    def connect(self) -> Connection:
        """A connection to the database; while that is away, to its replica.

        Raises:
            SQLAlchemyError: neither of them, or the one that there is, gives one.
        """
        if self._replica is None:
            return self._engine.connect()
        if self._absence.may_look():
            try:
                connection = self._engine.connect()
            except SQLAlchemyError as error:
                if not self._is_away(error):
                    raise
                self._absence.begin()
            else:
                self._absence.end()
                return connection
        try:
            connection = self._replica.connect()
        except SQLAlchemyError:
            # nobody else is there: what the database itself says is to be told, and it may be back
            return self._engine.connect()
        self.from_replica += 1
        return connection
