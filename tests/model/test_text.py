"""Text that other formats can hold."""

from __future__ import annotations

import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radio_archive.model.text import is_readable, readable


def test_a_name_of_bytes_that_are_no_utf_8_becomes_text() -> None:
    name = os.fsdecode(b"\xe9mission.mp3")
    assert not is_readable(name)
    assert readable(name) == "�mission.mp3"


def test_half_a_character_from_json_becomes_one_replacement() -> None:
    assert readable(json.loads(r'"a\ud83d b"')) == "a� b"


@pytest.mark.parametrize("text", ["", "é", "Fulɓe", "😀", "�", "a\x00b"])
def test_what_utf_8_can_hold_stays(text: str) -> None:
    assert is_readable(text)
    assert readable(text) == text


@given(st.text(st.characters(exclude_categories=())))
def test_whatever_comes_can_be_written_afterwards(text: str) -> None:
    assert is_readable(readable(text))
    readable(text).encode("utf-8")
