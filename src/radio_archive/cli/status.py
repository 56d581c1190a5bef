"""``radio-archive status``: what the archive holds and what is still to be done."""

from __future__ import annotations

from radio_archive.answers import status_answer
from radio_archive.cli.command import AsJson, Home, Quiet, example, open_home
from radio_archive.cli.screen import Screen, counted, plain
from radio_archive.model import Abilities, AlertReport, Status

NAME = "status"
EXAMPLE = example("radio-archive status", "radio-archive status --json")


def run(home: Home = None, quiet: Quiet = False, as_json: AsJson = False) -> None:
    """Show what the archive holds and what is still to be done."""
    screen = Screen(is_quiet=quiet, as_json=as_json)
    with open_home(home, may_lag=True) as archive:
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
    _show_work(screen, status)
    _show_alerts(screen, status.alerts)
    for trouble in status.troubles:
        state = "down" if trouble.is_down else "degraded"
        screen.line(plain(f"{trouble.ground:11}  {state}: {trouble.error}"))
    for row in status.coverage:
        screen.line(
            f"{row.language:11}  {row.broadcasts} broadcasts, "
            f"{row.transcribed_hours:.1f} of {row.hours:.1f} h can be searched, "
            f"{row.checked_hours:.1f} h checked"
        )


def _show_work(screen: Screen, status: Status) -> None:
    """Who works on what, what nobody can do, and what was given up with its reason."""
    for worker in status.workers:
        job = worker.job
        doing = "waits"
        if job is not None:
            doing = f"{job.kind} {job.broadcast_id} since {job.since:%H:%M:%S} UTC, {job.title}"
        screen.line(f"worker       {worker.name}: {plain(doing)}")
        screen.line(f"             {_told(worker.abilities)}")
    if not status.workers:
        screen.line("worker       none: radio-archive work")
    for each in status.unserved:
        screen.line(f"nobody can   {each.need} ({each.jobs} jobs): {plain(each.reason)}")
    for parked in status.parked:
        screen.line(f"given up     {parked.kind} {parked.broadcast_id}: {plain(parked.reason)}")


def _show_alerts(screen: Screen, report: AlertReport) -> None:
    """How many are told what is new, what keeps letters back, and whom nothing reaches."""
    if not report.states:
        return
    screen.line(f"alerts       {counted(report.states)}; {report.waiting} passages to be told")
    if report.problem:
        screen.line(f"             {plain(report.problem)}")
    for each in report.parked:
        screen.line(f"given up     alert {each.id} ({each.kind}): {plain(each.problem)}")


def _told(abilities: Abilities) -> str:
    """What a worker can do, in one line."""
    engines = ", ".join(abilities.engines) or "no engine"
    gpu = "GPU" if abilities.has_gpu else "no GPU"
    return f"{', '.join(sorted(abilities.needs))}; {engines}; {gpu}"


def _index(status: Status) -> str:
    held = f"{status.passages} passages ({status.index_engine})"
    parts = ["needs rebuilding" if status.index_is_stale else held]
    if status.index_builds and status.index_builds == status.index_engine:
        parts.append("being built anew")
    elif status.index_builds:
        parts.append(f"being built for {status.index_builds}")
    elif status.index_moves_to:
        parts.append(f"to move to {status.index_moves_to}: radio-archive work")
    return ", ".join(parts)
