"""Who made an edition: a signature over its manifest (Ed25519, RFC 8032)."""

from __future__ import annotations

import base64
import os
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)

from radio_archive.errors import BadInput

KEY_FILE = "offline-edition.key"
"""In ``media/``: whoever has it can sign in the station's name."""


class Signer:
    """Signs with a station's key."""

    def __init__(self, key: Ed25519PrivateKey) -> None:
        self._key = key

    @classmethod
    def of(cls, folder: Path) -> Signer:
        """The station's key, made at first use.

        Raises:
            BadInput: there is a file, and it is no key.
        """
        path = folder / KEY_FILE
        if not path.exists():
            fresh = Ed25519PrivateKey.generate()
            packed = fresh.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
            aside = path.with_name(f".{KEY_FILE}.{os.getpid()}")
            descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(packed)
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(aside, path)  # of two that come at once, the first one's stays
            except FileExistsError:
                pass
            finally:
                aside.unlink()
        try:
            key = load_pem_private_key(path.read_bytes(), None)
        except ValueError as error:
            raise _no_key(path) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise _no_key(path)
        return cls(key)

    @property
    def public_key(self) -> str:
        """What others check signatures with: 32 bytes in base64."""
        raw = self._key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return base64.b64encode(raw).decode()

    def sign(self, content: bytes) -> str:
        """The signature of some bytes, in base64."""
        return base64.b64encode(self._key.sign(content)).decode()


def is_signed(content: bytes, signature: str, public_key: str) -> bool:
    """Whether somebody who has the key behind ``public_key`` signed these bytes."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key, validate=True))
        key.verify(base64.b64decode(signature, validate=True), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _no_key(path: Path) -> BadInput:
    return BadInput(
        f"{path} is no Ed25519 key.", hint="Put it aside: the next edition makes a new one."
    )
