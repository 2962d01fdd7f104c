"""Access tokens: signed notes that name a session (RFC 9068, ES256). The only module that knows python-jose.

A token carries no roles and no personal data, and says nothing about whether its session still lives: each request asks
the database. python-jose checks the signature alone. The claims are checked here, because it lets missing ones pass and
reads the machine's clock.
"""

import json
import re
import secrets
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from jose import jwk, jws
from jose.exceptions import JOSEError

from app.errors import Unauthenticated

_ALGORITHM = "ES256"
_TYPE = "at+jwt"
_LONGEST = 2048
_CACHED = 10_000
_SKEW = 60
"""Seconds that another machine's clock may be ahead of ours."""

# Base64url without padding, the signature of 64 bytes in its one written form: python-jose drops what is not base64.
_COMPACT = re.compile(r"[\w-]+\.[\w-]+\.[\w-]{85}[AQgw]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Claims:
    """What a good token says."""

    session_id: str
    account_id: str
    expires_at: datetime


class Tokens:
    """Issues and reads access tokens. `keys` are PEM private keys by id: the first signs, all of them verify."""

    def __init__(self, keys: Mapping[str, str], issuer: str, audience: str, seconds: int) -> None:
        if not keys:
            raise ValueError("there is no key to sign with")
        self._signs = {key_id: jwk.construct(pem, _ALGORITHM) for key_id, pem in keys.items()}
        self._verifies = {key_id: key.public_key() for key_id, key in self._signs.items()}
        self._current = next(iter(keys))
        self._issuer = issuer
        self._audience = audience
        self._seconds = seconds
        self._read: OrderedDict[bytes, Claims] = OrderedDict()

    def issue(self, session_id: str, account_id: str, at: datetime) -> str:
        """A token for a session, good for `seconds` from `at`."""
        issued = int(at.timestamp())
        claims = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": account_id,
            "sid": session_id,
            "jti": secrets.token_urlsafe(16),
            "iat": issued,
            "exp": issued + self._seconds,
        }
        head = {"typ": _TYPE, "kid": self._current}
        return jws.sign(claims, self._signs[self._current], headers=head, algorithm=_ALGORITHM)

    def read(self, token: str, at: datetime) -> Claims:
        """What a token says, if it is ours and not expired at `at`. Anything else is `Unauthenticated`."""
        if len(token) > _LONGEST or not token.isascii():
            raise Unauthenticated
        digest = sha256(token.encode()).digest()
        claims = self._read.get(digest)
        if claims is None:
            claims = self._read[digest] = self._proven(token, at)
            if len(self._read) > _CACHED:
                self._read.popitem(last=False)
        else:
            self._read.move_to_end(digest)
        if claims.expires_at <= at:
            raise Unauthenticated
        return claims

    def jwks(self) -> dict[str, list[dict[str, Any]]]:
        """The public keys (RFC 7517), for whoever verifies our tokens elsewhere."""
        return {"keys": [{**key.to_dict(), "kid": key_id, "use": "sig"} for key_id, key in self._verifies.items()]}

    def _proven(self, token: str, at: datetime) -> Claims:
        try:
            return self._accepted(self._signed(token), at)
        except (JOSEError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise Unauthenticated from error

    def _signed(self, token: str) -> dict[str, Any]:
        """The claims of a token that one of our keys signed."""
        if not _COMPACT.fullmatch(token):
            raise ValueError("not a compact token")
        head = jws.get_unverified_header(token)
        if head != {"alg": _ALGORITHM, "typ": _TYPE, "kid": head["kid"]}:
            raise ValueError("not the header of an access token of ours")
        claims = json.loads(jws.verify(token, self._verifies[head["kid"]], algorithms=[_ALGORITHM]))
        return dict(claims)

    def _accepted(self, claims: dict[str, Any], at: datetime) -> Claims:
        """The claims, if all are there, of the right kind, for us, and for no longer than ours are."""
        texts = [claims[name] for name in ("sid", "sub", "jti")]
        times = [claims[name] for name in ("iat", "exp")]
        if not (
            claims["iss"] == self._issuer
            and claims["aud"] == self._audience
            and all(type(text) is str and text for text in texts)
            and all(type(time) is int for time in times)
            and times[0] <= at.timestamp() + _SKEW
            and claims.get("nbf", 0) <= at.timestamp() + _SKEW
            and at.timestamp() < times[1] <= times[0] + self._seconds
        ):
            raise ValueError("not the claims of an access token of ours")
        return Claims(texts[0], texts[1], datetime.fromtimestamp(times[1], UTC))
