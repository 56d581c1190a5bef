"""``radio-archive glossary``: names the machine writes wrong, and where that can be put right."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, TypeVar

import typer

from radio_archive.answers import Answer, entry_answer, proposal_answer, reworded_answer
from radio_archive.cli.command import (
    ArchiveCommand,
    AsJson,
    AsJsonLines,
    Home,
    Quiet,
    example,
    open_home,
)
from radio_archive.cli.screen import Screen, plain
from radio_archive.links import seconds_text
from radio_archive.model import Entry, EntryState, Reworded

app = typer.Typer(
    help="Names the machine writes wrong, learnt from corrections.",
    epilog=example("radio-archive glossary list", "radio-archive glossary proposals 3"),
    no_args_is_help=True,
    rich_markup_mode=None,
)

EntryNumber = Annotated[int, typer.Argument(metavar="ID", help="Number of the entry.")]
BroadcastArgument = Annotated[str, typer.Argument(metavar="BROADCAST", help="Id of the broadcast.")]

Item = TypeVar("Item")


@app.command("list", cls=ArchiveCommand, epilog=example("radio-archive glossary list -l fr"))
def list_entries(
    language: Annotated[
        str | None, typer.Option("--language", "-l", metavar="TAG", help="Only of this language.")
    ] = None,
    home: Home = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Show what corrections taught: what waits for somebody to decide comes first."""
    screen = Screen(is_quiet=quiet, as_json=as_json)
    with open_home(home) as archive:
        entries = archive.glossary(language)
    _show_entries(screen, entries)
    if not entries:
        screen.note("Nothing was learnt yet: import a corrected transcript over a machine's one.")


@app.command(
    "learn", cls=ArchiveCommand, epilog=example("radio-archive glossary learn 0f3a9c1d2b4e5f60")
)
def learn(
    broadcast: BroadcastArgument, home: Home = None, quiet: Quiet = False, as_json: AsJson = False
) -> None:
    """Learn names from a people's transcript that stands over a machine's one.

    `import-transcript` does it by itself; learning again changes nothing.
    """
    screen = Screen(is_quiet=quiet, as_json=as_json)
    with open_home(home) as archive:
        entries = archive.learn(broadcast)
    _show_entries(screen, entries)
    screen.note(f"Names learnt from {broadcast}: {len(entries)}.")


