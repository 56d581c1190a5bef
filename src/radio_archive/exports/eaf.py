"""ELAN annotation document (Max Planck Institute, EAF schema 3.0), for linguists."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC

from lxml import etree

from radio_archive.exports.context import ExportContext, warnings
from radio_archive.exports.lines import one_line
from radio_archive.model import Segment, Transcript
from radio_archive.model.text import printable

_SCHEMA = "http://www.mpi.nl/tools/elan/EAFv3.0.xsd"
_INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
_TYPE = "said"
_NOBODY = "transcript"
"""Tier of sentences whose speaker nobody named."""


def write(transcript: Transcript, context: ExportContext) -> str:
    """Write a transcript as tiers, one for each speaker; sentences of one tier never overlap.

    A sentence that begins before the one before it in its tier has ended begins there; one that
    then has no time left gets a millisecond.
    """
    root = etree.Element(
        "ANNOTATION_DOCUMENT",
        attrib={
            "AUTHOR": printable(context.station),
            "DATE": transcript.created_at.astimezone(UTC).isoformat(timespec="seconds"),
            "FORMAT": "3.0",
            "VERSION": "3.0",
            f"{{{_INSTANCE}}}noNamespaceSchemaLocation": _SCHEMA,
        },
        nsmap={"xsi": _INSTANCE},
    )
    header = etree.SubElement(root, "HEADER", MEDIA_FILE="", TIME_UNITS="milliseconds")
    for name, value in _properties(transcript, context):
        etree.SubElement(header, "PROPERTY", NAME=name).text = printable(one_line(value))
    order = etree.SubElement(root, "TIME_ORDER")
    for speaker, segments in _by_speaker(transcript.segments).items():
        _write_tier(root, order, speaker, segments)
    etree.SubElement(
        root,
        "LINGUISTIC_TYPE",
        LINGUISTIC_TYPE_ID=_TYPE,
        TIME_ALIGNABLE="true",
        GRAPHIC_REFERENCES="false",
    )
    text: bytes = etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8")
    return text.decode()


def _properties(transcript: Transcript, context: ExportContext) -> list[tuple[str, str]]:
    return [
        ("title", context.broadcast.title),
        ("broadcast", str(context.broadcast.id)),
        ("language", str(transcript.language)),
        ("trust", " ".join(warnings(transcript, context))),
    ]


def _by_speaker(segments: Sequence[Segment]) -> dict[str, list[Segment]]:
    tiers: dict[str, list[Segment]] = {}
    for segment in segments:
        speaker = printable(one_line(segment.speaker or ""))
        tiers.setdefault(speaker, []).append(segment)
    return tiers or {"": []}


def _write_tier(
    root: etree._Element, order: etree._Element, speaker: str, segments: Sequence[Segment]
) -> None:
    """A tier, and the times of its sentences."""
    tier = etree.SubElement(root, "TIER", TIER_ID=speaker or _NOBODY, LINGUISTIC_TYPE_REF=_TYPE)
    if speaker:
        tier.set("PARTICIPANT", speaker)
    now = 0
    for segment in segments:
        start = max(int(segment.start_ms), now)
        now = max(int(segment.end_ms), start + 1)
        slots = [_slot(order, moment) for moment in (start, now)]
        annotation = etree.SubElement(
            etree.SubElement(tier, "ANNOTATION"),
            "ALIGNABLE_ANNOTATION",
            ANNOTATION_ID=f"a{slots[1].removeprefix('ts')}",
            TIME_SLOT_REF1=slots[0],
            TIME_SLOT_REF2=slots[1],
        )
        value = etree.SubElement(annotation, "ANNOTATION_VALUE")
        value.text = printable(one_line(segment.text))


def _slot(order: etree._Element, moment: int) -> str:
    name = f"ts{len(order) + 1}"
    etree.SubElement(order, "TIME_SLOT", TIME_SLOT_ID=name, TIME_VALUE=str(moment))
    return name
