"""What the parts log, on standard error: a line each, with the reason beside it."""

from __future__ import annotations

import logging
from typing import Any

from radio_archive.cli.screen import plain

#: what every record has; all else was given as ``extra``
_OWN = frozenset(vars(logging.makeLogRecord({}))) | {"asctime", "message"}


class LogLines(logging.Formatter):
    """One line for a record, what was given as ``extra`` included; a traceback follows it."""

    def __init__(self, *, with_time: bool) -> None:
        """Choose the form of a line.

        Args:
            with_time: for what runs for days: when it was, and how bad it is.
        """
        super().__init__("%(asctime)s %(levelname)s %(message)s" if with_time else "%(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 -- their name
        """The line, without what could steer a terminal or make it two."""
        extra = {name: value for name, value in vars(record).items() if name not in _OWN}
        told = "; ".join(f"{name}: {value}" for name, value in extra.items())
        line = super().formatMessage(record)
        return plain(f"{line} ({told})" if told else line)

    def formatException(self, ei: Any) -> str:  # noqa: N802 -- their name
        """The traceback, its lines set in: none of them looks like one of the log."""
        return "\n".join(f"    {plain(line)}" for line in super().formatException(ei).splitlines())


def log_to_stderr(*, with_time: bool = False) -> None:
    """Have warnings and errors shown, unless somebody else takes them; see `LogLines`."""
    handler = logging.StreamHandler()
    handler.setFormatter(LogLines(with_time=with_time))
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
