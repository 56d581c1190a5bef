"""A backup holds everything, is whole or not there, and makes the same archive elsewhere."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
import time
import zipfile
import zlib
from pathlib import Path

import pytest

from radio_archive.archive import back_up, move_catalogue, open_archive, restore
from radio_archive.errors import BadBackup, BadInput, StorageError
from radio_archive.model import Excerpt
from radio_archive.model.withdrawals import NewWithdrawal
from radio_archive.moving import compare_catalogues
from radio_archive.settings import Settings
from tests.support.archives import fingerprint_of, settings_for
from tests.support.disks import files_under, small_disk
from tests.support.making import make_transcript, ms
from tests.support.newsroom import leave_news
from tests.support.postgresql import PostgresqlServer
from tests.web.stocking import Stock, add_transcript, stock_archive

QUERIES = ("riz", "crime organisé", "vaccination")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with an archive that nobody holds open."""
    with stock_archive(tmp_path / "home-of-it") as stock:
        excerpt = Excerpt(start_ms=ms(1_000), end_ms=ms(2_000))
        stock.archive.withdrawing.withdraw(
            stock.debate, NewWithdrawal(excerpt=excerpt, reason="essai", by="Awa")
        )
        stock.archive.withdrawing.mute(stock.debate)
        leave_news(stock.archive, stock.catalogue)
    return tmp_path / "home-of-it"


def test_what_is_restored_is_what_was_backed_up(home: Path, tmp_path: Path) -> None:
    done = back_up(settings_for(home), tmp_path / "all.zip", with_media=True)
    assert done.has_media
    assert not done.damaged
    elsewhere = settings_for(tmp_path / "elsewhere")
    restore(elsewhere, tmp_path / "all.zip")
    assert compare_catalogues(settings_for(home), elsewhere.catalogue_url).differences == ()
    with open_archive(elsewhere) as archive:
        archive.reindex()
        assert all(each.is_fine for each in archive.verify_media())
    before, after = fingerprint_of(home, QUERIES), fingerprint_of(elsewhere.home, QUERIES)
    assert before == after


@pytest.mark.parametrize("name", ["what?x=1", "50%41b", "a b#c"])
def test_a_home_may_have_any_letters(tmp_path: Path, name: str) -> None:
    with stock_archive(tmp_path / name):
        pass
    back_up(settings_for(tmp_path / name), tmp_path / name / "all.zip", with_media=False)
    elsewhere = settings_for(tmp_path / "elsewhere" / name)
    elsewhere.home.mkdir(parents=True)
    restore(elsewhere, tmp_path / name / "all.zip")
    with open_archive(elsewhere) as archive:
        archive.reindex()
    assert fingerprint_of(elsewhere.home, QUERIES) == fingerprint_of(tmp_path / name, QUERIES)
    assert {each.name for each in tmp_path.iterdir()} == {name, "elsewhere"}


def test_every_file_has_its_digest_in_the_manifest(home: Path, tmp_path: Path) -> None:
    back_up(settings_for(home), tmp_path / "all.zip", with_media=True)
    with zipfile.ZipFile(tmp_path / "all.zip") as packed:
        manifest = json.loads(packed.read("manifest.json"))
        names = {each["name"] for each in manifest["files"]}
        assert names == set(packed.namelist()) - {"manifest.json"}
        for each in manifest["files"]:
            assert hashlib.sha256(packed.read(each["name"])).hexdigest() == each["sha256"]


def test_sound_stays_out_unless_asked_for(home: Path, tmp_path: Path) -> None:
    done = back_up(settings_for(home), tmp_path / "texts.zip", with_media=False)
    assert [each.name for each in done.files] == ["catalogue.sqlite"]


def test_settings_go_along_without_secrets_and_places(home: Path, tmp_path: Path) -> None:
    (home / "radio-archive.toml").write_text(
        'station = "Radio « Kayira »"\nport = 8001\nsession_secret = "' + "s" * 40 + '"\n'
        'media_url = "s3://bucket"\n[engines]\nbm = "omnilingual-ctc/300m-int8"\n',
        encoding="utf-8",
    )
    back_up(Settings(home=home), tmp_path / "a.zip", with_media=False)
    elsewhere = tmp_path / "elsewhere"
    restore(Settings(home=elsewhere, min_free_bytes=0), tmp_path / "a.zip")
    read = Settings.load({}, elsewhere)
    assert (read.station, read.port) == ("Radio « Kayira »", 8001)
    assert read.engines == {"bm": "omnilingual-ctc/300m-int8"}
    assert (read.session_secret, read.media_url) == ("", "")
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        assert not [name for name in packed.namelist() if b"ssss" in packed.read(name)]


