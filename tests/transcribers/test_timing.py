from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from radio_archive.transcribers.timing import TimedPiece, words_of


def pieces(*texts: str, seconds: float = 0.3) -> list[TimedPiece]:
    return [
        TimedPiece(text=text, start_s=i * seconds, end_s=(i + 1) * seconds, probability=0.9)
        for i, text in enumerate(texts)
    ]


def texts(*given_texts: str) -> list[str]:
    return [word.text for word in words_of(pieces(*given_texts), 60_000)]


def test_an_apostrophe_stays_inside_its_word() -> None:
    assert texts(" l", "'", "eau", " d", "'", "aujourd", "'", "hui") == ["l'eau", "d'aujourd'hui"]


def test_marks_belong_to_the_word_they_follow_even_after_a_space() -> None:
    assert texts(" vous", " venez", " ?", " Oui", ".") == ["vous", "venez ?", "Oui."]


def test_opening_marks_belong_to_the_word_they_open() -> None:
    assert texts(" Il", " dit", " «", " bonjour", " »", ".") == ["Il", "dit", "« bonjour »."]


def test_a_mark_gives_its_word_no_time() -> None:
    (word,) = words_of(pieces(" venez", " ?", " !"), 60_000)
    assert (word.start_ms, word.end_ms) == (0, 300)


def test_a_language_without_spaces_keeps_its_pieces() -> None:
    words = words_of(pieces("今天", "天气", "。"), 60_000, has_spaces=False)
    assert [word.text for word in words] == ["今天", "天气。"]


def test_a_pause_before_a_sentence_is_not_part_of_its_first_word() -> None:
    said = [
        *pieces(" un", " deux", " trois."),
        TimedPiece(text=" Puis", start_s=0.9, end_s=5.0, probability=0.9),
        TimedPiece(text=" quatre", start_s=5.0, end_s=5.3, probability=0.9),
    ]
    assert words_of(said, 60_000)[3].start_ms == 4_400


def test_a_pause_after_a_sentence_is_not_part_of_its_last_word() -> None:
    said = [
        *pieces(" un", " deux"),
        TimedPiece(text=" trois.", start_s=0.6, end_s=5.0, probability=0.9),
    ]
    assert words_of(said, 60_000)[2].end_ms == 1_200


@given(
    st.lists(
        st.tuples(
            st.text(alphabet=" aé'.,?«»-", max_size=4),
            st.floats(0, 29),
            st.floats(0, 5),
        ),
        max_size=12,
    ),
    st.integers(0, 28_000),
)
def test_whatever_comes_words_stay_inside_and_keep_every_letter(
    drawn: list[tuple[str, float, float]], length_ms: int
) -> None:
    start = 0.0
    said = []
    for text, step, lasts in drawn:
        start = min(start + step / 4, 29.0)
        piece = TimedPiece(text=text, start_s=start, end_s=start + lasts, probability=0.5)
        said.append(piece)
    words = words_of(said, length_ms)
    assert all(0 <= word.start_ms <= word.end_ms <= length_ms for word in words)
    spoken = "".join(piece.text for piece in said).replace(" ", "")
    assert "".join(word.text for word in words).replace(" ", "") == spoken
    assert all(word.text.strip() for word in words)
    assert all(a is not b for a, b in pairwise(words))
