"""``radio-archive alerts``: who is told what is new in saved searches."""

from __future__ import annotations

from typing import Annotated

import typer

from radio_archive.answers import alert_answer
from radio_archive.cli.command import ArchiveCommand, AsJson, Home, Quiet, example, open_home
from radio_archive.cli.processes import stop_on_signals
from radio_archive.cli.screen import Screen, plain
from radio_archive.model import Alert, SavedSearch

app = typer.Typer(
    help="Who is told what is new in saved searches.",
    epilog=example("radio-archive alerts list", "radio-archive alerts send --dry-run"),
    no_args_is_help=True,
    rich_markup_mode=None,
)


@app.command("list", cls=ArchiveCommand, epilog=example("radio-archive alerts list"))
def list_alerts(home: Home = None, quiet: Quiet = False, as_json: AsJson = False) -> None:
    """Show the alerts, without the addresses: those are nobody's business."""
    screen = Screen(is_quiet=quiet, as_json=as_json)
    with open_home(home, may_lag=True) as archive:
        rows = archive.alerts.all()
    if as_json:
        screen.document({"alerts": [alert_answer(*row) for row in rows]})
        return
    for alert, search in rows:
        screen.line(_told(alert, search))
    if not rows:
        screen.note("There is no alert yet: people ask for them on pages of saved searches.")


@app.command(
    "send",
    cls=ArchiveCommand,
    epilog=example("radio-archive alerts send", "radio-archive alerts send --dry-run"),
)
def send(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what is due; nothing is looked for or sent.")
    ] = False,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="First try again all that was given up.")
    ] = False,
    home: Home = None,
    quiet: Quiet = False,
) -> None:
    """Find what is new and send what is due now, as a worker does by itself.

    Prints one line per alert with --dry-run, else how many letters and webhooks were tried.
    """
    from radio_archive.messenger import tell

    screen = Screen(is_quiet=quiet)
    with stop_on_signals() as stop, open_home(home) as archive:
        if dry_run:
            for alert, search in archive.alerts.waiting():
                screen.line(_told(alert, search))
            return
        if retry_failed:
            screen.note(f"{archive.alerts.reopen()} alerts are tried again.")
        screen.line(f"{tell(archive, stop)} tried")


@app.command(
    "remove", cls=ArchiveCommand, epilog=example("radio-archive alerts remove 0f5c9a77d1e2b3c4d5e6")
)
def remove(
    alert: Annotated[str, typer.Argument(metavar="ID", help="As `alerts list` shows it.")],
    home: Home = None,
    quiet: Quiet = False,
) -> None:
    """End an alert for somebody who asks for it; the address is erased."""
    with open_home(home) as archive:
        archive.alerts.end_by_operator(alert)
    Screen(is_quiet=quiet).note(f"Alert {alert} was ended.")


def _told(alert: Alert, search: SavedSearch) -> str:
    due = f"due {alert.due_at:%Y-%m-%d %H:%M}" if alert.due_at else ""
    asked = search.asked.text or "filters alone"
    facts = (alert.id, alert.kind, alert.pace, alert.state, asked, due, alert.problem)
    return "  ".join(plain(str(fact)) for fact in facts if fact)
