"""The settings: read once, in one place, and passed down.

Later wins: built-in default, ``radio-archive.toml`` in the home folder, environment
(``RADIO_ARCHIVE_<SETTING>``), command line.
"""

from __future__ import annotations

import json
import re
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from radio_archive.errors import BadSettings, StorageError

FILE_NAME = "radio-archive.toml"
ENVIRONMENT_PREFIX = "RADIO_ARCHIVE_"
_BOOLEANS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_ENGINES_HINT = 'Write for example: [engines] bm = "omnilingual-ctc/300m-int8".'


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything a station may choose. Each field is a key of ``radio-archive.toml``."""

    #: folder that holds ``media/``, ``index/`` and ``radio-archive.toml``
    home: Path = Path()
    #: name of the station, shown on every page
    station: str = "Studio Tamani"
    #: address of the catalogue, ``postgresql://user@host/name``, several hosts separated by commas
    #: where one takes over from another; empty means SQLite at ``media/catalogue.sqlite``
    database_url: str = ""
    #: address of a streaming replica: pages are read from it while ``database_url`` is away, and
    #: searches go to it where their index lies there too
    database_replica_url: str = ""
    #: where recordings lie: ``s3://bucket/prefix`` of an S3-compatible store; empty means the
    #: folder ``media/``
    media_url: str = ""
    #: address of that store, ``https://s3.example.org``; empty means ``AWS_ENDPOINT_URL``, else AWS
    media_endpoint: str = ""
    #: region of that store; empty means ``AWS_REGION``, else ``us-east-1``
    media_region: str = ""
    #: bytes that ``cache/`` may take for copies of what lies in that store
    media_cache_bytes: int = 10_000_000_000
    #: speech engine: ``auto``, ``faster-whisper`` or ``openai-whisper``
    engine: str = "auto"
    #: search engine: ``auto`` (Whoosh, and Tantivy from 100,000 passages on), ``whoosh``,
    #: ``tantivy`` or ``postgresql``; a worker moves the index
    search_engine: str = "auto"
    #: address of the search index of the engine ``postgresql``, written as ``database_url``; empty
    #: means the catalogue's database
    search_database_url: str = ""
    #: Whisper model: ``base`` and any other that ``radio-archive models list`` names
    model: str = "base"
    #: engines for single languages, a table: ``bm = "omnilingual-ctc/300m-int8"``, a name of
    #: ``radio-archive models list``, or engine, slash and the path of a folder
    engines: Mapping[str, str] = field(default_factory=dict)
    #: folder of the weights; empty means the user's cache folder
    models_dir: str = ""
    #: languages the engine may be trusted with (tags, comma-separated in the environment)
    transcribed_languages: tuple[str, ...] = ("fr", "en", "ar")
    #: smallest probability (0-1) with which a group must be in the broadcast's language
    language_threshold: float = 0.6
    #: whether a machine says in English what is said in other languages, as a rough text beside
    #: the transcript: ``auto`` (from the model ``small`` on), ``always`` or ``never``
    translate_into_english: str = "auto"
    #: whether probable changes of voice are marked A, B, … in what is transcribed from then on;
    #: needs ``radio-archive models fetch resemblyzer/ge2e``
    voices: bool = False
    #: groups decoded together; more is faster and takes more memory
    batch_size: int = 8
    #: replicas of the speech model that work side by side in a process; 0: one for each core
    workers: int = 0
    #: steps this machine does; empty means all: ``download``, ``prepare``, ``map``,
    #: ``fingerprint``, ``transcribe``, ``index``, ``translate``. Where several machines share a
    #: catalogue, ``index`` belongs to the one that keeps the index
    work_kinds: tuple[str, ...] = ()
    #: name of this machine among those that work; empty means its host name
    worker_host: str = ""
    #: languages searched by meaning as well as by words: ``fr``, ``en`` or both; needs the extra
    #: ``meaning`` and then ``radio-archive reindex``
    meaning_languages: tuple[str, ...] = ()
    #: names and words the station's speakers use, given to the engine as a prompt
    vocabulary: str = ""
    #: whether the guests and the names on a broadcast's page go into the prompt too
    prompt_with_names: bool = True
    #: path of ffmpeg; empty means look on the system, then in the ``imageio-ffmpeg`` package
    ffmpeg: str = ""
    #: address to serve on
    host: str = "127.0.0.1"
    #: port to serve on
    port: int = 8000
    #: processes that answer visitors; 0: one, and from 100,000 passages on one for each core, four
    #: at most
    web_processes: int = 0
    #: host names the web server answers to; ``*`` for any
    allowed_hosts: tuple[str, ...] = ("*",)
    #: what signs editors' sessions, 32 characters or more; empty means one made at first use in
    #: ``media/``. Several web machines need the same
    session_secret: str = ""
    #: hosts that may be fetched although their address is not public (comma-separated)
    allowed_private_hosts: tuple[str, ...] = ()
    #: folders that ``sync`` looks into for new recordings
    watched_folders: tuple[str, ...] = ()
    #: hours that went on air, where the station knows them: "LANGUAGE MONTH HOURS", or
    #: "LANGUAGE MONTH/MONTH HOURS" for so many hours in each month of a span
    aired_hours: tuple[str, ...] = ()
    #: whether anybody may answer the ten-second tasks (`/tasks`), or editors only
    open_tasks: bool = False
    #: address of the site as readers reach it, ``https://archive.example.org``: what stands in
    #: letters and webhooks. Without it none are sent
    base_url: str = ""
    #: server that letters are sent by: ``smtp://user:password@mail.example.org:587`` (STARTTLS is
    #: demanded, but for this very machine) or ``smtps://…:465``; empty means no letters
    smtp_url: str = ""
    #: whom letters come from: ``Studio Tamani <alertes@example.org>``
    mail_sender: str = ""
    #: largest recording fetched or added, in bytes
    max_recording_bytes: int = 2_000_000_000
    #: free bytes kept on the disk; below that nothing is taken in
    min_free_bytes: int = 200_000_000

    @property
    def media_dir(self) -> Path:
        """What must never be lost."""
        return self.home / "media"

    @property
    def cache_dir(self) -> Path:
        """Copies of what lies elsewhere; can be deleted while nothing runs."""
        return self.home / "cache"

    @property
    def index_dir(self) -> Path:
        """What can always be rebuilt."""
        return self.home / "index"

    @property
    def catalogue_url(self) -> str:
        """Address of the catalogue's database."""
        return self.database_url or sqlite_address(self.media_dir / "catalogue.sqlite")

    @classmethod
    def load(cls, environ: Mapping[str, str], home: Path | None = None) -> Settings:
        """Read the settings file and the environment.

        Args:
            environ: the process's environment; injected so that tests need no monkeypatching.
            home: ``--home`` of the command line; wins over ``RADIO_ARCHIVE_HOME``.

        Raises:
            BadSettings: a key nobody knows, or a value of the wrong type.
        """
        folder = home or Path(environ.get(ENVIRONMENT_PREFIX + "HOME", "."))
        values: dict[str, Any] = {"home": folder}
        known = {field.name: field for field in fields(cls)}
        for name, raw in _read_file(folder / FILE_NAME).items():
            if name not in known or name == "home":
                raise BadSettings(
                    f"{FILE_NAME} has a setting {name!r} nobody knows.",
                    hint=f"Known settings: {', '.join(sorted(known))}.",
                )
            values[name] = _coerce(name, raw)
        for name in known:
            raw = environ.get(ENVIRONMENT_PREFIX + name.upper())
            if raw is not None and name != "home":
                values[name] = _coerce(name, raw)
        cache = environ.get("XDG_CACHE_HOME")  # XDG base directories
        if cache and "models_dir" not in values:
            values["models_dir"] = str(Path(cache) / "radio-archive" / "models")
        return cls(**values)


