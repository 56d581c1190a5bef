"""Several replicas at once: the same answers in the same order, and one clear error."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radio_archive.errors import TranscriptionError
from radio_archive.model import LanguageTag, Milliseconds
from radio_archive.transcribers import DecodeOptions
from radio_archive.transcribers.faster_whisper import FasterWhisper, Search
from radio_archive.transcribers.replicas import Replicas, gather
from radio_archive.transcribers.weights import get_weights
from tests.support.whisper import MODELS, journal

FRENCH = DecodeOptions(language=LanguageTag("fr"))


@given(items=st.lists(st.integers()), count=st.integers(1, 9), most=st.integers(1, 9))
def test_shares_are_small_enough_busy_all_replicas_and_come_together_again(
    items: list[int], count: int, most: int
) -> None:
    shares = Replicas(count).share_out(items, most)
    assert gather(shares) == items
    assert all(0 < len(share) <= most for share in shares)
    assert len(shares) >= min(count, len(items))


def test_as_many_tasks_run_at_once_as_there_are_replicas() -> None:
    meeting = threading.Barrier(3, timeout=10)
    assert Replicas(3).map(lambda item: (meeting.wait(), item)[1], [5, 6, 7]) == [5, 6, 7]


def test_an_error_is_raised_when_all_tasks_have_ended() -> None:
    ended = []

    def task(item: int) -> None:
        if item == 0:
            raise ValueError("the first")
        threading.Event().wait(0.1)
        ended.append(item)

    with pytest.raises(ValueError, match="the first"):
        Replicas(2).map(task, [0, 1, 2])
    assert sorted(ended) == [1, 2]


def whisper(workers: int) -> FasterWhisper:
    return FasterWhisper(get_weights("base", "faster-whisper", MODELS), workers=workers)


@pytest.mark.weights
@pytest.mark.usefixtures("whisper_base")
def test_any_number_of_replicas_hears_and_writes_the_very_same() -> None:
    groups = [journal(2.8, 7.9), journal(8.1, 14.9), journal(15.2, 22)]
    spans = [[(Milliseconds(0), Milliseconds(5_000))]] * len(groups)
    one, two = whisper(1), whisper(2)
    assert one.identify(groups) == two.identify(groups)
    assert one.identify_parts(groups, spans) == two.identify_parts(groups, spans)
    assert one.decode(groups, FRENCH) == two.decode(groups, FRENCH)
    assert one.parameters == two.parameters


@pytest.mark.weights
@pytest.mark.usefixtures("whisper_base")
def test_one_thread_may_hear_while_another_decodes() -> None:
    groups = [journal(2.8, 7.9), journal(8.1, 14.9)]
    calm, engine = whisper(2), whisper(2)
    expected = calm.identify(groups), calm.decode(groups, FRENCH)
    decoded = []
    thread = threading.Thread(target=lambda: decoded.append(engine.decode(groups, FRENCH)))
    thread.start()
    heard = engine.identify(groups)
    thread.join()
    assert (heard, decoded[0]) == expected


@pytest.mark.weights
@pytest.mark.usefixtures("whisper_base")
def test_a_replica_that_fails_is_one_clear_error() -> None:
    engine = FasterWhisper(
        get_weights("base", "faster-whisper", MODELS), workers=2, search=Search(beam_size=0)
    )
    with pytest.raises(TranscriptionError, match=r"faster-whisper/base could not write down") as e:
        engine.decode([journal(2.8, 7.9), journal(8.1, 14.9)], FRENCH)
    assert "radio-archive models verify base" in e.value.hint


@pytest.mark.weights
def test_weights_that_cannot_be_loaded_are_named(tmp_path: Path) -> None:
    folder = tmp_path / "base" / "ctranslate2"
    folder.mkdir(parents=True)
    (folder / "model.bin").write_bytes(b"no model")
    with pytest.raises(TranscriptionError, match="could not load its weights"):
        FasterWhisper(folder, workers=2).identify([journal(2.8, 7.9), journal(8.1, 14.9)])
