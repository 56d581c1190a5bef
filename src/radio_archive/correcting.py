"""What corrections are good for beyond their broadcast: learning, proposing, applying, undoing.

A machine's transcript in which a name was put right stays a machine's transcript: one name was
checked, not the text. It names what was replaced and the version before it, which is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from types import MappingProxyType

from radio_archive.errors import BadInput, BadQuery, SearchIndexError
from radio_archive.glossary.applying import Place, apply_entry, find_places
from radio_archive.glossary.learning import learn
from radio_archive.languages.names import MAX_WORDS, Names
from radio_archive.languages.registry import normalise_tag
from radio_archive.languages.wordings import find_words, key_of, without_little_words
from radio_archive.model import (
    UNDETERMINED,
    Broadcast,
    BroadcastId,
    Entry,
    EntryState,
    Proposal,
    Query,
    Reworded,
    Term,
    Transcript,
    TranscriptId,
    TranscriptKind,
    Trust,
)
from radio_archive.pipeline import Parts, make_searchable
from radio_archive.search.passages import split_passages

#: broadcasts in which people must have corrected the same before it is accepted by itself: one
#: may be a slip of the pen, or a word that only sounded like the name there
ENOUGH_BROADCASTS = 2
#: parameters of a transcript in which names were put right: what was, and the version before
APPLIED, BEFORE = "glossary", "glossary_before"

_BY_PEOPLE = (TranscriptKind.IMPORTED, TranscriptKind.CORRECTED)
_PEOPLES_TRUST = (Trust.IMPORTED, Trust.CHECKED)
#: no archive has more broadcasts with one wrong form
_ALL = 1_000_000
#: passages asked of the catalogue at a time: SQLite allows a condition no more parts than 1,000
_BLOCK = 200


def is_by_people(transcript: Transcript) -> bool:
    """Whether people wrote it down, here or elsewhere."""
    return transcript.kind in _BY_PEOPLE and transcript.trust in _PEOPLES_TRUST


def learn_from(parts: Parts, names: Names, broadcast_id: str) -> tuple[Entry, ...] | None:
    """Learn from the people's transcript of a broadcast beside the machine's before it.

    Args:
        parts: the archive's.
        names: those of the tables; with the glossary's, what was learnt once would be no error.
        broadcast_id: whose transcripts they are.

    Returns:
        The entries it teaches; None where one of the two is missing.

    Raises:
        NotFound: no such broadcast.
    """
    broadcast = parts.catalogue.broadcasts.get(broadcast_id)
    people = parts.catalogue.transcripts.find(broadcast_id)
    if people is None or not is_by_people(people):
        return None
    machine = _as_heard(parts, people, broadcast)
    if machine is None:
        return None
    corrections = learn(machine, people, lambda text: bool(names.find(text)))
    taught = parts.catalogue.glossary.learn(broadcast.id, people.language, corrections)
    entries = parts.catalogue.glossary.all(people.language)
    for entry in entries:
        _settle(parts, entry, entries)
    return tuple(parts.catalogue.glossary.get(entry.id) for entry in taught)


def _as_heard(parts: Parts, people: Transcript, broadcast: Broadcast) -> Transcript | None:
    """What the machine wrote last in the same language, before names were put right in it."""
    versions = parts.catalogue.transcripts
    machine = versions.find(broadcast.id, kind=TranscriptKind.MACHINE, language=people.language)
    while machine is not None and (before := machine.parameters.get(BEFORE)):
        machine = versions.get(TranscriptId(int(before)))
    return machine


def _settle(parts: Parts, entry: Entry, entries: Sequence[Entry]) -> None:
    """Accept what evidence speaks for, and take that back where something speaks against it."""
    if entry.is_decided:
        return
    try:
        state = EntryState.ACCEPTED if _is_sure(parts, entry, entries) else EntryState.PROPOSED
    except (BadQuery, SearchIndexError):  # nobody can say who else writes it: next time
        return
    if state is not entry.state:
        parts.catalogue.glossary.settle(entry.id, state)


def _is_sure(parts: Parts, entry: Entry, entries: Sequence[Entry]) -> bool:
    """Whether several broadcasts speak for an entry and nothing against it.

    Against it speaks that the machine wrote it in small letters throughout, as a word it knows;
    that it was another name elsewhere; and that people write it themselves.
    """
    return (
        len(entry.broadcasts) >= ENOUGH_BROADCASTS
        and not entry.wrong.islower()
        and not any(
            key_of(other.wrong) == key_of(entry.wrong)
            and other.state is not EntryState.REFUSED
            and _name_in(other) != _name_in(entry)
            for other in entries
        )
        and not _is_written_by_people(parts, entry)
    )


def _name_in(entry: Entry) -> str:
    return key_of(without_little_words(entry.right, entry.language))


def _is_written_by_people(parts: Parts, entry: Entry) -> bool:
    places = _passages_with(parts, entry)
    return any(
        each.kind in _BY_PEOPLE and each.trust in _PEOPLES_TRUST
        for first in range(0, len(places), _BLOCK)
        for each in parts.catalogue.transcripts.get_passages(
            places[first : first + _BLOCK]
        ).values()
    )


def _passages_with(parts: Parts, entry: Entry) -> list[tuple[BroadcastId, int]]:
    """Where the index finds the wrong form, so written; at most five places of a broadcast.

    Raises:
        SearchIndexError: there is no index, or it is damaged.
    """
    phrase = Term(words=tuple(entry.wrong.split()))
    query = Query(
        required=((phrase,),), language=entry.language, is_exact_only=True, page_size=_ALL
    )
    return [(hit.broadcast_id, hit.number) for hit in parts.index().search(query).hits]


def add_entry(parts: Parts, wrong: str, right: str, language: str) -> Entry:
    """An entry that a person states.

    Raises:
        BadInput: one of the forms is empty, too long, or both are the same.
        UnknownLanguage: the tag is none of the registry's.
    """
    tag = normalise_tag(language)
    if tag == UNDETERMINED:
        raise BadInput("Nobody can say which language that is.", hint="Give --language.")
    for form in (wrong, right):
        if not 1 <= sum(1 for _ in find_words(form)) <= MAX_WORDS:
            raise BadInput(
                f"{form[:60]!r} is not one to {MAX_WORDS} words.",
                hint="Give the name alone, as the machine writes it and as people do.",
            )
    if key_of(wrong) == key_of(right):
        raise BadInput(
            f"{wrong!r} and {right!r} differ in case or punctuation only.",
            hint="Search takes them for one already.",
        )
    return parts.catalogue.glossary.add(tag, " ".join(wrong.split()), " ".join(right.split()))


def find_proposals(parts: Parts, entry_id: int) -> tuple[Proposal, ...]:
    """Every sentence that a machine wrote and that holds an entry's wrong form, newest first.

    Raises:
        NotFound: there is no such entry.
        SearchIndexError: there is no index, or it is damaged.
    """
    entry = parts.catalogue.glossary.get(entry_id)
    found = dict.fromkeys(broadcast_id for broadcast_id, _ in _passages_with(parts, entry))
    broadcasts = parts.catalogue.broadcasts.get_many(list(found))
    dated = sorted(
        broadcasts.values(),
        key=lambda each: (each.aired_at.isoformat() if each.aired_at else "", each.id),
        reverse=True,
    )
    return tuple(
        Proposal(
            broadcast_id=broadcast.id,
            title=broadcast.title,
            aired_at=broadcast.aired_at,
            start_ms=place.start_ms,
            sentence=place.sentence,
            becomes=place.becomes,
        )
        for broadcast in dated
        for place in _places(parts, broadcast.id, entry)
    )


def _places(parts: Parts, broadcast_id: BroadcastId, entry: Entry) -> tuple[Place, ...]:
    current = parts.catalogue.transcripts.find(broadcast_id)
    return () if current is None else _open_places(current, entry)


def _open_places(current: Transcript, entry: Entry) -> tuple[Place, ...]:
    """Where a machine's sentences hold a wrong form; none that a person stands for."""
    is_by_machine = current.kind is TranscriptKind.MACHINE
    is_begun = current.kind is TranscriptKind.CORRECTED and current.trust not in _PEOPLES_TRUST
    if not (is_by_machine or is_begun):
        return ()
    return tuple(
        place
        for place in find_places(current, entry)
        if current.segments[place.segment].review is None
    )


