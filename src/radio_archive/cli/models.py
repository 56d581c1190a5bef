"""``radio-archive models``: the weights of the speech engines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from radio_archive.answers import doctor_answer, model_answer
from radio_archive.cli.command import (
    ArchiveCommand,
    AsJson,
    AsJsonLines,
    Home,
    Quiet,
    example,
    open_home,
)
from radio_archive.cli.doctor import show_checks
from radio_archive.cli.screen import Screen, plain
from radio_archive.model import TakeIn

app = typer.Typer(
    help="The weights of the speech engines.", no_args_is_help=True, rich_markup_mode=None
)

Name = Annotated[
    str | None, typer.Argument(metavar="NAME", help="Default: the model of the settings.")
]


AcceptNonCommercial = Annotated[
    bool,
    typer.Option("--accept-non-commercial", help="You may use weights that forbid commercial use."),
]


@app.command("list", cls=ArchiveCommand, epilog=example("radio-archive models list"))
def list_models(home: Home = None, quiet: Quiet = False, as_json: AsJson = False) -> None:
    """Show the models we know and which of them are on this machine."""
    screen = Screen(is_quiet=quiet, as_json=as_json)
    with open_home(home) as archive:
        models = archive.models()
    if as_json:
        typer.echo(json.dumps([model_answer(model) for model in models], indent=2))
    for model in models:
        state = "here" if model.is_here else "missing"
        licence = f"{model.licence or '-'}{' (non-commercial)' if model.is_non_commercial else ''}"
        screen.line(f"{model.name:32}  {model.size_bytes / 1e6:6.0f} MB  {state:7}  {licence}")


@app.command("fetch", cls=ArchiveCommand, epilog=example("radio-archive models fetch base"))
def fetch(
    name: Name = None,
    accept_non_commercial: AcceptNonCommercial = False,
    home: Home = None,
    quiet: Quiet = False,
    as_json: AsJsonLines = False,
) -> None:
    """Fetch a model, verify its SHA-256 and put it where the engines look.

    The only command that fetches weights; nothing else ever does. Prints where they came from;
    does nothing when they are here.
    """
    wish = TakeIn(accepts_non_commercial=accept_non_commercial)
    _take_in(Screen(is_quiet=quiet, as_json=as_json), home, name, wish)


@app.command(
    "add",
    cls=ArchiveCommand,
    epilog=example("radio-archive models add omnilingual-ctc/300m-int8 /media/stick/omnilingual"),
)
def add(
    name: Annotated[str, typer.Argument(metavar="ENGINE/MODEL", help="What to call it.")],
    folder: Annotated[Path, typer.Argument(help="Folder that holds the weights.")],
    whisper_code: Annotated[
        str,
        typer.Option(
            metavar="CODE", help="For whisper-fine-tune: the language token it was taught with."
        ),
    ] = "",
    accept_non_commercial: AcceptNonCommercial = False,
    home: Home = None,
    quiet: Quiet = False,
    as_json: AsJsonLines = False,
) -> None:
    """Take in a model from a folder, without the network.

    One we know is compared with the digests known for it; any other is taken as it is, and
    recorded so that a later change is found.
    """
    wish = TakeIn(
        folder=folder,
        accepts_non_commercial=accept_non_commercial,
        whisper_code=whisper_code,
    )
    _take_in(Screen(is_quiet=quiet, as_json=as_json), home, name, wish)


def _take_in(screen: Screen, home: Path | None, name: str | None, wish: TakeIn) -> None:
    with open_home(home) as archive:
        wanted = name or archive.settings.model
        findings = archive.fetch_model(wanted, screen.note, wish)
    for finding in findings:
        screen.line(plain(finding))
        screen.json_line({"name": wanted, "finding": finding})


@app.command("verify", cls=ArchiveCommand, epilog=example("radio-archive models verify base"))
def verify(
    name: Name = None, home: Home = None, quiet: Quiet = False, as_json: AsJson = False
) -> None:
    """Read a model's files again and compare them with what they should be.

    Exits with 1 when one is missing or has changed.
    """
    screen = Screen(is_quiet=quiet, as_json=as_json)
    with open_home(home) as archive:
        checks = archive.verify_model(name or archive.settings.model)
    if as_json:
        screen.document(doctor_answer(checks))
    show_checks(screen, checks)
    if not all(check.is_ok for check in checks):
        raise typer.Exit(1)
