"""An offline edition holds what may be shown, is brought up to date, bounded in size and signed."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import lxml.html
import pytest
from tests.support.disks import files_under, small_disk
from tests.support.making import make_transcript, ms
from tests.web.payloads import PAYLOADS
from tests.web.stocking import CRIME_MS, Stock, add_transcript, run_jobs, stock_archive

from radio_archive.archive import check_edition
from radio_archive.editions.texts import TEXTS
from radio_archive.errors import BadInput, StorageError
from radio_archive.model import Excerpt, LanguageTag
from radio_archive.model.editions import EditionResult, EditionWish
from radio_archive.model.withdrawals import NewWithdrawal


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stock]:
    with stock_archive(tmp_path_factory.mktemp("home")) as stock:
        yield stock


@pytest.fixture
def own_stock(tmp_path: Path) -> Iterator[Stock]:
    """An archive that a test may change."""
    with stock_archive(tmp_path / "home") as stock:
        yield stock


def make(stock: Stock, folder: Path, **wish: object) -> EditionResult:
    return stock.archive.offline_edition.make(folder, EditionWish(**wish))  # type: ignore[arg-type]


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in files_under(folder)}


def all_text(folder: Path) -> str:
    texts = (".html", ".js", ".json")
    return "\n".join(
        path.read_text("utf-8") for path in files_under(folder) if path.suffix in texts
    )


def test_it_holds_every_broadcast_with_its_text_and_its_sound(stock: Stock, tmp_path: Path) -> None:
    done = make(stock, tmp_path / "edition")
    assert done.broadcasts == 4
    held = names(tmp_path / "edition")
    for each in (stock.debate, stock.bulletin, stock.kibaruw):
        assert {f"broadcasts/{each}.html", f"audio/{each}.opus"} <= held
    assert f"audio/{stock.silent}.opus" not in held
    page = (tmp_path / "edition" / f"broadcasts/{stock.debate}.html").read_text("utf-8")
    assert "Le crime organisé menace-t-il le Mali ?" in page
    assert f"../audio/{stock.debate}.opus#t=30.0" in page
    assert TEXTS["fr"]["machine"] in page


def test_every_link_leads_to_a_file_of_the_edition(stock: Stock, tmp_path: Path) -> None:
    folder = tmp_path / "edition"
    make(stock, folder)
    for page in folder.rglob("*.html"):
        tree = lxml.html.fromstring(page.read_text("utf-8"))
        for link in tree.xpath("//@href | //@src"):
            assert "://" not in link
            assert (page.parent / link.partition("#")[0]).resolve().is_file(), (page, link)


def test_without_scripts_every_broadcast_is_two_links_away(stock: Stock, tmp_path: Path) -> None:
    folder = tmp_path / "edition"
    make(stock, folder)
    reached = set()
    first = lxml.html.fromstring((folder / "index.html").read_text("utf-8"))
    for listing in first.xpath("//main//a/@href"):
        tree = lxml.html.fromstring((folder / listing).read_text("utf-8"))
        reached |= {link.rpartition("/")[2] for link in tree.xpath("//main//a/@href")}
    everything = (stock.debate, stock.bulletin, stock.kibaruw, stock.silent)
    assert reached == {f"{each}.html" for each in everything}


def test_language_and_month_choose(stock: Stock, tmp_path: Path) -> None:
    bambara = make(stock, tmp_path / "bm", language=LanguageTag("bm"))
    assert bambara.broadcasts == 1
    assert make(stock, tmp_path / "october", month="2014-10").broadcasts == 3
    assert make(stock, tmp_path / "other", month="2015-01").broadcasts == 0
    with pytest.raises(BadInput, match="no month"):
        make(stock, tmp_path / "bad", month="octobre")


def test_texts_without_sound_are_a_small_edition(stock: Stock, tmp_path: Path) -> None:
    done = make(stock, tmp_path / "texts", sound=None, interface="en", licence="CC BY 4.0")
    assert not (tmp_path / "texts" / "audio").exists()
    assert done.size_bytes < 100_000
    page = (tmp_path / "texts" / f"broadcasts/{stock.debate}.html").read_text("utf-8")
    assert TEXTS["en"]["no_sound"] in page
    assert "CC BY 4.0" in page


def test_nothing_is_written_again_that_is_there(stock: Stock, tmp_path: Path) -> None:
    folder = tmp_path / "edition"
    make(stock, folder)
    before = {path: path.stat().st_mtime_ns for path in files_under(folder)}
    again = make(stock, folder)
    assert (again.added, again.removed) == (0, 0)
    changed = {path.name for path in files_under(folder) if path.stat().st_mtime_ns != before[path]}
    assert changed == {"manifest.json", "manifest.json.sig", "public-key.txt"}


def test_what_was_withdrawn_leaves_at_the_next_run(own_stock: Stock, tmp_path: Path) -> None:
    folder = tmp_path / "edition"
    make(own_stock, folder)
    withdrawing = own_stock.archive.withdrawing
    withdrawing.withdraw(
        own_stock.bulletin, NewWithdrawal(excerpt=None, reason="demandé", by="Awa")
    )
    excerpt = Excerpt(start_ms=ms(CRIME_MS - 100), end_ms=ms(CRIME_MS + 5_000))
    withdrawing.withdraw(
        own_stock.debate, NewWithdrawal(excerpt=excerpt, reason="demandé", by="Awa")
    )
    sound = (folder / f"audio/{own_stock.debate}.opus").read_bytes()
    run_jobs(own_stock.archive)
    done = make(own_stock, folder)
    assert (done.broadcasts, done.added, done.removed) == (3, 1, 1)
    assert not any(own_stock.bulletin in name for name in names(folder))
    text = all_text(folder)
    for gone in ("vaccination", "menace-t-il", own_stock.bulletin, "demandé"):
        assert gone not in text
    assert TEXTS["fr"]["withdrawn"] in text
    assert (folder / f"audio/{own_stock.debate}.opus").read_bytes() != sound
    assert check_edition(folder, done.public_key).problems == ()


def test_a_new_text_renews_one_page(own_stock: Stock, tmp_path: Path) -> None:
    folder = tmp_path / "edition"
    make(own_stock, folder)
    add_transcript(own_stock.catalogue, own_stock.debate, make_transcript("Un autre texte."))
    assert make(own_stock, folder).added == 1
    assert "Un autre texte." in all_text(folder)


def test_it_is_never_larger_than_it_may_be(stock: Stock, tmp_path: Path) -> None:
    edition = stock.archive.offline_edition
    whole = edition.plan(EditionWish()).size_bytes
    assert make(stock, tmp_path / "whole").size_bytes <= whole
    bound = whole - 60_000
    plan = edition.plan(EditionWish(max_bytes=bound))
    assert plan.left_out == 4 - len(plan.items) > 0
    small = make(stock, tmp_path / "small", max_bytes=bound)
    assert small.size_bytes <= plan.size_bytes <= bound
    assert small.left_out == plan.left_out


def test_checking_finds_what_was_changed(stock: Stock, tmp_path: Path) -> None:
    folder = tmp_path / "edition"
    done = make(stock, folder)
    assert check_edition(folder, done.public_key).problems == ()
    page, sound = folder / "index.html", folder / f"audio/{stock.debate}.opus"
    page.write_text(page.read_text("utf-8").replace("Studio", "Radio"), "utf-8")
    sound.unlink()
    (folder / "extra.html").write_text("added")
    assert check_edition(folder, done.public_key).problems == (
        f"audio/{stock.debate}.opus: missing",
        "index.html: changed",
        "extra.html: not in the manifest",
    )


def test_a_manifest_that_somebody_else_signed_is_not_the_station_s(
    stock: Stock, tmp_path: Path
) -> None:
    folder = tmp_path / "edition"
    done = make(stock, folder)
    manifest = folder / "manifest.json"
    told = json.loads(manifest.read_bytes())
    manifest.write_text(json.dumps({**told, "station": "Une autre radio"}))
    unsigned = "manifest.json: not signed with this key"
    assert check_edition(folder).problems == (unsigned,)
    with stock_archive(tmp_path / "others") as other:
        others = make(other, tmp_path / "theirs")
    assert others.public_key != done.public_key
    assert check_edition(tmp_path / "theirs").problems == ()
    assert check_edition(tmp_path / "theirs", done.public_key).problems == (unsigned,)
    with pytest.raises(BadInput):
        check_edition(tmp_path)


def test_the_key_is_made_once_and_readable_by_its_owner_only(
    own_stock: Stock, tmp_path: Path
) -> None:
    first = make(own_stock, tmp_path / "one")
    assert make(own_stock, tmp_path / "two").public_key == first.public_key
    key = own_stock.archive.settings.media_dir / "offline-edition.key"
    assert key.stat().st_mode & 0o777 == 0o600


def test_a_folder_of_something_else_is_left_alone(stock: Stock, tmp_path: Path) -> None:
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "mine.txt").write_text("mine")
    with pytest.raises(BadInput, match="no offline edition"):
        make(stock, tmp_path / "letters")
    assert names(tmp_path / "letters") == {"mine.txt"}


def test_a_manifest_cannot_reach_outside_of_its_folder(stock: Stock, tmp_path: Path) -> None:
    folder = tmp_path / "edition"
    make(stock, folder)
    manifest = folder / "manifest.json"
    told = json.loads(manifest.read_bytes())
    told["files"]["../outside"] = [1, "0" * 64]
    manifest.write_text(json.dumps(told))
    (tmp_path / "outside").write_text("x")
    with pytest.raises(BadInput, match="no edition of ours"):
        make(stock, folder)
    assert (tmp_path / "outside").exists()


def test_a_full_stick_says_so_and_is_filled_later(stock: Stock, tmp_path: Path) -> None:
    refused = pytest.raises(StorageError, match="cannot be written")
    with small_disk(tmp_path / "stick") as stick, refused:
        make(stock, stick / "edition")
    done = make(stock, tmp_path / "edition")
    os.truncate(tmp_path / "edition" / f"audio/{stock.debate}.opus", 10)
    assert make(stock, tmp_path / "edition").broadcasts == done.broadcasts
    assert check_edition(tmp_path / "edition").problems == ()


def test_hostile_text_stays_text(own_stock: Stock, tmp_path: Path) -> None:
    texts = [each for each in PAYLOADS if each.strip() and "\0" not in each]
    segments = make_transcript(*texts).segments
    told = replace(make_transcript(), segments=segments)
    add_transcript(own_stock.catalogue, own_stock.debate, told)
    folder = tmp_path / "edition"
    make(own_stock, folder)
    page = (folder / f"broadcasts/{own_stock.debate}.html").read_text("utf-8")
    tree = lxml.html.fromstring(page)
    assert len(tree.xpath("//script")) == 1
    assert not tree.xpath("//main//img | //main//svg | //main//iframe | //@onerror | //@onload")
    for script in (folder / "search").iterdir():
        assert "<" not in script.read_text("utf-8")


def test_the_pages_say_the_same_in_both_languages() -> None:
    assert TEXTS["fr"].keys() == TEXTS["en"].keys()
    assert all(text.strip() for texts in TEXTS.values() for text in texts.values())
