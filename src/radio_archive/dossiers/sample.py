"""The sample dossier: made from a list that lies beside the sample broadcasts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from radio_archive.dossiers import DocumentWish, Dossiers
from radio_archive.dossiers.texts import slug_of
from radio_archive.errors import NotFound
from radio_archive.model import BroadcastId, Dossier, Excerpt, Milliseconds, QuoteRequest

FOLDER = "dossier"
"""Beside the sample broadcasts."""
_LIST = "dossier.json"
_BY = "radio-archive demo"


def make_sample(
    dossiers: Dossiers, samples: Path, broadcasts: Mapping[str, BroadcastId]
) -> Dossier | None:
    """Make the sample dossier, public; where there is one of its name, nothing changes.

    Args:
        dossiers: where it goes.
        samples: folder of the sample broadcasts.
        broadcasts: by the name of the sample, what was taken in.

    Returns:
        The dossier; None where the folder has no list of one.

    Raises:
        NotFound: the list names a broadcast that was not taken in.
    """
    listed = samples / FOLDER / _LIST
    if not listed.is_file():
        return None
    sample: dict[str, Any] = json.loads(listed.read_text(encoding="utf-8"))
    slug = slug_of(sample["title"])
    found = next((each for each in dossiers.all(is_editor=True) if each.slug == slug), None)
    if found is not None and not found.is_public and found.changed_by == _BY:
        dossiers.delete(slug)  # somebody stopped while it was made
        found = None
    return found or _make(dossiers, sample, listed.parent, broadcasts)


def _make(
    dossiers: Dossiers,
    sample: dict[str, Any],
    folder: Path,
    broadcasts: Mapping[str, BroadcastId],
) -> Dossier:
    slug = dossiers.make(sample["title"], _BY).slug
    titles = {each["document"]: each["title"] for each in sample["entries"] if "document" in each}
    for entry in sample["entries"]:
        if "broadcast" in entry:
            _add_sound(dossiers, slug, entry, broadcasts)
        else:
            original = titles.get(entry.get("translation_of"))
            _add_document(dossiers, slug, entry, folder, original)
    dossiers.change(slug, sample["title"], sample["summary"], True, _BY)
    return dossiers.get(slug, is_editor=True)


def _add_sound(
    dossiers: Dossiers, slug: str, entry: dict[str, Any], broadcasts: Mapping[str, BroadcastId]
) -> None:
    identity = broadcasts.get(entry["broadcast"])
    if identity is None:
        raise NotFound(
            f"The sample broadcast {entry['broadcast']} was not taken in.",
            hint="Put it beside the others in media/samples.",
        )
    if "start_ms" not in entry:
        dossiers.add_broadcast(slug, identity, entry["note"], _BY)
        return
    excerpt = Excerpt(
        start_ms=Milliseconds(entry["start_ms"]), end_ms=Milliseconds(entry["end_ms"])
    )
    dossiers.add_passage(slug, identity, QuoteRequest(excerpt=excerpt), entry["note"], _BY)


def _add_document(
    dossiers: Dossiers, slug: str, entry: dict[str, Any], folder: Path, original: str | None
) -> None:
    known = {each.title: each.id for each in dossiers.documents(slug)}
    wish = DocumentWish(
        title=entry["title"],
        language=entry["language"],
        url=entry.get("link", ""),
        content=(folder / entry["document"]).read_bytes() if "document" in entry else b"",
        original=None if original is None else known[original],
        note=entry["note"],
    )
    dossiers.add_document(slug, wish, _BY)
