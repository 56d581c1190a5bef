"""The weights we know of for languages Whisper does not know: whose they are and where they lie.

Names are those of the ``[engines]`` table: engine, slash, model. Licences are those the makers'
own pages state. A digest stands here only where somebody published it; what has none is recorded
when it is first fetched and compared from then on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from radio_archive.model import LanguageTag

_HUB = "https://huggingface.co"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfFile:
    """One file of a set of weights."""

    name: str  #: inside the folder of the engine
    sha256: str = ""  #: empty where nobody published it


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelfWeights:
    """A set of weights as its makers publish it."""

    name: str  #: ``omnilingual-ctc/300m-int8``
    licence: str
    page: str  #: where people read about it
    address: str  #: what the names of its files are put behind
    files: tuple[ShelfFile, ...]
    megabytes: int  #: about, to download
    languages: tuple[LanguageTag, ...]  #: of the archive's, those its makers say it knows
    is_non_commercial: bool = False
    whisper_code: str = ""  #: for fine-tunes of Whisper: the language token its makers use

    @property
    def engine(self) -> str:
        """The engine's part of the name."""
        return self.name.partition("/")[0]

    @property
    def model(self) -> str:
        """The model's part of the name."""
        return self.name.partition("/")[2]

    def url_of(self, file: ShelfFile) -> str:
        """Where a file is fetched."""
        return f"{self.address}/{file.name}"


def _tags(text: str) -> tuple[LanguageTag, ...]:
    return tuple(LanguageTag(tag) for tag in text.split())


_TOKENS = ShelfFile(
    name="tokens.txt", sha256="a7a044c52cb29cbe8b0dc1953e92cefd4ca16b0ed968177b6beab21f9a7d0b31"
)
"""The same in both sizes: two independent users published this digest, one for each."""

_OMNILINGUAL = "csukuangfj/sherpa-onnx-omnilingual-asr-1600-languages"
_MMS_ADAPTERS = ("bam", "ful", "taq", "ses", "dts", "fra", "ara", "eng")

SHELF: Mapping[str, ShelfWeights] = {
    weights.name: weights
    for weights in (
        ShelfWeights(
            name="omnilingual-ctc/300m-int8",
            licence="Apache-2.0",
            page="https://github.com/facebookresearch/omnilingual-asr",
            address=f"{_HUB}/{_OMNILINGUAL}-300M-ctc-int8-2025-11-12/resolve/"
            "6abf1ece20cd2308bdb7d13cd78ec1c44fa4c094",
            files=(
                ShelfFile(
                    name="model.int8.onnx",
                    sha256="e7c4e54ee4c4c47829cc6667d5d00ed8ea7bef1dcfeef0fce766f77752a2726c",
                ),
                _TOKENS,
            ),
            megabytes=365,
            languages=_tags("bm ffm taq ses snk dts fr ar en"),
        ),
        ShelfWeights(
            name="omnilingual-ctc/1b-int8",
            licence="Apache-2.0",
            page="https://github.com/facebookresearch/omnilingual-asr",
            address=f"{_HUB}/{_OMNILINGUAL}-1B-ctc-int8-2025-11-12/resolve/"
            "17db76eab583b0b868ffb0df104ab879145087e5",
            files=(
                ShelfFile(
                    name="model.int8.onnx",
                    sha256="f7b74c964039162423b83e3fa950ce24810c9a635d9ff8468b5f4d142b7c1e8c",
                ),
                _TOKENS,
            ),
            megabytes=1032,
            languages=_tags("bm ffm taq ses snk dts fr ar en"),
        ),
        ShelfWeights(
            name="wav2vec2/mms-1b-all",
            licence="CC-BY-NC-4.0",
            is_non_commercial=True,
            page=f"{_HUB}/facebook/mms-1b-all",
            address=f"{_HUB}/facebook/mms-1b-all/resolve/main",
            files=tuple(
                ShelfFile(name=name)
                for name in (
                    "config.json",
                    "preprocessor_config.json",
                    "special_tokens_map.json",
                    "tokenizer_config.json",
                    "vocab.json",
                    "model.safetensors",
                    *(f"adapter.{code}.safetensors" for code in _MMS_ADAPTERS),
                )
            ),
            megabytes=3930,
            languages=_tags("bm ffm taq ses dts fr ar en"),
        ),
        ShelfWeights(
            name="whisper-fine-tune/windanam-medium",
            licence="Apache-2.0",
            page=f"{_HUB}/cawoylel/windanam_whisper-medium",
            address=f"{_HUB}/cawoylel/windanam_whisper-medium/resolve/main",
            files=tuple(
                ShelfFile(name=name)
                for name in (
                    "config.json",
                    "generation_config.json",
                    "preprocessor_config.json",
                    "tokenizer.json",
                    "tokenizer_config.json",
                    "vocab.json",
                    "model.safetensors",
                )
            ),
            megabytes=3070,
            languages=_tags("ffm"),
            # the makers' own tool asks for Hausa (github.com/cawoylel, README of its server)
            whisper_code="ha",
        ),
    )
}
"""Weights that ``radio-archive models list`` shows beside Whisper's."""


def find_on_shelf(name: str) -> ShelfWeights | None:
    """The row of a model by its full name; None when we know none."""
    return SHELF.get(name)
