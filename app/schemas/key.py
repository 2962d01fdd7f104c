"""The public keys of access tokens (RFC 7517), for whoever verifies them elsewhere."""

from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import Out

Coordinate = Annotated[
    str,
    Field(
        pattern=r"^[A-Za-z0-9_-]{43}$",
        description="32 bytes in base64url.",
        examples=["f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"],
    ),
]


class KeyOut(Out):
    """One public key on P-256."""

    kty: Literal["EC"]
    crv: Literal["P-256"]
    alg: Literal["ES256"]
    use: Literal["sig"]
    kid: Annotated[
        str, Field(pattern=r"^[A-Za-z0-9._-]{1,32}$", description="As in a token's head.", examples=["2027"])
    ]
    x: Coordinate
    y: Coordinate


class KeySet(Out):
    """Every key whose tokens are good now: the one that signs first, then those that are being retired."""

    keys: Annotated[list[KeyOut], Field(min_length=1, max_length=20)]