def apply_to(
    parts: Parts, entry_id: int, broadcast_ids: Sequence[str], at_ms: int | None = None
) -> Iterator[Reworded]:
    """Put the right form in the place of the wrong one, as another version of each transcript.

    Args:
        parts: the archive's.
        entry_id: the entry; a person who applies one that is only proposed confirms these places.
        broadcast_ids: where; all that have proposals when empty.
        at_ms: only the sentence in which the wrong form is said at this tenth of a second.

    Raises:
        NotFound: there is no such entry or broadcast.
        BadInput: the entry was refused, or nothing is to be replaced in a broadcast named.
    """
    entry = parts.catalogue.glossary.get(entry_id)
    if entry.state is EntryState.REFUSED:
        raise BadInput(
            f"Entry {entry.id} ({entry.wrong} -> {entry.right}) was refused.",
            hint=f"Run `radio-archive glossary accept {entry.id}` first.",
        )
    wanted = list(broadcast_ids) or list(
        dict.fromkeys(each.broadcast_id for each in find_proposals(parts, entry_id))
    )
    for broadcast_id in wanted:
        yield _apply(parts, entry, parts.catalogue.broadcasts.get(broadcast_id), at_ms)


def _apply(parts: Parts, entry: Entry, broadcast: Broadcast, at_ms: int | None) -> Reworded:
    current = parts.catalogue.transcripts.find(broadcast.id)
    if current is None or current.id is None or current.trust in _PEOPLES_TRUST:
        raise BadInput(
            f"Broadcast {broadcast.id} has no machine's transcript as its current one.",
            hint="What people wrote is changed by people: import a corrected transcript.",
        )
    places = [
        place
        for place in _open_places(current, entry)
        if at_ms is None or place.start_ms // 100 == at_ms // 100
    ]
    if not places:
        raise BadInput(
            f"Nothing says {entry.wrong!r} {'there ' if at_ms is not None else ''}"
            f"in broadcast {broadcast.id}.",
            hint=f"Run `radio-archive glossary proposals {entry.id}`.",
        )
    made = apply_entry(current, entry, {place.segment for place in places})
    done = current.parameters.get(APPLIED)
    said = f"{entry.wrong} -> {entry.right}"
    parameters = {
        **current.parameters,
        APPLIED: f"{done}; {said}" if done else said,
        BEFORE: str(current.id),
    }
    made = replace(made, parameters=MappingProxyType(parameters), created_at=datetime.now(UTC))
    parts.catalogue.transcripts.revise(
        broadcast.id, made, split_passages(made, broadcast), instead_of=current.id
    )
    return _reworded(parts, broadcast, len(places))


