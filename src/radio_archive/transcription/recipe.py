"""From sound to a transcript: the one way every engine is used.

Off the shelf, Whisper loses whole passages after silence, invents text over music, writes fluent
nonsense for languages it does not know, and places passages up to a minute wrong. What mends that
is around the engine: only speech is decoded, each group alone, only in the broadcast's language.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import groupby, islice
from types import MappingProxyType

from radio_archive import speech
from radio_archive.errors import NoEngine
from radio_archive.model import (
    ENGLISH,
    Gap,
    GapReason,
    LanguageTag,
    Milliseconds,
    Progress,
    Segment,
    SpeechStretch,
    Transcript,
    Trust,
    Word,
)
from radio_archive.model.bands import band_of, is_mostly_doubtful
from radio_archive.speech import SpeechGroup, find_groups
from radio_archive.transcribers import (
    SAMPLE_RATE,
    DecodedGroup,
    DecodeOptions,
    Samples,
    Task,
    Transcriber,
)
from radio_archive.transcription.ahead import ahead
from radio_archive.transcription.gate import Heard, is_credible, is_doubtful, mean_logprob
from radio_archive.transcription.guards import Objection, is_echo, is_phantom, objection_to
from radio_archive.transcription.judging import Judge, Judgement, Spoken
from radio_archive.transcription.sentences import cut_sentences
from radio_archive.transcription.windows import (
    MAX_JOINED_GAP_MS,
    MAX_PACK_MS,
    Window,
    find_unheard,
    pack_groups,
)

RECIPE_VERSION = "6"
"""Raised when the same sound and engine would give another transcript."""

_UNSPACED = frozenset({"zh", "cmn", "ja", "th", "lo", "my"})
"""Primary tags of languages written without spaces between words."""

OnProgress = Callable[[Progress], None]
"""Told how far it is; what it raises stops the transcription."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeOptions:
    """What a station may choose, and what is known of the broadcast."""

    language: LanguageTag  #: the catalogue's
    other_languages: frozenset[LanguageTag] = frozenset()  #: written too where they are sure
    task: Task = Task.TRANSCRIBE
    threshold: float = 0.6  #: probability (0-1) with which a group must be in that language
    batch_size: int = 8  #: groups decoded together
    prompt: str = ""  #: names and words to expect
    total_ms: Milliseconds | None = None  #: length of the recording, for progress
    speech: tuple[SpeechStretch, ...] | None = None  #: where somebody speaks, where that is known

    @property
    def decoding(self) -> DecodeOptions:
        """What the engine is asked for."""
        return self.decoding_of(self.language)

    def decoding_of(self, language: LanguageTag, *, is_prompted: bool = True) -> DecodeOptions:
        """What the engine is asked for where a language is spoken; English needs no translation."""
        return DecodeOptions(
            language=language,
            task=Task.TRANSCRIBE if language == ENGLISH else self.task,
            prompt=self.prompt if is_prompted else "",
        )


def check_engine_knows(transcriber: Transcriber, language: LanguageTag) -> None:
    """Refuse a language before any work is done.

    Raises:
        NoEngine: the engine was not trained on it.
    """
    if not transcriber.knows(language):
        raise NoEngine(
            f"{transcriber.name} does not know the language {language!r}.",
            hint="Import a transcript, or configure an engine for this language.",
        )


def transcribe(
    blocks: Iterable[Samples],
    transcriber: Transcriber,
    options: RecipeOptions,
    on_progress: OnProgress = lambda _progress: None,
) -> Transcript:
    """Write down what is said in a recording.

    Args:
        blocks: consecutive sound at 16 kHz; never held in memory as a whole.
        transcriber: the engine.
        options: language and settings.
        on_progress: called after every batch of groups, and every second nothing comes of.

    Raises:
        NoEngine: the engine does not know the language.
        TranscriptionError: the engine failed.
    """
    check_engine_knows(transcriber, options.language)
    run = _Run(transcriber, options, on_progress)
    with closing(ahead(run.judged(blocks), run.report)) as judgements:
        for judgement in judgements:
            run.take(judgement)
            run.report()
    run.finish()
    return run.transcript()


