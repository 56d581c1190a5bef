"""Our pipeline and its peers, each in a process of its own, on the same Whisper weights.

Wall time and peak memory are those of the whole process, loading included. What a contestant heard
comes back as a `Transcript`, so that `radio_archive.evaluation` judges all alike.
"""

from __future__ import annotations

import argparse
import base64
import importlib.util
import json
import multiprocessing
import os
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from radio_archive.audio import Audio  # noqa: E402 - the line above makes it importable
from radio_archive.model import LanguageTag, Milliseconds, Segment, Transcript, Word  # noqa: E402
from radio_archive.settings import Settings  # noqa: E402
from radio_archive.transcribers.lookup import EngineChoice, load_transcriber  # noqa: E402
from radio_archive.transcribers.weights import get_weights  # noqa: E402
from radio_archive.transcription import RecipeOptions, transcribe  # noqa: E402
from radio_archive.weights import models_dir  # noqa: E402

MODELS = models_dir(Settings.load(os.environ))
FRENCH = LanguageTag("fr")

Document = dict[str, Any]
"""What openai-whisper writes as JSON: ``segments`` with ``start``, ``end``, ``text``, ``words``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one run of one contestant gave."""

    wall_s: float
    peak_bytes: int
    transcript: Transcript


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """How peers are run; ours takes what the archive would choose."""

    threads: int
    ggml: Path | None = None  #: the weights as whisper.cpp reads them


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """A way from sound to text."""

    name: str
    what: str  #: for people
    module: str  #: what must be installed
    listen: Callable[[Path, Setup], Document] | None = None  #: in the child process
    arguments: tuple[str, ...] = ()  #: of the ``whisper`` command, where nothing listens

    @property
    def is_installed(self) -> bool:
        """Whether it can take part."""
        return importlib.util.find_spec(self.module) is not None

    def threads(self, setup: Setup) -> int:
        """Decoding threads of its one process."""
        return setup.threads


def _ours(path: Path, setup: Setup) -> Document:
    """Our recipe, the engine that ``auto`` takes, a worker per thread that it may have."""
    transcriber = load_transcriber(EngineChoice(models_dir=MODELS, workers=setup.threads))
    options = RecipeOptions(language=FRENCH)
    return _document(transcribe(Audio.find().decode(path), transcriber, options))


def _bare(path: Path, setup: Setup) -> Document:
    """faster-whisper's own batching with the same weights, precision, beam and batch."""
    from faster_whisper import BatchedInferencePipeline, WhisperModel

    weights = get_weights("base", "faster-whisper", MODELS)
    model = WhisperModel(str(weights), device="cpu", compute_type="int8", cpu_threads=setup.threads)
    segments, _ = BatchedInferencePipeline(model).transcribe(
        str(path), language="fr", beam_size=5, batch_size=8, word_timestamps=True
    )
    return {
        "segments": [
            {
                "start": segment.start,
                "end": segment.end,
                "text": segment.text,
                "words": [
                    {"start": word.start, "end": word.end, "word": word.word}
                    for word in segment.words or ()
                ],
            }
            for segment in segments
        ]
    }


def _cpp(path: Path, setup: Setup) -> Document:
    """whisper.cpp as it comes (greedy), asked for the time of every word."""
    from pywhispercpp.model import Model

    model = Model(
        str(setup.ggml),
        n_threads=setup.threads,
        language="fr",
        print_progress=False,
        print_realtime=False,
        print_timestamps=False,
        token_timestamps=True,
        max_len=1,
        split_on_word=True,
    )
    sound = np.concatenate(list(Audio.find().decode(path)))
    words = [
        {"start": word.t0 / 100, "end": word.t1 / 100, "word": word.text}
        for word in model.transcribe(sound)
        if word.text.strip()
    ]
    return {"segments": [{**_bounds(words), "text": _text(words), "words": words}] if words else []}


def _bounds(words: Sequence[Document]) -> Document:
    return {"start": words[0]["start"], "end": max(word["end"] for word in words)}


def _text(words: Sequence[Document]) -> str:
    return " ".join(word["word"].strip() for word in words)


_GREEDY = ("--beam_size", "None", "--best_of", "None", "--temperature", "0")
CONTESTANTS = {
    each.name: each
    for each in (
        Contestant(name="ours", what="our recipe", module="faster_whisper", listen=_ours),
        Contestant(
            name="faster-whisper",
            what="bare faster-whisper: cut at pauses by its voice detector and decoded in batches, "
            "as WhisperX does",
            module="faster_whisper",
            listen=_bare,
        ),
        Contestant(
            name="whisper.cpp", what="whisper.cpp, greedy", module="pywhispercpp", listen=_cpp
        ),
        Contestant(
            name="whisper-greedy",
            what="the whisper command, greedy",
            module="whisper",
            arguments=_GREEDY,
        ),
        Contestant(name="whisper", what="the whisper command as it comes", module="whisper"),
    )
}


