"""Writes ``docs/settings.md``, ``errors.md``, ``language-tags.md`` and others from the source.

python -m tools.write_reference_docs
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path

from radio_archive import errors, settings
from radio_archive.audio import process as audio_process
from radio_archive.errors import RadioArchiveError
from radio_archive.languages.registry import LANGUAGES
from radio_archive.languages.spelling import load_rules
from radio_archive.settings import ENVIRONMENT_PREFIX, FILE_NAME, Settings
from radio_archive.web import errors as web_errors

DOCS = Path(__file__).resolve().parent.parent / "docs"

_FIELD = re.compile(r"((?: {4}#: .*\n)+) {4}(\w+):")

SETTINGS_HEADER = f"""# Settings

Written by `make docs` from `src/radio_archive/settings.py`; a test compares the two.

Each setting is a key of `{FILE_NAME}` in the home folder, and a variable of the environment. Later
wins: default, file, environment, command line. There are no others; an unknown key is refused.

```toml
# {FILE_NAME}
station = "Radio Exemple"
transcribed_languages = ["fr", "en"]
watched_folders = ["/srv/recordings"]

[engines]
bm = "omnilingual-ctc/300m-int8"
```

In the environment a list is separated by commas: `{ENVIRONMENT_PREFIX}TRANSCRIBED_LANGUAGES=fr,en`,
and so is the table:
`{ENVIRONMENT_PREFIX}ENGINES=bm=omnilingual-ctc/300m-int8,fr=faster-whisper/small`.

| Key | Environment | Default | Meaning |
|---|---|---|---|
"""

ERRORS_HEADER = """# Errors

Written by `make docs` from `src/radio_archive/errors.py`, and from `audio/process.py` and
`web/errors.py` what only those can meet; a test compares the two.

Every error says what failed, on which item, and what to do next. On the command line it is one line
on standard error; in JSON, from any address or `--json`, it is always

```json
{"error": {"code": "bad_query", "message": "…", "hint": "…"}}
```

The code never changes; messages may be worded better one day. What may pass by itself is tried
again by the worker; an *outage* costs no attempt: [reliability.md](reliability.md#work-waits).

| Code | What it means | May pass by itself |
|---|---|---|
"""

LANGUAGES_HEADER = """# Language tags

Written by `make docs` from `src/radio_archive/languages/registry.py`; a test compares the two.

The archive speaks of languages by their BCP 47 tags. Whatever of the last column is typed means the
same. A language without a Whisper code is never handed to Whisper: its broadcasts are kept, played
and searched where people have transcribed them.

| Tag | French name | Own name | Letters offered | Whisper code | Also understood |
|---|---|---|---|---|---|
"""


def render_settings() -> str:
    """The page on settings."""
    source = Path(settings.__file__).read_text(encoding="utf-8")
    meanings = {
        name: " ".join(line.strip().removeprefix("#: ") for line in comment.splitlines())
        for comment, name in _FIELD.findall(source)
    }
    defaults = Settings()
    rows = [
        f"| `{field.name}` | `{ENVIRONMENT_PREFIX}{field.name.upper()}` "
        f"| {_default(getattr(defaults, field.name))} | {meanings[field.name].replace('``', '`')} |"
        for field in fields(Settings)
    ]
    return SETTINGS_HEADER + "\n".join(rows) + "\n"


def _default(value: object) -> str:
    if isinstance(value, Mapping):
        value = ", ".join(f"{key} = {each}" for key, each in value.items())
    if isinstance(value, tuple):
        value = ", ".join(value)
    if isinstance(value, int):
        return f"{value:,}" if value > 99_999 else str(value)
    return f"`{value}`" if str(value) else "empty"


def render_errors() -> str:
    """The page on errors."""
    rows = [
        f"| `{error.code}` | {_meaning(error)} | {_passing(error)} |" for error in error_classes()
    ]
    return ERRORS_HEADER + "\n".join(rows) + "\n"


def error_classes() -> Iterator[type[RadioArchiveError]]:
    """Every error with a code of its own, the root first, in the order of the source."""
    for module in (errors, audio_process, web_errors):
        for value in vars(module).values():
            is_error = isinstance(value, type) and issubclass(value, RadioArchiveError)
            if is_error and value.__module__ == module.__name__:
                yield value


def _passing(error: type[RadioArchiveError]) -> str:
    if error.is_outage:
        return "yes, an outage"
    return "yes" if error.retryable else "no"


def _meaning(error: type[RadioArchiveError]) -> str:
    if error is RadioArchiveError:
        return "Something failed that has no code of its own."
    return (error.__doc__ or "").split("\n\n")[0].replace("\n", " ").replace("``", "`").strip()


def render_languages() -> str:
    """The page on language tags."""
    rows = [
        f"| `{row.tag}` | {row.name_fr} | {row.name_native} | {' '.join(row.keyboard) or '-'} "
        f"| {f'`{row.whisper_code}`' if row.whisper_code else '-'} | {', '.join(row.aliases)} |"
        for row in LANGUAGES.values()
    ]
    return LANGUAGES_HEADER + "\n".join(rows) + "\n"


SPELLING_HEADER = """# Spelling rules

Written by `make docs` from the tables `src/radio_archive/languages/data/spelling_*.tsv`; a test
compares the two. [Languages](languages.md) tells how they are used. Rules are applied from top to
bottom: `repair` and `letters` change single letters, `sounds` are regular expressions. `length`
rules are no part of the folded form: what meets only by them meets in the stem.
"""

SPELLING_TABLES = {"bm": "Bambara", "ffm": "Fulfulde", "taq": "Tamasheq", "ses": "Songhay"}


def render_spelling() -> str:
    """The page with every spelling rule."""
    lines = [SPELLING_HEADER]
    for table, name in SPELLING_TABLES.items():
        lines += [
            f"## {name}",
            "",
            "| Step | From | To | Meets | Source |",
            "|---|---|---|---|---|",
        ]
        for rule in load_rules(table):
            # a bracket after a bracket would read as a link
            pattern = f"<code>{rule.pattern.replace('(', '&#40;')}</code>"
            to = f"`{rule.replacement}`" if rule.replacement else "nothing"
            cells = (rule.step, pattern, to, rule.example, rule.source)
            lines.append("| " + " | ".join(cell.replace("|", "&#124;") for cell in cells) + " |")
        lines.append("")
    return "\n".join(lines)


PAGES = {
    "settings.md": render_settings,
    "errors.md": render_errors,
    "language-tags.md": render_languages,
    "spelling-rules.md": render_spelling,
}


def main() -> None:
    """Write the pages."""
    for name, render in PAGES.items():
        (DOCS / name).write_text(render(), encoding="utf-8")


if __name__ == "__main__":
    main()
