"""``radio-archive editors``: the people who may correct on the web site."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from radio_archive.cli.command import ArchiveCommand, Home, Quiet, example, open_home
from radio_archive.cli.screen import Screen, plain
from radio_archive.errors import BadInput

app = typer.Typer(
    help="The people who may correct on the web site.",
    epilog=example('radio-archive editors add "Awa Diallo"', "radio-archive editors list"),
    no_args_is_help=True,
    rich_markup_mode=None,
)

Name = Annotated[
    str, typer.Argument(metavar="NAME", help="Shown beside everything the editor corrects.")
]


@app.command(
    "add",
    cls=ArchiveCommand,
    epilog=example(
        'radio-archive editors add "Awa Diallo"',
        'radio-archive editors add "Awa Diallo" < password.txt',
    ),
)
def add(name: Name, home: Home = None, quiet: Quiet = False) -> None:
    """Let somebody correct; asks for a password, or reads it from standard input.

    At least 10 characters. Only a hash of it is kept (Argon2id).
    """
    with open_home(home) as archive:
        editor = archive.editors.add(name, _read_password())
    Screen(is_quiet=quiet).line(plain(editor.name))


@app.command("list", cls=ArchiveCommand, epilog=example("radio-archive editors list"))
def list_editors(home: Home = None, quiet: Quiet = False) -> None:
    """Show who may correct, and since when."""
    screen = Screen(is_quiet=quiet)
    with open_home(home) as archive:
        found = archive.editors.all()
    for editor in found:
        screen.line(plain(f"{editor.created_at:%Y-%m-%d}  {editor.name}"))
    if not found:
        screen.note("Nobody may correct yet: radio-archive editors add NAME")


@app.command(
    "password", cls=ArchiveCommand, epilog=example('radio-archive editors password "Awa Diallo"')
)
def password(name: Name, home: Home = None, quiet: Quiet = False) -> None:
    """Give an editor another password; whoever is signed in with the old one has to sign in again.

    Asks for it, or reads it from standard input.
    """
    with open_home(home) as archive:
        editor = archive.editors.set_password(name, _read_password())
    Screen(is_quiet=quiet).line(plain(editor.name))


@app.command(
    "remove", cls=ArchiveCommand, epilog=example('radio-archive editors remove "Awa Diallo"')
)
def remove(name: Name, home: Home = None, quiet: Quiet = False) -> None:
    """Let somebody correct no more; what they corrected stays, under their name."""
    with open_home(home) as archive:
        archive.editors.remove(name)
    Screen(is_quiet=quiet).note(f"No editor any more: {plain(name)}")


def _read_password() -> str:
    """The password as typed on the terminal, twice, or the first line of standard input.

    Raises:
        BadInput: standard input is empty.
    """
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    given = sys.stdin.readline().rstrip("\r\n")
    if not given:
        raise BadInput(
            "No password was given.", hint="Type it on a terminal, or send it as one line of input."
        )
    return given
