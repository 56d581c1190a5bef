"""Corrections at work in a real archive: learnt, searched, proposed, applied and taken back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

import pytest

from radio_archive.archive import Archive, SearchOptions, open_archive
from radio_archive.catalogue import Catalogue
from radio_archive.db import Database
from radio_archive.errors import BadInput, NotFound, SearchIndexError, UnknownLanguage
from radio_archive.model import (
    BroadcastId,
    Entry,
    EntryState,
    JobKind,
    Match,
    Outcome,
    TranscriptKind,
    Trust,
)
from radio_archive.search.passages import split_passages
from radio_archive.search.storage import writer_lock
from tests.support.archives import settings_for
from tests.support.making import make_transcript, put_broadcast

HEARD = ("Bonsoir à tous.", "La route de Nionau est coupée.")
SAID = """WEBVTT

00:00.000 --> 00:01.200
Bonsoir à tous.

00:03.200 --> 00:05.600
La route de Niono est coupée.
"""
AS_SRT = """1
00:00:00,000 --> 00:00:01,200
Bonsoir à tous.

2
00:00:03,200 --> 00:00:05,600
La route de Niono est coupée.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """An archive, and the way round its front door."""

    path: Path
    archive: Archive
    catalogue: Catalogue

    def hear(self, guid: str, *texts: str) -> BroadcastId:
        """A broadcast that a machine transcribed."""
        identity = put_broadcast(self.catalogue, guid)
        transcript = make_transcript(*texts)
        cut = split_passages(transcript, self.catalogue.broadcasts.get(identity))
        self.catalogue.transcripts.add(identity, transcript, cut)
        self.archive.reindex()
        return identity

    def correct(self, identity: BroadcastId, text: str = SAID, name: str = "said.vtt") -> Entry:
        """People's transcript comes in and teaches one name."""
        path = self.path / name
        path.write_text(text, encoding="utf-8")
        (entry,) = self.archive.import_transcript(identity, path).learnt
        return entry

    def entry(self) -> Entry:
        """A name learnt from one broadcast, which nobody decided on."""
        return self.correct(self.hear("lesson", *HEARD))

    def text(self, identity: BroadcastId) -> str:
        return self.archive.get_transcript(identity).text

    def found(self, text: str) -> list[tuple[str, Match]]:
        page = self.archive.search(text, SearchOptions())
        return [(hit.text, hit.match) for group in page.broadcasts for hit in group.hits]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    with open_archive(settings_for(tmp_path)) as archive:
        database = Database(f"sqlite:///{tmp_path / 'media' / 'catalogue.sqlite'}")
        yield Home(path=tmp_path, archive=archive, catalogue=Catalogue(database))
        database.close()


# learning


@pytest.mark.parametrize(("text", "name"), [(SAID, "said.vtt"), (AS_SRT, "said.srt")])
def test_an_import_over_a_machine_s_transcript_teaches_its_names(
    home: Home, text: str, name: str
) -> None:
    identity = home.hear("one", *HEARD)
    entry = home.correct(identity, text, name)
    assert (entry.wrong, entry.right, entry.state) == ("Nionau", "Niono", EntryState.PROPOSED)
    assert (entry.broadcasts, entry.times, entry.is_decided) == ((identity,), 1, False)
    assert home.archive.glossary("french") == (entry,)


def test_learning_again_changes_nothing(home: Home) -> None:
    identity = home.hear("one", *HEARD)
    entry = home.correct(identity)
    assert home.archive.learn(identity) == (entry,)
    path = home.path / "said.vtt"
    again = home.archive.import_transcript(identity, path)
    assert (again.outcome, again.learnt) == (Outcome.UNCHANGED, ())
    assert home.archive.glossary() == (entry,)


def test_what_is_accepted_already_is_still_learnt(home: Home) -> None:
    entry = home.entry()
    home.archive.decide(entry.id, EntryState.ACCEPTED)
    (again,) = home.archive.learn(entry.broadcasts[0])
    assert (again.id, again.times) == (entry.id, 1)
    home.correct(home.hear("two", *HEARD))
    assert [len(each.broadcasts) for each in home.archive.glossary()] == [2]


