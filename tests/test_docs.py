"""What exists is documented, what is generated is current, what is linked is there."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import fields
from importlib.metadata import packages_distributions
from pathlib import Path
from urllib.parse import unquote

import pytest
from tools import write_command_docs, write_reference_docs

from radio_archive.languages.registry import LANGUAGES
from radio_archive.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(
    path
    for path in [
        *ROOT.glob("*.md"),
        *(
            found
            for folder in ("docs", "tools", "index", "media/samples", "benchmarks", "tests")
            for found in (ROOT / folder).rglob("*.md")
        ),
    ]
)
MANUAL = "\n".join(
    page.read_text(encoding="utf-8")
    for page in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]
)

_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
#: where somebody's own machine or private tools would show through
_PRIVATE = re.compile(r"/work/|/root/|/home/\w|/tmp/|(?<!\w)C:\\\\|\.library|localhost:\d{5}")


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("command", [name for name, _ in write_command_docs.commands()])
def test_every_command_is_documented(command: str) -> None:
    assert f"## {command}\n" in MANUAL


def test_every_command_shows_an_example() -> None:
    without = [name for name, text in write_command_docs.commands() if "Example:" not in text]
    assert without in ([], ["radio-archive feeds", "radio-archive models"])


@pytest.mark.parametrize("setting", [field.name for field in fields(Settings)])
def test_every_setting_is_documented(setting: str) -> None:
    assert f"`{setting}`" in MANUAL
    assert f"`RADIO_ARCHIVE_{setting.upper()}`" in MANUAL


@pytest.mark.parametrize("error", [error.code for error in write_reference_docs.error_classes()])
def test_every_error_code_is_documented(error: str) -> None:
    assert f"`{error}`" in MANUAL


@pytest.mark.parametrize("tag", list(LANGUAGES))
def test_every_language_is_documented(tag: str) -> None:
    assert f"`{tag}`" in MANUAL


def dependencies() -> list[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"].get("optional-dependencies", {}).values()
    wanted = [*project["project"]["dependencies"], *(each for extra in extras for each in extra)]
    return [re.split(r"[\[<>=;! ]", each)[0] for each in wanted]


def imported() -> Iterator[str]:
    """The names of all modules that the source imports, its own and Python's left out."""
    for path in (ROOT / "src").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [each.name for each in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            yield from (each.split(".")[0] for each in names)


def test_every_package_that_is_imported_is_asked_for() -> None:
    asked_for = {re.sub(r"[-_.]+", "-", each).lower() for each in dependencies()}
    packages = packages_distributions()
    foreign = set(imported()) - sys.stdlib_module_names - {"radio_archive"}
    assert {"starlette", "whoosh", "ffmpeg", "whisper"} < foreign
    for module in foreign:
        named = {re.sub(r"[-_.]+", "-", each).lower() for each in packages[module]}
        assert named & asked_for, f"{module} is imported; pyproject.toml does not ask for it"


@pytest.mark.parametrize("package", dependencies())
def test_every_dependency_says_why_it_is_there(package: str) -> None:
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    assert f"| `{package}` |" in page


@pytest.mark.parametrize("package", dependencies())
def test_every_dependency_is_pinned(package: str) -> None:
    pins = (ROOT / "constraints.txt").read_text(encoding="utf-8").lower().splitlines()
    assert any(pin.startswith(f"{package.lower()}==") for pin in pins)


def test_the_page_on_commands_is_current() -> None:
    written = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert written == write_command_docs.render(), "run make docs"


@pytest.mark.parametrize("name", list(write_reference_docs.PAGES))
def test_the_reference_pages_are_current(name: str) -> None:
    written = (ROOT / "docs" / name).read_text(encoding="utf-8")
    assert written == write_reference_docs.PAGES[name](), "run make docs"


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    broken = [
        link
        for link in _LINK.findall(page.read_text(encoding="utf-8"))
        if "://" not in link
        and not link.startswith(("#", "mailto:", "/"))
        and not (page.parent / unquote(link.split("#")[0])).exists()
    ]
    assert not broken, broken


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_no_page_speaks_of_somebody_s_own_machine(page: Path) -> None:
    assert not _PRIVATE.findall(page.read_text(encoding="utf-8"))