@pytest.mark.parametrize("password", ["qwertz", "qwe/rtz", "qwe@rtz", "qwe:rtz"])
def test_the_password_of_the_mail_server_stays_out_however_it_is_written(
    home: Path, tmp_path: Path, password: str
) -> None:
    (home / "radio-archive.toml").write_text(
        f'smtp_url = "smtp://radio:{password}@mail.example.org"\n'
        'mail_sender = "Radio: alertes <a@example.org>"\n',
        encoding="utf-8",
    )
    back_up(Settings(home=home), tmp_path / "a.zip", with_media=False)
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        told = packed.read("radio-archive.toml").decode()
    assert told.splitlines() == [
        "# smtp_url holds a secret, and is not in the backup",
        'mail_sender = "Radio: alertes <a@example.org>"',
    ]


@pytest.mark.parametrize("at", [0.1, 0.5, 0.9])
def test_a_damaged_backup_restores_nothing(home: Path, tmp_path: Path, at: float) -> None:
    file = tmp_path / "all.zip"
    back_up(settings_for(home), file, with_media=True)
    content = bytearray(file.read_bytes())
    content[int(len(content) * at)] ^= 0xFF
    file.write_bytes(content)
    elsewhere = settings_for(tmp_path / "elsewhere")
    with pytest.raises(BadBackup):
        restore(elsewhere, file)
    assert files_under(elsewhere.home) == []


#: places in the entry of a file in the ZIP's directory, and bytes that nobody wrote there
WRONG_ENTRIES = {
    "a version of ZIP that is not known": (6, b"\x63"),
    "encryption": (8, b"\x01"),
    "a compression that is not known": (10, b"\x63"),
    "bzip2": (10, b"\x0c"),
    "LZMA": (10, b"\x0e"),
    "fewer bytes than there are": (20, b"\x20\x00\x00\x00"),
    "a place outside of the file": (42, b"\x00\x00\x00\x7f"),
}


@pytest.mark.parametrize("member", ["catalogue.sqlite", "manifest.json"])
@pytest.mark.parametrize("what", WRONG_ENTRIES)
def test_a_backup_whose_directory_says_what_is_not_so_is_damaged(
    home: Path, tmp_path: Path, member: str, what: str
) -> None:
    file = tmp_path / "all.zip"
    back_up(settings_for(home), file, with_media=False)
    content = bytearray(file.read_bytes())
    entry = content.rindex(member.encode()) - 46
    assert content[entry : entry + 4] == b"PK\x01\x02"
    offset, wrong = WRONG_ENTRIES[what]
    content[entry + offset : entry + offset + len(wrong)] = wrong
    file.write_bytes(content)
    elsewhere = settings_for(tmp_path / "elsewhere")
    with pytest.raises(BadBackup, match=r"damaged|is no backup"):
        restore(elsewhere, file)
    assert files_under(elsewhere.home) == []


