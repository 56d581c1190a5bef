"""``add`` and ``sync``, given what people really give them."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from tests.cli.running import Run


def test_the_second_name_of_one_sound_is_told(run: Run, clips: list[Path]) -> None:
    twin = clips[0].with_name("twin.wav")
    shutil.copy(clips[0], twin)
    status, out, err = run("add", str(clips[0]), str(twin), "--language", "bm")
    assert status == 0, err
    assert [line.split()[1] for line in out.splitlines()] == ["added", "unchanged"]
    assert err == f"{twin}: the same sound as {clips[0]}, held once.\n"


def test_one_odd_name_is_one_line_and_the_rest_goes_on(
    run: Run, tmp_path: Path, clips: list[Path]
) -> None:
    loop = tmp_path / "loop.wav"
    loop.symlink_to(loop)
    odd = clips[1].rename(clips[1].with_name(os.fsdecode(b"odd \xff.wav")))
    good = str(clips[0])
    status, out, err = run(
        "add", str(loop), "http://[::1", "x" * 300, "", str(odd), good, "--language", "bm"
    )
    assert status == 1
    assert [line.split()[1] for line in out.splitlines()] == ["added", "added"]
    assert [line[:7] for line in err.splitlines()] == ["error: "] * 4


def test_the_home_itself_holds_nothing_to_add(run: Run, tmp_path: Path, clips: list[Path]) -> None:
    run("add", str(clips[0]), "--language", "bm")
    shutil.rmtree(clips[0].parent)
    assert run("add", str(tmp_path)) == (0, "", "Nothing to add was found there.\n")
