"""Which segments of a Whoosh index become one when something is written.

A search looks into every segment, so they must stay few; a merge rewrites what it merges, at some
two thousand passages a second, while whoever saved a sentence waits. So segments grow to what a
second can rewrite and no further; only an index built anew has larger ones, and a worker builds
it anew where they have become many, while the old one answers and is written.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from whoosh.reading import SegmentReader

#: segments of one size that are merged into one of the next
MERGE_FACTOR = 8
#: passages of the smallest size of segment: about one broadcast
SMALLEST_SEGMENT = 128
#: passages that one merge rewrites at most
MERGED_PASSAGES = 2_400
#: small segments with which a search is still quick: with 28 it takes six to eight times as long
#: as with one (docs/search.md)
MOST_SMALL = 16
#: what they hold at least, of all passages, before an index is built anew: one that grows to any
#: size is written four times in all at most, for each time it is a third larger than the last
SCATTERED_SHARE = 0.25


def merge_nothing(_writer: object, segments: list[Any]) -> list[Any]:
    """Whoosh merge policy: leave all as it is, for an index that is being built."""
    return segments


def merge_small_segments(writer: Any, segments: list[Any]) -> list[Any]:
    """Whoosh merge policy: sizes in powers of ``MERGE_FACTOR``, up to ``MERGED_PASSAGES``.

    Of a size with ``MERGE_FACTOR`` segments as many are merged as there is room for; segments with
    nothing left are dropped, those with less than half left are rewritten.
    """
    kept = [segment for segment in segments if segment.doc_count() > 0]
    merged = choose(kept)
    for segment in merged:
        reader = SegmentReader(writer.storage, writer.schema, segment)
        writer.add_reader(reader)
        reader.close()
    return [segment for segment in kept if segment not in merged]


def choose(segments: list[Any]) -> list[Any]:
    """Those that become one: none, or with ``MERGED_PASSAGES`` together at most."""
    rising = sorted(segments, key=lambda segment: segment.doc_count())
    merged = _fitting(filter(_is_hollow, rising), MERGED_PASSAGES)
    by_size: dict[int, list[Any]] = {}
    for segment in rising:
        if segment not in merged:
            by_size.setdefault(_size(segment), []).append(segment)
    for same in by_size.values():
        if len(same) >= MERGE_FACTOR:
            found = _fitting(same, MERGED_PASSAGES - _passages(merged))
            merged += found if len(found) > 1 else []
    return merged


def is_scattered(sizes: Iterable[int]) -> bool:
    """Whether an index is to be built anew, by how many passages each of its segments holds."""
    every = list(sizes)
    # a save leaves what it merged and its own passages in one
    small = [size for size in every if size <= 2 * MERGED_PASSAGES]
    return len(small) > MOST_SMALL and sum(small) >= SCATTERED_SHARE * sum(every)


def _fitting(segments: Iterable[Any], room: int) -> list[Any]:
    """The first that have so many passages together at most."""
    found: list[Any] = []
    for segment in segments:
        if _passages([*found, segment]) > room:
            break
        found.append(segment)
    return found


def _passages(segments: Iterable[Any]) -> int:
    return sum(segment.doc_count() for segment in segments)


def _is_hollow(segment: Any) -> bool:
    return bool(segment.doc_count() * 2 < segment.doc_count_all())


def _size(segment: Any) -> int:
    size, bound = 0, SMALLEST_SEGMENT
    while segment.doc_count() > bound:
        size, bound = size + 1, bound * MERGE_FACTOR
    return size
