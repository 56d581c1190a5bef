"""ELAN documents, those of pympi and those nobody should open."""

from __future__ import annotations

from pathlib import Path

import pympi
import pytest

from radio_archive.errors import BadImport
from radio_archive.imports import CueFile, eaf


def read(text: str) -> CueFile:
    return eaf.read(text, "file.eaf")


def told(found: CueFile) -> list[tuple[int, int | None, str, str | None]]:
    """Times, text and speaker of every cue."""
    return [(cue.start_ms, cue.end_ms, " ".join(cue.lines), cue.speaker) for cue in found.cues]


def make_eaf(path: Path, *, speakers: int = 2) -> Path:
    """A document as pympi writes it, with a translation and a tier of notes."""
    document = pympi.Eaf()
    document.remove_tier("default")
    document.add_linguistic_type(
        "translation", constraints="Symbolic_Association", timealignable=False
    )
    document.add_linguistic_type("note", constraints="Symbolic_Subdivision", timealignable=False)
    document.add_language("bam", lang_def="http://example.org/bam", lang_label="Bambara")
    for number in range(speakers):
        tier = f"speaker {number}"
        document.add_tier(tier, part=f"Jeli {number}", language="bam")
        document.add_tier(f"fr {number}", ling="translation", parent=tier)
        document.add_tier(f"note {number}", ling="note", parent=tier)
        for place in range(3):
            start = place * 4_000 + number * 2_000
            document.add_annotation(tier, start, start + 2_500, f"An bɛ baro la {number}.{place}")
            document.add_ref_annotation(
                f"fr {number}", tier, start + 10, f"Causerie {number}.{place}"
            )
        document.add_ref_annotation(f"note {number}", tier, 4_010 + number * 2_000, "rire")
    document.to_file(str(path))
    return path


def test_elan_tiers_are_speakers_and_one_to_one_tiers_their_translation(tmp_path: Path) -> None:
    found = read(make_eaf(tmp_path / "baro.eaf").read_text(encoding="utf-8"))
    assert sorted(told(found))[:2] == [
        (0, 2_500, "An bɛ baro la 0.0", "Jeli 0"),
        (2_000, 4_500, "An bɛ baro la 1.0", "Jeli 1"),
    ]
    assert len(found.cues) == 6
    assert {(cue.start_ms, *cue.lines) for cue in found.translation} == {
        (place * 4_000 + number * 2_000, f"Causerie {number}.{place}")
        for number in range(2)
        for place in range(3)
    }
    assert found.language == "bam"
    assert sorted(found.notes) == [
        f"Tier 'note {number}' with 1 annotation left out." for number in range(2)
    ]


def test_a_document_with_one_nameless_tier_has_no_speaker() -> None:
    found = read(
        '<?xml version="1.0" encoding="UTF-16"?><ANNOTATION_DOCUMENT><TIME_ORDER>'
        '<TIME_SLOT TIME_SLOT_ID="a" TIME_VALUE="100"/><TIME_SLOT TIME_SLOT_ID="b"/>'
        '<TIME_SLOT TIME_SLOT_ID="c" TIME_VALUE="900"/></TIME_ORDER>'
        '<TIER TIER_ID="default" LINGUISTIC_TYPE_REF="x"><ANNOTATION><ALIGNABLE_ANNOTATION '
        'ANNOTATION_ID="1" TIME_SLOT_REF1="a" TIME_SLOT_REF2="b">'
        "<ANNOTATION_VALUE>ߒߞߏ</ANNOTATION_VALUE>"
        "</ALIGNABLE_ANNOTATION></ANNOTATION><ANNOTATION><ALIGNABLE_ANNOTATION "
        'ANNOTATION_ID="2" TIME_SLOT_REF1="b" TIME_SLOT_REF2="c">'
        "<ANNOTATION_VALUE>deux</ANNOTATION_VALUE>"
        "</ALIGNABLE_ANNOTATION></ANNOTATION></TIER></ANNOTATION_DOCUMENT>"
    )
    assert told(found) == [(100, 100, "ߒߞߏ", None), (100, 900, "deux", None)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<ANNOTATION_DOCUMENT>", "not XML that can be read"),
        ("<html/>", "XML of another kind"),
        ("<ANNOTATION_DOCUMENT/>", "no annotation with text"),
        (
            '<ANNOTATION_DOCUMENT><TIER TIER_ID="a"><ANNOTATION>\n<ALIGNABLE_ANNOTATION '
            'ANNOTATION_ID="1" TIME_SLOT_REF1="z"/></ANNOTATION></TIER></ANNOTATION_DOCUMENT>',
            "Line 2 of .* names a time the document does not have",
        ),
    ],
)
def test_what_is_no_elan_document_is_refused(text: str, message: str) -> None:
    with pytest.raises(BadImport, match=message):
        read(text)


def test_entities_of_an_elan_document_are_not_expanded(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret", encoding="utf-8")
    text = make_eaf(tmp_path / "baro.eaf").read_text(encoding="utf-8")
    declared, _, rest = text.partition("?>")
    doctype = f'<!DOCTYPE a [<!ENTITY x SYSTEM "{secret.as_uri()}">]>'
    hostile = declared + "?>" + doctype + rest.replace("An bɛ baro la 0.0", "&x; bɛ")
    assert all("secret" not in line for *_, line, _ in told(read(hostile)))