def test_a_first_transcript_teaches_nothing(home: Home) -> None:
    identity = put_broadcast(home.catalogue)
    path = home.path / "said.vtt"
    path.write_text(SAID, encoding="utf-8")
    assert home.archive.import_transcript(identity, path).learnt == ()
    with pytest.raises(BadInput, match="import-transcript"):
        home.archive.learn(identity)


def test_an_import_that_a_machine_wrote_elsewhere_teaches_nothing(home: Home) -> None:
    identity = home.hear("one", *HEARD)
    elsewhere = replace(
        make_transcript("Bonsoir à tous.", "La route de Niono est coupée."),
        kind=TranscriptKind.IMPORTED,
    )
    home.catalogue.transcripts.add(identity, elsewhere, [])
    with pytest.raises(BadInput, match="no people's transcript"):
        home.archive.learn(identity)


def test_two_broadcasts_are_enough(home: Home) -> None:
    home.correct(home.hear("one", *HEARD))
    entry = home.correct(home.hear("two", *HEARD))
    assert (entry.state, entry.is_decided) == (EntryState.ACCEPTED, False)
    assert len(entry.broadcasts) == 2


def test_what_the_machine_takes_for_a_word_waits_for_a_person(home: Home) -> None:
    heard = ("Bonsoir à tous.", "La route de nionau est coupée.")
    home.correct(home.hear("one", *heard))
    assert home.correct(home.hear("two", *heard)).state is EntryState.PROPOSED


def test_one_wrong_form_for_two_names_waits_for_a_person(home: Home) -> None:
    home.correct(home.hear("one", *HEARD))
    home.correct(home.hear("other", *HEARD), SAID.replace("Niono", "Nonio"))
    entry = home.correct(home.hear("two", *HEARD))
    assert {each.state for each in home.archive.glossary()} == {EntryState.PROPOSED}
    assert len(entry.broadcasts) == 2


def test_what_people_write_themselves_is_taken_back(home: Home) -> None:
    home.correct(home.hear("one", *HEARD))
    home.correct(home.hear("two", *HEARD))
    other = home.hear("family", "La famille Nionau est là.")
    path = home.path / "family.vtt"
    path.write_text(
        "WEBVTT\n\n00:00.000 --> 00:02.000\nMadame Nionau est venue.\n", encoding="utf-8"
    )
    home.archive.import_transcript(other, path)
    (entry,) = home.archive.glossary()
    assert entry.state is EntryState.PROPOSED


def test_a_person_s_word_stands_against_all_evidence(home: Home) -> None:
    entry = home.entry()
    home.archive.decide(entry.id, EntryState.REFUSED)
    again = home.correct(home.hear("two", *HEARD))
    assert (again.state, again.is_decided) == (EntryState.REFUSED, True)


def test_an_index_that_cannot_be_asked_leaves_the_state_open(home: Home) -> None:
    home.correct(home.hear("one", *HEARD))
    identity = home.hear("two", *HEARD)
    (home.path / "index" / "CURRENT").unlink()
    assert home.correct(identity).state is EntryState.PROPOSED
    home.archive.reindex()
    (entry,) = home.archive.learn(identity)
    assert entry.state is EntryState.ACCEPTED


# adding by hand


def test_a_person_may_add_what_nobody_corrected_yet(home: Home) -> None:
    entry = home.archive.add_entry(" tes  salés ", "Tessalit", "français")
    assert (entry.wrong, entry.language, entry.state) == ("tes salés", "fr", EntryState.ACCEPTED)


