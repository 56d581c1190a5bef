"""Letters of the alerts, in the language of who reads them: plain text and HTML, nothing fetched.

Each passage says why it matched: the words found, how they answer, and how far to believe the text.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from jinja2 import Environment

from radio_archive.links import alert_url, broadcast_url, saved_search_url, whole_url
from radio_archive.model import AlertState, Hit, Letter, News, NewsItem
from radio_archive.web.asking import facts_of, title_of
from radio_archive.web.assets import Assets
from radio_archive.web.i18n import LOCALES, N_, load_catalogues
from radio_archive.web.rendering import make_environment
from radio_archive.web.wording import Wording

_AS_TYPED = N_("tel que cherché")
_ASK = N_("Confirmez : recherche « %(title)s »")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A passage as a letter tells it."""

    item: NewsItem
    url: str  #: whole, at the moment
    words: str  #: those found, as spoken; empty where filters alone answer
    how: str  #: how they answer what was asked
    trust: str  #: how far the text may be believed


def write_letter(news: News, station: str, base_url: str) -> Letter:
    """Write what is new, or ask whether somebody wants to be told.

    Args:
        news: what there is to tell.
        station: its name.
        base_url: address of the site.
    """
    locale = news.alert.locale if news.alert.locale in LOCALES else next(iter(LOCALES))
    environment, words = _drawn(locale, station)
    say = words.catalogue.gettext
    title = title_of(news.search.asked)
    is_question = news.alert.state is AlertState.ASKED
    count = len(news.items) + news.left
    told = words.catalogue.ngettext(
        "%(count)s nouveau passage : « %(title)s »",
        "%(count)s nouveaux passages : « %(title)s »",
        count,
    )
    subject = (say(_ASK) if is_question else told) % {"count": count, "title": title}
    context = {
        "news": news,
        "title": title,
        "facts": facts_of(news.search.asked, words),
        "passages": [_told(news, item, words, base_url) for item in news.items],
        "search_url": whole_url(base_url, saved_search_url(news.search.id)),
        "alert_url": whole_url(base_url, alert_url(news.alert)),
        "subject": subject,
    }
    name = "letter_ask" if is_question else "letter"
    text = environment.get_template(f"{name}_text.html").render(context)
    html = environment.get_template(f"{name}.html").render(context)
    return Letter(subject=f"{station} – {subject}", text=text, html=html)


@cache
def _drawn(locale: str, station: str) -> tuple[Environment, Wording]:
    """Templates and words of one language; read once."""
    words = Wording(load_catalogues()[locale])
    return make_environment(words, station, Assets()), words


def _told(news: News, item: NewsItem, words: Wording, base_url: str) -> Told:
    hit = item.hit
    moment = broadcast_url(
        hit.broadcast_id, hit.start_ms, news.search.asked.text, choice=hit.choice
    )
    return Told(
        item=item,
        url=whole_url(base_url, moment),
        words=", ".join(dict.fromkeys(hit.text[start:end] for start, end in hit.highlights)),
        how=_how(hit, words),
        trust=_trust(hit, words),
    )


def _how(hit: Hit, words: Wording) -> str:
    if not hit.highlights:
        return ""
    told = words.rough_translation if hit.is_rough_translation else words.match(hit.match)
    return told[0] if told else words.catalogue.gettext(_AS_TYPED)


def _trust(hit: Hit, words: Wording) -> str:
    band = words.band(hit.band)
    return f"{words.trust(hit.trust)} ({band})" if band else words.trust(hit.trust)
