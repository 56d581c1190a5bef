"""``add``, ``feeds`` and ``sync``."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.running import Run


def test_add_prints_one_line_per_broadcast_its_id_first(run: Run, clips: list[Path]) -> None:
    status, out, err = run("add", str(clips[0].parent), "--language", "bm")
    assert status == 0, err
    lines = out.splitlines()
    assert len(lines) == len(clips)
    for line in lines:
        identity = line.split()[0]
        assert len(identity) == 16
        assert int(identity, 16) >= 0
        assert line.split()[1] == "added"


def test_adding_the_same_thing_again_changes_nothing(run: Run, clips: list[Path]) -> None:
    first = run("add", str(clips[0]), "--language", "bm")[1].split()[0]
    status, out, _ = run("add", str(clips[0]), "--language", "bm")
    assert (status, out.split()[:2]) == (0, [first, "unchanged"])
    assert json.loads(run("status", "--json")[1])["broadcasts"] == 1


def test_what_the_person_says_is_kept(run: Run, clips: list[Path]) -> None:
    status, _, err = run(
        *("add", str(clips[0]), "--language", "bam", "--programme", "journal"),
        *("--title", "Kibaruw", "--aired-at", "2014-10-16T17:00:00Z"),
        *("--guests", "Awa Traoré; Issa Keïta"),
    )
    assert status == 0, err
    identity = run("add", str(clips[0]), "--json")[1]
    assert json.loads(identity)["title"]
    coverage = json.loads(run("status", "--json")[1])["coverage"]
    assert [row["language"] for row in coverage] == ["bm"]


def test_a_failure_does_not_stop_the_batch_and_is_seen_in_the_exit_status(
    run: Run, clips: list[Path]
) -> None:
    bad = clips[0].with_name("notes.mp3")
    bad.write_text("not sound at all", encoding="utf-8")
    status, out, err = run("add", str(bad), str(clips[1]), "missing.mp3", "--language", "bm")
    assert status == 1
    assert len(out.splitlines()) == 1
    errors = [line for line in err.splitlines() if line.startswith("error: ")]
    assert len(errors) == 2
    assert "notes.mp3" in errors[0]
    assert "missing.mp3" in errors[1]
    assert "Traceback" not in err


def test_in_json_every_result_is_an_object_on_its_line(run: Run, clips: list[Path]) -> None:
    status, out, _ = run("add", str(clips[0]), "missing.mp3", "--language", "bm", "--json")
    good, bad = (json.loads(line) for line in out.splitlines())
    assert status == 1
    assert good["outcome"] == "added"
    assert good["url"] == f"/broadcasts/{good['id']}"
    assert good["error"] is None
    assert bad["outcome"] == "failed"
    assert bad["item"] == "missing.mp3"
    assert bad["error"]


def test_a_language_nobody_knows_is_one_line_and_one_json_error(
    run: Run, clips: list[Path]
) -> None:
    status, out, err = run("add", str(clips[0]), "--language", "klingon", "--json")
    assert status == 1
    assert json.loads(out)["error"]["code"] == "unknown_language"
    assert len(err.splitlines()) == 1
    assert err.startswith("error: ")


def test_an_empty_folder_is_said_to_be_empty_unless_quiet(run: Run, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert run("add", str(tmp_path / "empty")) == (0, "", "Nothing to add was found there.\n")
    assert run("add", str(tmp_path / "empty"), "--quiet") == (0, "", "")


def test_feeds_are_followed_listed_and_left(run: Run) -> None:
    url = "https://radio.example/journal.xml"
    assert run("feeds", "add", url, "--programme", "journal", "--language", "fra")[0] == 0
    status, out, _ = run("feeds", "list", "--json")
    feeds = json.loads(out)
    assert status == 0
    assert [(feed["url"], feed["programme"], feed["language"]) for feed in feeds] == [
        (url, "journal", "fr")
    ]
    assert "never read" in run("feeds", "list")[1]
    assert run("feeds", "remove", url)[0] == 0
    assert json.loads(run("feeds", "list", "--json")[1]) == []


def test_leaving_a_feed_nobody_follows_is_an_error(run: Run) -> None:
    status, _, err = run("feeds", "remove", "https://radio.example/none.xml")
    assert status == 1
    assert err.startswith("error: ")


def test_a_feed_that_cannot_be_read_fails_the_sync_in_one_line(run: Run) -> None:
    run("feeds", "add", "http://127.0.0.1:9/feed.xml")
    status, _, err = run("sync")
    assert status == 1
    assert "127.0.0.1" in err
    assert "Traceback" not in err


def test_syncing_nothing_says_how_to_begin(run: Run) -> None:
    status, out, err = run("sync")
    assert (status, out) == (0, "")
    assert "radio-archive feeds add" in err


@pytest.mark.parametrize("form", ["--json", "--quiet"])
def test_a_file_whose_name_is_not_utf_8_is_reported_in_utf_8(
    run: Run, clips: list[Path], form: str
) -> None:
    odd = clips[0].rename(clips[0].with_name(os.fsdecode(b"d\xe9bat.wav")))
    bad = odd.with_name(os.fsdecode(b"\xe9t\xe9.mp3"))
    bad.write_text("not sound at all", encoding="utf-8")
    _, out, err = run("add", str(odd.parent), form, "--language", "bm")
    assert len(out.splitlines()) == len(clips) + (form == "--json")
    assert "\N{REPLACEMENT CHARACTER}t\N{REPLACEMENT CHARACTER}.mp3" in err
    if form == "--json":
        items = [Path(json.loads(line)["item"]).name for line in out.splitlines()]
        assert "d\N{REPLACEMENT CHARACTER}bat.wav" in items


UNDECODED = os.fsdecode(b"caf\xe9")


@pytest.mark.parametrize(
    "arguments",
    [
        ("export", UNDECODED),
        ("withdraw", UNDECODED, "--reason", "x"),
        ("feeds", "add", f"https://radio.example/{UNDECODED}"),
        ("search", "riz", UNDECODED),
        ("glossary", "undo", UNDECODED, "--json"),
        ("add", "missing.mp3", "--title", UNDECODED),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_text_that_is_not_utf_8_is_refused_in_one_line(
    run: Run, arguments: tuple[str, ...]
) -> None:
    status, out, err = run(*arguments)
    assert status == 1
    [line] = err.splitlines()
    assert line.startswith("error: ")
    assert "caf\N{REPLACEMENT CHARACTER} is not UTF-8" in line
    if "--json" in arguments:
        assert json.loads(out)["error"]["code"] == "bad_input"


def test_a_file_to_write_may_have_a_name_that_is_not_utf_8(run: Run) -> None:
    _, _, err = run("export", "0" * 16, "--output", UNDECODED)
    assert "not UTF-8" not in err
    assert "0" * 16 in err


@pytest.mark.parametrize("url", ["ftp://radio.example/feed.xml", "journal.xml", "http://[::1"])
def test_a_feed_that_is_never_fetched_is_refused_when_it_is_added(run: Run, url: str) -> None:
    status, _, err = run("feeds", "add", url)
    assert status == 1
    assert "is never fetched" in err
    assert json.loads(run("feeds", "list", "--json")[1]) == []


def test_the_programme_of_a_feed_becomes_one_that_has_a_page(run: Run) -> None:
    url = "https://radio.example/journal.xml"
    assert run("feeds", "add", url, "--programme", "Journal / Soir")[0] == 0
    [feed] = json.loads(run("feeds", "list", "--json")[1])
    assert feed["programme"] == "journal-soir"
    status, _, err = run("feeds", "add", url, "--programme", " / ")
    assert status == 1
    assert "Latin letters" in err
