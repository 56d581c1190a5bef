"""Extended M3U: the passages and broadcasts of a dossier one after the other, in any player."""

from __future__ import annotations

from radio_archive.dossier_exports.lines import DossierContext, entry_of
from radio_archive.exports.lines import one_line
from radio_archive.links import audio_url
from radio_archive.model import DossierItem, DossierPage


def write(page: DossierPage, context: DossierContext) -> str:
    """Write a play list: a passage is the clip of its words, a broadcast its whole sound.

    Documents have no sound, and what was withdrawn has none any more: both are left out.
    """
    lines = ["#EXTM3U", f"#PLAYLIST:{one_line(page.dossier.title)}"]
    for item in page.items:
        address, length_ms = _sound(item, page, context)
        if address:
            entry = entry_of(item, page.dossier, context)
            named = " – ".join(part for part in (entry.title, entry.source) if part)
            lines += [f"#EXTINF:{-(-length_ms // 1000)},{named}", address]
    return "\n".join(lines) + "\n"


def _sound(item: DossierItem, page: DossierPage, context: DossierContext) -> tuple[str, int]:
    if item.is_withdrawn or item.broadcast is None:
        return "", 0
    if item.quote is not None:
        entry = entry_of(item, page.dossier, context)
        return entry.sound_url, entry.length_ms
    recording = item.broadcast.recording
    if recording is None:
        return "", 0
    return context.base_url + audio_url(item.broadcast.id), recording.duration_ms
