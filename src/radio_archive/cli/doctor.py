"""``radio-archive doctor``: is everything in order on this machine?"""

from __future__ import annotations

from collections.abc import Iterable

import typer

from radio_archive.answers import doctor_answer
from radio_archive.cli.command import AsJson, Home, Quiet, example, open_home
from radio_archive.cli.screen import Screen, plain
from radio_archive.model import Check

NAME = "doctor"
EXAMPLE = example("radio-archive doctor", "radio-archive doctor --json")


def run(home: Home = None, quiet: Quiet = False, as_json: AsJson = False) -> None:
    """Look whether everything is in order, and say what to do where it is not.

    Measures how fast this machine transcribes, which takes some ten seconds.
    Exits with 1 when something is not.
    """
    screen = Screen(is_quiet=quiet, as_json=as_json)
    with open_home(home, may_lag=True) as archive:
        checks = archive.doctor(is_measuring=True)
    if as_json:
        screen.document(doctor_answer(checks))
    show_checks(screen, checks)
    if not all(check.is_ok for check in checks):
        raise typer.Exit(1)


def show_checks(screen: Screen, checks: Iterable[Check]) -> None:
    """One line per finding; where something is wrong, what mends it."""
    for check in checks:
        mark = "ok  " if check.is_ok else "FAIL"
        remedy = f" -> {check.remedy}" if check.remedy else ""
        screen.line(plain(f"{mark}  {check.name:10}  {check.finding}{remedy}"))
