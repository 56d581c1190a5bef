"""What every place for media promises, on each of them."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from radio_archive.errors import BadAudio, BadInput, FetchError, NotFound
from radio_archive.media import BLOCK_BYTES, Area, LocalMediaStore, MediaStore
from radio_archive.model import RecordingKey
from radio_archive.testing import MemoryMediaStore
from tests.support.object_store import ObjectServer, object_store

ABSENT = RecordingKey("0" * 64)
NAUGHTY = [
    "../../../../etc/passwd",
    "..",
    "",
    "a" * 63,
    "A" * 64,
    "0" * 64 + "\n",
    "0" * 63 + "/",
    "0" * 63 + "\0",
    "CON",
    "\u202e" + "0" * 63,
    "٠" * 64,
]


@pytest.fixture(params=["local", "memory", "object"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> MediaStore:
    match request.param:
        case "local":
            return LocalMediaStore(tmp_path / "media")
        case "memory":
            return MemoryMediaStore()
    server: ObjectServer = request.getfixturevalue("object_server")
    # a prefix for each test, and no copies: the store itself is what promises
    return object_store(server.endpoint, secrets.token_hex(8), tmp_path / "cache", cache_bytes=0)


def content_of(
    store: MediaStore, key: RecordingKey, start: int = 0, end: int | None = None
) -> bytes:
    return b"".join(store.read(Area.RECORDINGS, key, ".mp3", start, end))


class TestMediaStore:
    def test_what_was_saved_comes_back(self, store: MediaStore) -> None:
        stored = store.save(Area.RECORDINGS, [b"Jam ", b"", b"waali"], ".mp3")
        assert stored.key == hashlib.sha256(b"Jam waali").hexdigest()
        assert stored.size_bytes == store.size(Area.RECORDINGS, stored.key, ".mp3") == 9
        assert content_of(store, stored.key) == b"Jam waali"
        assert store.exists(Area.RECORDINGS, stored.key, ".mp3")
        assert store.verify(Area.RECORDINGS, stored.key, ".mp3")

    def test_nothing_at_all_can_be_saved_too(self, store: MediaStore) -> None:
        stored = store.save(Area.RECORDINGS, [], ".mp3")
        assert content_of(store, stored.key) == b""
        assert stored.size_bytes == 0

    def test_the_same_content_is_held_once(self, store: MediaStore) -> None:
        first = store.save(Area.RECORDINGS, [b"one"], ".mp3")
        assert store.save(Area.RECORDINGS, [b"o", b"ne"], ".mp3") == first
        assert list(store.keys(Area.RECORDINGS)) == [first]

    def test_areas_and_extensions_do_not_mix(self, store: MediaStore) -> None:
        stored = store.save(Area.RECORDINGS, [b"one"], ".mp3")
        assert not store.exists(Area.RENDITIONS, stored.key, ".mp3")
        assert not store.exists(Area.RECORDINGS, stored.key, ".opus")
        assert list(store.keys(Area.RENDITIONS)) == []

    def test_all_that_is_held_is_listed_in_order(self, store: MediaStore) -> None:
        saved = [store.save(Area.RENDITIONS, [bytes([n])], ".opus") for n in range(20)]
        expected = sorted(saved, key=lambda stored: stored.key)
        assert list(store.keys(Area.RENDITIONS)) == expected

    def test_a_source_that_breaks_off_leaves_nothing(self, store: MediaStore) -> None:
        def break_off() -> Iterator[bytes]:
            yield b"half of it"
            raise FetchError("The line dropped.")

        with pytest.raises(FetchError):
            store.save(Area.RECORDINGS, break_off(), ".mp3")
        assert list(store.keys(Area.RECORDINGS)) == []

    def test_too_much_is_refused_with_the_limit(self, store: MediaStore) -> None:
        with pytest.raises(BadAudio, match="1,000 bytes"):
            store.save(Area.RECORDINGS, [b"x" * 600, b"x" * 401], ".mp3", max_bytes=1000)
        assert list(store.keys(Area.RECORDINGS)) == []
        store.save(Area.RECORDINGS, [b"x" * 600, b"x" * 400], ".mp3", max_bytes=1000)

    def test_what_is_not_there_is_said_to_be_absent_at_once(self, store: MediaStore) -> None:
        assert not store.exists(Area.RECORDINGS, ABSENT, ".mp3")
        with pytest.raises(NotFound):
            store.size(Area.RECORDINGS, ABSENT, ".mp3")
        with pytest.raises(NotFound):
            store.read(Area.RECORDINGS, ABSENT, ".mp3")
        with pytest.raises(NotFound):
            store.verify(Area.RECORDINGS, ABSENT, ".mp3")
        with pytest.raises(NotFound), store.local_path(Area.RECORDINGS, ABSENT, ".mp3"):
            pass

    def test_removing_twice_is_as_good_as_once(self, store: MediaStore) -> None:
        stored = store.save(Area.RECORDINGS, [b"one"], ".mp3")
        for _ in range(2):
            store.delete(Area.RECORDINGS, stored.key, ".mp3")
            assert not store.exists(Area.RECORDINGS, stored.key, ".mp3")

    @pytest.mark.parametrize("key", NAUGHTY, ids=range(len(NAUGHTY)))
    def test_only_a_hash_can_be_a_name(self, store: MediaStore, key: str) -> None:
        naughty = RecordingKey(key)
        with pytest.raises(BadInput):
            store.exists(Area.RECORDINGS, naughty, ".mp3")
        with pytest.raises(BadInput):
            store.read(Area.RECORDINGS, naughty, ".mp3")
        with pytest.raises(BadInput):
            store.delete(Area.RECORDINGS, naughty, ".mp3")

    @pytest.mark.parametrize("extension", ["", "mp3", ".exe", ".mp3/..", ".MP3", ".mp3\0", ".m3u8"])
    def test_only_known_extensions_are_kept(self, store: MediaStore, extension: str) -> None:
        with pytest.raises(BadInput):
            store.save(Area.RECORDINGS, [b"one"], extension)
        with pytest.raises(BadInput):
            store.exists(Area.RECORDINGS, ABSENT, extension)

    def test_a_lent_path_holds_the_content_and_the_extension(self, store: MediaStore) -> None:
        stored = store.save(Area.RECORDINGS, [b"one"], ".gsm")
        with store.local_path(Area.RECORDINGS, stored.key, ".gsm") as path:
            assert path.read_bytes() == b"one"
            assert path.suffix == ".gsm"

    def test_a_file_is_copied_in_and_left_where_it_was(
        self, store: MediaStore, tmp_path: Path
    ) -> None:
        source = tmp_path / "-émission ɛɔ.mp3"
        source.write_bytes(bytes(range(256)) * 1000)
        stored = store.save_file(Area.RECORDINGS, source, ".mp3")
        assert content_of(store, stored.key) == source.read_bytes()
        with pytest.raises(NotFound, match="absent"):
            store.save_file(Area.RECORDINGS, tmp_path / "absent.mp3", ".mp3")

    def test_blocks_are_small(self, store: MediaStore) -> None:
        stored = store.save(Area.RECORDINGS, [b"x" * (3 * BLOCK_BYTES + 5)], ".mp3")
        sizes = [len(block) for block in store.read(Area.RECORDINGS, stored.key, ".mp3")]
        assert sizes == [BLOCK_BYTES] * 3 + [5]

    def test_negative_positions_make_no_sense(self, store: MediaStore) -> None:
        stored = store.save(Area.RECORDINGS, [b"one"], ".mp3")
        for start, end in ((-1, None), (0, -1)):
            with pytest.raises(BadInput):
                store.read(Area.RECORDINGS, stored.key, ".mp3", start, end)

    @settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(
        size=st.sampled_from([0, 1, 999, BLOCK_BYTES, BLOCK_BYTES + 1, 200_000]),
        start=st.integers(0, 250_000),
        end=st.none() | st.integers(0, 250_000),
    )
    def test_every_range_is_the_slice(
        self, store: MediaStore, size: int, start: int, end: int | None
    ) -> None:
        content = (bytes(range(251)) * (size // 251 + 1))[:size]
        stored = store.save(Area.RECORDINGS, [content], ".mp3")
        assert content_of(store, stored.key, start, end) == content[start:end]

    def test_many_may_save_the_same_at_once(self, store: MediaStore) -> None:
        content = [b"x" * 10_000] * 20
        with ThreadPoolExecutor(8) as threads:
            saves = [threads.submit(store.save, Area.RECORDINGS, content, ".mp3") for _ in range(8)]
        assert len({save.result() for save in saves}) == 1
        (held,) = store.keys(Area.RECORDINGS)
        assert store.verify(Area.RECORDINGS, held.key, ".mp3")

    def test_it_can_say_that_it_works(self, store: MediaStore) -> None:
        assert store.examine().endswith(".")
        assert list(store.keys(Area.RECORDINGS)) == []

    def test_there_is_nothing_to_sweep_after_saves_that_ended(self, store: MediaStore) -> None:
        store.save(Area.RECORDINGS, [b"one"], ".mp3")
        assert store.sweep() == 0
