"""How records lie in the columns of the catalogue."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from radio_archive.catalogue.rows import PackedMarks, pack_marks
from radio_archive.model import Mark, Milliseconds

NUMBERS = st.integers(min_value=0, max_value=10**9)
MARKS = st.lists(
    st.builds(
        Mark,
        char_start=NUMBERS,
        start_ms=NUMBERS.map(Milliseconds),
        end_ms=NUMBERS.map(Milliseconds),
    )
)


@given(MARKS)
def test_packed_marks_are_the_marks_that_were_packed(marks: list[Mark]) -> None:
    packed = PackedMarks(pack_marks(marks))
    assert packed == tuple(marks)
    assert hash(packed) == hash(tuple(marks))
    assert len(packed) == len(marks)
    assert packed[1:] == tuple(marks[1:])
    assert [packed[place] for place in range(-len(marks), len(marks))] == marks + marks
