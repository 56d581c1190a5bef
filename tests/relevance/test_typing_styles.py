from __future__ import annotations

import pytest

from tests.relevance.typing_styles import STYLES


@pytest.mark.parametrize(
    ("language", "style", "written", "typed"),
    [
        ("bm", "official letters", "ɲɔgɔn", "ɲɔgɔn"),
        ("bm", "no special letters", "ɲɔgɔn", "nyogon"),
        ("bm", "no special letters", "kɔ̀rɔ", "koro"),
        ("bm", "French-style", "ɲɔgɔn", "gnôgôn"),
        ("bm", "French-style", "jamana dugu", "djamana dougou"),
        ("bm", "French-style", "gɛlɛya sigi", "guèlèya sigui"),
        ("bm", "French-style", "fugu", "fougou"),
        ("ffm", "no special letters", "goɗɗo ƴiiƴam", "goddo yiiyam"),
        ("ffm", "bh dh yh", "yimɓe", "yimbhe"),
        ("ffm", "French-style", "wuro", "wouro"),
        ("ffm", "French-style", "ceeɗu", "tchedou"),
        ("taq", "no special letters", "aɣrăm", "aghram"),
        ("taq", "French-style", "šund", "chound"),
        ("ses", "no special letters", "sohõ", "sohon"),
        ("ses", "French-style", "ceeci šelaŋ", "tchetchi chelang"),
        ("fr", "no special letters", "l'œuvre déjà née", "l'oeuvre deja nee"),
    ],
)
def test_people_type_so(language: str, style: str, written: str, typed: str) -> None:
    assert STYLES[language][style](written) == typed


def test_both_ways_of_typing_c_occur() -> None:
    words = ["caman", "cogo", "cɛman", "caya", "kɛcogo", "masacɛ"]
    typed = " ".join(STYLES["bm"]["French-style"](word) for word in words)
    assert "tch" in typed
    assert "ti" in typed
