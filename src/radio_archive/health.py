"""What ``doctor`` looks at: each finding in a sentence, each failure with its remedy."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from radio_archive.errors import RadioArchiveError
from radio_archive.languages.names import FILE_NAME, Names
from radio_archive.layout import Layout
from radio_archive.media import Area
from radio_archive.model import Check, LanguageTag, RecordingKey
from radio_archive.pipeline import Parts
from radio_archive.settings import Settings
from radio_archive.speed import Measured
from radio_archive.voices.weights import NAME

GIGABYTE = 1_000_000_000

MOST_LAG_S = 60.0
"""Seconds by which a replica may be behind: more is not the state of a moment ago."""

_REPLICA = "Look after the replica's server and what it says in its log."

BUSY_SHARE = 0.7
"""Of the time of the cores: whoever gets less is not alone. The workers alone use 0.8 to 0.95, for
the two that are measured do not end at the same moment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is asked of parts that lie elsewhere."""

    database: Callable[[], list[str]]  #: the database's own complaints
    describe: Callable[[], str]  #: its name and version
    is_lagging: Callable[[], bool]  #: whether its replica is read, because it is away itself
    replica_lag_s: Callable[[], float | None]  #: how far that is behind; None: there is none
    speed: Callable[[], Measured] | None  #: how fast this machine transcribes; None: nobody asks


def examine(settings: Settings, parts: Parts, look: Look) -> Iterator[Check]:
    """Every check, in the order a station should mend them.

    Args:
        settings: where things should be.
        parts: the opened archive.
        look: what else to look at.
    """
    yield _attempt("ffmpeg", lambda: _ffmpeg(parts), "apt install ffmpeg")
    yield _attempt("repeats", lambda: _repeats(parts), "apt install ffmpeg")
    weights = _attempt(
        "weights", lambda: _weights(parts), f"radio-archive models fetch {settings.model}"
    )
    yield weights
    measure = look.speed
    if measure is not None and weights.is_ok:
        yield _attempt("speed", lambda: _speed(measure()), "radio-archive doctor")
    yield _disk(settings)
    yield _attempt("names", lambda: _names(settings), "radio-archive names --check")
    yield _attempt("database", lambda: _database(look), "radio-archive restore")
    if settings.database_replica_url:
        yield _attempt("replica", lambda: _replica(look.replica_lag_s()), _REPLICA)
    yield _attempt("index", lambda: _index(parts), "radio-archive reindex --if-needed")
    if parts.meaning is not None:
        yield parts.meaning.check()
    if parts.voices is not None:
        yield _voices(parts.voices() is not None)
    store = _attempt("store", lambda: _store(parts), "Check media_url in radio-archive.toml.")
    yield store
    if store.is_ok:
        yield _attempt("media", lambda: _media(parts), "radio-archive add the missing files again")


def _attempt(name: str, look: Callable[[], Check], remedy: str) -> Check:
    try:
        return look()
    except RadioArchiveError as error:
        return Check(name=name, is_ok=False, finding=error.message, remedy=error.hint or remedy)


def _ffmpeg(parts: Parts) -> Check:
    audio = parts.audio()
    missing = audio.missing_encoders()
    if missing:
        return Check(
            name="ffmpeg",
            is_ok=False,
            finding=f"{audio.ffmpeg} cannot write {', '.join(missing)}.",
            remedy="apt install ffmpeg",
        )
    return Check(name="ffmpeg", is_ok=True, finding=f"{audio.ffmpeg}, version {audio.version()}.")


def _repeats(parts: Parts) -> Check:
    """Whether what is aired again can be recognised."""
    audio = parts.audio()
    if not audio.can_fingerprint:
        return Check(
            name="repeats",
            is_ok=False,
            finding=f"{audio.ffmpeg} was built without Chromaprint: no repeats, no chapters.",
            remedy="apt install ffmpeg",
        )
    return Check(name="repeats", is_ok=True, finding="Recordings are compared by Chromaprint.")


def _weights(parts: Parts) -> Check:
    """Every language's engine is opened; the first that cannot be says what is missing."""
    engines: dict[str, list[str]] = {}
    for language in sorted(parts.transcribed_languages):
        name = parts.transcriber(LanguageTag(language)).name
        engines.setdefault(name, []).append(language)
    each = [f"{name} writes down {', '.join(tags)}" for name, tags in engines.items()]
    return Check(name="weights", is_ok=True, finding=f"{'; '.join(each)}.")


