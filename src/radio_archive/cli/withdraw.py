"""``radio-archive withdraw``: hide a broadcast, or a stretch of it, everywhere."""

from __future__ import annotations

import getpass
import os
from typing import Annotated

import typer

from radio_archive.answers.withdrawals import withdrawal_answer, withdrawal_result_answer
from radio_archive.cli.command import AsJson, Home, Quiet, example, open_home
from radio_archive.cli.screen import Screen, clock, plain
from radio_archive.errors import BadInput
from radio_archive.model import Excerpt, Milliseconds
from radio_archive.model.withdrawals import NewWithdrawal, Withdrawal, WithdrawalResult

NAME = "withdraw"
EXAMPLE = example(
    'radio-archive withdraw 0f3a9c1d2b4e5f60 --reason "asked for by the guest"',
    "radio-archive withdraw 0f3a9c1d2b4e5f60 --from 754200 --to 761900 --reason 'names a source'",
    "radio-archive withdraw 0f3a9c1d2b4e5f60 --list",
    "radio-archive withdraw 0f3a9c1d2b4e5f60 --undo 3 --reason 'agreed with the guest'",
)

#: the end of a recording, whatever its length
_END = 2**31 - 1


def run(
    broadcast: Annotated[str, typer.Argument(metavar="BROADCAST", help="Id of the broadcast.")],
    start: Annotated[
        int | None,
        typer.Option(
            "--from",
            metavar="MS",
            min=0,
            help="Where the stretch begins. Without --to it reaches to the end.",
        ),
    ] = None,
    end: Annotated[
        int | None,
        typer.Option(
            "--to",
            metavar="MS",
            min=1,
            help="Where it ends. Without --from it begins with the broadcast.",
        ),
    ] = None,
    reason: Annotated[
        str, typer.Option("--reason", metavar="TEXT", help="Why; kept in the history.")
    ] = "",
    undo: Annotated[
        int | None, typer.Option("--undo", metavar="NUMBER", help="Undo this withdrawal.")
    ] = None,
    is_listing: Annotated[
        bool, typer.Option("--list", help="Change nothing; show what was ever withdrawn of it.")
    ] = False,
    home: Home = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Hide a broadcast everywhere, or with --from and --to a stretch of it.

    Pages, search, exports, feeds, sound, quotations and clips stop showing it at once; a stretch
    becomes silent. Nothing is deleted: --undo shows it again. Both are kept with who, when and why.
    Other broadcasts that hold the same sound are named, and each is withdrawn by itself.
    """
    screen = Screen(is_quiet=quiet, as_json=as_json)
    with open_home(home) as archive:
        if is_listing:
            _list(screen, archive.withdrawing.history(broadcast))
            return
        if undo is not None:
            if start is not None or end is not None:
                raise BadInput("--undo takes no --from and --to.", hint="Its number is enough.")
            result = archive.withdrawing.undo(broadcast, undo, who(), reason)
        else:
            excerpt = _excerpt(start, end)
            wish = NewWithdrawal(excerpt=excerpt, reason=reason, by=who())
            result = archive.withdrawing.withdraw(broadcast, wish)
        _show(screen, result)
        if result.withdrawal.excerpt is not None and result.withdrawal.holds:
            screen.note("making its sound without the stretch; until then it is not played")
            archive.withdrawing.mute(broadcast)


def _excerpt(start: int | None, end: int | None) -> Excerpt | None:
    if start is None and end is None:
        return None
    return Excerpt(start_ms=Milliseconds(start or 0), end_ms=Milliseconds(end or _END))


def who() -> str:
    """The name of whoever runs this, as the system knows it."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # a user without a name: containers have them
        return f"user {os.getuid()}"


def _list(screen: Screen, history: tuple[Withdrawal, ...]) -> None:
    for each in history:
        screen.json_line(withdrawal_answer(each))
        screen.line(_line(each))
    if not history:
        screen.note("nothing was ever withdrawn of it")


def _show(screen: Screen, result: WithdrawalResult) -> None:
    screen.json_line(withdrawal_result_answer(result))
    screen.line(_line(result.withdrawal))
    for each in result.repeats:
        shared = clock(each.length_ms)
        screen.note(
            f"the same sound ({shared}) is in {each.broadcast.id}, {each.broadcast.title}: "
            "withdraw that too if it is meant"
        )
    if not result.is_searchable:
        screen.note(
            "the index is busy: searches show nothing of it, their counts follow by themselves"
        )


def _line(withdrawal: Withdrawal) -> str:
    excerpt = withdrawal.excerpt
    what = "all" if excerpt is None else f"{excerpt.start_ms}-{excerpt.end_ms} ms"
    line = f"{withdrawal.id:4}  {withdrawal.at:%Y-%m-%dT%H:%M:%SZ}  {what:20}"
    line += f"  {withdrawal.by}: {withdrawal.reason}"
    if withdrawal.undone_at is not None:
        line += f"  (undone {withdrawal.undone_at:%Y-%m-%dT%H:%M:%SZ} by {withdrawal.undone_by}: "
        line += f"{withdrawal.undone_reason})"
    return plain(line)
