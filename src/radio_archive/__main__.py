"""``python -m radio_archive`` is ``radio-archive``."""

from __future__ import annotations

from radio_archive.cli import main

if __name__ == "__main__":
    main()
