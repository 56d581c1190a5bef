"""What commands and pages may ask an archive for: the half of `Archive` that changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path

from radio_archive.audio import PLAYED_FROM
from radio_archive.browsing import Browsing
from radio_archive.correcting import find_proposals
from radio_archive.document_retrieval import with_documents
from radio_archive.errors import NotFound
from radio_archive.evaluating import (
    ReferenceOptions,
    compare,
    evaluate_sound,
    read_reference,
)
from radio_archive.exporting import write_export
from radio_archive.exports import get_format
from radio_archive.jingles import chapters_of
from radio_archive.languages.names import Name
from radio_archive.languages.registry import normalise_tag
from radio_archive.listening import Copies, StoredSound
from radio_archive.model import (
    Broadcast,
    BroadcastId,
    Chapter,
    Entry,
    EntryState,
    Evaluation,
    Export,
    LanguageTag,
    Programme,
    ProgrammeId,
    Progress,
    Proposal,
    Rendition,
    Repeat,
    SearchPage,
    Sound,
    SoundMap,
    Track,
    Transcript,
    TranscriptChoice,
)
from radio_archive.quoting import Quotes
from radio_archive.reporting import Reporting
from radio_archive.retrieval import SearchOptions, search, word_finder
from radio_archive.search.highlight import Spans


class Reading(Reporting):
    """Searching, looking up, playing, exporting."""

    def search(self, text: str, options: SearchOptions | None = None) -> SearchPage:
        """Answer one search.

        Raises:
            BadQuery: it cannot be understood or costs too much.
            UnknownLanguage: the language filter names none we know.
        """
        chosen, expand = options or SearchOptions(), self._wiring.expander
        said = search(self._catalogue, self._parts.index(), text, chosen, expand)
        page = with_documents(self._catalogue, said)
        meaning = self._parts.meaning
        return page if meaning is None else meaning.add_to(page, chosen.without)

    def word_finder(self, text: str, language: LanguageTag) -> Callable[[str], Spans]:
        """What marks the words of a search in sentences of one language: character spans."""
        return word_finder(text, language, self._wiring.expander)

    @cached_property
    def _copies(self) -> Copies:
        settings, parts = self.settings, self._parts
        return Copies(
            settings.cache_dir / "played",
            parts.media,
            parts.audio,
            min_free_bytes=settings.min_free_bytes,
        )

    @cached_property
    def quotes(self) -> Quotes:
        """Quotations, and the sound that belongs to them."""
        return Quotes(self._catalogue, self._parts.media, self._parts.audio)

    @cached_property
    def browsing(self) -> Browsing:
        """A search over time, and editions in other languages."""
        return Browsing(self._catalogue, self._parts.index, self._wiring.expander)

    def names(self) -> tuple[Name, ...]:
        """Every name with its other names, the station's own included.

        Raises:
            BadTable: the station's table cannot be read.
        """
        return self._wiring.expander.load_names().all

    def glossary(self, language: str | None = None) -> tuple[Entry, ...]:
        """What corrections taught, in one language or all: what waits for a person comes first.

        Raises:
            UnknownLanguage: the language is none we know.
        """
        entries = self._catalogue.glossary.all(
            None if language is None else normalise_tag(language)
        )
        order = list(EntryState)
        return tuple(sorted(entries, key=lambda each: (order.index(each.state), -each.times)))

    def proposals(self, entry_id: int) -> tuple[Proposal, ...]:
        """The sentences of machines that hold the wrong form of an entry, newest first.

        Raises:
            NotFound: there is no such entry.
            SearchIndexError: there is no index, or it is damaged.
        """
        return find_proposals(self._parts, entry_id)

    def get_broadcast(self, broadcast_id: str) -> Broadcast:
        """One broadcast.

        Raises:
            NotFound: the catalogue has no such id.
        """
        return self._catalogue.broadcasts.get(broadcast_id)

    def recent_broadcasts(self, limit: int = 10) -> tuple[Broadcast, ...]:
        """The newest, for the home page."""
        return self._catalogue.broadcasts.page(limit=limit)[0]

    def broadcasts(
        self,
        *,
        programme: str | None = None,
        language: str | None = None,
        page: int = 1,
        page_size: int = 50,
    ) -> tuple[tuple[Broadcast, ...], int]:
        """One page of broadcasts, newest first, and how many there are in all."""
        return self._catalogue.broadcasts.page(
            programme_id=programme,
            language=None if language is None else normalise_tag(language),
            limit=page_size,
            offset=(page - 1) * page_size,
        )

    def programmes(self) -> tuple[tuple[Programme, int], ...]:
        """Every programme with its number of broadcasts."""
        return self._catalogue.broadcasts.programmes()

    def get_programme(self, programme_id: str) -> Programme:
        """One programme.

        Raises:
            NotFound: the catalogue has no such slug.
        """
        return self._catalogue.broadcasts.get_programme(ProgrammeId(programme_id))

    def find_transcript(
        self, broadcast_id: str, choice: TranscriptChoice | None = None
    ) -> Transcript | None:
        """A broadcast's transcript, or None; the language may be any name of it."""
        chosen = choice or TranscriptChoice()
        language = None if chosen.language is None else normalise_tag(chosen.language)
        return self._catalogue.transcripts.find(broadcast_id, kind=chosen.kind, language=language)

    def get_transcript(
        self, broadcast_id: str, choice: TranscriptChoice | None = None
    ) -> Transcript:
        """A broadcast's transcript.

        Raises:
            NotFound: no such broadcast, or it has no such transcript.
        """
        broadcast = self.get_broadcast(broadcast_id)
        transcript = self.find_transcript(broadcast_id, choice)
        if transcript is None:
            raise NotFound(
                f"Broadcast {broadcast.id} has no such transcript ({broadcast.state}).",
                hint=broadcast.state_reason
                or "`radio-archive work` writes what is missing; texts by people are imported.",
            )
        return transcript

    def tracks(self, broadcast_id: str) -> tuple[Track, ...]:
        """The texts of a broadcast that are searched: the current one first."""
        return self._catalogue.reports.tracks(broadcast_id)

    def renditions(self, broadcast_id: str) -> tuple[Rendition, ...]:
        """What can be played of a broadcast.

        Raises:
            NotFound: the catalogue has no such id.
        """
        found = self.get_broadcast(broadcast_id)
        if found.recording is None:
            return ()
        return self._catalogue.withdrawals.renditions(found.id, found.recording.key)

    def renditions_of(
        self, broadcasts: Iterable[Broadcast]
    ) -> Mapping[BroadcastId, tuple[Rendition, ...]]:
        """What can be played of each of some broadcasts; those with nothing are left out."""
        keys = {each.id: each.recording.key for each in broadcasts if each.recording}
        return self._catalogue.withdrawals.renditions_of(keys)

    def repeats_of(self, broadcast_id: str) -> tuple[Repeat, ...]:
        """The other broadcasts that hold some of the same sound, newest first.

        Raises:
            NotFound: the catalogue has no such id.
        """
        return self._catalogue.fingerprints.repeats_of(self.get_broadcast(broadcast_id))

    def chapters_of(
        self, broadcast: Broadcast, transcript: Transcript | None
    ) -> tuple[Chapter, ...]:
        """The parts of a broadcast that jingles begin, named after a transcript of it."""
        if broadcast.recording is None:
            return ()
        jingles = self._catalogue.fingerprints.jingles(broadcast.recording.key)
        return chapters_of(jingles, transcript)

    def find_sound_map(self, broadcast_id: str) -> SoundMap | None:
        """What a broadcast sounds like, stretch by stretch; None while nobody has looked.

        Raises:
            NotFound: the catalogue has no such id.
        """
        recording = self.get_broadcast(broadcast_id).recording
        return None if recording is None else self._catalogue.sound_maps.find(recording.key)

    def open_sound(self, broadcast_id: str, name: str) -> Sound:
        """A rendition to play: ``mp3``, ``opus`` or ``low``; for players ``webm``, ``webm-low``.

        Raises:
            NotFound: no such broadcast, or it is not ready to be played.
        """
        heard = self._heard(broadcast_id, name)
        if heard.name == name:
            return StoredSound(media=self._parts.media, rendition=heard)
        return self._copies.open(heard, name)

    def find_sound(self, broadcast_id: str, name: str) -> Sound | None:
        """As `open_sound`; None where a copy for players has to be made first, which takes a while.

        Raises:
            NotFound: as for `open_sound`.
        """
        heard = self._heard(broadcast_id, name)
        if heard.name == name:
            return StoredSound(media=self._parts.media, rendition=heard)
        return self._copies.find(heard, name)

    def _heard(self, broadcast_id: str, name: str) -> Rendition:
        """The rendition that is heard under a name, as it is or as a copy."""
        for rendition in self.renditions(broadcast_id):
            if rendition.name in (name, PLAYED_FROM.get(name)):
                return rendition
        raise NotFound(
            f"Broadcast {broadcast_id[:64]} has no {name[:16]} sound.",
            hint="It is made by `radio-archive work`.",
        )

    def export(
        self, broadcast_id: str, format_name: str, choice: TranscriptChoice | None = None
    ) -> Export:
        """A transcript in one of the formats of ``exports``.

        Raises:
            NotFound: no such broadcast or transcript.
            UnknownFormat: we do not write this format.
        """
        written = get_format(format_name)
        broadcast = self.get_broadcast(broadcast_id)
        transcript = self.get_transcript(broadcast_id, choice)
        return write_export(written, broadcast, transcript, self.settings.station)

    def evaluate(
        self,
        broadcast_id: str,
        reference: Path,
        options: ReferenceOptions | None = None,
        choice: TranscriptChoice | None = None,
    ) -> Evaluation:
        """Compare a transcript with what people say was said.

        Raises:
            NotFound: no such broadcast, transcript or file.
            BadInput: the reference cannot be used.
        """
        broadcast = self.get_broadcast(broadcast_id)
        transcript = self.get_transcript(broadcast_id, choice)
        duration_ms = None if broadcast.recording is None else broadcast.recording.duration_ms
        found = read_reference(
            reference, transcript.language, duration_ms, options or ReferenceOptions()
        )
        return compare(transcript, found)

    def evaluate_sound(
        self,
        sound: Path,
        reference: Path,
        options: ReferenceOptions,
        on_progress: Callable[[Progress], None] = lambda _progress: None,
    ) -> Evaluation:
        """Transcribe a sound file and compare; the archive stays as it is.

        Raises:
            NotFound: no such file.
            BadInput: the reference cannot be used, or nobody said the language.
            AudioError: the sound cannot be decoded.
            TranscriptionError: no engine knows the language, or it failed.
        """
        return evaluate_sound(self._parts, sound, reference, options, on_progress)
