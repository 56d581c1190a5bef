"""Following feeds and watched folders: what is new there comes into the catalogue."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from radio_archive.catalogue.broadcasts import broadcast_id_of, programme_of
from radio_archive.catalogue.feeds import Validators
from radio_archive.errors import BadInput, RadioArchiveError
from radio_archive.feeds import parse_feed
from radio_archive.feeds.identity import make_slug
from radio_archive.fetch import Fetcher
from radio_archive.fetch.addresses import check_url
from radio_archive.ingest import AddOptions, Ingest
from radio_archive.languages.registry import normalise_tag
from radio_archive.model import Feed, IngestResult, NewBroadcast, Outcome, ProgrammeId
from radio_archive.pipeline import Parts
from radio_archive.sources import studio_tamani


def feed_of(url: str, programme: str | None, language: str | None) -> Feed:
    """A feed to follow, as somebody typed it; nothing is fetched.

    Raises:
        RefusedAddress: not http(s), or not an address: no reading of it could ever succeed.
        BadInput: nothing of the programme can stand in an address.
        UnknownLanguage: the language is none of the registry.
    """
    check_url(url)
    slug = make_slug(programme) if programme else ""
    if programme and not slug:
        raise BadInput(
            f"A programme cannot be called {programme}.", hint="Use Latin letters and digits."
        )
    return Feed(
        url=url,
        programme=ProgrammeId(slug) if slug else None,
        language=normalise_tag(language) if language else None,
    )


class Sync:
    """One reading of everything the station follows."""

    def __init__(self, parts: Parts, fetcher: Fetcher, ingest: Ingest) -> None:
        self._parts = parts
        self._fetcher = fetcher
        self._ingest = ingest

    def run(self, folders: Sequence[str], *, is_dry: bool) -> Iterator[IngestResult]:
        """Read every feed and folder; one that fails does not stop the others.

        Args:
            folders: watched folders.
            is_dry: only say what would be added; write nothing.
        """
        for feed in self._parts.catalogue.feeds.all():
            try:
                yield from self._feed(feed, is_dry=is_dry)
            except RadioArchiveError as error:
                if not is_dry:
                    self._parts.catalogue.feeds.set_read(feed.url, Validators(), str(error))
                yield IngestResult(outcome=Outcome.FAILED, item=feed.url, error=str(error))
        if not is_dry:
            yield from self._ingest.add(folders, AddOptions())

    def _feed(self, feed: Feed, *, is_dry: bool) -> Iterator[IngestResult]:
        known = self._parts.catalogue.feeds.validators(feed.url)
        document = self._fetcher.read_if_changed(
            feed.url, etag=known.etag, last_modified=known.last_modified
        )
        if document is None:
            return
        failed = False
        for item in parse_feed(document.body, feed.url, seen_at=datetime.now(UTC)).items:
            for result in self._item(feed, item, is_dry=is_dry):
                failed = failed or result.outcome is Outcome.FAILED
                yield result
        if not is_dry:
            # after a failure the whole feed is read again next time
            seen = Validators(etag=document.etag, last_modified=document.last_modified)
            self._parts.catalogue.feeds.set_read(feed.url, Validators() if failed else seen)

    def _item(self, feed: Feed, item: NewBroadcast, *, is_dry: bool) -> Iterator[IngestResult]:
        """One item; where it only names a page of the station, what that page carries."""
        items: Sequence[NewBroadcast] = [_with_choices(feed, item)]
        page = item.source_url
        if item.audio_url is None and page and studio_tamani.knows(page):
            if self._parts.catalogue.broadcasts.has_page(page):
                return
            try:
                document = self._fetcher.read(page)
                items = studio_tamani.read_page(document.body, document.url)
            except RadioArchiveError as error:
                yield IngestResult(outcome=Outcome.FAILED, item=page, error=str(error))
                return
        for new in items:
            yield (
                self._preview(new) if is_dry else self._ingest.put(new, new.source_url or feed.url)
            )

    def _preview(self, new: NewBroadcast) -> IngestResult:
        broadcast_id = broadcast_id_of(new.source, new.guid)
        is_known = self._parts.catalogue.broadcasts.find(broadcast_id) is not None
        return IngestResult(
            outcome=Outcome.UNCHANGED if is_known else Outcome.ADDED,
            item=new.source_url or new.audio_url or new.guid,
            broadcast_id=broadcast_id,
            title=new.title,
        )


def _with_choices(feed: Feed, item: NewBroadcast) -> NewBroadcast:
    """The station's own choices for a feed win over what the feed says."""
    if feed.programme is not None:
        item = replace(item, programme=programme_of(feed.programme))
    if feed.language is not None:
        item = replace(item, language=feed.language)
    return item