def _speed(measured: Measured) -> Check:
    """How long an hour of speech takes, and in which layout."""
    together = Layout(processes=1, workers=measured.cores)
    each = [f"{together}: {measured.together:.0f} x real time"]
    if measured.apart is not None:
        apart = Layout(processes=measured.cores, workers=1)
        each.append(f"{apart}: {measured.apart:.0f} x")
    busy = ", measured beside other work" if measured.share < BUSY_SHARE else ""
    what = f"{measured.engine}, {measured.precision}; {'; '.join(each)}{busy}"
    hour = f"One hour of speech takes about {60 / measured.best:.1f} min here"
    return Check(name="speed", is_ok=True, finding=f"{hour} ({what}).")


def _voices(is_ready: bool) -> Check:
    if is_ready:
        return Check(name="voices", is_ok=True, finding="Probable changes of voice are marked.")
    return Check(
        name="voices",
        is_ok=False,
        finding="The weights that tell voices apart are missing: no voice is marked.",
        remedy=f"radio-archive models fetch {NAME}",
    )


def _names(settings: Settings) -> Check:
    table = settings.home / FILE_NAME
    if not table.exists():
        return Check(name="names", is_ok=True, finding="Only the built-in names are known.")
    count = len(Names.load([table]).all)
    return Check(name="names", is_ok=True, finding=f"{count} names are known.")


def _disk(settings: Settings) -> Check:
    free = shutil.disk_usage(settings.media_dir).free
    is_ok = free > settings.min_free_bytes
    return Check(
        name="disk",
        is_ok=is_ok,
        finding=f"{free / GIGABYTE:.1f} GB free beside media/.",
        remedy="" if is_ok else "Free some space, or move the home folder to a larger disk.",
    )


def _database(look: Look) -> Check:
    problems, description = look.database(), look.describe()
    if look.is_lagging():
        return Check(
            name="database",
            is_ok=False,
            finding=f"The database is away; {description} is read, its replica.",
            remedy="Look after the database server; work waits until it answers.",
        )
    if problems:
        return Check(
            name="database",
            is_ok=False,
            finding=f"{description} is damaged: {problems[0]}.",
            remedy="Stop the archive and put back media/catalogue.sqlite from a backup.",
        )
    return Check(name="database", is_ok=True, finding=f"{description}.")


def _replica(lag_s: float | None) -> Check:
    """Whether the replica would do if the database went away now."""
    is_ok = lag_s is not None and lag_s <= MOST_LAG_S
    return Check(
        name="replica",
        is_ok=is_ok,
        finding=f"The replica is {lag_s or 0:.0f} s behind.",
        remedy="" if is_ok else _REPLICA,
    )


def _index(parts: Parts) -> Check:
    index = parts.index()
    if index.is_stale:
        return Check(
            name="index",
            is_ok=False,
            finding="The index is missing, damaged or of another version.",
            remedy="radio-archive reindex --if-needed",
        )
    return Check(name="index", is_ok=True, finding=f"{index.count():,} passages.")


def _store(parts: Parts) -> Check:
    """Whether the place of the recordings takes and gives files."""
    return Check(name="store", is_ok=True, finding=parts.media.examine())


def _media(parts: Parts) -> Check:
    """Whether every file the catalogue names is there; contents are not re-read."""
    recordings = parts.catalogue.recordings.all()
    held = _held(parts, Area.RECORDINGS)
    lost = [each for each in recordings if (each.key, each.extension) not in held]
    if lost:
        return Check(
            name="media",
            is_ok=False,
            finding=f"{len(lost)} of {len(recordings)} recordings are missing, "
            f"first {lost[0].original_name or lost[0].key}.",
            remedy="Put media/recordings back from a backup, or add the files again.",
        )
    made = {each.rendition for each in parts.catalogue.made_sounds.all()}
    held = _held(parts, Area.RENDITIONS)
    gone = [each for each in made if (each.key, each.extension) not in held]
    if gone:
        return Check(
            name="media",
            is_ok=False,
            finding=f"{len(gone)} of {len(made)} renditions, which listeners get, are missing.",
            remedy="radio-archive verify, then radio-archive work: it makes them again",
        )
    return Check(name="media", is_ok=True, finding=f"{len(recordings):,} recordings in place.")


def _held(parts: Parts, area: Area) -> frozenset[tuple[RecordingKey, str]]:
    return frozenset((stored.key, stored.extension) for stored in parts.media.keys(area))
