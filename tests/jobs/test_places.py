from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from radio_archive.jobs.places import STEPS, Place, Urgency, lane_of, span_of, urgency_of
from radio_archive.model import JobKind

PLACES = st.builds(
    Place,
    urgency=st.sampled_from(Urgency),
    turn=st.integers(0, 2**36 - 1),
    lane=st.text().map(lane_of),
    step=st.integers(0, len(STEPS) - 1),
)


@given(PLACES)
def test_a_place_is_read_back_as_it_was_written(place: Place) -> None:
    assert Place.read(int(place)) == place
    assert 0 <= int(place) < 2**63


@given(PLACES, PLACES)
def test_places_compare_by_urgency_then_turn_then_programme_then_step(
    one: Place, other: Place
) -> None:
    def key(place: Place) -> tuple[int, ...]:
        return (place.urgency, place.turn, place.lane, place.step)

    assert (int(one) < int(other)) == (key(one) < key(other))


@given(PLACES)
def test_a_place_lies_in_the_span_of_its_urgency(place: Place) -> None:
    first, beyond = span_of(place.urgency)
    assert first <= int(place) < beyond


def test_every_kind_of_job_is_a_step() -> None:
    assert set(STEPS) == set(JobKind)


def test_what_was_aired_in_the_last_three_days_or_will_be_is_recent() -> None:
    now = 1_000_000_000
    assert urgency_of(JobKind.PREPARE, now - 2 * 86_400, now) is Urgency.RECENT
    assert urgency_of(JobKind.PREPARE, now + 3_600, now) is Urgency.RECENT
    assert urgency_of(JobKind.PREPARE, now - 4 * 86_400, now) is Urgency.ARCHIVE
    assert urgency_of(JobKind.PREPARE, None, now) is Urgency.ARCHIVE
