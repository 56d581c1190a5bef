"""``radio-archive evaluate``: how far a transcript can be believed, measured."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from radio_archive.answers import evaluation_answer
from radio_archive.cli.command import AsJson, Home, Quiet, example, open_home
from radio_archive.cli.progress import choose_display
from radio_archive.cli.screen import Screen
from radio_archive.errors import BadInput, NotFound
from radio_archive.model import ErrorCounts, Evaluation, LanguageTag, TimedBy, TranscriptKind

if TYPE_CHECKING:
    from radio_archive.archive import Archive, ReferenceOptions

NAME = "evaluate"
EXAMPLE = example(
    "radio-archive evaluate 0f3a9c1d2b4e5f60 debate.checked.vtt",
    "radio-archive evaluate interview.mp3 interview.TextGrid --language fr --json",
)

Target = Annotated[
    str,
    typer.Argument(
        metavar="BROADCAST-OR-AUDIO", help="Id of a broadcast, or a sound file to transcribe."
    ),
]
ReferenceFile = Annotated[
    Path,
    typer.Argument(
        metavar="REFERENCE",
        help="What was said: WebVTT, SubRip, Whisper JSON, STM, ELAN, TextGrid or text.",
    ),
]
Language = Annotated[
    str | None,
    typer.Option(
        "--language",
        "-l",
        metavar="TAG",
        help="Language of the broadcast's version, or spoken in the sound file.",
    ),
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help="vtt, srt, json, stm, eaf, textgrid or txt. Default: the end of the file's name.",
    ),
]


def run(
    target: Target,
    reference: ReferenceFile,
    language: Language = None,
    kind: Annotated[
        TranscriptKind | None,
        typer.Option(help="Which version of a broadcast. Default: the current one."),
    ] = None,
    format_name: Format = None,
    encoding: Annotated[
        str | None,
        typer.Option(metavar="NAME", help="Such as cp1252 or utf-16. Default: recognised."),
    ] = None,
    hesitations: Annotated[
        bool, typer.Option("--hesitations", help="Count euh and the like as words.")
    ] = False,
    home: Home = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Compare a transcript with what people say was said.

    Prints word and character errors, how far the times are off, how much of the speech has text,
    and words where nobody speaks. A sound file is transcribed as the archive would do it; nothing
    is stored. The exit status does not depend on the figures.
    """
    from radio_archive.archive import ReferenceOptions

    screen = Screen(is_quiet=quiet, as_json=as_json)
    options = ReferenceOptions(
        language=language,
        format_name=format_name,
        encoding=encoding,
        counts_hesitations=hesitations,
    )
    with open_home(home) as archive:
        evaluation = _evaluate(archive, (target, reference), options, kind, screen)
    if as_json:
        screen.document(evaluation_answer(evaluation))
    for line in _lines(evaluation):
        screen.line(line)
    for note in evaluation.notes:
        screen.note(note)


def _evaluate(
    archive: Archive,
    files: tuple[str, Path],
    options: ReferenceOptions,
    kind: TranscriptKind | None,
    screen: Screen,
) -> Evaluation:
    from radio_archive.archive import TranscriptChoice

    target, reference = files
    sound = Path(target)
    if not sound.is_file():
        if len(sound.parts) > 1 or sound.suffix:
            raise NotFound(
                f"There is no sound file {target}.",
                hint="Check the spelling, or give the id of a broadcast.",
            )
        spoken = None if options.language is None else LanguageTag(options.language)
        choice = TranscriptChoice(kind=kind, language=spoken)
        return archive.evaluate(target, reference, options, choice)
    if kind is not None:
        raise BadInput(f"{target} is a sound file: it has no versions.", hint="Leave --kind out.")
    display = choose_display(screen)
    try:
        return archive.evaluate_sound(
            sound,
            reference,
            options,
            lambda progress: display.show(target, sound.name, progress),
        )
    finally:
        display.close()


def _lines(evaluation: Evaluation) -> list[str]:
    """The figures, one a line."""
    lines = [
        f"words        {_errors(evaluation.words)}",
        f"characters   {_errors(evaluation.characters)}",
    ]
    timing, coverage = evaluation.timing, evaluation.coverage
    if timing is None:
        lines.append("times        nothing to compare")
    else:
        of = "words" if timing.timed_by is TimedBy.WORDS else "segments"
        lines.append(
            f"times        starts of {len(timing.errors_ms)} {of}: {timing.median_ms} ms off in "
            f"the median, 95 % within {timing.p95_ms} ms, shifted by {timing.shift_ms:+d} ms"
        )
    if coverage is not None:
        lines.append(
            f"coverage     {coverage.share:.1%} of {coverage.speech_ms / 1000:.1f} s of speech has "
            f"text; {coverage.outside_words} words where nobody speaks"
        )
    lines.append(f"compared     {evaluation.rules}")
    return lines


def _errors(counts: ErrorCounts) -> str:
    return (
        f"{counts.rate:.1%} wrong of {counts.reference}: {counts.substitutions} others, "
        f"{counts.insertions} too many, {counts.deletions} missing"
    )
