"""What every ``Encoder`` promises: the twin without a model, and the real one."""

from __future__ import annotations

import numpy as np
import pytest

from radio_archive.search.meaning import Encoder
from radio_archive.search.meaning.encoder import find_encoder
from radio_archive.testing import WordEncoder

TEXTS = ("Le prix du riz baisse à Bamako.", "La crue du fleuve arrive à Mopti.", "riz")


@pytest.fixture(scope="module", params=["twin", "real"])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    found: Encoder | None = WordEncoder() if request.param == "twin" else find_encoder()
    if found is None:
        pytest.skip("the extra `meaning` is not installed")
    return found


class TestEncoder:
    def test_it_gives_a_row_of_unit_length_for_every_text(self, encoder: Encoder) -> None:
        rows = encoder.encode(TEXTS)
        assert rows.shape == (3, encoder.dimensions)
        np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-3)

    def test_no_texts_give_no_rows(self, encoder: Encoder) -> None:
        assert encoder.encode([]).shape == (0, encoder.dimensions)

    def test_a_text_is_most_like_itself_whatever_stands_beside_it(self, encoder: Encoder) -> None:
        many = encoder.encode(TEXTS * 10)
        alone = encoder.encode(TEXTS[:1])[0]
        likeness = many @ alone
        assert list(np.flatnonzero(likeness > 0.99)) == list(range(0, 30, 3))

    def test_a_text_that_says_nothing_is_no_error(self, encoder: Encoder) -> None:
        assert np.isfinite(encoder.encode(["", "  "])).all()

    def test_the_fingerprint_names_the_model(self, encoder: Encoder) -> None:
        assert encoder.fingerprint
