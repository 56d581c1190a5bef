"""``radio-archive status``: what the archive holds and what is still to be done."""

from __future__ import annotations

from radio_archive.answers import status_answer
from radio_archive.cli.command import AsJson, Home, Quiet, example, open_home
from radio_archive.cli.screen import Screen, counted
from radio_archive.model import Status

NAME = "status"
EXAMPLE = example("radio-archive status", "radio-archive status --json")


def run(home: Home = None, quiet: Quiet = False, as_json: AsJson = False) -> None:
    """Show what the archive holds and what is still to be done."""
    screen = Screen(is_quiet=quiet, as_json=as_json)
    with open_home(home) as archive:
        status = archive.status()
    if as_json:
        screen.document(status_answer(status))
        return
    screen.line(f"broadcasts   {status.broadcasts} in {status.programmes} programmes")
    screen.line(f"sound        {status.hours:.1f} h, {status.transcribed_hours:.1f} h transcribed")
    screen.line(f"states       {counted(status.states)}")
    screen.line(f"waiting      {counted(status.jobs_waiting)}")
    screen.line(f"given up     {status.jobs_failed}")
    screen.line(f"index        {_index(status)}")
    for row in status.coverage:
        screen.line(
            f"{row.language:11}  {row.broadcasts} broadcasts, "
            f"{row.transcribed_hours:.1f} of {row.hours:.1f} h can be searched, "
            f"{row.checked_hours:.1f} h checked"
        )


def _index(status: Status) -> str:
    held = f"{status.passages} passages ({status.index_engine})"
    parts = ["needs rebuilding" if status.index_is_stale else held]
    if status.index_builds:
        parts.append(f"being built for {status.index_builds}")
    elif status.index_moves_to:
        parts.append(f"to move to {status.index_moves_to}: radio-archive work")
    return ", ".join(parts)
