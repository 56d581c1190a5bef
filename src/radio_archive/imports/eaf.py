"""ELAN annotation documents (``.eaf``; Max Planck Institute, EAF schema 2.8 and 3.0).

Tiers of their own are what was said, each by its participant. A tier that hangs on them one to
one is a translation when it is the only sort of its kind; other dependent tiers (words, glosses,
notes) are counted and left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from radio_archive.errors import BadImport
from radio_archive.imports.cues import Cue, CueFile, clean, clean_lines, counted, wrong_format


@dataclass(frozen=True, slots=True, kw_only=True)
class _Span:
    """When an annotation was made for."""

    start_ms: int
    end_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Tier:
    """A tier that hangs on no other, or on one."""

    element: etree._Element
    is_own: bool  #: hangs on no other tier
    speaker: str | None


def read(text: str, name: str) -> CueFile:
    """Read an ELAN document.

    Raises:
        BadImport: it is no ELAN document, or no tier of its own holds text.
    """
    root = _parse(text, name)
    spans = _spans(root, name)
    tiers = _tiers(root)
    own = [tier for tier in tiers if tier.is_own]
    cues = [cue for tier in own for cue in _cues(tier, spans)]
    if not any(cue.lines for cue in cues):
        raise wrong_format(name, "no annotation with text")
    translating = _translation_type(root, tiers)
    translation: list[Cue] = []
    notes = []
    for tier in tiers:
        if tier.is_own:
            continue
        dependent = _cues(tier, spans)
        if tier.element.get("LINGUISTIC_TYPE_REF") == translating:
            translation += dependent
        elif dependent:
            shown = clean(tier.element.get("TIER_ID", ""))
            said = counted(len(dependent), "annotation", "annotations")
            notes.append(f"Tier {shown!r} with {said} left out.")
    languages = {tier.element.get("LANG_REF") for tier in own}
    return CueFile(
        cues=tuple(cues),
        translation=tuple(translation),
        language=languages.pop() if len(languages) == 1 else None,
        notes=tuple(notes),
    )


def _parse(text: str, name: str) -> etree._Element:
    """The document's root; entities are not expanded and nothing is fetched."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    body = text.lstrip("\ufeff \r\n")
    if body.startswith("<?xml"):  # the declared encoding is not the one it has now
        body = body.partition("?>")[2]
    try:
        root = etree.fromstring(body.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise BadImport(
            f"{name} is not XML that can be read: {error.msg}.",
            hint="Save it again in ELAN, or name the format it really has with --format.",
        ) from error
    if root.tag != "ANNOTATION_DOCUMENT":
        raise wrong_format(name, f"XML of another kind ({str(root.tag)[:40]}), no ELAN document")
    return root


def _spans(root: etree._Element, name: str) -> Mapping[str, _Span]:
    """When each annotation is, by its id; one that refers to another has the other's time."""
    slots: dict[str, int] = {}
    latest = 0
    for slot in root.iterfind("TIME_ORDER/TIME_SLOT"):
        value = slot.get("TIME_VALUE", "")
        # a slot without a value lies somewhere after the one before it
        latest = int(value) if value.isdecimal() else latest
        slots[slot.get("TIME_SLOT_ID", "")] = latest
    spans: dict[str, _Span] = {}
    for element in root.iter("ALIGNABLE_ANNOTATION"):
        start = slots.get(element.get("TIME_SLOT_REF1", ""))
        if start is None:
            raise BadImport(
                f"Line {element.sourceline} of {name} names a time the document does not have.",
                hint="Save it again in ELAN.",
            )
        end = slots.get(element.get("TIME_SLOT_REF2", ""))
        spans[element.get("ANNOTATION_ID", "")] = _Span(start_ms=start, end_ms=end)
    refers = {
        element.get("ANNOTATION_ID", ""): element.get("ANNOTATION_REF", "")
        for element in root.iter("REF_ANNOTATION")
    }
    for identity in refers:
        target, steps = identity, 0
        while target in refers and steps <= len(refers):
            target, steps = refers[target], steps + 1
        if target in spans:
            spans[identity] = spans[target]
    return spans


def _tiers(root: etree._Element) -> list[_Tier]:
    elements = list(root.iterfind("TIER"))
    filled = [tier for tier in elements if len(tier)]
    is_alone = sum(tier.get("PARENT_REF") is None for tier in filled) == 1
    parents = {tier.get("TIER_ID"): tier for tier in elements}
    tiers = []
    for tier in filled:
        parent = parents.get(tier.get("PARENT_REF"))
        named = tier.get("PARTICIPANT") or (parent.get("PARTICIPANT") if parent is not None else "")
        shown = tier if parent is None else parent
        speaker = clean(named or "") or (None if is_alone else clean(shown.get("TIER_ID", "")))
        tiers.append(_Tier(element=tier, is_own=parent is None, speaker=speaker or None))
    return tiers


def _cues(tier: _Tier, spans: Mapping[str, _Span]) -> list[Cue]:
    cues = []
    for annotation in tier.element.iterfind("ANNOTATION/*"):
        span = spans.get(annotation.get("ANNOTATION_ID", ""))
        if span is None:
            continue
        cues.append(
            Cue(
                place=f"line {annotation.sourceline}",
                start_ms=span.start_ms,
                end_ms=span.end_ms,
                lines=clean_lines([annotation.findtext("ANNOTATION_VALUE") or ""]),
                speaker=tier.speaker,
            )
        )
    return cues


def _translation_type(root: etree._Element, tiers: list[_Tier]) -> str | None:
    """The one type of tiers that hang one to one on what was said; None with none or several."""
    one_to_one = {
        kind.get("LINGUISTIC_TYPE_ID")
        for kind in root.iterfind("LINGUISTIC_TYPE")
        if kind.get("CONSTRAINTS") == "Symbolic_Association"
    }
    own = {tier.element.get("TIER_ID") for tier in tiers if tier.is_own}
    types = Counter(
        tier.element.get("LINGUISTIC_TYPE_REF")
        for tier in tiers
        if tier.element.get("PARENT_REF") in own
        and tier.element.get("LINGUISTIC_TYPE_REF") in one_to_one
    )
    return next(iter(types)) if len(types) == 1 else None