def sqlite_address(path: Path) -> str:
    """The address of a SQLite file, whatever letters its path has."""
    # an address keeps its options behind "?", and writes letters that mean something as %3F
    return f"sqlite:///{str(path).replace('%', '%25').replace('?', '%3F')}"


def write_setting(home: Path, name: str, value: str) -> None:
    """Write a text into ``radio-archive.toml``; all else in it stays, comments included.

    Raises:
        BadSettings: the file is not one we can write into.
        StorageError: the disk refuses.
    """
    path = home / FILE_NAME
    old = path.read_text(encoding="utf-8") if path.exists() else ""
    line = f"{name} = {json.dumps(value, ensure_ascii=False)}"
    # without the value: it may hold a password
    by_hand = f"Write {name} into it by hand."
    pattern = re.compile(rf"^{name}[ \t]*=.*$", re.MULTILINE)
    head, table, rest = old.partition("\n[") if not old.startswith("[") else ("", "", old)
    if pattern.search(head):
        head = pattern.sub(lambda _found: line, head, count=1)
    else:
        head = f"{head.rstrip()}\n{line}\n".lstrip() + ("\n" if rest and not table else "")
    new = head + table + rest
    if _parse(new, path).get(name) != value:
        raise BadSettings(f"{FILE_NAME} cannot be changed.", hint=by_hand)
    fresh = path.with_name(f".{FILE_NAME}.new")
    try:
        fresh.write_text(new, encoding="utf-8")
        if path.exists():
            shutil.copymode(path, fresh)
        fresh.replace(path)
    except OSError as error:
        raise StorageError(f"{path} cannot be written: {error.strerror}.", hint=by_hand) from error


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return _parse(path.read_text(encoding="utf-8"), path)
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        raise _not_toml(path, error) from error


