"""Commands that read or mend, on an archive that holds two samples."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
import webvtt
from typer.testing import CliRunner

from radio_archive.cli import app
from tests.cli.running import Run


def found(run: Run, library: Path, *arguments: str) -> dict[str, Any]:
    status, out, err = run("search", "--json", *arguments, home=library)
    assert status == 0, err
    answer = json.loads(out)
    assert isinstance(answer, dict)
    return answer


def test_a_search_shows_date_programme_title_moment_and_words(run: Run, library: Path) -> None:
    status, out, err = run("search", "crime organisé", home=library)
    assert status == 0
    heading, hit = out.splitlines()[:2]
    assert heading.startswith("2014-10-16  Le Grand Dialogue  ")
    minutes, words = hit.split(maxsplit=1)
    assert minutes.count(":") == 1
    assert "crime organisé" in words
    assert "hits in 2 broadcasts" in err


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("crime organisé 16 octobre", "16 octobre: aired on 16 October of any year."),
        ("crime organisé 16/10/2014", "16/10/2014: aired on 16 October 2014."),
        ("crime organisé octobre 2014", "octobre 2014: aired in October 2014."),
    ],
)
def test_a_search_by_the_day_of_a_broadcast_says_so(
    run: Run, library: Path, typed: str, told: str
) -> None:
    status, out, err = run("search", typed, home=library)
    assert status == 0
    assert out.splitlines()[0].startswith("2014-10-16  Le Grand Dialogue  ")
    assert f"Also searched for {told}" in err


def test_words_typed_without_quotes_are_one_query(run: Run, library: Path) -> None:
    assert found(run, library, "crime", "organisé")["query"] == "crime organisé"


def test_matches_are_bold_on_a_terminal_and_plain_in_a_pipe(library: Path) -> None:
    environment = {"RADIO_ARCHIVE_HOME": str(library)}
    arguments = ["search", "drogue"]
    piped = CliRunner().invoke(app, arguments, env=environment)
    shown = CliRunner().invoke(app, arguments, env=environment, color=True)
    assert "\x1b" not in piped.stdout
    assert "\x1b[1mdrogue" in shown.stdout


def test_the_json_answer_has_the_keys_of_the_web_api(run: Run, library: Path) -> None:
    answer = found(run, library, "crime organisé", "--language", "fr")
    assert list(answer) == [
        "query",
        "total",
        "page",
        "page_size",
        "took_ms",
        "facets",
        "coverage",
        "suggestions",
        "expansions",
        "is_close",
        "titles",
        "documents",
        "broadcasts",
    ]
    hit = answer["broadcasts"][0]["hits"][0]
    seconds = f"{hit['start_ms'] / 1000:.4f}"[:-3]
    assert hit["url"].endswith(f"?t={seconds}#t={seconds}")
    assert hit["audio_url"].endswith(f".mp3#t={seconds}")


def test_a_name_narrows_a_search_and_names_are_counted(run: Run, library: Path) -> None:
    everything = found(run, library, "language:fr")
    name = everything["facets"]["name"][0]
    narrowed = found(run, library, "language:fr", "--name", name["value"])
    assert narrowed["total"] == name["count"]
    assert 0 < narrowed["total"] < everything["total"]
    status, out, err = run("search", "riz", "--name", "Nulle part", home=library)
    assert (status, out) == (1, "")
    assert "Nulle part" in err


def test_filters_narrow_a_search_and_alone_list_passages(run: Run, library: Path) -> None:
    assert len(found(run, library, "crime", "--programme", "journal")["broadcasts"]) == 1
    assert len(found(run, library, "crime", "--from", "2016")["broadcasts"]) == 1
    assert len(found(run, library, "crime", "--to", "2015")["broadcasts"]) == 1
    assert found(run, library, "programme:journal")["total"] > 1
    newest = found(run, library, "crime", "--sort", "newest")["broadcasts"]
    assert [row["aired_at"][:4] for row in newest] == ["2016", "2014"]


def test_no_hits_is_an_answer_not_a_failure(run: Run, library: Path) -> None:
    status, out, err = run("search", "zoologie", home=library)
    assert (status, out) == (0, "")
    assert err.startswith("No hits.")


def test_a_search_that_makes_no_sense_is_one_line(run: Run, library: Path) -> None:
    status, out, err = run("search", "mali", "--language", "klingon", "--json", home=library)
    assert status == 1
    assert json.loads(out)["error"]["code"] == "unknown_language"
    assert err.startswith("error: ")
    assert len(err.splitlines()) == 1


def first_id(run: Run, library: Path) -> str:
    return str(found(run, library, "drogue")["broadcasts"][0]["id"])


def test_an_export_goes_to_standard_output_whole_and_alone(run: Run, library: Path) -> None:
    identity = first_id(run, library)
    status, out, err = run("export", identity, "--format", "vtt", home=library)
    assert (status, err) == (0, "")
    captions = webvtt.from_string(out).captions
    assert captions[0].voice
    assert json.loads(run("export", identity, "-f", "json", home=library)[1])["language"] == "fr"
    assert "relue et corrigée" in run("export", identity, home=library)[1]


def test_an_export_goes_to_a_file_and_says_so(run: Run, library: Path, tmp_path: Path) -> None:
    target = tmp_path / "debate.srt"
    identity = first_id(run, library)
    status, out, _ = run("export", identity, "-f", "srt", "-o", str(target), "--json", home=library)
    assert status == 0
    assert json.loads(out) == {
        "id": identity,
        "format": "srt",
        "file": str(target),
        "media_type": "application/x-subrip; charset=utf-8",
        "size_bytes": target.stat().st_size,
    }
    assert target.read_text(encoding="utf-8").startswith("1\n00:00:")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("0000000000000000", "-f", "vtt"), "not_found"),
        (("ID", "-f", "pdf"), "unknown_format"),
        (("ID", "-f", "vtt", "--kind", "translation"), "not_found"),
    ],
)
def test_an_export_that_cannot_be_is_an_error(
    run: Run, library: Path, arguments: tuple[str, ...], code: str
) -> None:
    identity = first_id(run, library)
    given = [identity if each == "ID" else each for each in arguments]
    status, out, err = run("export", *given, "--json", home=library)
    assert status == 1
    assert json.loads(out)["error"]["code"] == code
    assert err.startswith("error: ")


def test_a_file_that_cannot_be_written_is_one_line(run: Run, library: Path, tmp_path: Path) -> None:
    target = tmp_path / "no" / "such" / "folder.vtt"
    status, _, err = run(
        "export", first_id(run, library), "-f", "vtt", "-o", str(target), home=library
    )
    assert status == 1
    assert "folder.vtt" in err
    assert "Traceback" not in err


def test_status_counts_what_is_held(run: Run, library: Path) -> None:
    status, out, _ = run("status", "--json", home=library)
    answer = json.loads(out)
    assert status == 0
    assert answer["broadcasts"] == 2
    assert answer["states"] == {"transcribed": 2}
    assert answer["passages"] > 4
    shown = run("status", home=library)[1]
    assert "2 transcribed" in shown


def test_doctor_has_a_line_per_finding_and_fails_when_one_does(
    run: Run, library: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADIO_ARCHIVE_MODELS_DIR", str(tmp_path / "nothing"))
    status, out, _ = run("doctor", "--json", home=library)
    answer = json.loads(out)
    assert status == 1
    assert answer["is_ok"] is False
    weights = next(check for check in answer["checks"] if check["name"] == "weights")
    assert weights["is_ok"] is False
    assert "radio-archive models fetch base" in weights["remedy"]
    assert "FAIL  weights" in run("doctor", home=library)[1]


def test_a_lost_index_comes_back(run: Run, library: Path, tmp_path: Path) -> None:
    home = tmp_path / "copy"
    shutil.copytree(library, home)
    shutil.rmtree(home / "index")
    status, out, err = run("reindex", "--if-needed", home=home)
    assert status == 0, err
    assert int(out.split()[0]) == json.loads(run("status", "--json", home=home)[1])["passages"]
    assert run("reindex", "--if-needed", home=home)[1] == ""
    assert found(run, home, "drogue")["total"] == found(run, library, "drogue")["total"]


def test_models_are_listed_and_a_missing_one_fails_its_verification(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RADIO_ARCHIVE_MODELS_DIR", str(tmp_path / "nothing"))
    models = json.loads(run("models", "list", "--json")[1])
    sizes = {model["name"]: model["size_bytes"] for model in models if not model["is_here"]}
    assert sizes["base"] == 145_000_000
    licences = {model["name"]: model["licence"] for model in models if model["is_non_commercial"]}
    assert licences == {"wav2vec2/mms-1b-all": "CC-BY-NC-4.0"}
    status, out, _ = run("models", "verify", "base")
    assert status == 1
    assert "radio-archive models fetch base" in out
    assert run("models", "fetch", "nonsense")[0] == 1


def test_a_wrong_setting_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "radio-archive.toml").write_text("colour = 'red'\n", encoding="utf-8")
    status, _, err = run("status")
    assert status == 1
    assert "'colour'" in err
    assert len(err.splitlines()) == 1
