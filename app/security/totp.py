"""The second factor of staff: time-based one-time passwords (RFC 6238), as every authenticator app makes them."""

import hmac
from datetime import datetime

import pyotp

_SECONDS = 30


def new_secret() -> str:
    """160 random bits in base32, to be sealed by the caller."""
    return pyotp.random_base32()


def uri(secret: str, username: str, issuer: str) -> str:
    """The `otpauth://` address that an authenticator app reads from a QR code."""
    return pyotp.TOTP(secret, interval=_SECONDS).provisioning_uri(name=username, issuer_name=issuer)


def matches(secret: str, code: str, at: datetime, last_step: int | None) -> int | None:
    """The time step whose code this is, for the caller to keep as `last_step`; `None` refuses.

    One step early or late is accepted, for clocks that differ. A step is good once: none up to `last_step` is accepted
    again (RFC 6238, 5.2).
    """
    now = int(at.timestamp()) // _SECONDS
    passwords = pyotp.TOTP(secret, interval=_SECONDS)
    given = code.encode()
    for step in (now - 1, now, now + 1):
        right = hmac.compare_digest(passwords.generate_otp(step).encode(), given)
        if right and (last_step is None or step > last_step):
            return step
    return None
