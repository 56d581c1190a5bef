"""The pages people read. Every page works without scripts; its whole state is its address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from radio_archive.archive import Archive
from radio_archive.errors import BadInput, NotFound, RadioArchiveError, SearchIndexError
from radio_archive.links import (
    MADE_FROM,
    PLAYED_FORMATS,
    audio_url,
    broadcast_url,
    seconds_text,
    transcript_url,
)
from radio_archive.model import (
    Broadcast,
    Coverage,
    LanguageTag,
    Milliseconds,
    Rendition,
    SearchPage,
    Sort,
    Transcript,
    find_finding,
)
from radio_archive.model.bands import FLOORS
from radio_archive.web.around import read_around
from radio_archive.web.asking import followed_state
from radio_archive.web.errors import RETRY_AFTER_S, status_of, title_and_advice
from radio_archive.web.hit_list import HitList, strip_of
from radio_archive.web.parameters import SearchState, read_choice, read_data, read_page, read_time
from radio_archive.web.quotes import offer
from radio_archive.web.site import get_site
from radio_archive.web.sound_strip import sound_strip
from radio_archive.web.transcript_view import GapLine, Line, transcript_lines

#: broadcasts per page of a programme or language
_PAGE_SIZE = 50

#: broadcasts per page of results: with five hits each it stays under 50 kB before compression
_RESULTS = 9

#: broadcasts found by title or guests shown beside the hits
_TITLES = 5

#: months of a language shown before somebody asks for all
_MONTHS = 24

#: searches a newcomer can try: two words, an exact phrase, the beginning of a word
_EXAMPLES = ("prix du riz", '"crime organisé"', "vaccin*")

#: formats offered under a transcript, as those who want them call them
_EXPORTS = {
    "txt": "TXT",
    "docx": "DOCX",
    "srt": "SRT",
    "vtt": "VTT",
    "csv": "CSV",
    "xlsx": "XLSX",
    "json": "JSON",
    "eaf": "ELAN",
    "textgrid": "Praat",
}

#: what the addresses of single sentences keep of the page's
_KEPT = ("q", "data", "language", "kind", "beside")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One ``<source>`` of the player."""

    url: str  #: with the moment as a media fragment, so that it opens there without scripts
    download_url: str
    rendition: Rendition  #: what it is, or is made from
    type: str  #: media type with its codec, so that a browser skips what it cannot play


def home(request: Request) -> Response:
    """``/``: one box, examples, what the archive holds."""
    archive = get_site(request).archive
    context = {
        "state": SearchState(),
        "examples": _EXAMPLES,
        "coverage": _by_hours(archive.coverage()),
        "programmes": archive.programmes(),
        "recent": archive.recent_broadcasts(8),
    }
    return get_site(request).renderer.page(request, "home.html", context)


def search(request: Request) -> Response:
    """``/search``: results by broadcast; why there are none is explained in the page.

    With ``part=results`` only what stands under the box, for scripts that search while one types.
    """
    site = get_site(request)
    state = SearchState.read(request.query_params)
    context: dict[str, object] = {
        "state": state,
        "page": None,
        "problem": None,
        "examples": _EXAMPLES,
        "programmes": {row.id: row.title for row, _ in site.archive.programmes()},
        "sorts": tuple(Sort),
        "floors": FLOORS,
        "hits": HitList(is_low=_wants_low_data(request)),
        "strip_of": strip_of,
    }
    status, headers = 200, {"vary": "Save-Data"}
    try:
        options = replace(state.options(_RESULTS), is_for_reading=True)
        page = None if state.is_empty else site.archive.search(state.q, options)
        context |= {"page": page, "coverage": _by_hours(_coverage(site.archive, page))}
        context |= {"titles": () if page is None else _titles(page)}
        context["followed"] = followed_state(state, page)
    except BadInput as error:
        status = status_of(error)
        context |= _problem(request, error)
    except SearchIndexError as error:
        site.archive.note(error)
        status = status_of(error)
        headers["retry-after"] = str(RETRY_AFTER_S)
        context |= _problem(request, error)
    template = "found.html" if request.query_params.get("part") == "results" else "search.html"
    return site.renderer.page(request, template, context, status=status, headers=headers)


