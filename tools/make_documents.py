"""Prints the sample documents: ``tools/samples/documents/*.html`` to ``media/samples/dossier/``.

python -m tools.make_documents

Needs Chromium and ``playwright``, as the browser tests do. Chromium writes the date into a PDF, so
that printing again gives other bytes with the same text.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "tools" / "samples" / "documents"
TARGET = ROOT / "media" / "samples" / "dossier"


def main() -> None:
    """Print every document, tagged for screen readers."""
    chromium = shutil.which("chromium") or "/usr/bin/chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page()
        for source in sorted(SOURCE.glob("*.html")):
            page.goto(source.as_uri())
            target = TARGET / f"{source.stem}.pdf"
            page.pdf(path=str(target), prefer_css_page_size=True, tagged=True)
            print(f"{target.relative_to(ROOT)}: {target.stat().st_size:,} bytes")
        browser.close()


if __name__ == "__main__":
    main()
