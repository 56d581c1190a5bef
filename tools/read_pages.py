"""Prints what a screen reader is told of each page, in order: Chromium's accessibility tree.

    python -m tools.read_pages [NAME ...]

The pages are those of ``tests/web/every_page.py``, in French, at the width of a phone.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from playwright.sync_api import Page
from tests.web.editing import PASSWORD
from tests.web.every_page import PAGES, open_show
from tests.web.serving import open_browser, serve

#: of no interest by themselves: what is inside them is read
SILENT = {"generic", "none", "RootWebArea", "InlineTextBox", "ListMarker", "LineBreak", "paragraph"}

#: states that are said after the name
STATES = ("level", "checked", "expanded", "required", "invalid", "live", "readonly", "disabled")

Node = Mapping[str, Any]


def read(page: Page) -> Iterator[str]:
    """One line for each thing that is read: its role, its name, its states."""
    session = page.context.new_cdp_session(page)
    nodes: Sequence[Node] = session.send("Accessibility.getFullAXTree")["nodes"]
    session.detach()
    known = {str(node["nodeId"]): node for node in nodes}
    yield from _walk(nodes[0], known, depth=0)


def _walk(node: Node, known: Mapping[str, Node], depth: int) -> Iterator[str]:
    role, name = _value(node, "role"), _value(node, "name")
    is_said = role not in SILENT and (name != "" or role != "StaticText")
    is_read = is_said and not node.get("ignored")
    if is_read:
        yield "  " * depth + " ".join(part for part in (role, _quoted(name), _states(node)) if part)
    if role == "StaticText":
        return
    for child in node.get("childIds", ()):
        if child in known and not _repeats(known[child], name, is_read=is_read):
            yield from _walk(known[child], known, depth + is_read)


def _repeats(child: Node, name: str, *, is_read: bool) -> bool:
    """Whether it is only the text that named what it stands in."""
    return is_read and _value(child, "role") == "StaticText" and _value(child, "name") == name


def _value(node: Node, key: str) -> str:
    return " ".join(str(node.get(key, {}).get("value", "")).split())


def _quoted(name: str) -> str:
    return f"“{name[:110]}{'…' if len(name) > 110 else ''}”" if name else ""


def _states(node: Node) -> str:
    found = {each["name"]: each["value"].get("value") for each in node.get("properties", ())}
    told = [
        f"{name} {found[name]}" for name in STATES if found.get(name) not in (None, False, "false")
    ]
    description = _value(node, "description")
    return " ".join(f"[{each}]" for each in (*told, description) if each)


def main() -> None:
    """Read the pages that were named, or all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", choices=[*PAGES, []], help="all of them, if none")
    names = parser.parse_args().names or list(PAGES)
    with (
        tempfile.TemporaryDirectory() as folder,
        open_show(Path(folder)) as show,
        serve(show.stock.archive) as url,
        open_browser() as browser,
    ):
        context = browser.new_context(locale="fr-FR", viewport={"width": 360, "height": 720})
        reader, editor = context.new_page(), browser.new_context(locale="fr-FR").new_page()
        editor.goto(f"{url}/sign-in")
        editor.locator("#name").fill("Awa")
        editor.locator("#password").fill(PASSWORD)
        editor.locator("form.stack button").click()
        editor.wait_for_load_state()
        for name in names:
            page = editor if PAGES[name].is_for_editors else reader
            page.goto(url + show.address(name))
            print(f"== {name}: {page.title()}")
            print("\n".join(read(page)))


if __name__ == "__main__":
    main()