def _problem(request: Request, error: RadioArchiveError) -> dict[str, object]:
    """What stands in the place of results: title, advice, and what can be searched at all."""
    site = get_site(request)
    say = site.renderer.wording(request).catalogue.gettext
    title, advice = title_and_advice(error, status_of(error))
    return {
        "problem": (say(title), say(advice), error),
        "coverage": _by_hours(site.archive.coverage()),
    }


def broadcast(request: Request) -> Response:
    """``/broadcasts/{id}?t=&q=&language=&kind=&beside=``: player and transcript, at the moment.

    ``language`` and ``kind`` choose one of several texts, as for `downloads.transcript`, and
    ``beside`` another to be shown with it.

    Raises:
        BadInput: there is no such text to show beside.
    """
    site = get_site(request)
    params = request.query_params
    found = site.archive.get_broadcast(request.path_params["id"])
    moment = _clamped(read_time(params.get("t")), found)
    choice = read_choice(params)
    find = site.archive.get_transcript if choice else site.archive.find_transcript
    transcript = find(found.id, choice)
    query = params.get("q", "")[:256]
    is_low = _wants_low_data(request)
    lines = _lines(site.archive, transcript, moment, query)
    context = {
        **read_around(site.archive, found, lines, params),
        "state": SearchState(q=query, data=read_data(params)),
        "broadcast": found,
        "transcript": transcript,
        "finding": transcript and find_finding(transcript),
        "lines": lines,
        "moment": moment,
        "strip": sound_strip(site.archive.find_sound_map(found.id), moment),
        "sources": _sources(site.archive, found, moment, is_low=is_low),
        "downloads": _downloads(site.archive, found),
        "is_low": is_low,
        "switch_data": _with(params, "data", "full" if is_low else "low"),
        "line_base": _line_base(params),
        "chapters": site.archive.chapters_of(found, transcript),
        "repeats": site.archive.repeats_of(found.id),
        "page_url": broadcast_url(found.id, choice=choice),
        "quoting": offer(found, transcript, moment) if not choice else "",
        "exports": {
            label: transcript_url(found.id, name, choice) for name, label in _EXPORTS.items()
        },
        "canonical": broadcast_url(found.id),
        "cite": site.renderer.wording(request).citation(found, site.archive.settings.station),
    }
    return site.renderer.page(request, "broadcast.html", context, headers={"vary": "Save-Data"})


def programme(request: Request) -> Response:
    """``/programmes/{id}``: what the programme is, and its broadcasts, newest first."""
    site = get_site(request)
    found = site.archive.get_programme(request.path_params["id"])
    page = read_page(request.query_params)
    broadcasts, total = site.archive.broadcasts(programme=found.id, page=page, page_size=_PAGE_SIZE)
    context = {
        "programme": found,
        "state": SearchState(programme=found.id),
        **_listing(broadcasts, total, page),
    }
    return site.renderer.page(request, "programme.html", context)


def language(request: Request) -> Response:
    """``/languages/{tag}``: what the archive holds in one language, newest first."""
    site = get_site(request)
    tag = LanguageTag(request.path_params["tag"])
    page = read_page(request.query_params)
    broadcasts, total = site.archive.broadcasts(language=tag, page=page, page_size=_PAGE_SIZE)
    rows = [row for row in site.archive.coverage() if row.language == tag]
    if not (total or rows):
        raise NotFound(
            f"The archive holds nothing in the language {tag[:40]!r}.", hint="Start from /."
        )
    months = site.archive.coverage_by_month(tag)
    has_all = request.query_params.get("months") == "all"
    context = {
        "tag": tag,
        "coverage": rows,
        "months": months if has_all else months[:_MONTHS],
        "has_more_months": not has_all and len(months) > _MONTHS,
        "state": SearchState(language=tag),
        **_listing(broadcasts, total, page),
    }
    return site.renderer.page(request, "language.html", context)


