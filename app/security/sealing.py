"""Personal values at rest: sealed for one cell of one table, found again by a keyed index, compared by fingerprints.

A sealed value is `version (1 byte) | length of the key's id (1) | key's id | nonce (12) | ciphertext and tag (16)`, by
AES-256-GCM. Its associated data are all before the nonce, and the table, column and row it belongs to: moved elsewhere
it doesn't open.
"""

import hmac
import secrets
from collections.abc import Mapping
from typing import Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from app.key_material import KEY_BYTES

_VERSION = 1
_NONCE = 12
_LONGEST_ID = 255


class SealBroken(Exception):
    """A sealed value that doesn't open: damaged, moved from its cell, or sealed with a key that is not here."""


def framed(*parts: bytes | str | None) -> bytes:
    """The parts as one text that no other parts give: before each are its kind (none, text, bytes) and its length."""
    return b"".join(map(_frame, parts))


def _frame(part: bytes | str | None) -> bytes:
    match part:
        case None:
            kind, content = b"n", b""
        case str():
            kind, content = b"t", part.encode()
        case _:
            kind, content = b"b", part
    return kind + len(content).to_bytes(8, "big") + content


def subkey(key: bytes, purpose: str) -> bytes:
    """A key for one purpose alone, 32 bytes (HKDF-SHA-256): what is known of one tells nothing of another."""
    return HKDF(SHA256(), KEY_BYTES, salt=None, info=purpose.encode()).derive(_checked(key))


class Sealer:
    """Seals with the current key, opens with any it has. Keys are 32 bytes under ids of at most 255 bytes."""

    def __init__(self, keys: Mapping[str, bytes], current: str) -> None:
        if any(not 0 < len(key_id.encode()) <= _LONGEST_ID for key_id in keys):
            raise ValueError(f"the id of a key takes 1 to {_LONGEST_ID} bytes")
        if current not in keys:
            raise ValueError(f"there is no key {current!r} to seal with")
        self._keys = {key_id: AESGCM(_checked(key)) for key_id, key in keys.items()}
        self._current = current
        self.head = bytes((_VERSION, len(current.encode()))) + current.encode()
        """What every value sealed with the current key begins with."""

    def seal(self, text: str, *, table: str, column: str, row: str) -> bytes:
        """The text, readable by `open` for the same cell alone. Sealing twice gives two different values."""
        nonce = secrets.token_bytes(_NONCE)
        sealed = self._keys[self._current].encrypt(nonce, text.encode(), framed(self.head, table, column, row))
        return self.head + nonce + sealed

    def open(self, sealed: bytes, *, table: str, column: str, row: str) -> str:
        """The text that was sealed for this cell. Anything else raises `SealBroken`."""
        key_id = self.key_id(sealed)
        if key_id not in self._keys:
            raise SealBroken(f"sealed with {key_id!r}, a key that is not here")
        end = 2 + sealed[1]
        head, nonce, content = sealed[:end], sealed[end : end + _NONCE], sealed[end + _NONCE :]
        try:
            return self._keys[key_id].decrypt(nonce, content, framed(head, table, column, row)).decode()
        except (InvalidTag, ValueError) as error:  # ValueError: a nonce cut short
            raise SealBroken(f"damaged, or sealed for another cell than {table}.{column} of {row}") from error

    @staticmethod
    def key_id(sealed: bytes) -> str:
        """The id of the key it was sealed with, as it says itself: proven only by `open`."""
        try:
            version, length = sealed[:2]
            key_id = sealed[2 : 2 + length].decode()
        except ValueError as error:
            raise SealBroken("not a sealed value") from error
        if version != _VERSION or len(sealed) < 2 + length + _NONCE:
            raise SealBroken("not a sealed value of a known version")
        return key_id


class NoKeys(Sealer):
    """In place of a sealer where nothing is sealed or opened: whoever tries learns it (`SealBroken`)."""

    def __init__(self) -> None:
        self._keys = {}

    def seal(self, text: str, *, table: str, column: str, row: str) -> bytes:  # noqa: ARG002 (as the other's)
        """Never."""
        raise SealBroken(f"no key here to seal {table}.{column} of {row} with")


NO_KEYS: Final = NoKeys()


class BlindIndex:
    """Finds a sealed value again by equality, and tells nothing to who lacks the key. 32 bytes (HMAC-SHA-256)."""

    def __init__(self, key: bytes) -> None:
        self._key = _checked(key)

    def of(self, kind: str, value: str) -> bytes:
        """The index of a value of a kind (`id_number`, `phone`). The caller gives it in its one written form."""
        return hmac.digest(self._key, framed("blind-index", kind, value), "sha256")


class Fingerprint:
    """Says whether two requests are the same without keeping them. 32 bytes (HMAC-SHA-256)."""

    def __init__(self, key: bytes) -> None:
        self._key = _checked(key)

    def of(self, *parts: bytes | str | None) -> bytes:
        """The fingerprint of these parts, in this order; `None`, `""` and `b""` differ."""
        return hmac.digest(self._key, framed("fingerprint", *parts), "sha256")


def _checked(key: bytes) -> bytes:
    if len(key) != KEY_BYTES:
        raise ValueError(f"a key has {KEY_BYTES} bytes, not {len(key)}")
    return key
