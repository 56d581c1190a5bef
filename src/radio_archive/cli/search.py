"""``radio-archive search``: find the moment something was said."""

from __future__ import annotations

from calendar import month_name
from typing import Annotated

import typer

from radio_archive.answers import ROUGH_TRANSLATION, search_answer
from radio_archive.cli.command import AsJson, Home, Quiet, example, open_home
from radio_archive.cli.screen import Screen, clock, plain
from radio_archive.model import (
    AirDate,
    Band,
    BroadcastHits,
    Coverage,
    DocumentHit,
    Expansion,
    Hit,
    Match,
    Origin,
    SearchPage,
    Sort,
    TranscriptKind,
)

NAME = "search"
EXAMPLE = example(
    "radio-archive search 'crime organisé'",
    "radio-archive search '\"prise d otages\"' --language fr --from 2014 --to 2016",
    "radio-archive search 'programme:journal language:fr' --json",
)

#: what is said of the hits that no added words found
_ADDED = {
    Origin.MEANING: "Also searched by meaning: passages marked ~ may hold other words.",
    Origin.TRANSLATED_TEXT: "Also searched in translations: passages marked = were not said so.",
}

_Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="QUERY",
        help=(
            'Words, "phrases", -not, OR, word*, programme:, language:, after:, before:, name:, '
            "trust:."
        ),
    ),
]
_Programme = Annotated[str | None, typer.Option(metavar="SLUG", help="Only this programme.")]
_AiredFrom = Annotated[
    str | None, typer.Option("--from", metavar="DATE", help="First day, month or year.")
]
_AiredTo = Annotated[
    str | None, typer.Option("--to", metavar="DATE", help="Last day, month or year.")
]
_Mentioned = Annotated[
    list[str] | None,
    typer.Option("--name", metavar="NAME", help="Only what mentions it; may be repeated."),
]
_Floor = Annotated[
    str | None,
    typer.Option(
        "--trust",
        metavar="good|weak",
        help="Only what the machine was sure of, or not unsure of, and what people wrote.",
    ),
]


def run(
    words: _Words = None,
    language: Annotated[
        str | None, typer.Option(metavar="TAG", help="Only what was said in this language.")
    ] = None,
    programme: _Programme = None,
    aired_from: _AiredFrom = None,
    aired_to: _AiredTo = None,
    names: _Mentioned = None,
    trust: _Floor = None,
    sort: Annotated[Sort, typer.Option(help="Order of the broadcasts.")] = Sort.RELEVANCE,
    page: Annotated[int, typer.Option(min=1, metavar="N", help="Page of results.")] = 1,
    is_exact_only: Annotated[
        bool, typer.Option("--exact", help="Only the spelling typed, case aside.")
    ] = False,
    is_close: Annotated[
        bool, typer.Option("--close", help="Words spelt much alike as well.")
    ] = False,
    has_no_expansions: Annotated[
        bool,
        typer.Option("--no-expansions", help="No names, translations, dates, meaning added."),
    ] = False,
    home: Home = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    """Find the moment something was said, grouped by broadcast.

    Write `--` before a query that begins with a minus: radio-archive search -- -guerre mali
    """
    from radio_archive.archive import SearchOptions

    options = SearchOptions(
        language=language,
        programme=programme,
        aired_from=aired_from,
        aired_to=aired_to,
        sort=sort,
        page=page,
        is_exact_only=is_exact_only,
        is_close=is_close,
        without=("all",) if has_no_expansions else (),
        names=tuple(names or ()),
        trust=trust,
        counts_names=as_json,
    )
    with open_home(home, may_lag=True) as archive:
        found = archive.search(" ".join(words or ()), options)
    screen = Screen(is_quiet=quiet, as_json=as_json)
    if as_json:
        screen.document(search_answer(found))
    else:
        _show(screen, found)


def _show(screen: Screen, found: SearchPage) -> None:
    for expansion in found.query.expansions:
        screen.note(_added(expansion))
    if found.is_close:
        screen.note("Nothing is spelt as typed; these words are spelt much alike.")
    for group in found.broadcasts:
        screen.line(_heading(group))
        for hit in group.hits:
            screen.line(f"  {clock(hit.start_ms):>8}  {_mark(hit)}{_marked(hit)}")
    for document in found.documents:
        title, where = plain(document.document.title), plain(document.slug)
        screen.line(f"{title}  [dossier {where}]")
        for page_hit in document.hits:
            screen.line(f"  {f'page {page_hit.page}':>8}  {_marked(page_hit)}")
    if any(hit.band is Band.UNSURE for group in found.broadcasts for hit in group.hits):
        screen.note("Passages marked ? hold text the machine was not sure of: listen first.")
    screen.note(_summary(found))


def _mark(hit: Hit) -> str:
    if hit.choice.kind is TranscriptKind.TRANSLATION:
        return f"= ({ROUGH_TRANSLATION}) " if hit.is_rough_translation else "= "
    doubt = "? " if hit.band is Band.UNSURE else ""
    return doubt + ("~ " if hit.match is Match.MEANING else "")


def _added(expansion: Expansion) -> str:
    if expansion.aired is not None:
        return f"Also searched for {expansion.typed}: aired {_date(expansion.aired)}."
    if expansion.added:
        return f"Also searched for {expansion.typed}: {', '.join(expansion.added)}."
    return _ADDED[expansion.origin]


def _date(aired: AirDate) -> str:
    month = month_name[aired.month]
    if aired.day is None:
        return f"in {month} {aired.year}"
    year = "of any year" if aired.year is None else aired.year
    return f"on {aired.day} {month} {year}"


def _heading(group: BroadcastHits) -> str:
    broadcast = group.broadcast
    date = f"{broadcast.aired_at:%Y-%m-%d}" if broadcast.aired_at else "no date"
    programme = broadcast.programme.title if broadcast.programme else ""
    facts = (date, programme, broadcast.title, f"[{broadcast.id}, {group.trust}]")
    return "  ".join(plain(fact) for fact in facts if fact)


def _marked(hit: Hit | DocumentHit) -> str:
    """The snippet, its matches in bold where the terminal can."""
    parts, position = [], 0
    for start, end in hit.highlights:
        parts += [
            plain(hit.text[position:start]),
            typer.style(plain(hit.text[start:end]), bold=True),
        ]
        position = end
    return "".join((*parts, plain(hit.text[position:])))


def _summary(found: SearchPage) -> str:
    if not found.total:
        lines = ["No hits."]
        lines += [f"Did you mean: {suggestion}" for suggestion in found.suggestions]
        lines += [_transcribed(row) for row in found.coverage]
        return " ".join(lines)
    hits = "1 hit" if found.total == 1 else f"{found.total} hits"
    places = (
        "1 broadcast" if found.total_broadcasts == 1 else f"{found.total_broadcasts} broadcasts"
    )
    pages = f", page {found.query.page} of {found.pages}" if found.pages > 1 else ""
    return f"{hits} in {places}{pages}, {found.took_ms:.0f} ms."


def _transcribed(row: Coverage) -> str:
    return f"{row.language}: {row.transcribed_hours:.1f} of {row.hours:.1f} h can be searched."
