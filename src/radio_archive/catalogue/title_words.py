"""The words by which a broadcast is found before anybody has written down what is said in it.

Title, guests and summary stand on pages in French, whatever language is spoken: their words are
kept by the rules of French, and by those of the broadcast's own language beside them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from sqlalchemy import Connection, select, update

from radio_archive.catalogue.rows import AnyRow
from radio_archive.db.schema import broadcasts, title_words
from radio_archive.languages.analysis import (
    VERSION,
    analyze_as,
    analyzer_name,
    is_stop_word,
)
from radio_archive.model import BroadcastId, LanguageTag

#: the language of the station's pages
PAGES = "french"

#: where a word stands: what a broadcast is called and who speaks says more than its summary
TITLE, GUESTS, SUMMARY = range(3)

#: characters of a summary that are looked at; some feeds put whole articles there
_LONGEST = 20_000

COLUMNS = (
    broadcasts.c.id,
    broadcasts.c.title,
    broadcasts.c.guests,
    broadcasts.c.summary,
    broadcasts.c.language,
)


def texts_of(row: AnyRow) -> tuple[str, str, str]:
    """Title, guests and summary of a row of `COLUMNS`, in the order of their places."""
    return row.title, ". ".join(json.loads(row.guests)), row.summary[:_LONGEST]


def words_of(texts: tuple[str, str, str], language: LanguageTag) -> Mapping[tuple[str, str], int]:
    """The words of a broadcast's page.

    Args:
        texts: title, guests and summary.
        language: what is spoken in the broadcast.

    Returns:
        For each analyzer and word, folded and stemmed, the first place where it stands.
    """
    words: dict[tuple[str, str], int] = {}
    for place, text in enumerate(texts):
        for analyzer in {PAGES, analyzer_name(language)}:
            for token in analyze_as(text, analyzer):
                if not is_stop_word(token.exact, analyzer):
                    for form in (token.folded, token.stem):
                        words.setdefault((analyzer, form), place)
    return words


def replace_words(connection: Connection, broadcast_id: BroadcastId) -> None:
    """Make the words of a broadcast those of its row, in the transaction that changed it."""
    row = connection.execute(select(*COLUMNS).where(broadcasts.c.id == broadcast_id)).one()
    mine = title_words.c.broadcast_id == broadcast_id
    connection.execute(title_words.delete().where(mine))
    words = words_of(texts_of(row), LanguageTag(row.language))
    values = [
        {"analyzer": analyzer, "word": word, "broadcast_id": broadcast_id, "place": place}
        for (analyzer, word), place in words.items()
    ]
    if values:
        connection.execute(title_words.insert(), values)
    connection.execute(
        update(broadcasts).where(broadcasts.c.id == broadcast_id).values(words_version=VERSION)
    )
