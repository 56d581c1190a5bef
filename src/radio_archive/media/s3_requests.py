"""The few requests about a bucket that the library does not make, signed by ourselves.

Signing: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, urlsplit
from xml.etree.ElementTree import Element

import httpx2
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from radio_archive.errors import StoreAway
from radio_archive.media.files import Area
from radio_archive.media.places import Credentials, ObjectPlace
from radio_archive.media.refusals import as_ours

TIMEOUT_S = 10.0
_OURS = re.compile(rf"({'|'.join(Area)})/(../){{2}}[0-9a-f]{{64}}\.\w+")
_NOTHING = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedUpload:
    """Parts in the store that belong to no file: somebody is sending it, or died."""

    name: str  #: of the file it would become, the prefix included
    upload_id: str
    begun_at: float  #: seconds since 1970


class S3Requests:
    """Requests about one bucket."""

    def __init__(self, place: ObjectPlace, credentials: Credentials) -> None:
        self._place = place
        self._credentials = credentials

    def keeps_versions(self) -> bool:
        """Whether the bucket keeps what is overwritten and deleted.

        Raises:
            StorageError: the store is away or refuses.
        """
        return _text(self._ask("GET", "", {"versioning": ""}), "Status") == "Enabled"

    def unfinished_uploads(self) -> Iterator[UnfinishedUpload]:
        """Every upload of a file of ours that was begun and not ended.

        Raises:
            StorageError: the store is away or refuses.
        """
        prefix = f"{self._place.prefix}/" if self._place.prefix else ""
        query = {"uploads": "", "prefix": prefix}
        while True:
            answer = self._ask("GET", "", query)
            for upload in read_uploads(answer):
                if _OURS.fullmatch(upload.name.removeprefix(prefix)):
                    yield upload
            if _text(answer, "IsTruncated") != "true":
                return
            query["key-marker"] = _text(answer, "NextKeyMarker")
            query["upload-id-marker"] = _text(answer, "NextUploadIdMarker")

    def abort(self, upload: UnfinishedUpload) -> None:
        """Throw the parts of an upload away.

        Raises:
            StorageError: the store is away or refuses.
        """
        self._ask("DELETE", upload.name, {"uploadId": upload.upload_id})

    def _ask(self, method: str, name: str, query: Mapping[str, str]) -> Element:
        url = self._place.address + (f"/{quote(name)}" if name else "")
        headers = sign(method, url, query, self._credentials, self._place.region)
        what = f"A question about {name or 'the bucket'}"
        try:
            answer = httpx2.request(
                method, f"{url}?{canonical_query(query)}", headers=headers, timeout=TIMEOUT_S
            )
        except httpx2.HTTPError as error:
            raise as_ours(self._place, what, "") from error
        if answer.is_error and not (method == "DELETE" and answer.status_code == 404):
            raise as_ours(self._place, what, f"status: {answer.status_code} {answer.text}")
        if not answer.content or answer.is_error:
            return Element("nothing")
        try:
            root: Element = fromstring(answer.content)
        except (ParseError, DefusedXmlException) as error:
            raise StoreAway(
                f"{what} in {self._place} got an answer that is not one of a store.",
                hint="Look whether media_endpoint is the address of the store.",
            ) from error
        return root


def read_uploads(answer: Element) -> Iterator[UnfinishedUpload]:
    """The uploads in an answer of ``ListMultipartUploads``."""
    for entry in answer.findall("{*}Upload"):
        yield UnfinishedUpload(
            name=_text(entry, "Key"),
            upload_id=_text(entry, "UploadId"),
            begun_at=datetime.fromisoformat(_text(entry, "Initiated")).timestamp(),
        )


def canonical_query(query: Mapping[str, str]) -> str:
    """A query as it is signed and sent: sorted, everything encoded but the unreserved."""
    pairs = sorted((quote(key, safe=""), quote(value, safe="")) for key, value in query.items())
    return "&".join(f"{key}={value}" for key, value in pairs)


def sign(
    method: str, url: str, query: Mapping[str, str], credentials: Credentials, region: str
) -> dict[str, str]:
    """The headers that prove who asks, for a request without a body, now."""
    return sign_at(method, url, query, (credentials, region, datetime.now(UTC)))


def sign_at(
    method: str,
    url: str,
    query: Mapping[str, str],
    who_where_when: tuple[Credentials, str, datetime],
) -> dict[str, str]:
    """As `sign`, at any moment."""
    credentials, region, moment = who_where_when
    parts, stamp = urlsplit(url), moment.strftime("%Y%m%dT%H%M%SZ")
    headers = {"host": parts.netloc, "x-amz-content-sha256": _NOTHING, "x-amz-date": stamp}
    if credentials.token:
        headers["x-amz-security-token"] = credentials.token
    names = ";".join(sorted(headers))
    lines = [f"{name}:{headers[name]}" for name in sorted(headers)]
    request = [method, parts.path or "/", canonical_query(query), *lines, "", names, _NOTHING]
    scope = f"{stamp[:8]}/{region}/s3/aws4_request"
    digest = hashlib.sha256("\n".join(request).encode()).hexdigest()
    key = f"AWS4{credentials.secret}".encode()
    for part in scope.split("/"):
        key = hmac.digest(key, part.encode(), "sha256")
    proof = f"AWS4-HMAC-SHA256\n{stamp}\n{scope}\n{digest}"
    signature = hmac.new(key, proof.encode(), "sha256").hexdigest()
    return {
        **headers,
        "authorization": f"AWS4-HMAC-SHA256 Credential={credentials.key_id}/{scope}, "
        f"SignedHeaders={names}, Signature={signature}",
    }


def _text(element: Element, name: str) -> str:
    return element.findtext(f"{{*}}{name}") or ""
