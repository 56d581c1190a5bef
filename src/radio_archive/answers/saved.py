"""The answers about saved searches, and what webhooks are told."""

from __future__ import annotations

from collections.abc import Iterable

from radio_archive.answers.search import hit_answer
from radio_archive.answers.shared import Answer, broadcast_head, coverage_row, moment_text
from radio_archive.links import broadcast_url, saved_search_url, whole_url
from radio_archive.model import Alert, Asked, News, SavedHit, SavedSearch, Since


def saved_search_answer(search: SavedSearch, hits: Iterable[SavedHit], since: Since) -> Answer:
    """Answer of ``/api/v1/searches/{id}``: what was found, and what the same search finds now.

    ``digest`` is the SHA-256 of ``hits.csv``. Where ``text`` is empty, something of these words
    was taken out of the archive since.
    """
    return {
        "id": search.id,
        "url": saved_search_url(search.id),
        "asked": _asked(search.asked),
        "added": list(search.added),
        "by": search.by,
        "made_at": moment_text(search.made_at),
        "fingerprint": search.fingerprint,
        "coverage": [coverage_row(row) for row in search.coverage],
        "total": search.total,
        "is_whole": search.is_whole,
        "digest": search.digest,
        "hits": [_hit(hit) for hit in hits],
        "since": {
            "is_unchanged": since.is_unchanged,
            "total": since.total,
            "new": [_hit(hit) for hit in since.new],
            "gone": [_hit(hit) for hit in since.gone],
            "changed": [{"then": _hit(then), "now": _hit(now)} for then, now in since.changed],
        },
    }


def news_answer(news: News, base_url: str) -> Answer:
    """What a webhook is told: the search, and each passage with why it matched.

    ``id`` is the same where the same is sent again; addresses are whole ones.
    """
    return {
        "id": news.batch,
        "alert": news.alert.id,
        "search": {
            "id": news.search.id,
            "url": whole_url(base_url, saved_search_url(news.search.id)),
            "asked": _asked(news.search.asked),
        },
        "passages": [
            {
                "broadcast": broadcast_head(item.broadcast),
                **hit_answer(item.hit),
                "url": whole_url(
                    base_url,
                    broadcast_url(
                        item.hit.broadcast_id,
                        item.hit.start_ms,
                        news.search.asked.text,
                        choice=item.hit.choice,
                    ),
                ),
                "audio_url": whole_url(base_url, str(hit_answer(item.hit)["audio_url"])),
            }
            for item in news.items
        ],
        "left": news.left,
    }


def alert_answer(alert: Alert, search: SavedSearch) -> Answer:
    """One alert of ``alerts list --json``, without its address."""
    return {
        "id": alert.id,
        "kind": alert.kind.value,
        "pace": alert.pace.value,
        "locale": alert.locale,
        "state": alert.state.value,
        "made_at": moment_text(alert.made_at),
        "due_at": moment_text(alert.due_at),
        "attempts": alert.attempts,
        "problem": alert.problem or None,
        "search": {"id": search.id, "asked": _asked(search.asked)},
    }


def _asked(asked: Asked) -> Answer:
    return {
        "q": asked.text,
        "language": asked.language,
        "programme": asked.programme,
        "from": asked.aired_from,
        "to": asked.aired_to,
        "sort": asked.sort.value,
        "spelling": "exact" if asked.is_exact_only else "close" if asked.is_close else "",
        "without": list(asked.without),
        "names": list(asked.names),
        "trust": asked.trust,
    }


def _hit(hit: SavedHit) -> Answer:
    return {
        "broadcast_id": hit.broadcast_id,
        "title": hit.title,
        "aired_at": moment_text(hit.aired_at),
        "language": hit.language,
        "start_ms": hit.start_ms,
        "end_ms": hit.end_ms,
        "transcript_id": hit.transcript_id,
        "trust": hit.trust.value,
        "match": hit.match.value,
        "text": hit.text,
        "url": broadcast_url(hit.broadcast_id, hit.start_ms),
    }
