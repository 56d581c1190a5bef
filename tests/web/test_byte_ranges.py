"""Which bytes a Range header asks for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radio_archive.web.byte_ranges import parse_range

SIZE = 1_000


@pytest.mark.parametrize(
    ("header", "start", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=0-", 0, 1_000),
        ("bytes=-1", 999, 1_000),
        ("bytes=999-", 999, 1_000),
        ("bytes=0-99999999999999999999", 0, 1_000),
        ("bytes=-99999", 0, 1_000),
        ("Bytes=5-9", 5, 10),
        ("bytes= 5-9 ", 5, 10),
    ],
)
def test_a_single_range_is_cut_to_the_file(header: str, start: int, end: int) -> None:
    part = parse_range(header, SIZE)
    assert part is not None
    assert (part.start, part.end) == (start, end)
    assert part.is_satisfiable


@pytest.mark.parametrize("header", ["bytes=1000-", "bytes=1000-1001", "bytes=-0", "bytes=9999-"])
def test_a_range_outside_the_file_cannot_be_satisfied(header: str) -> None:
    part = parse_range(header, SIZE)
    assert part is not None
    assert not part.is_satisfiable


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "items=0-5",
        "bytes=abc",
        "bytes=5-2",
        "bytes=-",
        "bytes=",
        "bytes",
        "bytes=0-5,2000-3000",
        "bytes=0-0,0-0",
        "bytes=0-5;",
        "bytes=0x0-0x5",
        "bytes=+1-5",
        "bytes=1-5-9",
        "bytes=٣-٤",
        "bytes=" + "9" * 5_000 + "-",
    ],
)
def test_what_is_no_single_byte_range_is_ignored(header: str | None) -> None:
    assert parse_range(header, SIZE) is None


@given(first=st.integers(0, 60), last=st.integers(0, 60), data=st.binary(min_size=1, max_size=50))
def test_a_range_is_the_slice_python_takes(first: int, last: int, data: bytes) -> None:
    part = parse_range(f"bytes={first}-{last}", len(data))
    if first > last:
        assert part is None
    else:
        assert part is not None
        assert data[part.start : part.end] == data[first : last + 1]
        assert part.is_satisfiable == bool(data[first : last + 1])


@given(count=st.integers(0, 60), data=st.binary(min_size=1, max_size=50))
def test_a_suffix_is_the_end_of_the_file(count: int, data: bytes) -> None:
    part = parse_range(f"bytes=-{count}", len(data))
    assert part is not None
    assert data[part.start : part.end] == (data[-count:] if count else b"")


@given(header=st.text(max_size=40), size=st.integers(0, 100))
def test_no_header_reaches_outside_the_file(header: str, size: int) -> None:
    for text in (header, f"bytes={header}"):
        part = parse_range(text, size)
        assert part is None or 0 <= part.start <= part.end <= size
