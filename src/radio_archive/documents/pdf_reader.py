"""The process that reads one PDF: bytes on standard input, JSON on standard output.

``{"state": "read", "pages": ["…"]}``, with a state of `model.DocumentState`. It takes no more
memory than it is given, and whoever starts it sees to the time.
"""

from __future__ import annotations

import io
import json
import re
import sys
import unicodedata
from collections.abc import Iterator

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError

from radio_archive.documents.limits import MAX_CHARACTERS, MAX_MEMORY, MAX_PAGES

_SURROGATES = re.compile("[\ud800-\udfff]")
#: a word divided at the end of a line, by a soft hyphen or before a small letter
_DIVIDED = re.compile(r"(?<=[^\W\d_])(?:\u00ad\n|[-\u2010]\n(?=[a-zß-öø-ÿœ]))")
#: the end of a line inside a sentence; items of a list end in a sign
_WRAPPED = re.compile(r"(?<=[^\n.!?:;…»”•–-])\n(?=[a-zß-öø-ÿœ])")
#: two or three letters drawn as one, as printers set them; nobody types them in a search
_LIGATURES = re.compile("[\ufb00-\ufb06]")
_SPACES = re.compile(r"[ \t\u00ad]+(?=\n|$)|(?<=\n)[ \t]+|\u00ad")


def main() -> None:
    """Read standard input, and say what was in it."""
    limit_memory()
    state, pages = read(sys.stdin.buffer.read())
    json.dump({"state": state, "pages": pages}, sys.stdout)


def limit_memory() -> None:
    """Let this process have no more than `MAX_MEMORY`, where the system knows such limits."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY, MAX_MEMORY))


def read(content: bytes) -> tuple[str, list[str]]:
    """The state of a PDF, and the text of its pages."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            return "locked", []
        count = len(reader.pages)
        pages = list(_texts(reader))
    except (FileNotDecryptedError, DependencyError):  # a cipher that needs a library more
        return "locked", []
    except (MemoryError, RecursionError):
        raise
    except Exception:  # noqa: BLE001 (whatever a damaged file makes of a parser)
        return "damaged", []
    if not any(page.strip() for page in pages):
        return "no_text", []
    return ("read" if len(pages) == count else "part_read"), pages


def _texts(reader: PdfReader) -> Iterator[str]:
    """The text of page after page, as far as the limits go; nothing of one that is damaged."""
    total = 0
    for number in range(min(len(reader.pages), MAX_PAGES)):
        try:
            text = tidy(reader.pages[number].extract_text())
        except (MemoryError, RecursionError, FileNotDecryptedError, DependencyError):
            raise
        except Exception:  # noqa: BLE001 (one page of many)
            text = ""
        total += len(text)
        if total > MAX_CHARACTERS:
            return
        yield text


def tidy(text: str) -> str:
    """Text with its letters composed, and words and sentences whole that were divided."""
    plain = _SURROGATES.sub("\ufffd", text).replace("\0", "").replace("\r\n", "\n")
    plain = _LIGATURES.sub(lambda found: unicodedata.normalize("NFKC", found[0]), plain)
    whole = _DIVIDED.sub("", unicodedata.normalize("NFC", plain))
    return _WRAPPED.sub(" ", _SPACES.sub("", whole)).strip()


if __name__ == "__main__":
    main()
