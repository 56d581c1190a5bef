"""Help: complete, with examples, and quick."""

from __future__ import annotations

import subprocess
import sys

import pytest
from tools.write_command_docs import commands

from tests.cli.running import Run

COMMANDS = dict(commands())
LEAVES = [name for name, text in COMMANDS.items() if "\nCommands:\n" not in text]

#: what only a command that needs it may load
HEAVY = (
    "torch",
    "whoosh",
    "tantivy",
    "starlette",
    "ctranslate2",
    "whisper",
    "onnxruntime",
    "sqlalchemy",
)


def test_the_promised_commands_are_there() -> None:
    promised = [
        "demo",
        "add",
        "sync",
        "work",
        "search",
        "serve",
        "export",
        "reindex",
        "status",
        "doctor",
    ]
    promised += ["feeds add", "feeds list", "feeds remove"]
    promised += ["models list", "models fetch", "models verify"]
    assert {f"radio-archive {name}" for name in promised} <= set(COMMANDS)


@pytest.mark.parametrize("command", LEAVES)
def test_every_command_has_an_example_a_home_and_a_quiet_mode(command: str) -> None:
    text = COMMANDS[command]
    assert f"Example:\n    {command}" in text
    assert "--home DIR" in text
    assert "--quiet" in text


def test_help_loads_nothing_heavy() -> None:
    program = (
        "import sys; sys.argv = ['radio-archive', '--help']\n"
        "from radio_archive.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: code = end.code\n"
        f"heavy = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "sys.exit(f'{code} {heavy}' if code or heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "radio-archive demo" in done.stdout


def test_the_version_is_shown(run: Run) -> None:
    from radio_archive import __version__

    assert run("--version") == (0, f"radio-archive {__version__}\n", "")


def test_what_is_not_understood_exits_with_2(run: Run) -> None:
    assert run("work", "--frobnicate")[0] == 2
    assert run("nonsense")[0] == 2
    assert run("add")[0] == 2