@pytest.mark.parametrize("member", ["catalogue.sqlite", "manifest.json"])
def test_a_backup_with_a_changed_byte_in_a_file_is_damaged(
    home: Path, tmp_path: Path, member: str
) -> None:
    back_up(settings_for(home), tmp_path / "all.zip", with_media=False)
    content = (tmp_path / "all.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "all.zip") as packed:
        told = packed.getinfo(member)
    extra = int.from_bytes(content[told.header_offset + 28 :][:2], "little")
    begin = told.header_offset + 30 + len(member) + extra
    end = begin + told.compress_size
    whole, refused = unpacked(told, content[begin:end]), 0
    for place in range(begin, end, told.compress_size // 12):
        damaged = bytearray(content)
        damaged[place] ^= 0xFF
        held = unpacked(told, damaged[begin:end])
        if held is not None and held[: told.file_size] == whole:
            continue  # another mark of the end, another distance to the same: nothing is lost
        (tmp_path / "damaged.zip").write_bytes(damaged)
        with pytest.raises(BadBackup, match="damaged"):
            restore(settings_for(tmp_path / "elsewhere"), tmp_path / "damaged.zip")
        refused += 1
    assert refused >= 10


def unpacked(member: zipfile.ZipInfo, packed: bytes | bytearray) -> bytes | None:
    """What the bytes of a member hold; None where they cannot be unpacked."""
    if member.compress_type == zipfile.ZIP_STORED:
        return bytes(packed)
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(packed)
    except zlib.error:
        return None


def test_a_backup_that_cannot_be_read_is_no_damaged_one(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(BadInput, match="cannot be read"):
        restore(settings_for(tmp_path / "elsewhere"), tmp_path / "folder")


def test_a_cut_backup_and_another_file_are_refused(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    back_up(settings_for(home), file, with_media=False)
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(BadBackup, match="end is missing"):
        restore(settings_for(tmp_path / "elsewhere"), file)
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("letter.txt", "Bonjour")
    with pytest.raises(BadBackup, match="no manifest"):
        restore(settings_for(tmp_path / "elsewhere"), tmp_path / "other.zip")


def test_an_archive_is_replaced_only_if_asked_and_put_aside(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    back_up(settings_for(home), file, with_media=True)
    with pytest.raises(BadInput, match="holds an archive"):
        restore(settings_for(home), file)
    restore(settings_for(home), file, is_replacing=True)
    [aside] = home.glob("media.before-*")
    assert (aside / "catalogue.sqlite").exists()
    assert (home / "media" / "catalogue.sqlite").exists()


def test_a_backup_never_replaces_a_file(home: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.zip").write_text("mine")
    with pytest.raises(BadInput, match="there already"):
        back_up(settings_for(home), tmp_path / "mine.zip", with_media=False)
    assert (tmp_path / "mine.zip").read_text() == "mine"


def test_a_full_disk_leaves_nothing_behind(home: Path, tmp_path: Path) -> None:
    with small_disk(tmp_path / "disk") as disk:
        with pytest.raises(StorageError, match="full"):
            back_up(settings_for(home), disk / "all.zip", with_media=True)
        assert list(disk.iterdir()) == []
    back_up(settings_for(home), tmp_path / "all.zip", with_media=True)
    with small_disk(tmp_path / "second") as disk:
        with pytest.raises(StorageError):
            restore(settings_for(disk / "home"), tmp_path / "all.zip")
        assert files_under(disk) == []


def test_a_backup_under_load_is_of_one_moment(tmp_path: Path) -> None:
    """Every transcript written meanwhile is in it whole, or not at all."""
    with stock_archive(tmp_path / "home") as stock:
        over = threading.Event()
        writer = threading.Thread(target=_write_on, args=(stock, over))
        writer.start()
        try:
            for number in range(3):
                back_up(stock.archive.settings, tmp_path / f"{number}.zip", with_media=False)
        finally:
            over.set()
            writer.join()
    for number in range(3):
        elsewhere = settings_for(tmp_path / f"elsewhere-{number}")
        restore(elsewhere, tmp_path / f"{number}.zip")
        with open_archive(elsewhere) as archive:
            assert archive.get_transcript(stock.debate).text


def _write_on(stock: Stock, over: threading.Event) -> None:
    number = 0
    while not over.is_set():
        number += 1
        add_transcript(stock.catalogue, stock.debate, make_transcript(f"Phrase {number}."))


def run_killed(arguments: list[str], after_s: float) -> None:
    """Run a command in a process that is killed after a while."""
    command = [sys.executable, "-m", "radio_archive", *arguments, "--quiet"]
    environment = {**os.environ, "RADIO_ARCHIVE_MIN_FREE_BYTES": "0"}
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL)
    time.sleep(after_s)
    process.kill()
    process.wait()


def test_a_killed_backup_is_there_whole_or_not_at_all(home: Path, tmp_path: Path) -> None:
    file = tmp_path / "all.zip"
    for number, after_s in enumerate((1.0, 1.6, 2.2, 2.8)):
        run_killed(["backup", str(file), "--with-media", "--home", str(home)], after_s)
        if file.exists():
            restore(settings_for(tmp_path / f"after-{number}"), file)
            file.unlink()
    back_up(settings_for(home), file, with_media=True)
    assert [path.name for path in tmp_path.glob(".all*")] == []


def test_a_killed_restoring_leaves_an_archive_or_none(home: Path, tmp_path: Path) -> None:
    file, target = tmp_path / "all.zip", tmp_path / "target"
    back_up(settings_for(home), file, with_media=True)
    for after_s in (1.0, 1.6, 2.2, 2.8):
        run_killed(["restore", str(file), "--home", str(target)], after_s)
        if (target / "media").exists():
            break
    else:
        restore(settings_for(target), file)
    with open_archive(settings_for(target)) as archive:
        archive.reindex()
        assert all(each.is_fine for each in archive.verify_media())
    assert fingerprint_of(target, QUERIES) == fingerprint_of(home, QUERIES)


def test_a_catalogue_in_postgresql_is_backed_up_and_goes_back_into_one(
    home: Path, tmp_path: Path, postgresql_server: PostgresqlServer
) -> None:
    with postgresql_server.new_database() as first, postgresql_server.new_database() as second:
        move_catalogue(settings_for(home), first, lambda _table, _done, _total: None)
        served = settings_for(home, first)
        back_up(served, tmp_path / "all.zip", with_media=True)
        for number, url in enumerate(("", second)):
            elsewhere = settings_for(tmp_path / f"elsewhere-{number}", url)
            restore(elsewhere, tmp_path / "all.zip")
            assert compare_catalogues(settings_for(home), elsewhere.catalogue_url).differences == ()
            with open_archive(elsewhere) as archive:
                archive.reindex()
            assert fingerprint_of(elsewhere.home, QUERIES, url) == fingerprint_of(home, QUERIES)
