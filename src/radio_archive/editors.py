"""Who may correct: accounts, passwords, and how often somebody may mistype one."""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
import unicodedata
from datetime import UTC, datetime, timedelta
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from radio_archive.catalogue import Catalogue
from radio_archive.errors import (
    BadInput,
    BadSettings,
    Forbidden,
    NotFound,
    StorageError,
    TooManyAttempts,
)
from radio_archive.model import Editor

SHORTEST_PASSWORD = 10
"""Characters: two more than NIST SP 800-63B asks at least."""
LONGEST_PASSWORD = 1_000
LONGEST_NAME = 60
"""Characters: chosen; hashing more is work for nobody."""

SECRET_FILE = "editors.key"  # noqa: S105 (a name)
"""In ``media/``: signs what browsers send back. Whoever has it is every editor."""
_SECRET_BYTES = 32

#: failures within this time are counted
WINDOW = timedelta(minutes=15)
#: and so many are let pass: of one name from one address, of one name, from one address
LIMITS = {"pair": 5, "name": 30, "address": 30}

#: each check of a password takes 64 MiB (argon2's default, RFC 9106): so many at a time
_AT_A_TIME = 2


class Editors:
    """The accounts of a station's editors."""

    def __init__(self, catalogue: Catalogue, media_dir: Path, secret: str = "") -> None:
        """Open the accounts.

        Args:
            catalogue: where they are kept.
            media_dir: where the secret is kept that is made at first use.
            secret: the station's own, the same on all its machines; empty takes that one.

        Raises:
            BadSettings: it is too short to sign anything.
        """
        if secret and len(secret) < _SECRET_BYTES:
            raise BadSettings(
                f"session_secret has {len(secret)} characters; it needs {_SECRET_BYTES}.",
                hint="Make one: openssl rand -hex 32",
            )
        self._secret = secret
        self._accounts = catalogue.editors
        self._secret_path = media_dir / SECRET_FILE
        self._hasher = PasswordHasher()
        self._turns = threading.BoundedSemaphore(_AT_A_TIME)
        self._nobody: str | None = None

    def all(self) -> tuple[Editor, ...]:
        """Every editor, by name."""
        return self._accounts.all()

    def find(self, name: str) -> Editor | None:
        """The editor of a name."""
        account = self._accounts.find(name)
        return None if account is None else account.editor

    def add(self, name: str, password: str) -> Editor:
        """Let somebody correct.

        Raises:
            BadInput: the name is none or taken, or the password too short or too long.
        """
        cleaned = _clean_name(name)
        if not self._accounts.add(cleaned, self._hash(password)):
            raise BadInput(
                f"There is an editor {cleaned!r} already.",
                hint=f"Change the password: radio-archive editors password {cleaned!r}",
            )
        return self._get(cleaned)

    def set_password(self, name: str, password: str) -> Editor:
        """Give an editor another password; sessions from before it end.

        Raises:
            NotFound: there is no such editor.
            BadInput: the password is too short or too long.
        """
        self._get(name)
        self._accounts.set_hash(name, self._hash(password))
        return self._get(name)

    def remove(self, name: str) -> None:
        """Let somebody correct no more; what they corrected stays, under their name.

        Raises:
            NotFound: there is no such editor.
        """
        if not self._accounts.remove(name):
            raise _no_editor(name)

    def sign_in(self, name: str, password: str, address: str) -> Editor:
        """The editor whose name and password these are.

        It takes as long whether the name is known or not, and says the same.

        Args:
            name: as typed.
            password: as typed.
            address: where from; counted, never kept as it is.

        Raises:
            TooManyAttempts: too many failed of late.
            Forbidden: no editor has this name and password.
        """
        name, password = " ".join(name.split())[:200], password[: LONGEST_PASSWORD + 1]
        keys = self._keys(name, address)
        limits = {keys[kind]: limit for kind, limit in LIMITS.items()}
        if not self._accounts.count_attempt(limits, datetime.now(UTC) - WINDOW):
            raise TooManyAttempts(
                "Too many wrong passwords.",
                hint=f"Wait {WINDOW.seconds // 60} minutes, and try again.",
            )
        account = self._accounts.find(name)
        known = self._hash_of_nobody() if account is None else account.password_hash
        is_right = self._verify(known, password)
        if account is None or not is_right:
            raise Forbidden(
                "No editor has this name and password.",
                hint="Check both; whoever keeps the archive can set another password.",
            )
        self._accounts.take_back_attempt(sorted(keys.values()), keys["pair"])
        if self._hasher.check_needs_rehash(known):
            self._accounts.set_hash(account.editor.name, self._hash(password))
        return self._get(account.editor.name)

    def secret(self) -> str:
        """What signs cookies and forms; made at first use, readable by its owner only.

        Raises:
            StorageError: it can be neither read nor made.
        """
        if self._secret:
            return self._secret
        try:
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            beside = self._secret_path.with_suffix(f".{secrets.token_hex(4)}")
            if not self._secret_path.exists():
                with os.fdopen(os.open(beside, flags, 0o600), "w") as stream:
                    stream.write(secrets.token_hex(_SECRET_BYTES))
                    stream.flush()
                    os.fsync(stream.fileno())
                _settle(beside, self._secret_path)
            found = self._secret_path.read_text(encoding="ascii").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise StorageError(
                f"{self._secret_path} cannot be used: {error}.",
                hint="Remove it: another is made, and editors sign in again.",
            ) from error
        if len(found) < 2 * _SECRET_BYTES:
            raise StorageError(
                f"{self._secret_path} is damaged.",
                hint="Remove it: another is made, and editors sign in again.",
            )
        return found

    def digest(self, text: str) -> str:
        """A text that can be told again and not read: keyed, 32 hexadecimal digits."""
        key = bytes.fromhex(self.secret())
        return hashlib.blake2b(text.encode("utf-8", "replace"), key=key, digest_size=16).hexdigest()

    def _keys(self, name: str, address: str) -> dict[str, str]:
        known = name.casefold()
        told = {"pair": f"pair\0{known}\0{address}", "name": f"name\0{known}"}
        told["address"] = f"address\0{address}"
        return {kind: self.digest(text) for kind, text in told.items()}

    def _get(self, name: str) -> Editor:
        editor = self.find(name)
        if editor is None:
            raise _no_editor(name)
        return editor

    def _hash(self, password: str) -> str:
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            raise BadInput(
                f"The password has {len(password):,} characters.",
                hint=f"Choose {SHORTEST_PASSWORD} to {LONGEST_PASSWORD:,}; four words are good.",
            )
        with self._turns:
            return self._hasher.hash(_composed(password))

    def _hash_of_nobody(self) -> str:
        if self._nobody is None:
            self._nobody = self._hash(secrets.token_hex(_SECRET_BYTES))
        return self._nobody

    def _verify(self, known: str, password: str) -> bool:
        with self._turns:
            try:
                return self._hasher.verify(known, _composed(password))
            except (Argon2Error, InvalidHashError):
                return False


def _settle(beside: Path, path: Path) -> None:
    """Give a file its name, unless somebody else was faster."""
    try:
        os.link(beside, path)
    except FileExistsError:
        pass
    finally:
        beside.unlink()


def _composed(password: str) -> bytes:
    """The same bytes for the same letters, however the keyboard puts them together."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "replace")


def _clean_name(name: str) -> str:
    cleaned = unicodedata.normalize("NFC", " ".join(name.split()))
    if not 0 < len(cleaned) <= LONGEST_NAME or not cleaned.isprintable():
        raise BadInput(
            f"{name[:40]!r} is no name of an editor.",
            hint=f"Write 1 to {LONGEST_NAME} letters; it is shown beside what they correct.",
        )
    return cleaned


def _no_editor(name: str) -> NotFound:
    return NotFound(
        f"There is no editor {name[:LONGEST_NAME]!r}.", hint="Run `radio-archive editors list`."
    )
