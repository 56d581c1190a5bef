"""Praat TextGrids in both their forms."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pympi.Praat import TextGrid

from radio_archive.errors import BadImport
from radio_archive.imports import CueFile, textgrid


def read(text: str) -> CueFile:
    return textgrid.read(text, "file.TextGrid")


def make(path: Path, *, with_lines: bool = True, form: str = "normal") -> str:
    """A TextGrid as pympi writes it: lines, words, sounds."""
    grid = TextGrid(xmax=5.0)
    if with_lines:
        lines = grid.add_tier("IPU")
        lines.add_interval(0.5, 2.0, 'le "puits" sec')
        lines.add_interval(3.0, 4.5, "de Gao")
    words = grid.add_tier("words")
    for start, end, word in (
        (0.5, 0.7, "le"),
        (0.7, 1.2, "puits"),
        (1.2, 2.0, "sec"),
        (2.0, 3.0, "#"),
        (3.0, 3.3, "de"),
        (3.3, 4.5, "Gao"),
    ):
        words.add_interval(start, end, word)
    grid.add_tier("phones").add_interval(0.5, 0.6, "l")
    grid.add_tier("clicks", tier_type="TextTier").add_point(0.3, "clic")
    grid.to_file(str(path), mode=form)
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("form", ["normal", "short"])
def test_lines_get_the_words_inside_them_in_the_long_and_the_short_form(
    tmp_path: Path, form: str
) -> None:
    found = read(make(tmp_path / "a.TextGrid", form=form))
    assert [(cue.start_ms, cue.end_ms, cue.lines) for cue in found.cues] == [
        (500, 2000, ('le "puits" sec',)),
        (3000, 4500, ("de Gao",)),
    ]
    assert [[(word.start_ms, word.text) for word in cue.words] for cue in found.cues] == [
        [(500, "le"), (700, "puits"), (1200, "sec")],
        [(3000, "de"), (3300, "Gao")],
    ]
    assert found.notes == ("Tiers 'IPU' and 'words' read.", "2 tiers left out.")


def test_words_alone_become_lines_that_end_at_pauses(tmp_path: Path) -> None:
    found = read(make(tmp_path / "a.TextGrid", with_lines=False))
    assert [cue.lines for cue in found.cues] == [("le puits sec",), ("de Gao",)]
    assert [len(cue.words) for cue in found.cues] == [3, 2]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('File type = "ooTextFile"\nObject class = "Pitch 1"\n0\n', "no Praat TextGrid"),
        ('"ooTextFile"\n"TextGrid"\n0\n1\n<absent>\n', "no tier with text"),
        ('"ooTextFile"\n"TextGrid"\n0\n1\n<exists>\n1\n"IntervalTier"\n"a"\n0\n', "ends where"),
        ('"ooTextFile"\n"TextGrid"\n0\n"un"\n', "has '\"un\"' where a TextGrid has a number"),
    ],
)
def test_what_is_no_textgrid_is_refused(text: str, message: str) -> None:
    with pytest.raises(BadImport, match=message):
        read(text)


@given(st.text(alphabet='"<>exists!019.eE- \n', max_size=80))
def test_whatever_a_textgrid_holds_it_is_read_or_refused(rest: str) -> None:
    try:
        found = read(f'"ooTextFile"\n"TextGrid"\n0 9 <exists> 1 "IntervalTier" "a" 0 9\n{rest}')
    except BadImport:
        return
    assert all(cue.lines and cue.start_ms >= 0 for cue in found.cues)


def test_real_textgrids_are_read(shared_data: Path) -> None:
    files = sorted((shared_data / "audio" / "fr" / "sppas").glob("*.TextGrid"))
    assert files
    for path in files:
        text = path.with_name(f"{path.stem}.ref.tsv").read_text(encoding="utf-8").splitlines()[1]
        [cue] = read(path.read_text(encoding="utf-8")).cues
        words = [word for word in " ".join(cue.lines).split() if word != "+"]  # pauses
        assert words == text.split("\t")[2].split()
