"""What an object store says no with, in our own words.

Two questions matter: may it work later without anybody changing anything, and if not, what is to be
mended? The library's own text holds addresses and whole answers; only the code is taken from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from radio_archive.errors import StorageError, StoreAway, StoreRefuses
from radio_archive.media.places import ObjectPlace

_STATUS = re.compile(r"status code: (\d{3})|\bstatus: (\d{3})")
_CODE = re.compile(r"<Code>(\w{1,60})</Code>")
_METADATA_ADDRESS = "169.254.169.254"  # where the library looks last for credentials: on AWS itself
_NO_KEYS = "Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment."
_RIGHTS = (
    "Check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, and that the key may list, read, write and "
    "delete in this bucket."
)

#: statuses after which the same request may succeed: the list of RFC 9110, 15.5 and 15.6, and 429
_PASSING = frozenset({408, 425, 429, 500, 502, 503, 504, 507})

#: codes: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
_HINTS: Mapping[str, str] = MappingProxyType(
    {
        "NoSuchBucket": "Make the bucket, or mend media_url in radio-archive.toml.",
        "RequestTimeTooSkewed": "Set the clock of this machine.",
        "PermanentRedirect": "Mend media_endpoint and media_region in radio-archive.toml.",
        "AuthorizationHeaderMalformed": "Mend media_region in radio-archive.toml.",
        "ExpiredToken": "Renew AWS_SESSION_TOKEN and the keys that belong to it.",
        "XAmzContentSHA256Mismatch": "What was sent arrived changed: look at proxies on the way.",
    }
)


def is_missing_bucket(text: str) -> bool:
    """Whether the answer is about the bucket, not about a file in it."""
    return "<Code>NoSuchBucket</Code>" in text


def is_beyond_end(text: str) -> bool:
    """Whether the file ends before the range that was asked for."""
    return status_of(text) == 416


def status_of(text: str) -> int | None:
    """The HTTP status in the library's text."""
    found = _STATUS.search(text)
    return int(found[1] or found[2]) if found else None


def as_ours(place: ObjectPlace, what: str, text: str) -> StorageError:
    """Our error for what the store or the way to it said.

    Args:
        place: the store.
        what: which file it was about.
        text: what the library says.
    """
    status, code = status_of(text), _CODE.search(text)
    said = code[1] if code else f"status {status}" if status else ""
    about = f"{what} in {place}"
    if _METADATA_ADDRESS in text:
        return StoreRefuses(f"{about}: there are no credentials for the store.", hint=_NO_KEYS)
    if "invalid peer certificate" in text:
        return StoreRefuses(
            f"{about}: the store's certificate is not one we trust.",
            hint="Mend media_endpoint, or have its authority trusted on this machine.",
        )
    if status is None or status in _PASSING or said in ("SlowDown", "RequestTimeout"):
        return StoreAway(
            f"{about}: the store does not answer{f' ({said})' if said else ''}.",
            hint=f"It may later. Look whether {place.endpoint or 'AWS'} can be reached.",
        )
    return StoreRefuses(f"{about}: the store refuses ({said}).", hint=_HINTS.get(said, _RIGHTS))