def undo(parts: Parts, broadcast_id: str) -> Reworded:
    """Take back what was applied last to a broadcast: the version before is current again.

    Raises:
        NotFound: no such broadcast.
        BadInput: nothing was applied to its current transcript.
    """
    broadcast = parts.catalogue.broadcasts.get(broadcast_id)
    current = parts.catalogue.transcripts.find(broadcast_id)
    before = None if current is None else current.parameters.get(BEFORE)
    if current is None or current.id is None or before is None:
        raise BadInput(
            f"Nothing of the glossary was applied to the transcript of {broadcast.id}.",
            hint="Only what `radio-archive glossary apply` changed can be taken back.",
        )
    earlier = parts.catalogue.transcripts.get(TranscriptId(int(before)))
    changed = sum(
        one.text != other.text
        for one, other in zip(current.segments, earlier.segments, strict=True)
    )
    parts.catalogue.transcripts.bring_back(
        broadcast.id,
        TranscriptId(int(before)),
        split_passages(earlier, broadcast),
        instead_of=current.id,
    )
    return _reworded(parts, broadcast, changed)


def _reworded(parts: Parts, broadcast: Broadcast, sentences: int) -> Reworded:
    is_searchable = True
    try:
        make_searchable(parts, broadcast.id)
    except SearchIndexError:  # the catalogue shows that it is missing: the next `work` does it
        is_searchable = False
    return Reworded(
        broadcast_id=broadcast.id,
        title=broadcast.title,
        sentences=sentences,
        is_searchable=is_searchable,
    )
