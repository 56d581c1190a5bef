"""Of a saved search only those words are withheld that touch what was hidden since."""

from __future__ import annotations

from dataclasses import replace

from starlette.testclient import TestClient
from tests.support.making import make_segment, ms
from tests.web.stocking import (
    Stock,
    add_transcript,
    debate_transcript,
    run_jobs,
)
from tests.withdrawn.looking import save, told, undo, withdraw

from radio_archive.model import Excerpt


def test_a_stretch_takes_only_the_hits_that_overlap_it_out_of_a_saved_search(
    stock: Stock, client: TestClient
) -> None:
    filler = "et puis on parle encore un peu " * 7
    said = [
        make_segment("Le nom du témoin est connu.", 0),
        make_segment(filler.strip(), 3_000),
        make_segment("Le riz coûte cher à Niono.", 24_000),
        make_segment("Du riz, dit la personne cachée.", 46_000),
    ]
    talk = replace(debate_transcript(), segments=tuple(said))
    add_transcript(stock.catalogue, stock.debate, talk)
    run_jobs(stock.archive)
    saved, shown = save(stock, "riz")
    first = withdraw(stock.archive, stock.debate, Excerpt(start_ms=ms(0), end_ms=ms(2_900)))
    last = withdraw(stock.archive, stock.debate, Excerpt(start_ms=ms(45_000), end_ms=ms(49_000)))
    for address in shown:
        text = told(client.get(address))
        assert ("Niono" in text, "cachée" in text, "témoin" in text) == (True, False, False)
    hits = [hit for hit in stock.archive.searches.hits(saved) if hit.broadcast_id == stock.debate]
    assert [(hit.start_ms, bool(hit.text)) for hit in hits] == [(24_400, True), (46_400, False)]
    undo(stock, first)
    undo(stock, last)
    assert stock.archive.searches.since(saved).is_unchanged


def test_words_that_are_said_elsewhere_as_well_are_withheld_where_they_are_hidden(
    stock: Stock,
) -> None:
    twice = [make_segment("Le riz du témoin.", 5_000), make_segment("Le riz du témoin.", 50_000)]
    said = replace(debate_transcript(), segments=tuple(twice))
    add_transcript(stock.catalogue, stock.debate, said)
    run_jobs(stock.archive)
    saved, _ = save(stock, "riz")
    withdraw(stock.archive, stock.debate, Excerpt(start_ms=ms(49_000), end_ms=ms(52_000)))
    hits = [hit for hit in stock.archive.searches.hits(saved) if hit.broadcast_id == stock.debate]
    assert [(hit.start_ms < 40_000, hit.text) for hit in hits] == [
        (True, "Le riz du témoin."),
        (False, ""),
    ]
