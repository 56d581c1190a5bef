"""``radio-archive dossiers``: listed and taken away."""

from __future__ import annotations

import json
from pathlib import Path

from radio_archive.archive import DocumentWish, open_archive
from tests.cli.running import Run
from tests.support.archives import settings_for


def make(home: Path) -> str:
    with open_archive(settings_for(home)) as archive:
        slug = archive.dossiers.make("Les routes du sel", "Awa").slug
        link = DocumentWish(title="Une page", language="fr", url="https://example.org/sel")
        archive.dossiers.add_document(slug, link, "Awa")
    return slug


def test_every_dossier_is_listed_private_ones_included(run: Run, tmp_path: Path) -> None:
    assert run("dossiers", "list")[0] == 0
    slug = make(tmp_path)
    status, out, _ = run("dossiers", "list")
    assert (status, out) == (0, f"{slug}  private  1 entries  Les routes du sel\n")
    (row,) = json.loads(run("dossiers", "list", "--json")[1])
    assert (row["slug"], row["is_public"], row["changed_by"]) == (slug, False, "Awa")


def test_a_dossier_is_written_to_a_file_with_the_address_of_the_site(
    run: Run, tmp_path: Path
) -> None:
    slug = make(tmp_path)
    target = tmp_path / "out.html"
    site = "https://archive.example/"
    arguments = ("dossiers", "export", slug, "-f", "html", "-o", str(target), "--site", site)
    assert run(*arguments)[0] == 0
    assert f'href="https://archive.example/dossiers/{slug}"' in target.read_text(encoding="utf-8")
    status, out, _ = run("dossiers", "export", slug, "--format", "csv")
    assert status == 0
    assert "https://example.org/sel" in out


def test_what_does_not_exist_is_said_in_one_line(run: Run) -> None:
    status, _, err = run("dossiers", "export", "nothing")
    assert status == 1
    assert "There is no dossier 'nothing'" in err
    assert run("dossiers", "export", "nothing", "-f", "exe")[0] == 1
