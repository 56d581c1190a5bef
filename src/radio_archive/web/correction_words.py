"""How pages say what was done to a text, by whom and when."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from radio_archive.model import EditKind, EntryState
from radio_archive.web.i18n import N_
from radio_archive.web.wording import Wording, timecode

#: what somebody did
EDITS: Mapping[EditKind, str] = {
    EditKind.CORRECTED: N_("corrigé"),
    EditKind.CHECKED: N_("vérifié"),
    EditKind.RETIMED: N_("minutage corrigé"),
    EditKind.SPLIT: N_("phrase coupée"),
    EditKind.JOINED: N_("phrases jointes"),
    EditKind.AGREED: N_("vérifié à deux"),
    EditKind.UNDONE: N_("correction annulée"),
    EditKind.RESTORED: N_("version rétablie"),
    EditKind.RENEWED: N_("transcrit à nouveau, autour de ce que des personnes ont écrit"),
    EditKind.TRANSCRIBED_AGAIN: N_("transcrit à nouveau par une machine"),
    EditKind.REWORDED: N_("nom corrigé dans le texte"),
}

#: whether an entry of the glossary is used
ENTRY_STATES: Mapping[EntryState, str] = {
    EntryState.PROPOSED: N_("proposé"),
    EntryState.ACCEPTED: N_("accepté"),
    EntryState.REFUSED: N_("refusé"),
}


def exact_clock(time_ms: int) -> str:
    """Milliseconds as a clock with all of them, as `read_time` reads it: ``12:34.567``."""
    return f"{timecode(time_ms)}.{time_ms % 1000:03d}"


class CorrectionWords:
    """The words of corrections in one interface language."""

    def __init__(self, words: Wording) -> None:
        self._words = words

    def edit(self, kind: EditKind) -> str:
        """What somebody did."""
        return self._words.catalogue.gettext(EDITS[kind])

    def times(self, start_ms: int, end_ms: int) -> str:
        """When a sentence begins and ends: ``12:34.567 – 12:38.900``."""
        return f"{exact_clock(start_ms)} – {exact_clock(end_ms)}"

    def entry_state(self, state: EntryState) -> str:
        """Whether an entry of the glossary is used."""
        return self._words.catalogue.gettext(ENTRY_STATES[state])

    def clock(self, time_ms: int) -> str:
        """When a sentence begins or ends, as an editor may type it."""
        return exact_clock(time_ms)

    def moment(self, moment: datetime) -> str:
        """Day and time of day in UTC: ``16 octobre 2014, 17:05``."""
        return f"{self._words.date(moment)}, {self._words.clock(moment)}"
