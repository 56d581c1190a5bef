"""Fills a real archive: tones made by ffmpeg, transcripts put straight into the catalogue."""

from __future__ import annotations

import atexit
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any

from radio_archive.archive import AddOptions, Archive, DocumentWish, open_archive
from radio_archive.catalogue import Catalogue
from radio_archive.db import Database
from radio_archive.model import (
    Asked,
    BroadcastId,
    EntryState,
    Gap,
    GapReason,
    LanguageTag,
    NewBroadcast,
    Programme,
    ProgrammeId,
    Transcript,
    TranscriptKind,
    Trust,
)
from radio_archive.search.passages import split_passages
from radio_archive.settings import Settings
from tests.support.documents import make_pdf
from tests.support.making import make_segment, make_transcript, ms

#: length of each tone
TONE_S = 60

#: the sentence that holds "crime organisé" starts here, the word "crime" 400 ms later
CRIME_MS = 30_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """The archive and the ids of what lies in it."""

    archive: Archive
    catalogue: Catalogue
    debate: BroadcastId  #: French, by machine, with sound
    bulletin: BroadcastId  #: French, checked, with sound
    kibaruw: BroadcastId  #: Bambara, with sound, not transcribed
    silent: BroadcastId  #: French, no recording
    dossier: str  #: slug of a public dossier: a link, then a PDF
    saved: str = ""  #: a search for rice, saved


def run_jobs(archive: Archive) -> None:
    """Do all that the catalogue asks for, as a worker does."""
    archive.mend_index()
    archive.plan()
    while (job := archive.claim()) is not None:
        archive.run(job, lambda job, progress: None, lambda: False)
        archive.plan()


def make_tone(path: Path, hertz: int, seconds: int = TONE_S) -> Path:
    """An MP3 with one steady tone."""
    source = f"sine=frequency={hertz}:duration={seconds}"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", source, "-b:a", "48k", str(path)]
    subprocess.run(command, check=True)
    return path


def debate_transcript() -> Transcript:
    """Five sentences of known times, a gap, two speakers."""
    texts = (
        "Bonsoir à tous et bienvenue.",
        "Nous parlons ce soir du prix du riz à Bamako.",
        "Le crime organisé menace-t-il le Mali ?",
        "Ce grand trafic vit des routes coupées.",
        "Merci d'avoir écouté.",
    )
    starts = (1_249, 12_000, CRIME_MS, 40_000, 52_000)
    segments = tuple(
        replace(make_segment(text, start), speaker="Awa Diallo" if number < 2 else "Issa Traoré")
        for number, (text, start) in enumerate(zip(texts, starts, strict=True))
    )
    gap = Gap(start_ms=ms(20_000), end_ms=ms(26_000), reason=GapReason.OTHER_LANGUAGE)
    return replace(make_transcript(), segments=segments, gaps=(gap,), engine="test/base")


@contextmanager
def bare_archive(home: Path, **changes: Any) -> Iterator[tuple[Archive, Catalogue]]:
    """Open an archive in an empty folder, with some settings other than usual."""
    settings = Settings(home=home, transcribed_languages=(), **changes)
    with open_archive(settings) as archive:
        database = Database(archive.settings.catalogue_url)
        yield archive, Catalogue(database)
        database.close()


def add_transcript(catalogue: Catalogue, broadcast_id: BroadcastId, transcript: Transcript) -> None:
    """Store a transcript as the pipeline would."""
    cut = split_passages(transcript, catalogue.broadcasts.get(broadcast_id))
    catalogue.transcripts.add(broadcast_id, transcript, cut)


@contextmanager
def stock_archive(home: Path, **changes: Any) -> Iterator[Stock]:
    """Open an archive in an empty folder and fill it, sound included.

    It is filled once for all tests of a process, and copied.
    """
    if changes:  # what is in it may depend on them
        with _fill(home, **changes) as stock:
            yield stock
        return
    filled, ids = _filled()
    shutil.copytree(filled, home, dirs_exist_ok=True)
    with bare_archive(home) as (archive, catalogue):
        yield Stock(archive=archive, catalogue=catalogue, **ids)


