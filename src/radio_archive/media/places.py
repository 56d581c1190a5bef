"""Where an object store is, as the settings and the environment say."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from radio_archive.errors import BadSettings

DEFAULT_REGION = "us-east-1"
"""The region that S3-compatible servers take for their own when nobody names one."""

_HINT = 'Write for example: media_url = "s3://recordings/studio".'
#: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html; other servers also
#: take capitals and underscores
_BUCKET = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{1,61}[A-Za-z0-9]")
_PREFIX = re.compile(r"[\w.-]+(/[\w.-]+)*", re.ASCII)


class Credentials(NamedTuple):
    """What requests are signed with. It is never shown: neither in messages nor in logs."""

    key_id: str
    secret: str
    token: str = ""  #: of temporary credentials

    def __repr__(self) -> str:
        return "Credentials(…)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectPlace:
    """A bucket and what our names begin with there."""

    bucket: str
    prefix: str = ""  #: without slashes at its ends
    endpoint: str = ""  #: address of the server; empty: AWS
    region: str = DEFAULT_REGION

    @classmethod
    def parse(
        cls,
        url: str,
        *,
        endpoint: str = "",
        region: str = "",
        environ: Mapping[str, str] = os.environ,
    ) -> ObjectPlace:
        """Read ``s3://bucket/prefix``.

        Args:
            url: bucket and prefix.
            endpoint: address of the server; empty takes ``AWS_ENDPOINT_URL_S3`` or
                ``AWS_ENDPOINT_URL``, else AWS.
            region: empty takes ``AWS_REGION`` or ``AWS_DEFAULT_REGION``.
            environ: the process's environment.

        Raises:
            BadSettings: it is no such address.
        """
        scheme, _, rest = url.partition("://")
        bucket, _, prefix = rest.partition("/")
        prefix = prefix.strip("/")
        if scheme != "s3" or not _BUCKET.fullmatch(bucket):
            # what stands before an @ may be a secret, so the address is not repeated
            raise BadSettings("media_url names no bucket of an S3-compatible store.", hint=_HINT)
        if prefix and (not _PREFIX.fullmatch(prefix) or {".", ".."} & set(prefix.split("/"))):
            raise BadSettings(
                "The prefix in media_url may hold letters, digits, . _ - and /.", hint=_HINT
            )
        endpoint = endpoint or _first(environ, "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
        if endpoint and not re.fullmatch(r"https?://[^/@?#\s]+/?", endpoint):
            raise BadSettings(
                "media_endpoint is no address of a server.",
                hint='Write for example: media_endpoint = "https://s3.example.org".',
            )
        return cls(
            bucket=bucket,
            prefix=prefix,
            endpoint=endpoint.rstrip("/"),
            region=region or _first(environ, "AWS_REGION", "AWS_DEFAULT_REGION") or DEFAULT_REGION,
        )

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")

    @property
    def address(self) -> str:
        """Where requests about the bucket go."""
        server = self.endpoint or f"https://s3.{self.region}.amazonaws.com"
        return f"{server}/{self.bucket}"


def find_credentials(environ: Mapping[str, str] = os.environ) -> Credentials | None:
    """Keys in the environment; None where they come from elsewhere, the role of a machine say."""
    key_id, secret = environ.get("AWS_ACCESS_KEY_ID"), environ.get("AWS_SECRET_ACCESS_KEY")
    if not key_id or not secret:
        return None
    return Credentials(key_id, secret, environ.get("AWS_SESSION_TOKEN", ""))


def _first(environ: Mapping[str, str], *names: str) -> str:
    return next((environ[name] for name in names if environ.get(name)), "")
