"""``radio-archive work``: do what the catalogue shows missing."""

from __future__ import annotations

import math
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any

import typer

from radio_archive.cli.command import AsJsonLines, Home, Quiet, example, load_settings
from radio_archive.cli.processes import Hooks, WorkerProcesses, stop_on_signals
from radio_archive.cli.progress import WorkReport, duration
from radio_archive.cli.screen import Screen
from radio_archive.errors import CatalogueUnavailable, CatalogueUnwritable
from radio_archive.layout import lower_priority
from radio_archive.settings import Settings

if TYPE_CHECKING:
    from radio_archive.archive import Archive

NAME = "work"
EXAMPLE = example(
    "radio-archive work --until-idle",
    "radio-archive work --workers 4",
    "radio-archive work --only transcribe,translate",
)


def run(
    until_idle: Annotated[
        bool, typer.Option("--until-idle", help="End when nothing is left to do.")
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option(
            min=1,
            max=64,
            metavar="N",
            help="Processes that work side by side and share the cores. Default: what is fastest.",
        ),
    ] = None,
    only: Annotated[
        str | None,
        typer.Option(
            metavar="KINDS",
            help="Only these steps, separated by commas: transcribe,index. Default: those of the "
            "setting work_kinds.",
        ),
    ] = None,
    retry_failed: Annotated[
        bool, typer.Option("--retry-failed", help="First try again all that was given up.")
    ] = False,
    home: Home = None,
    quiet: Quiet = False,
    as_json: AsJsonLines = False,
) -> None:
    """Do what the catalogue shows missing: fetch, prepare, transcribe, index.

    On a machine that shares a catalogue with others, --only says what this one does; what it has no
    weights for it leaves to the others. `radio-archive status` shows who works on what.

    Uses all cores, on one long recording as on several, and lets everything else on the machine
    go first.

    Prints one line per finished step, the broadcast's id first. Without --until-idle it waits for
    more until it is stopped; stopping it is always safe. Exits with 1 when a step failed,
    or waits to be tried again.
    """
    screen = Screen(is_quiet=quiet, as_json=as_json)
    changes: dict[str, Any] = {}
    if only is not None:
        changes["work_kinds"] = tuple(only.replace(" ", "").split(","))
    settings = replace(load_settings(home), **changes)
    with stop_on_signals() as stop, ExitStack() as stack:
        opened = _open(settings, screen, stop, until_idle=until_idle)
        if opened is None:
            return
        archive = stack.enter_context(opened)
        if retry_failed:
            screen.note(f"{archive.retry_failed()} steps are tried again.")
        is_fine = do_work(archive, screen, stop, workers=workers, until_idle=until_idle)
    if not is_fine:
        raise typer.Exit(1)


def _open(
    settings: Settings, screen: Screen, stop: Callable[[], bool], *, until_idle: bool
) -> Archive | None:
    """Open the archive; whoever waits for work also waits for a catalogue that is away.

    None when told to stop before it answered.

    Raises:
        CatalogueUnwritable: it is a file, and waiting would hide a mistake in a path.
        CatalogueUnavailable: ``until_idle``, and it is away.
    """
    from radio_archive.archive import open_archive
    from radio_archive.worker import open_patiently

    try:
        return open_archive(settings)
    except CatalogueUnavailable as error:
        if until_idle or isinstance(error, CatalogueUnwritable):
            raise
        screen.note(f"Work begins when the catalogue answers. {error}")
        return open_patiently(settings, stop)


def do_work(
    archive: Archive,
    screen: Screen,
    stop: Callable[[], bool],
    *,
    workers: int | None = None,
    until_idle: bool = True,
) -> bool:
    """Work in this process, or in several; returns whether everything went well."""
    from radio_archive.worker import patiently, run_worker

    lower_priority()
    choose = partial(archive.layout, workers)
    layout = choose() if until_idle else patiently(choose, stop)
    if layout is None:  # told to stop before the catalogue answered
        return True
    with WorkReport(screen, lambda found: archive.withdrawing.find(found).title) as report:
        if layout.processes == 1:
            run_worker(
                archive,
                until_idle=until_idle,
                on_progress=report.on_progress,
                on_result=report.on_result,
                stop=stop,
            )
        else:
            hooks = Hooks(
                on_progress=report.on_progress, on_result=report.on_result, on_note=report.on_note
            )
            WorkerProcesses(
                settings=replace(
                    archive.settings, workers=archive.settings.workers or layout.workers
                ),
                count=layout.processes,
                until_idle=until_idle,
                hooks=hooks,
            ).run(stop)
    if not until_idle or stop():
        return report.all_went_well
    return _tell_what_is_left(archive, screen, report)


def _tell_what_is_left(archive: Archive, screen: Screen, report: WorkReport) -> bool:
    """Say at the end what is still to come; whether everything went well and nothing is."""
    count, first_s = archive.put_back()
    if count:
        when = duration(max(60.0, 60 * math.ceil(first_s / 60)))
        steps = "1 step is" if count == 1 else f"{count} steps are"
        screen.note(f"{steps} tried again in {when}; a worker does it, or the same command then.")
        return False
    if not report.done and report.all_went_well:
        screen.note("Nothing was left to do.")
    return report.all_went_well