@cache
def _filled() -> tuple[Path, Mapping[str, Any]]:
    """The folder of a filled archive, closed, and the ids of what lies in it."""
    folder = Path(tempfile.mkdtemp(prefix="radio-archive-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with _fill(folder) as stock:
        ids = {field.name: getattr(stock, field.name) for field in fields(stock)}
    return folder, {name: value for name, value in ids.items() if isinstance(value, str)}


@contextmanager
def _fill(home: Path, **changes: Any) -> Iterator[Stock]:
    with bare_archive(home, **changes) as (archive, catalogue):
        stock = Stock(
            archive=archive,
            catalogue=catalogue,
            debate=_add(archive, make_tone(home / "debat.mp3", 440), "fr", "Grand Dialogue"),
            bulletin=_add(archive, make_tone(home / "journal.mp3", 550), "fr", "Journal"),
            kibaruw=_add(archive, make_tone(home / "kibaruw.mp3", 660), "bm", "Kibaruw"),
            silent=_silent(catalogue),
            dossier=add_dossier(archive),
        )
        add_transcript(catalogue, stock.debate, debate_transcript())
        checked = make_transcript(
            "Le prix du riz recule sur les marchés de Bamako.",
            "À Ségou, une campagne de vaccination commence lundi.",
            kind=TranscriptKind.CORRECTED,
            trust=Trust.CHECKED,
        )
        add_transcript(catalogue, stock.bulletin, checked)
        entry = catalogue.glossary.add(LanguageTag("fr"), "seigneux", "Ségou")
        catalogue.glossary.decide(entry.id, EntryState.REFUSED)  # nothing searched changes
        run_jobs(archive)
        saved = archive.searches.save(Asked(text="riz"), "Awa")
        yield replace(stock, saved=saved.id)


def add_hostile(stock: Stock, number: int, payload: str) -> BroadcastId:
    """A broadcast whose every text is something that must not run."""
    new = NewBroadcast(
        source="hostile",
        guid=str(number),
        title=f"hostile {payload}",
        programme=Programme(id=ProgrammeId("hostile"), title=payload),
        language=LanguageTag("fr"),
        guests=(payload,),
        summary=payload,
    )
    broadcast_id, _ = stock.catalogue.broadcasts.put(new)
    segment = replace(make_segment(f"hostile {payload}"), speaker=payload)
    add_transcript(stock.catalogue, broadcast_id, replace(make_transcript(), segments=(segment,)))
    return broadcast_id


def _add(archive: Archive, path: Path, language: str, title: str) -> BroadcastId:
    options = AddOptions(
        programme=title.lower().replace(" ", "-"),
        language=language,
        title=f"{title} du 16 octobre 2014",
        aired_at="2014-10-16T17:00:00Z",
        guests=("Issa Traoré",),
    )
    result = next(iter(archive.add([str(path)], options)))
    assert result.broadcast_id is not None, result.error
    return result.broadcast_id


def add_dossier(archive: Archive) -> str:
    """Make a public dossier of a link and a PDF; its slug."""
    slug = archive.dossiers.make("Les routes du sel", "Awa").slug
    link = DocumentWish(title="Une page", language="fr", url="https://example.org/sel")
    archive.dossiers.add_document(slug, link, "Awa")
    caravan = make_pdf("Les caravanes du sel de Taoudeni.")
    kept = DocumentWish(title="Rapport", language="fr", content=caravan)
    archive.dossiers.add_document(slug, kept, "Awa")
    archive.dossiers.change(slug, "Les routes du sel", "", True, "Awa")
    return slug


def _silent(catalogue: Catalogue) -> BroadcastId:
    new = NewBroadcast(
        source="test",
        guid="silent",
        title="Débat sans son",
        programme=Programme(id=ProgrammeId("grand-dialogue"), title="Grand Dialogue"),
        language=LanguageTag("fr"),
        is_synthetic=True,
        summary="Un débat dont il ne reste que la page.",
        source_url="https://example.org/debat",
    )
    return catalogue.broadcasts.put(new)[0]