def run(name: str, path: Path, setup: Setup) -> Heard:
    """One run of a contestant in a process of its own."""
    contestant = CONTESTANTS[name]
    with tempfile.TemporaryDirectory(prefix="radio-archive-") as folder:
        answer = Path(folder) / f"{path.stem}.json"
        command = _command(contestant, path, answer, setup)
        log = Path(folder) / "log.txt"
        with log.open("wb") as stream:
            started = time.perf_counter()
            child = subprocess.Popen(command, stdout=stream, stderr=stream)
            _, status, usage = os.wait4(child.pid, 0)
            wall = time.perf_counter() - started
        if status:
            raise SystemExit(f"{name} failed on {path.name}:\n{log.read_text()[-2_000:]}")
        document = json.loads(answer.read_text(encoding="utf-8"))
    return Heard(
        wall_s=wall, peak_bytes=usage.ru_maxrss * 1024, transcript=_transcript(document, name)
    )


def _command(contestant: Contestant, path: Path, answer: Path, setup: Setup) -> list[str]:
    if contestant.listen is None:
        weights = get_weights("base", "openai-whisper", MODELS)
        command = [sys.executable, "-m", "whisper", str(path), "--language", "fr"]
        command += ["--model", str(weights), "--threads", str(setup.threads), "--fp16", "False"]
        command += ["--output_format", "json", "--output_dir", str(answer.parent)]
        return [*command, "--verbose", "False", *contestant.arguments]
    command = [sys.executable, __file__, contestant.name, str(path), str(answer)]
    command += ["--threads", str(setup.threads)]
    return [*command, "--ggml", str(setup.ggml)] if setup.ggml else command


def _document(transcript: Transcript) -> Document:
    return {
        "segments": [
            {
                "start": segment.start_ms / 1000,
                "end": segment.end_ms / 1000,
                "text": segment.text,
                "words": [
                    {"start": word.start_ms / 1000, "end": word.end_ms / 1000, "word": word.text}
                    for word in segment.words
                ],
            }
            for segment in transcript.segments
        ]
    }


def _transcript(document: Document, name: str) -> Transcript:
    """What a contestant wrote; segments without text are left out, as players do."""
    rows = sorted(document["segments"], key=lambda row: float(row["start"]))
    segments = [
        Segment(
            start_ms=_ms(row["start"]),
            end_ms=max(_ms(row["start"]), _ms(row["end"])),
            text=row["text"].strip(),
            words=tuple(
                Word(start_ms=_ms(word["start"]), end_ms=_ms(word["end"]), text=word["word"])
                for word in row.get("words") or ()
            ),
        )
        for row in rows
        if row["text"].strip()
    ]
    return Transcript(language=FRENCH, segments=tuple(segments), engine=name)


def _ms(seconds: float) -> Milliseconds:
    return Milliseconds(max(0, round(float(seconds) * 1000)))


def make_ggml(target: Path) -> None:
    """Write the weights for whisper.cpp, in a process of its own.

    A process begins with the peak memory of the one that started it, so that one stays small.
    """
    process = multiprocessing.get_context("spawn").Process(target=write_ggml, args=(target,))
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit("the weights could not be converted for whisper.cpp")


def write_ggml(target: Path) -> None:
    """The weights of Whisper base as whisper.cpp reads them: half precision, ``ggml`` magic.

    The layout is that of whisper.cpp's ``models/convert-pt-to-ggml.py``: eleven numbers, mel
    filters, vocabulary, then each tensor with its name; biases and positions in 32 bit.
    """
    import torch
    import whisper

    assets = Path(whisper.__file__).parent / "assets"
    weights = get_weights("base", "openai-whisper", MODELS)
    checkpoint = torch.load(weights, map_location="cpu", weights_only=True)
    dims = checkpoint["dims"]
    order = ["vocab", "audio_ctx", "audio_state", "audio_head", "audio_layer"]
    order += ["text_ctx", "text_state", "text_head", "text_layer", "mels"]
    filters = np.load(assets / "mel_filters.npz")[f"mel_{dims['n_mels']}"].astype("<f4")
    lines = (assets / "multilingual.tiktoken").read_text(encoding="ascii").split("\n")
    tokens = [base64.b64decode(line.split()[0]) for line in lines if line]
    with target.open("wb") as stream:
        stream.write(struct.pack("<12i", 0x67676D6C, *(dims[f"n_{key}"] for key in order), 1))
        stream.write(struct.pack("<2i", *filters.shape) + filters.tobytes())
        stream.write(struct.pack("<i", len(tokens)))
        for token in tokens:
            stream.write(struct.pack("<i", len(token)) + token)
        for name, tensor in checkpoint["model_state_dict"].items():
            values = tensor.squeeze().numpy()
            if name in ("encoder.conv1.bias", "encoder.conv2.bias"):
                values = values.reshape(-1, 1)
            is_half = values.ndim > 1 and not name.endswith(("bias", "positional_embedding"))
            label = name.encode()
            stream.write(struct.pack("<3i", values.ndim, len(label), int(is_half)))
            stream.write(struct.pack(f"<{values.ndim}i", *reversed(values.shape)) + label)
            stream.write(values.astype("<f2" if is_half else "<f4").tobytes())


def main() -> int:
    """Let one contestant listen; called by `run`."""
    parser = argparse.ArgumentParser(description="One contestant, in a process of its own.")
    parser.add_argument("name", choices=[each.name for each in CONTESTANTS.values() if each.listen])
    parser.add_argument("path", type=Path)
    parser.add_argument("answer", type=Path)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--ggml", type=Path)
    options = parser.parse_args()
    listen = CONTESTANTS[options.name].listen
    assert listen is not None
    document = listen(options.path, Setup(threads=options.threads, ggml=options.ggml))
    options.answer.write_text(json.dumps(document), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
