"""What a saved search keeps of the words searched beside those typed."""

from __future__ import annotations

import pytest

from radio_archive.model import AirDate, Expansion, Origin, read_added, write_added


@pytest.mark.parametrize(
    "expansion",
    [
        Expansion(typed="ONU", added=("Nations unies",), origin=Origin.ALIAS, id=""),
        Expansion(typed="rice", added=("riz (blanc)",), origin=Origin.TRANSLATION, id=""),
        Expansion(typed="", added=(), origin=Origin.TRANSLATED_TEXT, id=""),
        *(
            Expansion(typed="16 octobre", added=(), origin=Origin.AIRED, id="", aired=aired)
            for aired in (
                AirDate(year=2014, month=10, day=16),
                AirDate(year=2014, month=10, day=None),
                AirDate(year=None, month=10, day=16),
                AirDate(year=None, month=10, day=None),
            )
        ),
    ],
    ids=write_added,
)
def test_what_was_kept_is_read_again(expansion: Expansion) -> None:
    assert read_added(write_added(expansion)) == expansion


@pytest.mark.parametrize("line", ["", "ONU", "ONU: Nations unies", "ONU: x (unheard_of)"])
def test_anything_else_is_left_as_it_is(line: str) -> None:
    assert read_added(line) is None