@pytest.mark.parametrize(
    ("wrong", "right", "says"),
    [
        ("…", "Ségou", "'…' is not one to 6 words"),
        ("un deux trois quatre cinq six sept", "Ségou", "is not one to 6 words"),
        ("ségou", "Ségou", "differ in case"),
    ],
)
def test_what_makes_no_entry_is_refused(home: Home, wrong: str, right: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        home.archive.add_entry(wrong, right, "fr")
    with pytest.raises(UnknownLanguage):
        home.archive.add_entry("seigneux", "Ségou", "klingon")
    with pytest.raises(BadInput, match="which language"):
        home.archive.add_entry("seigneux", "Ségou", "und")


# searching


def test_an_accepted_name_finds_the_wrong_spelling_at_once(home: Home) -> None:
    entry = home.entry()
    home.hear("other", "On va vers Nionau demain.")
    wrong = "On va vers Nionau demain."
    assert (wrong, Match.ALIAS) not in home.found("Niono")
    home.archive.decide(entry.id, EntryState.ACCEPTED)
    assert (wrong, Match.ALIAS) in home.found("Niono")
    assert home.found('"vers Niono"') == []
    home.archive.decide(entry.id, EntryState.REFUSED)
    assert (wrong, Match.ALIAS) not in home.found("Niono")


def test_the_wrong_spelling_finds_the_right_one(home: Home) -> None:
    entry = home.entry()
    home.archive.decide(entry.id, EntryState.ACCEPTED)
    assert ("La route de Niono est coupée.", Match.ALIAS) in [
        (text.removeprefix("Bonsoir à tous. "), match) for text, match in home.found("nionau")
    ]


def test_a_name_no_table_knows_is_found_without_its_little_words(home: Home) -> None:
    home.archive.add_entry("akelanké", "à Kelanké", "fr")
    home.hear("other", "La route mène akelanké.")
    assert home.found("Kelanké") == [("La route mène akelanké.", Match.ALIAS)]
    assert "Kelanké" in {name.name for name in home.archive.names()}


# proposing


def test_proposals_show_the_sentences_of_machines_only(home: Home) -> None:
    entry = home.entry()
    other = home.hear("other", "On va vers Nionau demain.", "Rien de neuf.")
    (proposal,) = home.archive.proposals(entry.id)
    assert (proposal.broadcast_id, proposal.title) == (other, "Débat other")
    assert proposal.sentence == "On va vers Nionau demain."
    assert proposal.becomes == "On va vers Niono demain."
    assert proposal.start_ms == 1_200
    assert home.text(other) == "On va vers Nionau demain.\nRien de neuf."


def test_a_wrong_form_with_elided_words_is_found_as_well(home: Home) -> None:
    entry = home.archive.add_entry("c'est coût d'y amitié", "Sékou Diamité", "fr")
    home.hear("other", "Au micro, C'est coût d'y amitié, bonsoir.", "C'est coût d'amitié.")
    (proposal,) = home.archive.proposals(entry.id)
    assert proposal.becomes == "Au micro, Sékou Diamité, bonsoir."


def test_proposals_need_an_index_and_an_entry(home: Home) -> None:
    with pytest.raises(NotFound, match="glossary list"):
        home.archive.proposals(7)
    entry = home.entry()
    (home.path / "index" / "CURRENT").unlink()
    with pytest.raises(SearchIndexError, match="reindex"):
        home.archive.proposals(entry.id)


# applying


def test_applying_makes_another_version_of_the_machine_s(home: Home) -> None:
    entry = home.entry()
    other = home.hear("other", "On va vers Nionau.", "Rien.", "De Nionau au fleuve.")
    before = home.archive.get_transcript(other)
    (result,) = home.archive.apply_entry(entry.id)
    assert (result.broadcast_id, result.sentences, result.is_searchable) == (other, 2, True)
    after = home.archive.get_transcript(other)
    assert after.text == "On va vers Niono.\nRien.\nDe Niono au fleuve."
    assert (after.kind, after.trust, after.engine) == (
        TranscriptKind.MACHINE,
        Trust.MACHINE,
        before.engine,
    )
    assert after.parameters["glossary"] == "Nionau -> Niono"
    assert after.parameters["glossary_before"] == str(before.id)
    fingerprint = home.archive._parts.index().fingerprint
    assert home.catalogue.reports.without(JobKind.INDEX, expected=fingerprint) == []
    assert ("On va vers Niono. Rien. De Niono au fleuve.", Match.EXACT) in home.found("Niono")
    assert home.archive.proposals(entry.id) == ()


def test_undoing_makes_the_version_before_current_again(home: Home) -> None:
    entry = home.entry()
    other = home.hear("other", "On va vers Nionau.")
    before = home.archive.get_transcript(other)
    list(home.archive.apply_entry(entry.id, [other]))
    result = home.archive.undo_entry(other)
    assert (result.sentences, result.is_searchable) == (1, True)
    assert home.archive.get_transcript(other) == before
    assert ("On va vers Nionau.", Match.EXACT) in home.found("Nionau")
    with pytest.raises(BadInput, match="Nothing of the glossary was applied"):
        home.archive.undo_entry(other)


def test_several_entries_are_taken_back_one_by_one(home: Home) -> None:
    entry = home.entry()
    more = home.archive.add_entry("tes salés", "Tessalit", "fr")
    other = home.hear("other", "De Nionau à tes salés.")
    list(home.archive.apply_entry(entry.id, [other]))
    list(home.archive.apply_entry(more.id, [other]))
    assert home.text(other) == "De Niono à Tessalit."
    current = home.archive.get_transcript(other)
    assert current.parameters["glossary"] == "Nionau -> Niono; tes salés -> Tessalit"
    home.archive.undo_entry(other)
    assert home.text(other) == "De Niono à tes salés."
    home.archive.undo_entry(other)
    assert home.text(other) == "De Nionau à tes salés."


def test_one_proposal_is_applied_alone(home: Home) -> None:
    entry = home.entry()
    other = home.hear("other", "On va vers Nionau.", "De Nionau au fleuve.")
    _, second = home.archive.proposals(entry.id)
    list(home.archive.apply_entry(entry.id, [other], second.start_ms))
    assert home.text(other) == "On va vers Nionau.\nDe Niono au fleuve."
    with pytest.raises(BadInput, match=f"proposals {entry.id}"):
        list(home.archive.apply_entry(entry.id, [other], second.start_ms))


def test_people_s_text_is_never_touched(home: Home) -> None:
    entry = home.entry()
    (corrected,) = entry.broadcasts
    with pytest.raises(BadInput, match="import a corrected transcript"):
        list(home.archive.apply_entry(entry.id, [corrected]))
    assert home.archive.get_transcript(corrected).kind is TranscriptKind.IMPORTED


def test_a_refused_entry_is_not_applied(home: Home) -> None:
    entry = home.entry()
    other = home.hear("other", "On va vers Nionau.")
    home.archive.decide(entry.id, EntryState.REFUSED)
    with pytest.raises(BadInput, match=f"glossary accept {entry.id}"):
        list(home.archive.apply_entry(entry.id, [other]))


def test_nothing_to_apply_is_no_error_unless_a_broadcast_is_named(home: Home) -> None:
    entry = home.entry()
    assert list(home.archive.apply_entry(entry.id)) == []
    other = home.hear("other", "Rien de neuf.")
    with pytest.raises(BadInput, match="Nothing says 'Nionau'"):
        list(home.archive.apply_entry(entry.id, [other]))


def test_a_busy_index_leaves_the_rest_to_the_next_work(home: Home) -> None:
    entry = home.entry()
    other = home.hear("other", "On va vers Nionau.")
    with writer_lock(home.path / "index", 1):
        (result,) = home.archive.apply_entry(entry.id, [other])
    assert result.is_searchable is False
    assert home.text(other) == "On va vers Niono."
    fingerprint = home.archive._parts.index().fingerprint
    assert [key for key, _ in home.catalogue.reports.without(JobKind.INDEX, expected=fingerprint)]


def test_a_correction_is_compared_with_what_the_machine_heard(home: Home) -> None:
    entry = home.entry()
    other = home.hear("other", *HEARD)
    list(home.archive.apply_entry(entry.id, [other]))
    again = home.correct(other)
    assert (again.id, len(again.broadcasts)) == (entry.id, 2)


def test_parameters_of_the_engine_are_kept(home: Home) -> None:
    entry = home.entry()
    identity = put_broadcast(home.catalogue, "other")
    heard = replace(
        make_transcript("On va vers Nionau."), parameters=MappingProxyType({"beam": "5"})
    )
    cut = split_passages(heard, home.catalogue.broadcasts.get(identity))
    home.catalogue.transcripts.add(identity, heard, cut)
    list(home.archive.apply_entry(entry.id, [identity]))
    assert home.archive.get_transcript(identity).parameters["beam"] == "5"
