"""From sound to a transcript: the one way every engine is used.

Off the shelf, Whisper loses whole passages after silence, invents text over music, writes fluent
nonsense for languages it does not know, and places passages up to a minute wrong. What mends that
is around the engine: only speech is decoded, each group alone, only in the broadcast's language.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType

from radio_archive import speech
from radio_archive.errors import NoEngine
from radio_archive.model import (
    Gap,
    GapReason,
    LanguageTag,
    Milliseconds,
    Progress,
    Segment,
    Transcript,
    Trust,
    Word,
)
from radio_archive.speech import SpeechGroup, find_groups
from radio_archive.transcribers import (
    SAMPLE_RATE,
    DecodedGroup,
    DecodeOptions,
    Samples,
    Task,
    Transcriber,
)
from radio_archive.transcription.gate import (
    Heard,
    is_credible,
    is_doubtful,
    is_in_language,
    is_short,
    is_sure,
    mean_logprob,
)
from radio_archive.transcription.phantoms import is_phantom, is_unbelievable
from radio_archive.transcription.sentences import cut_sentences
from radio_archive.transcription.windows import (
    MAX_JOINED_GAP_MS,
    MAX_PACK_MS,
    Pack,
    Window,
    find_unheard,
    pack_groups,
)

RECIPE_VERSION = "3"
"""Raised when the same sound and engine would give another transcript."""

WEAK_LOGPROB = -0.6
"""Mean log-probability under which a transcript is marked as weak: chosen, not calibrated, see
``docs/transcription.md``."""

_UNSPACED = frozenset({"zh", "cmn", "ja", "th", "lo", "my"})
"""Primary tags of languages written without spaces between words."""

OnProgress = Callable[[Progress], None]
"""Told how far it is; what it raises stops the transcription."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipeOptions:
    """What a station may choose, and what is known of the broadcast."""

    language: LanguageTag  #: the catalogue's
    task: Task = Task.TRANSCRIBE
    threshold: float = 0.6  #: probability (0-1) with which a group must be in that language
    batch_size: int = 8  #: groups decoded together
    prompt: str = ""  #: names and words to expect
    total_ms: Milliseconds | None = None  #: length of the recording, for progress

    @property
    def decoding(self) -> DecodeOptions:
        """What the engine is asked for."""
        return DecodeOptions(language=self.language, task=self.task, prompt=self.prompt)


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
        on_progress: called after every batch of groups.

    Raises:
        NoEngine: the engine does not know the language.
        TranscriptionError: the engine failed.
    """
    check_engine_knows(transcriber, options.language)
    run = _Run(transcriber, options, on_progress)
    packs = pack_groups(run.collected(find_groups(run.counted(blocks))))
    while batch := list(islice(packs, options.batch_size)):
        run.identify(batch)
        run.decode_full_batches()
        run.report()
    run.finish()
    return run.transcript()


@dataclass(frozen=True, slots=True, eq=False)
class _Candidate:
    """A pack whose groups have been heard, and wait to be judged."""

    pack: Pack
    parts: tuple[Heard, ...]


class _Run:
    """One transcription while it goes on."""

    def __init__(
        self, transcriber: Transcriber, options: RecipeOptions, on_progress: OnProgress
    ) -> None:
        self._transcriber = transcriber
        self._options = options
        self._on_progress = on_progress
        self._started = time.monotonic()
        self._samples = 0  # sound taken in
        self._collected: list[SpeechGroup] = []  # wait for a full batch to be identified
        self._before: list[Heard] = []  # the group before the undecided ones
        self._undecided: list[_Candidate] = []  # wait for the group after them
        self._windows: list[Window] = []  # wait for a full batch
        self._segments: list[Segment] = []
        self._gaps: list[Gap] = []
        self._scores: list[tuple[float, int]] = []  # log-probability and length of each text

    def counted(self, blocks: Iterable[Samples]) -> Iterator[Samples]:
        """The same blocks, counted as they pass; long silence counts as progress."""
        reported = 0
        for block in blocks:
            yield block
            self._samples += len(block)
            if self._samples - reported > 60 * SAMPLE_RATE:
                reported = self._samples
                self.report()

    def collected(self, groups: Iterable[SpeechGroup]) -> Iterator[SpeechGroup]:
        """The same groups, remembered until their language is known."""
        for group in groups:
            self._collected.append(group)
            yield group

    def identify(self, packs: list[Pack]) -> None:
        """Ask which language each group is in, and decide all packs but the last."""
        sounds = [pack.samples for pack in packs]
        found = self._transcriber.identify_parts(sounds, [pack.spans for pack in packs])
        for pack, languages in zip(packs, found, strict=True):
            heard = [
                Heard(group=group, probability=self._probability(each))
                for group, each in zip(pack.groups, languages, strict=True)
            ]
            parts = tuple(self._second_look(each) for each in heard)
            self._undecided.append(_Candidate(pack, parts))
            done = parts[-1].group.end_ms
            self._collected = [group for group in self._collected if group.end_ms > done]
        self._decide(len(self._undecided) - 1)

    def _second_look(self, heard: Heard) -> Heard:
        """Hear a group alone where company left a doubt."""
        if is_sure(heard, self._options.threshold):
            return heard
        (alone,) = self._transcriber.identify([heard.group.samples])
        return Heard(group=heard.group, probability=self._probability(alone))

    def _probability(self, languages: Mapping[LanguageTag, float]) -> float:
        language = self._options.language
        primary = LanguageTag(language.split("-")[0])
        return languages.get(language, languages.get(primary, 0.0))

    def decode_full_batches(self) -> None:
        """Decode as many groups as fill batches."""
        while len(self._windows) >= self._options.batch_size:
            self._decode_batch()

    def finish(self) -> None:
        """Decide and decode what is left."""
        self._decide(len(self._undecided))
        while self._windows:
            self._decode_batch()
            self.report()
        self.report(is_done=True)

    def report(self, *, is_done: bool = False) -> None:
        """Say how far it is: up to the first group that is not dealt with.

        Sound just taken in may still turn out to hold a group, so it does not count yet.
        """
        taken = Milliseconds(self._samples * 1000 // SAMPLE_RATE)
        windowed = [part for window in self._windows for part in window.parts]
        undecided = [part for candidate in self._undecided for part in candidate.parts]
        waiting = [part.group for part in (*windowed, *undecided)]
        starts = [group.start_ms for group in (*waiting, *self._collected)]
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
        length = sum(length for _, length in self._scores)
        if not length or self._transcriber.trust is not Trust.MACHINE:
            return self._transcriber.trust
        mean = sum(score * length for score, length in self._scores) / length
        return Trust.MACHINE if mean >= WEAK_LOGPROB else Trust.MACHINE_WEAK

    def _decide(self, count: int) -> None:
        """Make windows of the first undecided packs, without what is in another language."""
        for _ in range(count):
            candidate, *later = self._undecided
            after = [*candidate.parts[1:], *(later[0].parts[:1] if later else ())]
            fitting: list[Heard] = []
            for index, heard in enumerate(candidate.parts):
                neighbours = [*self._before, *after[index : index + 1]]
                if is_in_language(heard, neighbours, self._options.threshold):
                    fitting.append(heard)
                else:
                    self._leave_out(heard, GapReason.OTHER_LANGUAGE)
                self._before = [heard]
            self._make_windows(candidate, fitting)
            self._undecided = later

    def _make_windows(self, candidate: _Candidate, fitting: list[Heard]) -> None:
        """A window per run of neighbours; a doubtful group stays alone, unless it is short.

        A few words are heard better in the company of others, and cannot spoil much.
        """
        run: list[Heard] = []
        previous = -1
        for heard in fitting:
            index = candidate.parts.index(heard)
            doubtful = self._is_doubtful(heard) and not is_short(heard)
            if run and (doubtful or index != previous + 1):
                self._windows.append(Window.of(run, candidate.pack))
                run = []
            run.append(heard)
            previous = -1 if doubtful else index
        if run:
            self._windows.append(Window.of(run, candidate.pack))

    def _decode_batch(self) -> None:
        size = self._options.batch_size
        windows, self._windows = self._windows[:size], self._windows[size:]
        while windows:
            decoded = list(self._decode(windows))
            windows = [again for each, text in decoded for again in self._take(each, text)]

    def _decode(self, windows: list[Window]) -> Iterator[tuple[Window, DecodedGroup]]:
        sounds = [window.pack.samples for window in windows]
        decoded = self._transcriber.decode(sounds, self._options.decoding)
        return zip(windows, decoded, strict=True)

    def _take(self, window: Window, decoded: DecodedGroup) -> list[Window]:
        """Turn decoded words into segments; what must be decoded again comes back as windows.

        Those are smaller than this one, or a last try of the same sound.
        """
        is_lost = is_unbelievable(decoded) or not decoded.words
        if is_lost and (smaller := window.smaller()):
            return smaller
        missed: list[Heard] = []
        has_text = False
        for part, words in window.words_of_parts(decoded.words):
            unheard = find_unheard(part, words)
            sentences = [each for each in cut_sentences(words) if not is_phantom(self._text(each))]
            if not words and unheard and not window.is_second_try:
                missed.append(part)
            elif reason := self._reason_against(window, part, words, decoded):
                self._leave_out(part, reason)
            elif not sentences:
                self._leave_out(part, GapReason.NO_WORDS)
            else:
                has_text = True
                self._segments += [self._segment(sentence, decoded) for sentence in sentences]
                missed += unheard
        if has_text and decoded.avg_logprob is not None:
            length = window.length_ms - sum(part.length_ms for part in missed)
            self._scores.append((decoded.avg_logprob, max(1, length)))
        return [Window.of(missed, is_second_try=True)] if missed else []

    def _reason_against(
        self, window: Window, part: Heard, words: Sequence[Word], decoded: DecodedGroup
    ) -> GapReason | None:
        """Why the text of a group may not stand; None: it may."""
        if is_unbelievable(decoded):
            return GapReason.NO_WORDS
        logprob = mean_logprob(words) if len(window.parts) > 1 else decoded.avg_logprob
        if is_credible(logprob):
            return None
        if self._is_doubtful(part):
            return GapReason.OTHER_LANGUAGE
        return GapReason.NO_WORDS if window.is_second_try else None

    def _is_doubtful(self, heard: Heard) -> bool:
        return is_doubtful(heard, self._options.threshold)

    def _segment(self, sentence: tuple[Word, ...], decoded: DecodedGroup) -> Segment:
        return Segment(
            start_ms=sentence[0].start_ms,
            end_ms=max(word.end_ms for word in sentence),
            text=self._text(sentence),
            words=sentence,
            avg_logprob=decoded.avg_logprob,
            no_speech_prob=decoded.no_speech_prob,
        )

    def _text(self, sentence: tuple[Word, ...]) -> str:
        is_english = self._options.task is Task.TRANSLATE
        is_spaced = is_english or self._options.language.split("-")[0] not in _UNSPACED
        return (" " if is_spaced else "").join(word.text for word in sentence)

    def _leave_out(self, heard: Heard, reason: GapReason) -> None:
        group = heard.group
        self._gaps.append(Gap(start_ms=group.start_ms, end_ms=group.end_ms, reason=reason))