class _Run:
    """One transcription while it goes on.

    ``judged`` runs ahead in a thread of its own; it alone uses the judge. Everything else belongs
    to the thread that decodes.
    """

    def __init__(
        self, transcriber: Transcriber, options: RecipeOptions, on_progress: OnProgress
    ) -> None:
        self._transcriber = transcriber
        self._options = options
        self._on_progress = on_progress
        self._started = time.monotonic()
        self._samples = 0  # sound taken in; written ahead
        # wait to be decided about; put in ahead, taken out where it is decoded
        self._undecided: deque[SpeechGroup] = deque()
        spoken = Spoken(
            language=options.language,
            others=frozenset(filter(transcriber.knows, options.other_languages)),
            threshold=options.threshold,
        )
        self._judge = Judge(transcriber, spoken)
        self._windows: list[Window] = []  # wait for a full batch
        self._segments: list[Segment] = []
        self._gaps: list[Gap] = []

    def judged(self, blocks: Iterable[Samples]) -> Generator[Judgement, None, None]:
        """Find the language of each group, batch by batch."""
        packs = pack_groups(self._noted(find_groups(self._counted(blocks), self._options.speech)))
        while batch := list(islice(packs, self._options.batch_size)):
            yield self._judge.hear(batch)
        yield self._judge.finish()

    def _counted(self, blocks: Iterable[Samples]) -> Iterator[Samples]:
        for block in blocks:
            yield block
            self._samples += len(block)

    def _noted(self, groups: Iterable[SpeechGroup]) -> Iterator[SpeechGroup]:
        for group in groups:
            self._undecided.append(group)
            yield group

    def take(self, judgement: Judgement) -> None:
        """Decode what fills batches."""
        self._windows += judgement.windows
        self._gaps += judgement.gaps
        while self._undecided and self._undecided[0].end_ms <= judgement.until_ms:
            self._undecided.popleft()
        while len(self._windows) >= self._options.batch_size:
            self._decode_batch()

    def finish(self) -> None:
        """Decode what is left."""
        while self._windows:
            self._decode_batch()
            self.report()
        self.report(is_done=True)

    def report(self, *, is_done: bool = False) -> None:
        """Say how far it is: up to the first group that is not dealt with.

        Sound just taken in may still turn out to hold a group, so it does not count yet.
        """
        taken = Milliseconds(self._samples * 1000 // SAMPLE_RATE)
        windowed = (part.group for window in self._windows for part in window.parts)
        starts = [group.start_ms for group in (*windowed, *islice(self._undecided, 1))]
        done = max(0, min([taken - 2 * speech.MAX_GROUP_MS, *starts]))
        total = max(self._options.total_ms or taken, taken)
        self._on_progress(
            Progress(
                done_ms=total if is_done else Milliseconds(done),
                total_ms=total,
                elapsed_s=time.monotonic() - self._started,
            )
        )

    def transcript(self) -> Transcript:
        """What was written."""
        parameters = {
            **self._transcriber.parameters,
            **speech.PARAMETERS,
            "recipe": RECIPE_VERSION,
            "language_threshold": str(self._options.threshold),
            "max_joined_gap_ms": str(MAX_JOINED_GAP_MS),
            "max_pack_ms": str(MAX_PACK_MS),
            "batch_size": str(self._options.batch_size),
            "other_languages": " ".join(sorted(self._judge.spoken.others)),
            "prompt": self._options.prompt,
        }
        return Transcript(
            language=self._options.language,
            segments=tuple(sorted(self._segments, key=lambda segment: segment.start_ms)),
            gaps=tuple(sorted(self._gaps, key=lambda gap: gap.start_ms)),
            engine=self._transcriber.name,
            parameters=MappingProxyType(parameters),
            trust=self._trust(),
        )

    def _trust(self) -> Trust:
        trust = self._transcriber.trust
        is_weak = trust is Trust.MACHINE and is_mostly_doubtful(
            (segment.band, segment.end_ms - segment.start_ms) for segment in self._segments
        )
        return Trust.MACHINE_WEAK if is_weak else trust

    def _decode_batch(self) -> None:
        size = self._options.batch_size
        windows, self._windows = self._windows[:size], self._windows[size:]
        while windows:
            decoded = list(self._decode(windows))
            windows = [again for each, text in decoded for again in self._take(each, text)]

    def _decode(self, windows: list[Window]) -> Iterator[tuple[Window, DecodedGroup]]:
        """Decode together what is asked for in the same words."""

        def asked(window: Window) -> tuple[str, bool]:
            return window.language or self._options.language, window.is_prompted

        for (language, is_prompted), same in groupby(sorted(windows, key=asked), key=asked):
            alike = list(same)
            options = self._options.decoding_of(LanguageTag(language), is_prompted=is_prompted)
            decoded = self._transcriber.decode([each.pack.samples for each in alike], options)
            yield from zip(alike, decoded, strict=True)

    def _take(self, window: Window, decoded: DecodedGroup) -> list[Window]:
        """Turn decoded words into segments; what must be decoded again comes back as windows.

        Those are smaller than this one, or a last try of the same sound.
        """
        is_lost = bool(self._objection_to(window, decoded)) or not decoded.words
        prompt = self._options.prompt if window.is_prompted else ""
        if prompt and (is_lost or is_echo(decoded.words, prompt)):
            return [replace(window, is_prompted=False)]
        if is_lost and (smaller := window.smaller()):
            return smaller
        missed: list[Heard] = []
        for part, words in window.words_of_parts(decoded.words):
            unheard = find_unheard(part, words)
            segments = self._segments_of(window, words, decoded)
            if not words and unheard and not window.is_last_try:
                missed.append(part)
            elif reason := self._reason_against(window, part, words, decoded):
                self._leave_out(part, reason)
            elif not segments:
                self._leave_out(part, GapReason.NO_WORDS)
            else:
                self._segments += segments
                missed += unheard
        return self._heard_again(window.again(missed)) if missed else []

    def _heard_again(self, window: Window) -> list[Window]:
        """A second try of what was passed over, where that is in the language by itself."""
        judgement = self._judge.hear_again(window)
        self._gaps += judgement.gaps
        return judgement.windows

    def _objection_to(self, window: Window, decoded: DecodedGroup) -> Objection | None:
        language = window.language or self._options.language
        if self._options.task is Task.TRANSLATE:
            language = ENGLISH
        speech_ms = sum(part.group.speech_ms for part in window.parts)
        return objection_to(decoded, language, speech_ms)

    def _reason_against(
        self, window: Window, part: Heard, words: Sequence[Word], decoded: DecodedGroup
    ) -> GapReason | None:
        """Why the text of a group may not stand; None: it may."""
        if self._objection_to(window, decoded):
            return GapReason.NOT_BELIEVED
        logprob = mean_logprob(words) if len(window.parts) > 1 else decoded.avg_logprob
        if is_credible(logprob):
            return None
        if self._is_doubtful(part):
            return GapReason.OTHER_LANGUAGE
        return GapReason.NOT_BELIEVED if window.is_second_try else None

    def _is_doubtful(self, heard: Heard) -> bool:
        return is_doubtful(heard, self._options.threshold)

    def _segments_of(
        self, window: Window, words: Sequence[Word], decoded: DecodedGroup
    ) -> list[Segment]:
        """The sentences of a group, without those nobody said."""
        is_said = self._options.task is Task.TRANSCRIBE
        engine = self._transcriber.name
        texts = [(sentence, self._text(window, sentence)) for sentence in cut_sentences(words)]
        return [
            Segment(
                start_ms=sentence[0].start_ms,
                end_ms=max(word.end_ms for word in sentence),
                text=text,
                words=sentence,
                language=window.language if is_said else None,
                avg_logprob=decoded.avg_logprob,
                no_speech_prob=decoded.no_speech_prob,
                # how sure it is of a translation says little: nobody measured it
                band=band_of(sentence, engine) if is_said else None,
            )
            for sentence, text in texts
            if not is_phantom(text)
        ]

    def _text(self, window: Window, sentence: tuple[Word, ...]) -> str:
        language = window.language or self._options.language
        is_english = self._options.task is Task.TRANSLATE
        is_spaced = is_english or language.split("-")[0] not in _UNSPACED
        return (" " if is_spaced else "").join(word.text for word in sentence)

    def _leave_out(self, heard: Heard, reason: GapReason) -> None:
        # the language is not told: text that cannot be believed says it was not what it seemed
        group = heard.group
        self._gaps.append(Gap(start_ms=group.start_ms, end_ms=group.end_ms, reason=reason))
