"""Making an offline edition of what may be shown, and bringing it up to date."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from radio_archive.editions.folder import EditionFolder, check
from radio_archive.editions.pages import (
    PAGES_VERSION,
    Pages,
    broadcast_page,
    day,
    sound_path,
)
from radio_archive.editions.search_data import SearchData
from radio_archive.editions.signing import Signer
from radio_archive.editions.texts import TEXTS
from radio_archive.errors import BadInput
from radio_archive.media import Area
from radio_archive.model import Broadcast
from radio_archive.model.editions import (
    EditionCheck,
    EditionFile,
    EditionItem,
    EditionPlan,
    EditionResult,
    EditionWish,
)
from radio_archive.pipeline import Parts
from radio_archive.search.passages import split_passages
from radio_archive.settings import Settings

BYTES_PER_LETTER = 6
"""What a letter of a transcript takes in an edition at most: its page, its text beside the search
and its places in it. Measured on 139,000 words of Bambara and English: 4.3."""

BYTES_PER_BROADCAST = 6_000
"""Page without text, its lines in the lists and in the manifest."""

FIXED_BYTES = 150_000
"""Style, script, spelling rules, first page."""

SOUNDS = ("low", "opus", "mp3")

_PAGE = 500


class OfflineEdition:
    """Makes editions of an archive; what is withdrawn is in none."""

    def __init__(self, parts: Parts, settings: Settings) -> None:
        self._parts = parts
        self._settings = settings

    def plan(self, wish: EditionWish) -> EditionPlan:
        """What an edition would hold, without making it.

        Raises:
            BadInput: the wish makes no sense.
        """
        _require_sense(wish)
        total, left_out = FIXED_BYTES, 0
        items: list[EditionItem] = []
        for broadcast in self._wanted(wish):
            item = self._item(broadcast, wish)
            size = _size_of(item)
            if wish.max_bytes is not None and (left_out or total + size > wish.max_bytes):
                left_out += 1
                continue
            total += size
            # texts are read again when they are written: an edition may be large
            items.append(replace(item, transcript=None))
        return EditionPlan(items=tuple(items), size_bytes=total, left_out=left_out)

    def make(
        self, folder: Path, wish: EditionWish, plan: EditionPlan | None = None
    ) -> EditionResult:
        """Make an edition, or bring the one that is there up to date.

        Args:
            folder: where it is to be.
            wish: what it is to hold.
            plan: what `plan` has said; None: that is asked now.

        Raises:
            BadInput: the folder holds something else, or the wish makes no sense.
            StorageError: the disk is full or refuses; another run goes on.
        """
        planned = plan or self.plan(wish)
        target = EditionFolder(folder)
        signer = Signer.of(self._settings.media_dir)
        pages = Pages(
            station=self._settings.station, interface=wish.interface, licence=wish.licence
        )
        for name, content in pages.static():
            target.put(name, content)
        search, marks, items = SearchData(), {}, []
        for number, each in enumerate(planned.items):
            item = self._item(each.broadcast, wish)
            marks[str(item.id)] = self._put(target, pages, item, wish)
            if item.transcript is not None:
                search.add(number, split_passages(item.transcript, item.broadcast))
            items.append(_light(item))
        for name, content in (*pages.listings(items), *search.files()):
            target.put(name, content)
        target.put("search/list.js", _list(items, pages))
        known = target.known_items
        size = target.finish(_about(self._settings, wish, len(items)), marks, signer)
        return EditionResult(
            broadcasts=len(items),
            size_bytes=size,
            added=sum(known.get(key) != mark for key, mark in marks.items()),
            removed=len(known.keys() - marks.keys()),
            left_out=planned.left_out,
            public_key=signer.public_key,
        )

    @staticmethod
    def check(folder: Path, public_key: str = "") -> EditionCheck:
        """Look whether an edition is whole and signed; see `editions.folder.check`."""
        return check(folder, public_key)

    def _wanted(self, wish: EditionWish) -> Iterator[Broadcast]:
        offset = 0
        while True:
            found, _ = self._parts.catalogue.broadcasts.page(
                language=wish.language, limit=_PAGE, offset=offset
            )
            for broadcast in found:
                if wish.month is None or day(broadcast)[:7] == wish.month:
                    yield broadcast
            if len(found) < _PAGE:
                return
            offset += _PAGE

    def _item(self, broadcast: Broadcast, wish: EditionWish) -> EditionItem:
        catalogue = self._parts.catalogue
        sound = None
        if broadcast.recording is not None and wish.sound is not None:
            held = catalogue.withdrawals.renditions(broadcast.id, broadcast.recording.key)
            sound = next((each for each in held if each.name == wish.sound), None)
        return EditionItem(
            broadcast=broadcast, transcript=catalogue.transcripts.find(broadcast.id), sound=sound
        )

    def _put(
        self, target: EditionFolder, pages: Pages, item: EditionItem, wish: EditionWish
    ) -> str:
        """Write the page and the sound of a broadcast; answers what they were made of."""
        mark = _mark_of(item, wish, self._settings.station)
        is_known = target.known_items.get(str(item.id)) == mark
        if not (is_known and target.keep(broadcast_page(item))):
            target.put(broadcast_page(item), pages.broadcast(item))
        if item.sound is not None:
            sound = item.sound
            wanted = EditionFile(sha256=sound.key, size_bytes=sound.size_bytes)
            read = self._parts.media.read
            blocks = read(Area.RENDITIONS, sound.key, sound.extension)
            target.put_blocks(sound_path(item), wanted, blocks)
        return mark


def _require_sense(wish: EditionWish) -> None:
    if wish.interface not in TEXTS or (wish.sound is not None and wish.sound not in SOUNDS):
        raise BadInput(
            f"There is no interface {wish.interface!r}, or no sound {wish.sound!r}.",
            hint=f"Interfaces: {', '.join(TEXTS)}. Sounds: {', '.join(SOUNDS)}.",
        )
    if wish.month is not None:
        try:
            datetime.strptime(wish.month, "%Y-%m")  # noqa: DTZ007 (a month has no time zone)
        except ValueError as error:
            raise BadInput(f"{wish.month!r} is no month.", hint="Write 2014-10.") from error


def _size_of(item: EditionItem) -> int:
    letters = 0 if item.transcript is None else len(item.transcript.text.encode())
    sound = 0 if item.sound is None else item.sound.size_bytes
    return BYTES_PER_BROADCAST + BYTES_PER_LETTER * letters + sound


def _mark_of(item: EditionItem, wish: EditionWish, station: str) -> str:
    """A digest of all that the page of a broadcast shows: another one means another page."""
    shown = [
        PAGES_VERSION,
        station,
        wish.interface,
        wish.licence,
        repr(item.broadcast),
        repr(item.transcript),
        item.sound and item.sound.key,
    ]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()


def _light(item: EditionItem) -> EditionItem:
    """A broadcast without its words: only whether there are any, and how far to believe them."""
    transcript = item.transcript
    if transcript is not None:
        transcript = replace(transcript, segments=(), gaps=())
    return replace(item, transcript=transcript)


def _list(items: list[EditionItem], pages: Pages) -> bytes:
    """What the search shows of each broadcast: id, title, day, language, sound."""
    rows = [
        [
            item.id,
            item.broadcast.title,
            day(item.broadcast),
            pages.language_name(item.broadcast.language),
            "" if item.sound is None else sound_path(item),
        ]
        for item in items
    ]
    told = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f"Edition.list({told});\n".encode()


def _about(settings: Settings, wish: EditionWish, count: int) -> Mapping[str, object]:
    return {
        "station": settings.station,
        "made_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "language": wish.language,
        "month": wish.month,
        "sound": wish.sound,
        "licence": wish.licence,
        "broadcasts": count,
    }
