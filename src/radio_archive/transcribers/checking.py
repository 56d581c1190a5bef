"""Ears for engines that cannot tell languages apart.

A CTC engine writes down whatever it is given. Whisper was not trained on Bambara or Fulfulde, but
it knows French, English and Arabic when it hears them: half a minute of Maninka or Pular, and words
of Bambara in company, got at most 0.43 for French and mostly under 0.1, French itself 0.94 to 0.97
(``gate``). So what is clearly in one of those is left out, and the rest is taken to be in the
language the catalogue states.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from radio_archive.model import LanguageTag, Trust
from radio_archive.transcribers import (
    DecodedGroup,
    DecodeOptions,
    Samples,
    Span,
    Transcriber,
    Writer,
)


class CheckedWriter:
    """A ``Transcriber`` of one engine's hand and another's ear.

    Args:
        writer: the engine that writes.
        languages: what it is used for.
        listener: the engine that hears other languages; None when there is none on this machine,
            and then everything spoken is taken to be in the broadcast's language.
        others: the languages the listener may be believed with.
    """

    def __init__(
        self,
        writer: Writer,
        languages: Collection[LanguageTag],
        listener: Transcriber | None,
        others: Collection[LanguageTag],
    ) -> None:
        self._writer = writer
        self._languages = frozenset(languages)
        self._listener = listener
        self._others = frozenset(others) - self._languages

    @property
    def name(self) -> str:
        """The writer's."""
        return self._writer.name

    @property
    def parameters(self) -> Mapping[str, str]:
        """The writer's, and who checks the language."""
        if self._listener is None:
            return {**self._writer.parameters, "language_check": "none"}
        return {
            **self._writer.parameters,
            "language_check": self._listener.name,
            "language_check_others": ", ".join(sorted(self._others)),
            "language_check_sha256": self._listener.parameters.get("weights_sha256", ""),
        }

    @property
    def trust(self) -> Trust:
        """The writer's."""
        return self._writer.trust

    def knows(self, language: LanguageTag) -> bool:
        """Whether the writer does."""
        return self._writer.knows(language)

    def translates(self, language: LanguageTag) -> bool:
        """Whether the writer does."""
        return self._writer.translates(language)

    def decode(self, groups: Sequence[Samples], options: DecodeOptions) -> list[DecodedGroup]:
        """What the writer writes."""
        return self._writer.decode(groups, options)

    def identify(self, groups: Sequence[Samples]) -> list[Mapping[LanguageTag, float]]:
        """For each group, how probably it is *not* in a language the listener knows.

        The same number stands for each of the writer's languages, so it is no distribution.

        Raises:
            TranscriptionError: the listener failed.
        """
        if self._listener is None:
            return [self._unheard() for _ in groups]
        return [self._rest(heard) for heard in self._listener.identify(groups)]

    def identify_parts(
        self, groups: Sequence[Samples], parts: Sequence[Sequence[Span]]
    ) -> list[list[Mapping[LanguageTag, float]]]:
        """Like ``identify``, for parts of groups.

        Raises:
            TranscriptionError: the listener failed.
        """
        if self._listener is None:
            return [[self._unheard() for _ in spans] for spans in parts]
        heard = self._listener.identify_parts(groups, parts)
        return [[self._rest(each) for each in found] for found in heard]

    def _unheard(self) -> Mapping[LanguageTag, float]:
        return dict.fromkeys(self._languages, 1.0)

    def _rest(self, heard: Mapping[LanguageTag, float]) -> Mapping[LanguageTag, float]:
        others = {tag: heard.get(tag, 0.0) for tag in self._others}
        return others | dict.fromkeys(self._languages, max(0.0, 1 - sum(others.values())))
