"""How the pages say things: dates, lengths, sizes, languages, trust and states in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from babel.dates import format_date, format_skeleton, format_time
from babel.numbers import format_decimal

from radio_archive.languages import LANGUAGES, find_language
from radio_archive.model import (
    AirDate,
    Band,
    Broadcast,
    BroadcastState,
    Coverage,
    Gap,
    GapReason,
    LanguageTag,
    Match,
    Milliseconds,
    Origin,
    Sort,
    SoundKind,
    TranscriptKind,
    Trust,
)
from radio_archive.web.i18n import N_, Catalogue, set_french
from radio_archive.web.trust_words import BANDS, FLOORS, TRUST

#: why a broadcast has no text, by state
STATES: Mapping[BroadcastState, str] = {
    BroadcastState.NO_RECORDING: N_(
        "Pas d'enregistrement : la page d'origine cite cette émission, mais le son manque."
    ),
    BroadcastState.BAD_RECORDING: N_(
        "Enregistrement inutilisable : le fichier reçu est abîmé ou vide."
    ),
    BroadcastState.LANGUAGE_UNKNOWN: N_(
        "Langue non indiquée : on peut écouter. Le texte sera transcrit quand quelqu'un "
        "aura dit dans quelle langue on parle."
    ),
    BroadcastState.WAITING: N_("En attente de transcription : on peut déjà écouter."),
    BroadcastState.NOT_TRANSCRIBED: N_(
        "Non transcrit : aucun moteur configuré ne connaît cette langue. On peut écouter, et "
        "une transcription faite par une personne peut être importée."
    ),
    BroadcastState.FAILED: N_(
        "La transcription a échoué : on peut écouter. Une personne doit regarder pourquoi."
    ),
}

#: the same states in two words, for lists
SHORT_STATES: Mapping[BroadcastState, str] = {
    BroadcastState.NO_RECORDING: N_("sans enregistrement"),
    BroadcastState.BAD_RECORDING: N_("enregistrement inutilisable"),
    BroadcastState.LANGUAGE_UNKNOWN: N_("langue non indiquée"),
    BroadcastState.WAITING: N_("en attente de transcription"),
    BroadcastState.TRANSCRIBED: N_("transcrit"),
    BroadcastState.NOT_TRANSCRIBED: N_("non transcrit"),
    BroadcastState.FAILED: N_("transcription échouée"),
}

#: why a stretch has no text
GAPS: Mapping[GapReason, str] = {
    GapReason.OTHER_LANGUAGE: N_(
        "Passage non transcrit : on y parle une autre langue, non reconnue."
    ),
    GapReason.NO_WORDS: N_("Passage non transcrit : aucun mot reconnu."),
    GapReason.NOT_BELIEVED: N_(
        "Passage non transcrit : le texte de la machine n’était pas crédible."
    ),
    GapReason.WITHDRAWN: N_("Passage retiré par la station : ni texte ni son."),
    GapReason.NOT_TRANSLATED: N_("Passage non traduit."),
}

#: what a stretch of a recording sounds like
SOUNDS: Mapping[SoundKind, str] = {
    SoundKind.SPEECH: N_("parole"),
    SoundKind.TELEPHONE: N_("parole au téléphone"),
    SoundKind.MUSIC: N_("musique"),
    SoundKind.NOISE: N_("bruit"),
    SoundKind.SILENCE: N_("silence"),
}

#: where a text comes from
KINDS: Mapping[TranscriptKind, str] = {
    TranscriptKind.MACHINE: N_("Transcription automatique"),
    TranscriptKind.IMPORTED: N_("Texte importé"),
    TranscriptKind.CORRECTED: N_("Transcription corrigée"),
    TranscriptKind.TRANSLATION: N_("Traduction"),
    TranscriptKind.REDACTED: N_("Texte expurgé"),
}

#: what stands beside every text that a machine translated, and what it means
ROUGH_TRANSLATION = (
    N_("traduction automatique approximative, ne pas citer"),
    N_(
        "Une machine a traduit ce qu'elle a entendu : l'idée générale, avec des contresens et des "
        "noms faux. Lisez ce qui est dit, et écoutez."
    ),
)

#: how a hit answers, where it is not as typed: a label, and what it means
MATCHES: Mapping[Match, tuple[str, str]] = {
    Match.FOLDED: (
        N_("autre graphie"),
        N_("Le même mot, écrit ou accordé autrement que vous l'avez tapé."),
    ),
    Match.ALIAS: (N_("autre nom"), N_("Un autre nom de la même personne, chose ou place.")),
    Match.CLOSE: (
        N_("graphie proche"),
        N_("Un mot qui s'écrit presque comme le vôtre : c'est peut-être lui, mal transcrit."),
    ),
    Match.TRANSLATED: (
        N_("traduction"),
        N_("Dit dans une autre langue que celle de votre recherche, ou lu dans une traduction."),
    ),
    Match.MEANING: (
        N_("sens proche"),
        N_("Aucun de vos mots, mais peut-être la même idée : une machine rapproche les sens."),
    ),
}

#: how strictly spellings are compared, by what addresses say
SPELLINGS: Mapping[str, tuple[str, str]] = {
    "": (
        N_("usuelle"),
        N_("Toutes les graphies d'un mot, selon les règles de chaque langue."),
    ),
    "exact": (N_("exacte seulement"), N_("Rien que les mots comme vous les avez tapés.")),
    "close": (
        N_("graphies proches aussi"),
        N_("Aussi les mots qui s'écrivent presque comme les vôtres."),
    ),
}

#: what searched words are to those typed
ORIGINS: Mapping[Origin, str] = {
    Origin.TYPED: N_("mot tapé"),
    Origin.ALIAS: N_("autre nom"),
    Origin.TRANSLATION: N_("traduction"),
    Origin.MEANING: N_("sens proche"),
    Origin.TRANSLATED_TEXT: N_("dans les traductions"),
    Origin.AIRED: N_("autre lecture"),
}

#: scripts beside the Latin one: ISO 15924 code, first and last character, written from the right
_SCRIPTS = (
    ("Arab", "\u0600", "\u06ff", True),
    ("Nkoo", "\u07c0", "\u07ff", True),
    ("Tfng", "\u2d30", "\u2d7f", False),
    ("Adlm", "\U0001e900", "\U0001e95f", True),
)

#: orders of the results
SORTS: Mapping[Sort, str] = {
    Sort.RELEVANCE: N_("Pertinence"),
    Sort.NEWEST: N_("Plus récents"),
    Sort.OLDEST: N_("Plus anciens"),
}


class Wording:
    """Everything a template says that is not in the template, in one interface language."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self.tag = catalogue.tag
        self._locale = catalogue.locale

    @property
    def trusts(self) -> tuple[Trust, ...]:
        """All degrees of trust, best first."""
        return tuple(TRUST)

    def language(self, tag: str) -> str:
        """Name of a spoken language in the interface's language; the tag itself if unknown."""
        row = find_language(tag)
        if row is None:
            return str(self._locale.languages.get(tag, tag))
        return row.name_fr if self.tag == "fr" else row.name_en

    def native_name(self, tag: str) -> str:
        """What a language calls itself; empty if unknown, or where it is called that anyway."""
        row = find_language(tag)
        return "" if row is None or row.name_native == self.language(tag) else row.name_native

    def direction(self, text: str) -> str:
        """``ltr`` or ``rtl``: which way most of a text is written, whatever its language."""
        script = _script_of(text)
        return "rtl" if any(row[0] == script and row[3] for row in _SCRIPTS) else "ltr"

    def text_language(self, tag: str, text: str) -> str:
        """A language tag with the script, where it is not Latin: ``bm-Nkoo``."""
        script = _script_of(text)
        return f"{tag}-{script}" if script and self.direction_of(tag) == "ltr" else tag

    def direction_of(self, tag: str) -> str:
        """``ltr`` or ``rtl``: which way a language is usually written."""
        row = find_language(tag)
        return "ltr" if row is None else row.direction

    @property
    def palettes(self) -> tuple[tuple[str, str, str], ...]:
        """Letters a keyboard may lack: tag, name and letters of each language, French last."""
        rows = [(tag, row.keyboard) for tag, row in LANGUAGES.items()]
        known = sorted((row for row in rows if row[1]), key=lambda row: row[0] == "fr")
        return tuple((tag, self.language(tag), letters) for tag, letters in known)

    def month(self, month: str | None) -> str:
        """``octobre 2014``, for ``2014-10``."""
        if month is None:
            return self.catalogue.gettext(N_("date inconnue"))
        day = date(int(month[:4]), int(month[5:]), 1)
        return format_date(day, format="LLLL y", locale=self._locale)

    def match(self, match: Match) -> tuple[str, str] | None:
        """How a hit answers and what that means; None when it is as typed."""
        told = MATCHES.get(match)
        return told and (self.catalogue.gettext(told[0]), self.catalogue.gettext(told[1]))

    @property
    def spellings(self) -> tuple[tuple[str, str, str], ...]:
        """Ways to compare spellings: value in addresses, name, meaning."""
        say = self.catalogue.gettext
        return tuple(
            (value, say(name), say(meaning)) for value, (name, meaning) in SPELLINGS.items()
        )

    def origin(self, origin: Origin) -> str:
        """What an added word is to the one typed."""
        return self.catalogue.gettext(ORIGINS[origin])

    def covered(self, rows: Iterable[Coverage], tag: str) -> tuple[Coverage, ...]:
        """What a result count is to be read against: the languages searched that hold sound."""
        return tuple(row for row in rows if row.hours and tag in ("", row.language))

    def title(self, broadcast: Broadcast) -> str:
        """A broadcast's title; a French one never breaks a line before its colon."""
        return set_french(broadcast.title) if broadcast.language == "fr" else broadcast.title

    def date(self, moment: datetime | None) -> str:
        """``1er octobre 2014``: the day in UTC, which is Mali's own time all year."""
        if moment is None:
            return self.catalogue.gettext(N_("date inconnue"))
        day = moment.astimezone(UTC).date()
        text = format_date(day, format="long", locale=self._locale)
        return self._set_first(day.day, text)

    def aired(self, date: AirDate) -> str:
        """What was searched instead of a date: ``diffusé le 16 octobre 2014``."""
        say = self.catalogue.gettext
        if date.day is None:
            return say(N_("diffusé en %(month)s")) % {"month": self.month(str(date))}
        # a leap year has all days
        moment = datetime(date.year or 2000, date.month, date.day, tzinfo=UTC)
        if date.year is not None:
            return say(N_("diffusé le %(date)s")) % {"date": self.date(moment)}
        day = format_skeleton("MMMMd", moment, locale=self._locale)
        return say(N_("diffusé un %(day)s")) % {"day": self._set_first(date.day, day)}

    def _set_first(self, day: int, text: str) -> str:
        """A date as French writes the first of a month."""
        return f"1er{text[1:]}" if self.tag == "fr" and day == 1 else text

    def clock(self, moment: datetime) -> str:
        """Time of day in UTC: ``07:00``."""
        return format_time(moment.astimezone(UTC), "HH:mm", locale=self._locale)

    def duration(self, length: Milliseconds) -> str:
        """``38 s``, ``12 min``, ``1 h 05``: good enough to decide whether to listen."""
        seconds = round(length / 1000)
        if seconds < 60:
            return f"{seconds}\N{NO-BREAK SPACE}s"
        minutes = round(seconds / 60)
        if minutes < 60:
            return f"{minutes}\N{NO-BREAK SPACE}min"
        return f"{minutes // 60}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{minutes % 60:02d}"

    def size(self, size_bytes: int) -> str:
        """Decimal megabytes, as phone operators sell them: ``1,9 Mo``, ``1.9 MB``; or ``96 ko``."""
        if size_bytes < 100_000:
            unit = self.catalogue.gettext(N_("ko"))
            return f"{max(1, round(size_bytes / 1000))}\N{NO-BREAK SPACE}{unit}"
        megabytes = size_bytes / 1_000_000
        unit = self.catalogue.gettext(N_("Mo"))
        pattern = "#,##0.0" if megabytes < 10 else "#,##0"
        number = format_decimal(megabytes, format=pattern, locale=self._locale)
        return f"{number}\N{NO-BREAK SPACE}{unit}"

    def hours(self, hours: float) -> str:
        """Hours as a table shows them: ``30 s``, ``12 min``, ``8,5 h``; ``0`` when nothing."""
        if hours < 1:
            seconds = round(hours * 3600)
            if seconds < 60:
                return f"{seconds}\N{NO-BREAK SPACE}s" if seconds else "0"
            return f"{round(seconds / 60)}\N{NO-BREAK SPACE}min"
        pattern = "#,##0.0" if hours < 100 else "#,##0"
        number = format_decimal(hours, format=pattern, locale=self._locale)
        return f"{number}\N{NO-BREAK SPACE}h"

    def number(self, number: int) -> str:
        """A count with the language's thousands separator."""
        return format_decimal(number, locale=self._locale)

    def trust(self, trust: Trust) -> str:
        """The word on the badge."""
        return self.catalogue.gettext(TRUST[trust][0])

    def trust_meaning(self, trust: Trust) -> str:
        """What the badge means, in one sentence."""
        return self.catalogue.gettext(TRUST[trust][1])

    @property
    def bands(self) -> tuple[tuple[str, str], ...]:
        """What stands beside passages the machine was less sure of, and what it means."""
        return tuple((self.band(band), self.catalogue.gettext(BANDS[band][1])) for band in BANDS)

    def band(self, band: Band | None) -> str:
        """What is said of a passage beside its words; empty where the machine was sure."""
        told = None if band is None else BANDS.get(band)
        return self.catalogue.gettext(told[0]) if told else ""

    def floor(self, floor: Band) -> str:
        """What a floor of trust leaves of a search."""
        return self.catalogue.gettext(FLOORS[floor])

    def state(self, state: BroadcastState) -> str:
        """Why there is no text, in a sentence or two; empty when there is one."""
        return self.catalogue.gettext(STATES[state]) if state in STATES else ""

    def short_state(self, state: BroadcastState) -> str:
        """A state in two words."""
        return self.catalogue.gettext(SHORT_STATES[state])

    def gap(self, gap: Gap) -> str:
        """Why a stretch has no text."""
        if gap.language is None:
            return self.catalogue.gettext(GAPS[gap.reason])
        told = self.catalogue.gettext(N_("Passage non transcrit, dit %(language)s."))
        return told % {"language": self.spoken_in(gap.language)}

    def sound(self, kind: SoundKind) -> str:
        """What a stretch of a recording sounds like."""
        return self.catalogue.gettext(SOUNDS[kind])

    def spoken_in(self, tag: LanguageTag) -> str:
        """In which language: ``en anglais``."""
        return self.catalogue.gettext(N_("en %(language)s")) % {"language": self.language(tag)}

    def kind(self, kind: TranscriptKind, *, is_rough: bool = False) -> str:
        """Where a text comes from; ``is_rough`` where a machine translated it."""
        told = N_("Traduction automatique") if is_rough else KINDS[kind]
        return self.catalogue.gettext(told)

    @property
    def rough_translation(self) -> tuple[str, str]:
        """What stands beside every text that a machine translated, and what it means."""
        label, meaning = ROUGH_TRANSLATION
        return self.catalogue.gettext(label), self.catalogue.gettext(meaning)

    def sort(self, sort: Sort) -> str:
        """Name of an order of results."""
        return self.catalogue.gettext(SORTS[sort])

    def per_hour(self, rate: float) -> str:
        """A rate in two digits that count: ``12``, ``0,35``."""
        pattern = "#,##0" if rate >= 10 else "0.0" if rate >= 1 else "0.0#"
        return format_decimal(rate, format=pattern, locale=self._locale)

    def rate(self, rate: str) -> str:
        """A playback speed: ``1,25 ×``."""
        number = format_decimal(rate, format="0.##", locale=self._locale)
        return f"{number}\N{NO-BREAK SPACE}×"

    def citation(self, broadcast: Broadcast, station: str) -> str:
        """What a quotation says of its source: title, programme, station, day."""
        programme = "" if broadcast.programme is None else broadcast.programme.title
        parts = (broadcast.title, programme, station, self.date(broadcast.aired_at))
        return ", ".join(part for part in parts if part)


def _script_of(text: str) -> str:
    """The script most letters of a text are written in; empty for the Latin one."""
    letters = [letter for letter in text if letter.isalpha()]
    for script, first, last, _ in _SCRIPTS:
        if 2 * sum(first <= letter <= last for letter in letters) > len(letters):
            return script
    return ""


def timecode(time_ms: int) -> str:
    """Milliseconds as a clock: ``12:34``, ``1:02:03``; rounded down to the second."""
    seconds = time_ms // 1000
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes}:{seconds:02d}"
