"""Pieces small enough to be read at once, and a docstring on all that others may use."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
FUNCTION_LINES = 60
MODULE_LINES = 400
PARAMETERS = 5

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = Function | ast.ClassDef

PACKAGE = ROOT / "src" / "radio_archive"
#: a migration is written once and read as a table
MIGRATIONS = PACKAGE / "db" / "migrations" / "versions"
#: a command declares one parameter per option: that is its options record
COMMANDS = PACKAGE / "cli"

SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if path.parent != MIGRATIONS)
ALL = SOURCES + sorted(
    path for folder in ("tests", "tools", "benchmarks") for path in (ROOT / folder).rglob("*.py")
)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.Module) -> list[Function]:
    return [node for node in ast.walk(tree) if isinstance(node, Function)]


def parameters(function: Function) -> list[str]:
    """Names of the parameters, the receiver and ``*`` collections left out."""
    arguments = function.args
    names = [each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    return names[1:] if names[:1] in (["self"], ["cls"]) else names


def public(node: ast.Module | ast.ClassDef, inside: str = "") -> Iterator[tuple[str, Documented]]:
    """Public classes, functions and methods; the insides of functions are nobody's business."""
    for child in node.body:
        if isinstance(child, Documented) and not child.name.startswith("_"):
            yield f"{inside}{child.name}", child
            if isinstance(child, ast.ClassDef):
                yield from public(child, f"{child.name}.")


@pytest.mark.parametrize("path", ALL, ids=named)
def test_a_module_fits_in_a_sitting(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= MODULE_LINES, f"{lines} lines, at most {MODULE_LINES}"


@pytest.mark.parametrize("path", ALL, ids=named)
def test_a_function_fits_on_a_screen(path: Path) -> None:
    long = {
        f"{function.name} (line {function.lineno})": length
        for function in functions(parse(path))
        if (length := (function.end_lineno or 0) - function.lineno + 1) > FUNCTION_LINES
    }
    assert not long, f"at most {FUNCTION_LINES} lines: {long}"


@pytest.mark.parametrize("path", [path for path in SOURCES if path.parent != COMMANDS], ids=named)
def test_a_function_takes_few_parameters_or_a_record(path: Path) -> None:
    many = {
        f"{function.name} (line {function.lineno})": names
        for function in functions(parse(path))
        if len(names := parameters(function)) > PARAMETERS
    }
    assert not many, f"at most {PARAMETERS} parameters: {many}"


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_all_that_is_public_says_what_it_is_for(path: Path) -> None:
    tree = parse(path)
    silent = [name for name, node in public(tree) if not ast.get_docstring(node)]
    assert ast.get_docstring(tree), "the module has no docstring"
    assert not silent, silent
