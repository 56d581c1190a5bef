"""How long a saved sentence takes until a search finds it, in archives of several sizes.

Run it on a quiet machine: ``python benchmarks/correcting.py --broadcasts 200``.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path

from radio_archive.archive import Archive, SearchOptions, open_archive
from radio_archive.catalogue import Catalogue
from radio_archive.corrections import version_of
from radio_archive.db import Database
from radio_archive.model import (
    BroadcastId,
    LanguageTag,
    Milliseconds,
    NewBroadcast,
    Segment,
    Transcript,
    Wish,
    Word,
)
from radio_archive.search.passages import split_passages
from radio_archive.settings import Settings

#: sentences of an hour of speech
SENTENCES = 900
WORDS = "Le débat de ce soir porte sur le prix du riz dans la région de"


def main() -> None:
    """Fill an archive, correct sentences of it, and print the time until each is found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--broadcasts", type=int, default=50, help="of one hour each")
    parser.add_argument("--saves", type=int, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(home=Path(folder), min_free_bytes=0, transcribed_languages=())
        with open_archive(settings) as archive:
            database = Database(f"sqlite:///{settings.media_dir / 'catalogue.sqlite'}")
            catalogue = Catalogue(database)
            found = [_fill(catalogue, number) for number in range(options.broadcasts)]
            archive.reindex()
            taken = [
                _save_and_find(archive, found[number % len(found)], number)
                for number in range(options.saves)
            ]
            database.close()
    median, longest = statistics.median(taken), max(taken)
    print(f"{options.broadcasts} hours of speech, {options.saves} sentences saved")
    print(f"until a search finds it: median {median:.2f} s, longest {longest:.2f} s")


def _fill(catalogue: Catalogue, number: int) -> BroadcastId:
    new = NewBroadcast(
        source="benchmark", guid=str(number), title=f"Débat {number}", language=LanguageTag("fr")
    )
    identity, _ = catalogue.broadcasts.put(new)
    segments = tuple(_sentence(place, f"lieu{number}x{place}") for place in range(SENTENCES))
    transcript = Transcript(language=LanguageTag("fr"), segments=segments, engine="benchmark/none")
    cut = split_passages(transcript, catalogue.broadcasts.get(identity))
    catalogue.transcripts.add(identity, transcript, cut)
    return identity


def _sentence(place: int, name: str) -> Segment:
    spoken, start = [*WORDS.split(), name], place * 4_000
    words = tuple(
        Word(
            start_ms=Milliseconds(start + 250 * each),
            end_ms=Milliseconds(start + 250 * each + 250),
            text=text,
            probability=0.9,
        )
        for each, text in enumerate(spoken)
    )
    return Segment(
        start_ms=Milliseconds(start),
        end_ms=words[-1].end_ms,
        text=" ".join(spoken),
        words=words,
    )


def _save_and_find(archive: Archive, identity: BroadcastId, number: int) -> float:
    """Seconds from saving a sentence until a search finds its new word."""
    place = number * 7 % SENTENCES
    segment = archive.get_transcript(identity).segments[place]
    name = f"Tessalit{number}"
    wish = Wish(
        broadcast_id=identity,
        number=place,
        version=version_of(segment),
        text=f"{WORDS} {name}",
    )
    began = time.perf_counter()
    archive.desk.save(wish, "Awa")
    if archive.search(name, SearchOptions()).total != 1:
        raise SystemExit(f"{name} is not found.")
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
