"""Codes sent to a phone, kept as keyed digests bound to purpose and phone. Callers count tries and time."""

import hmac
import secrets

from app.security.sealing import framed

_DIGITS = 6


def new_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**_DIGITS):0{_DIGITS}}"


def digest(key: bytes, purpose: str, phone_bidx: bytes, code: str) -> bytes:
    """What is stored of a code, 32 bytes (HMAC-SHA-256): without the key a million guesses would find the code."""
    return hmac.digest(key, framed("one-time-code", purpose, phone_bidx, code), "sha256")


def proves(stored: bytes, key: bytes, purpose: str, phone_bidx: bytes, code: str) -> bool:
    """Whether this is the code whose digest was stored for this purpose and phone, in constant time."""
    return hmac.compare_digest(stored, digest(key, purpose, phone_bidx, code))
