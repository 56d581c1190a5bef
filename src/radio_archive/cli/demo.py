"""``radio-archive demo``: a working archive of sample broadcasts."""

from __future__ import annotations

import shlex

import typer

from radio_archive.cli.command import Home, Quiet, example, open_home
from radio_archive.cli.processes import stop_on_signals
from radio_archive.cli.screen import Screen
from radio_archive.cli.work import do_work
from radio_archive.errors import NotFound

NAME = "demo"
EXAMPLE = example("radio-archive demo", "radio-archive demo --home ~/radio")

#: something each kind of sample answers to: the debate, the magazine, the news
QUERIES = ("crime organisé", "moustiquaire", "vaccination")


def run(home: Home = None, quiet: Quiet = False) -> None:
    """Make a working archive of sample broadcasts.

    Takes them in, transcribes and indexes them, and gathers some in a dossier with two documents;
    doing it again changes nothing. The voices are
    synthetic and the news invented. Needs the weights of the speech engine:
    radio-archive models fetch base
    """
    from radio_archive.archive import AddOptions

    screen = Screen(is_quiet=quiet)
    with stop_on_signals() as stop, open_home(home) as archive:
        samples = archive.samples_dir
        if not samples.is_dir():
            raise NotFound(
                "The sample broadcasts are not on this machine.",
                hint="Run this in a checkout of the project, or put them in media/samples.",
            )
        taken = list(archive.add([str(samples)], AddOptions()))
        results = [screen.taken_in(found) for found in taken]
        is_fine = do_work(archive, screen, stop, workers=1)  # nothing to measure for so little
        dossier = archive.make_sample_dossier(taken) if all(results) and is_fine else None
    if not results or not all(results) or not is_fine:
        raise typer.Exit(1)
    where = "" if home is None else f" --home {shlex.quote(str(home))}"
    screen.note("Now search it:")
    for query in QUERIES:
        screen.note(f"  radio-archive search {shlex.quote(query)}{where}")
    dossiers = "" if dossier is None else f" (its dossier: /dossiers/{dossier.slug})"
    screen.note(f"or open it in a browser{dossiers}:")
    screen.note(f"  radio-archive serve{where}")
