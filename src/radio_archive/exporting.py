"""One transcript, written for other programs."""

from __future__ import annotations

from radio_archive.exports import ExportContext, ExportFormat
from radio_archive.languages.registry import get_language
from radio_archive.model import Broadcast, Export, Transcript


def write_export(
    written: ExportFormat, broadcast: Broadcast, transcript: Transcript, station: str
) -> Export:
    """A transcript in one of the formats of ``exports``, with the name of a file to keep it in."""
    context = ExportContext(
        broadcast=broadcast,
        station=station,
        language_name=get_language(transcript.language).name_fr,
    )
    return Export(
        content=written.encode(transcript, context),
        media_type=written.media_type,
        file_name=f"{broadcast.id}.{transcript.language}.{written.extension}",
    )
