"""``radio-archive voices``: the voices of a transcript, and the names people give them."""

from __future__ import annotations

from typing import Annotated

import typer

from radio_archive.answers import voices_answer
from radio_archive.cli.command import AsJson, Home, Quiet, example, open_home
from radio_archive.cli.screen import Screen, clock, plain
from radio_archive.errors import BadInput
from radio_archive.model import Transcript, Voice, VoiceFinding, find_finding, voices_of

NAME = "voices"
EXAMPLE = example(
    "radio-archive voices 0f3a9c1d2b4e5f60",
    'radio-archive voices 0f3a9c1d2b4e5f60 --name A="Oumar Sissoko"',
    "radio-archive voices 0f3a9c1d2b4e5f60 --clear A",
)

_FINDINGS = {
    None: "Voices were not told apart here: the setting `voices` was off.",
    VoiceFinding.TOLD_APART: "Told apart by machine, often wrong: listen before you name a voice.",
    VoiceFinding.ONE_VOICE: "Only one voice was heard, or several that sound alike.",
    VoiceFinding.ALIKE: "The voices are too alike to be told apart.",
    VoiceFinding.TELEPHONE: "Most of it is telephone sound: the voices cannot be told apart.",
    VoiceFinding.TOO_SHORT: "Too little is said to tell voices apart.",
}


def run(
    broadcast: Annotated[str, typer.Argument(metavar="BROADCAST", help="Id of the broadcast.")],
    name: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="VOICE=NAME", help="Whose voice it is. May be repeated."),
    ] = None,
    clear: Annotated[
        list[str] | None,
        typer.Option("--clear", metavar="VOICE", help="Take a name away. May be repeated."),
    ] = None,
    home: Home = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """List the voices of a broadcast's transcript, and name them.

    One line per voice: letter, name, sentences, length, when it speaks first, and its first words.
    A name is shown as the speaker from then on; it belongs to this transcript, and another
    transcription letters its voices anew.
    """
    screen = Screen(is_quiet=quiet, as_json=as_json)
    names = dict([_read(text) for text in name or ()])
    changes: dict[str, str | None] = {**names, **dict.fromkeys(clear or ())}
    with open_home(home) as archive:
        transcript = archive.name_voices(broadcast, changes)
    if as_json:
        screen.document(voices_answer(transcript))
    _show(screen, transcript)


def _read(text: str) -> tuple[str, str]:
    """Letter and name of ``A=Oumar Sissoko``."""
    letter, sign, name = text.partition("=")
    if not sign:
        raise BadInput(f"{text[:40]!r} names no voice.", hint='Write --name A="Oumar Sissoko".')
    return letter.strip(), name


def _show(screen: Screen, transcript: Transcript) -> None:
    for voice in voices_of(transcript):
        screen.line(_line(voice))
    screen.note(_FINDINGS[find_finding(transcript)])


def _line(voice: Voice) -> str:
    counts = f"{voice.sentences:4}  {clock(voice.spoken_ms):>8}  {clock(voice.first.start_ms):>8}"
    words = " ".join(voice.first.text.split()[:8])
    return plain(f"{voice.letter:2}  {voice.name or '-':24}  {counts}  {words}")
