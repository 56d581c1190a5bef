"""The demonstration archive, made once for all processes of the tests."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from typer.testing import CliRunner

from radio_archive.cli import app


@dataclass(frozen=True, slots=True, kw_only=True)
class Demonstration:
    """What ``radio-archive demo`` made and said. Whoever changes something works on a copy."""

    home: str
    status: int
    out: str
    err: str

    @classmethod
    def at(cls, home: Path) -> Demonstration:
        """The one in a folder, made now if nobody has made it yet; one process at a time."""
        told = home / "told.json"
        if told.exists():
            return cls(**json.loads(told.read_text("utf-8")))
        home.mkdir(exist_ok=True)
        environment = {"RADIO_ARCHIVE_HOME": str(home), "RADIO_ARCHIVE_MIN_FREE_BYTES": "0"}
        done = CliRunner().invoke(app, ["demo"], env=environment)
        made = cls(home=str(home), status=done.exit_code, out=done.stdout, err=done.stderr)
        told.write_text(json.dumps(asdict(made)), "utf-8")
        return made
