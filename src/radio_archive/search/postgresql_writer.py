"""Filling the tables of an index in PostgreSQL: whole, or one broadcast at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from radio_archive.model import BroadcastId, Passage
from radio_archive.search.postgresql_database import Session
from radio_archive.search.postgresql_tables import COLUMNS, Kind, NewPassage, Tables

_KIND = "language, is_weak, is_translation, length"


class Numbers:
    """Numbers of terms and names: those in the tables, and new ones that are yet to be written."""

    def __init__(self, next_word: int = 1, next_name: int = 1) -> None:
        self._next_word, self._next_name = next_word, next_name
        self._words: dict[tuple[str, str], int] = {}
        self._names: dict[str, int] = {}
        self._new_words: list[tuple[int, str, str]] = []
        self._new_names: list[tuple[int, str]] = []

    @classmethod
    def read(cls, session: Session, tables: Tables, passages: Iterable[NewPassage]) -> Numbers:
        """Those that some passages need, as far as the tables know them."""
        next_word, next_name = (
            session.rows(f"select coalesce(max(number), 0) + 1 from {table}")[0][0]
            for table in (tables.words, tables.names)
        )
        numbers = cls(next_word, next_name)
        terms = {term for passage in passages for term in passage.terms}
        names = {name for passage in passages for name in passage.names}
        known = f"select analyzer, term, number from {tables.words} where term = any(%s)"
        for analyzer, term, number in session.rows(known, (list(terms),)):
            numbers._words[analyzer, term] = number
        known = f"select name, number from {tables.names} where name = any(%s)"
        for name, number in session.rows(known, (list(names),)):
            numbers._names[name] = number
        return numbers

    def of_words(self, passage: NewPassage) -> list[int]:
        """The numbers of a passage's terms."""
        return [self._word(passage.analyzer, term) for term in passage.terms]

    def of_names(self, passage: NewPassage) -> list[int]:
        """The numbers of a passage's names."""
        return [self.of_name(name) for name in passage.names]

    def of_name(self, name: str) -> int:
        """The number of a name."""
        number = self._names.get(name)
        if number is None:
            number = self._names[name] = self._next_name
            self._new_names.append((number, name))
            self._next_name += 1
        return number

    def write(self, session: Session, tables: Tables) -> None:
        """Write what is new."""
        session.copy(f"{tables.words} (number, analyzer, term)", self._new_words)
        session.copy(f"{tables.names} (number, name)", self._new_names)

    def _word(self, analyzer: str, term: str) -> int:
        number = self._words.get((analyzer, term))
        if number is None:
            number = self._words[analyzer, term] = self._next_word
            self._new_words.append((number, analyzer, term))
            self._next_word += 1
        return number


def fill(session: Session, tables: Tables, passages: Iterable[Passage]) -> int:
    """Make the tables and write passages into them; returns how many."""
    session.run(tables.create())
    count = _add(session, tables, map(NewPassage.read, passages), Numbers())
    session.run(tables.finish())
    return count


def replace(
    session: Session, tables: Tables, broadcast_id: BroadcastId, passages: Sequence[Passage]
) -> None:
    """Make these the only passages of a broadcast."""
    _forget(session, tables, broadcast_id)
    read = [NewPassage.read(passage) for passage in passages]
    if read:
        _add(session, tables, read, Numbers.read(session, tables, read))


def _add(session: Session, tables: Tables, passages: Iterable[NewPassage], numbers: Numbers) -> int:
    kinds: Counter[Kind] = Counter()

    def rows() -> Iterator[tuple[object, ...]]:
        for passage in passages:
            kinds[passage.kind] += 1
            yield passage.row(numbers.of_words(passage), numbers.of_names(passage))

    count = session.copy(f"{tables.passages} ({COLUMNS})", rows())
    for kind, added in kinds.items():
        session.run(
            f"insert into {tables.counts} as known ({_KIND}, passages) values (%s,%s,%s,%s,%s)"
            f" on conflict ({_KIND}) do update set passages = known.passages + excluded.passages",
            (numbers.of_name(kind.language), *kind[1:], added),
        )
    numbers.write(session, tables)
    return count


def _forget(session: Session, tables: Tables, broadcast_id: BroadcastId) -> None:
    session.run(
        f"""
        with gone as (
            delete from {tables.passages}
            where broadcast = (select number from {tables.names} where name = %s)
            returning {_KIND}
        ), fewer as (select {_KIND}, count(*) as passages from gone group by {_KIND})
        update {tables.counts} known set passages = known.passages - fewer.passages from fewer
        where (known.language, known.is_weak, known.is_translation, known.length)
            = (fewer.language, fewer.is_weak, fewer.is_translation, fewer.length)""",
        (broadcast_id,),
    )