def _parse(text: str, path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _not_toml(path, error) from error


def _not_toml(path: Path, error: ValueError) -> BadSettings:
    return BadSettings(f"{path.name} is not valid TOML: {error}.", hint="Mend or remove it.")


def _coerce(name: str, raw: object) -> object:
    """Turn a TOML value or an environment string into the field's type."""
    default = getattr(Settings(), name)
    try:
        if isinstance(default, Mapping):
            return _engine_table(raw)
        if isinstance(default, tuple):
            parts = raw.split(",") if isinstance(raw, str) else raw
            if not isinstance(parts, list):
                raise TypeError("a list is expected")
            return tuple(str(part).strip() for part in parts if str(part).strip())
        if isinstance(default, bool):
            return _BOOLEANS[str(raw).lower()]
        if isinstance(default, int):
            return int(str(raw))
        if isinstance(default, float):
            return float(str(raw))
        if not isinstance(raw, str):
            raise TypeError("text is expected")
    except KeyError as error:
        raise BadSettings(
            f"The setting {name} has a wrong value {raw!r}.", hint="Write true or false."
        ) from error
    except (TypeError, ValueError) as error:
        raise BadSettings(
            f"The setting {name} has a wrong value {raw!r}: {error}.",
            hint=_ENGINES_HINT if name == "engines" else f"The default is {default!r}.",
        ) from error
    return raw


def _engine_table(raw: object) -> Mapping[str, str]:
    """Read ``[engines]``, or ``bm=omnilingual-ctc/300m-int8,fr=faster-whisper/base``."""
    if isinstance(raw, str):
        pairs = [part.partition("=") for part in raw.split(",") if part.strip()]
        table: dict[Any, Any] = {tag.strip(): name.strip() for tag, _, name in pairs}
    elif isinstance(raw, dict):
        table = raw
    else:
        raise TypeError('a table is expected: language = "engine/model"')
    for tag, name in table.items():
        engine, _, model = name.partition("/") if isinstance(name, str) else ("", "", "")
        if not (tag and engine and model):
            raise ValueError(f"{tag} = {name!r} is no engine and model, written engine/model")
    return table  # a plain one: settings travel to worker processes, and pickle takes no proxy