def _titles(page: SearchPage) -> tuple[Broadcast, ...]:
    """Broadcasts found by title or guests that the hits do not show anyway."""
    shown = {group.broadcast.id for group in page.broadcasts}
    return tuple(row for row in page.titles if row.id not in shown)[:_TITLES]


def _listing(broadcasts: tuple[Broadcast, ...], total: int, page: int) -> Mapping[str, object]:
    pages = max(1, -(-total // _PAGE_SIZE))
    if page > pages:
        raise NotFound(f"The list has {pages} pages, not {page}.", hint="Start from its page 1.")
    return {
        "broadcasts": broadcasts,
        "total": total,
        "page_number": page,
        "pages": pages,
        "page_url": "?page={}".format,
    }


def _lines(
    archive: Archive, transcript: Transcript | None, moment: Milliseconds | None, query: str
) -> tuple[Line | GapLine, ...]:
    if transcript is None:
        return ()
    tags = {transcript.language, *(each.language for each in transcript.segments if each.language)}
    finders = {tag: archive.word_finder(query, tag) for tag in tags}
    return transcript_lines(transcript, moment, lambda text, tag: finders[tag](text))


def _coverage(archive: Archive, page: object) -> tuple[Coverage, ...]:
    """The coverage a search page already carries, else the archive's."""
    rows = getattr(page, "coverage", None)
    return archive.coverage() if rows is None else rows


def _by_hours(rows: tuple[Coverage, ...]) -> tuple[Coverage, ...]:
    return tuple(sorted(rows, key=lambda row: (-row.hours, row.language)))


def _clamped(moment: Milliseconds | None, found: Broadcast) -> Milliseconds | None:
    """A moment beyond the end becomes the end."""
    if moment is None or found.recording is None:
        return moment
    return min(moment, found.recording.duration_ms)


def _wants_low_data(request: Request) -> bool:
    """The reader's choice in the address; else what the browser says of the connection."""
    asked = read_data(request.query_params)
    if asked:
        return asked == "low"
    return request.headers.get("save-data", "").lower() == "on"


def _sources(
    archive: Archive, found: Broadcast, moment: Milliseconds | None, *, is_low: bool
) -> tuple[Source, ...]:
    """What the player is offered, best first: Opus in WebM, then MP3, which everything plays."""
    if found.recording is None:
        return ()
    held = {rendition.name: rendition for rendition in archive.renditions(found.id)}
    names = ("webm-low", "mp3") if is_low and "low" in held else ("webm", "mp3")
    return _named(held, names, found, moment)


def _downloads(archive: Archive, found: Broadcast) -> tuple[Source, ...]:
    """All there is to take along, the lightest first."""
    held = {rendition.name: rendition for rendition in archive.renditions(found.id)}
    return _named(held, ("low", "opus", "mp3"), found, None)


def _named(
    held: Mapping[str, Rendition],
    names: tuple[str, ...],
    found: Broadcast,
    moment: Milliseconds | None,
) -> tuple[Source, ...]:
    return tuple(
        Source(
            url=audio_url(found.id, name, moment),
            download_url=audio_url(found.id, name),
            rendition=held[MADE_FROM.get(name, name)],
            type=PLAYED_FORMATS["webm"] if name in MADE_FROM else held[name].media_type,
        )
        for name in names
        if MADE_FROM.get(name, name) in held
    )


def _with(params: QueryParams, name: str, value: str) -> str:
    """This page's address with one parameter set, opened at the same moment."""
    kept = [(key, text) for key, text in params.multi_items() if key != name]
    moment = read_time(params.get("t"))
    fragment = "" if moment is None else f"#t={seconds_text(moment)}"
    return f"?{QueryParams([*kept, (name, value)])}{fragment}"


def _line_base(params: QueryParams) -> str:
    """What stands before the moment in the address of each sentence."""
    kept = [(key, text) for key, text in params.multi_items() if key in _KEPT]
    return f"?{QueryParams(kept)}&" if kept else "?"
