"""Saved searches in words, and as the state of a search page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from radio_archive.model import Asked, Band, Pace, SearchPage
from radio_archive.web.i18n import N_
from radio_archive.web.parameters import SearchState
from radio_archive.web.wording import Wording

#: how often an alert tells
PACES: dict[Pace, str] = {
    Pace.AT_ONCE: N_("aussitôt"),
    Pace.HOURLY: N_("une fois par heure"),
    Pace.DAILY: N_("une fois par jour, le matin"),
}

_ALL = N_("seulement les mots tapés")


def asked_of(state: SearchState) -> Asked:
    """What a search page's address asks, without its page."""
    return Asked(
        text=state.q,
        language=state.language,
        programme=state.programme,
        aired_from=state.aired_from,
        aired_to=state.aired_to,
        sort=state.sort,
        is_exact_only=state.spelling == "exact",
        is_close=state.spelling == "close",
        without=state.without,
        names=state.names,
        trust=state.trust,
    )


def state_of(asked: Asked) -> SearchState:
    """The search page that asks this."""
    spelling = "exact" if asked.is_exact_only else "close" if asked.is_close else ""
    return SearchState(
        q=asked.text,
        language=asked.language,
        programme=asked.programme,
        aired_from=asked.aired_from,
        aired_to=asked.aired_to,
        sort=asked.sort,
        spelling=spelling,
        without=asked.without,
        names=asked.names,
        trust=asked.trust,
    )


def followed_state(state: SearchState, page: SearchPage | None) -> SearchState:
    """The search that is saved from a page of results: its first page.

    Where nothing was found as typed, with the words spelt much alike that the page shows.
    """
    is_close = page is not None and page.is_close
    return replace(state, page=1, spelling="close" if is_close else state.spelling)


def title_of(asked: Asked) -> str:
    """A search in a few words: those typed, else its filters."""
    filters = (asked.programme, asked.language, *asked.names, asked.aired_from, asked.aired_to)
    return asked.text or ", ".join(filter(None, (*filters, asked.trust)))


def facts_of(asked: Asked, words: Wording) -> list[tuple[str, str]]:
    """What narrows a search, beside its words: a label, and what was chosen."""
    say = words.catalogue.gettext
    return [(say(label), value) for label, value in _facts(asked, words) if value]


def _facts(asked: Asked, words: Wording) -> Iterator[tuple[str, str]]:
    say = words.catalogue.gettext
    yield N_("Langue"), words.language(asked.language) if asked.language else ""
    yield N_("Programme"), asked.programme
    yield N_("Diffusé à partir du"), asked.aired_from
    yield N_("Diffusé jusqu'au"), asked.aired_to
    yield N_("Noms exigés"), ", ".join(asked.names)
    is_floor = asked.trust in set(Band)
    yield N_("Fiabilité"), words.floor(Band(asked.trust)) if is_floor else asked.trust
    spelling = "exact" if asked.is_exact_only else "close" if asked.is_close else ""
    names = {value: name for value, name, _ in words.spellings}
    yield N_("Orthographe"), names[spelling] if spelling else ""
    without = say(_ALL) if "all" in asked.without else ", ".join(asked.without)
    yield N_("Non cherché"), without