@app.command(
    "add",
    cls=ArchiveCommand,
    epilog=example("radio-archive glossary add seigneux Ségou --language fr"),
)
def add(
    wrong: Annotated[str, typer.Argument(metavar="WRONG", help="What the machine writes.")],
    right: Annotated[str, typer.Argument(metavar="RIGHT", help="What people write.")],
    language: Annotated[
        str, typer.Option("--language", "-l", metavar="TAG", help="Language spoken.")
    ],
    home: Home = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Put in what you know; it counts as accepted."""
    screen = Screen(is_quiet=quiet, as_json=as_json)
    with open_home(home) as archive:
        _show_entry(screen, archive.add_entry(wrong, right, language))


@app.command("accept", cls=ArchiveCommand, epilog=example("radio-archive glossary accept 3"))
def accept(
    entry: EntryNumber, home: Home = None, quiet: Quiet = False, as_json: AsJson = False
) -> None:
    """Accept an entry: a search for either form finds the other, in the whole archive at once."""
    screen = Screen(is_quiet=quiet, as_json=as_json)
    with open_home(home) as archive:
        _show_entry(screen, archive.decide(entry, EntryState.ACCEPTED))
    screen.note(f"Where the wrong form stands: radio-archive glossary proposals {entry}")


@app.command("refuse", cls=ArchiveCommand, epilog=example("radio-archive glossary refuse 3"))
def refuse(
    entry: EntryNumber, home: Home = None, quiet: Quiet = False, as_json: AsJson = False
) -> None:
    """Refuse an entry: it is not used, and not proposed again."""
    screen = Screen(is_quiet=quiet, as_json=as_json)
    with open_home(home) as archive:
        _show_entry(screen, archive.decide(entry, EntryState.REFUSED))


@app.command(
    "proposals",
    cls=ArchiveCommand,
    epilog=example("radio-archive glossary proposals 3"),
)
def proposals(
    entry: EntryNumber, home: Home = None, quiet: Quiet = False, as_json: AsJson = False
) -> None:
    """Show every sentence of a machine that holds the wrong form, and what it would become.

    Nothing is changed. Broadcast, second, the sentence as it stands, and as it would be.
    """
    screen = Screen(is_quiet=quiet, as_json=as_json)
    with open_home(home) as archive:
        found = archive.proposals(entry)
    _show_json(screen, found, proposal_answer)
    for each in found:
        facts = (each.broadcast_id, seconds_text(each.start_ms), each.sentence, each.becomes)
        screen.line("  ".join(plain(fact) for fact in facts))
    screen.note(
        f"Sentences: {len(found)}. Put it right: radio-archive glossary apply {entry} [BROADCAST]"
        if found
        else "No machine's transcript that is searched holds the wrong form."
    )


@app.command(
    "apply",
    cls=ArchiveCommand,
    epilog=example(
        "radio-archive glossary apply 3",
        "radio-archive glossary apply 3 0f3a9c1d2b4e5f60 --at 754.2",
    ),
)
def apply(
    entry: EntryNumber,
    broadcasts: Annotated[
        list[str] | None,
        typer.Argument(metavar="BROADCAST...", help="Where. Default: all that have proposals."),
    ] = None,
    at: Annotated[
        float | None,
        typer.Option(metavar="SECONDS", help="Only the sentence of this proposal."),
    ] = None,
    home: Home = None,
    quiet: Quiet = False,
    as_json: AsJsonLines = False,
) -> None:
    """Put the right form into transcripts of the machine, where you confirm it.

    Each becomes another version, still the machine's; the one before is kept, and `undo` brings it
    back. What people wrote is never touched.
    """
    screen = Screen(is_quiet=quiet, as_json=as_json)
    at_ms = None if at is None else round(at * 1000)
    with open_home(home) as archive:
        _show_reworded(screen, archive.apply_entry(entry, broadcasts or (), at_ms))


@app.command(
    "undo", cls=ArchiveCommand, epilog=example("radio-archive glossary undo 0f3a9c1d2b4e5f60")
)
def undo(
    broadcasts: Annotated[
        list[str], typer.Argument(metavar="BROADCAST...", help="Ids of the broadcasts.")
    ],
    home: Home = None,
    quiet: Quiet = False,
    as_json: AsJsonLines = False,
) -> None:
    """Take back what was applied last: the version before is current again."""
    screen = Screen(is_quiet=quiet, as_json=as_json)
    with open_home(home) as archive:
        _show_reworded(screen, (archive.undo_entry(each) for each in broadcasts))


def described(entry: Entry) -> str:
    """An entry in a few words: ``Ségou (was: seigneux)``."""
    return plain(f"{entry.right} (was: {entry.wrong})")


def _show_entries(screen: Screen, entries: tuple[Entry, ...]) -> None:
    _show_json(screen, entries, entry_answer)
    for entry in entries:
        screen.line(_line(entry))


def _show_entry(screen: Screen, entry: Entry) -> None:
    if screen.as_json:
        screen.document(entry_answer(entry))
    screen.line(_line(entry))


def _line(entry: Entry) -> str:
    seen = f"{entry.times} in {len(entry.broadcasts)}"
    state = f"{entry.state}{'' if entry.is_decided else ' by itself'}"
    shown = state if entry.state is EntryState.ACCEPTED else entry.state.value
    return plain(
        f"{entry.id:5}  {shown:19}  {entry.language:3}  {seen:9}  {entry.wrong} -> {entry.right}"
    )


def _show_json(screen: Screen, items: Iterable[Item], answer: Callable[[Item], Answer]) -> None:
    if screen.as_json:
        screen.document([answer(item) for item in items])


def _show_reworded(screen: Screen, results: Iterable[Reworded]) -> None:
    count = 0
    for result in results:
        count += 1
        screen.json_line(reworded_answer(result))
        sentences = f"{result.sentences} sentences" if result.sentences != 1 else "1 sentence"
        screen.line(f"{result.broadcast_id}  {sentences}  {plain(result.title)}")
        if not result.is_searchable:
            screen.note("It can be searched after the next `radio-archive work`.")
    if not count:
        screen.note("No machine's transcript that is searched holds the wrong form.")
