"""Service clients and their tokens on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field

from app.schemas.base import PAGE, Body, NextCursor, Out, RecordId, Version
from app.words import ClientName, PersonName, Scope
from app.words.refusal import refuse


def _each_once(scopes: list[Scope]) -> list[Scope]:
    if len(set(scopes)) != len(scopes):
        refuse("named-twice", "Each scope is named once.")
    return scopes


Scopes = Annotated[
    list[Scope],
    Field(
        min_length=1,
        max_length=len(Scope),
        description="What it may do of what its body may.",
        examples=[["reviews:read", "placements:read"]],
        json_schema_extra={"uniqueItems": True},
    ),
    AfterValidator(_each_once),
]
Secret = Annotated[
    str,
    Field(
        max_length=100,
        description="For `POST /v1/oauth/token`; it cannot be read again.",
        examples=["kq3Zr9_vT1xw8LbNq0kq3Zr9_vT1xw8LbNq0kq3Zr9A"],
    ),
]


class ClientDraft(Body):
    """A new service client of your body, and who of its staff answers for it."""

    name: ClientName
    scopes: Scopes
    responsible_id: Annotated[RecordId, Field(description="A staff account; when it is disabled, the client stops.")]
    expires_at: Annotated[
        AwareDatetime, Field(description="At most a year from now.", examples=["2027-06-30T00:00:00Z"])
    ]


class RotationDraft(Body):
    """A new secret."""

    overlap_hours: Annotated[
        int, Field(ge=0, le=168, description="So long the former secret stays good.", examples=[24])
    ] = 24
    expires_at: Annotated[
        AwareDatetime | None,
        Field(description="A new expiry, at most a year from now; null: as it was.", examples=["2027-06-30T00:00:00Z"]),
    ] = None


class ResponsibleOut(Out):
    """Who answers for a client."""

    id: RecordId
    name: PersonName


class ClientOut(Out):
    """A service client; its id is its `client_id`."""

    id: RecordId
    version: Version
    name: ClientName
    scopes: Scopes
    responsible: ResponsibleOut
    expires_at: datetime
    last_used_at: Annotated[datetime | None, Field(description="When it was last given a token.")]
    former_until: Annotated[datetime | None, Field(description="Until when the secret before this one is good.")]
    disabled_at: datetime | None
    created_at: datetime


class ClientCreated(Out):
    """The client with its secret, told once."""

    client: ClientOut
    client_secret: Secret


class ClientPage(Out):
    """A page of your body's clients, in the order in which they were made."""

    items: Annotated[list[ClientOut], PAGE]
    next_cursor: NextCursor


class TokenRequest(BaseModel):
    """A request of RFC 6749 §4.4.2; other parameters are ignored, as it asks."""

    grant_type: Annotated[
        str | None, Field(max_length=100, description="`client_credentials`.", examples=["client_credentials"])
    ] = None
    scope: Annotated[
        str | None,
        Field(
            max_length=500,
            description=(
                "Scopes with blanks between. Absent: all that the client has, but for `reviews:bulk` and `reveal`, "
                "which are asked for by name."
            ),
            examples=["reviews:read placements:read"],
        ),
    ] = None


class RevocationRequest(BaseModel):
    """A request of RFC 7009 §2.1."""

    token: Annotated[
        str | None, Field(max_length=4096, description="An access token.", examples=["eyJhbGciOiJFUzI1NiJ9.e30.c2ln"])
    ] = None


class RevokedOut(Out):
    """The token is good no more, if it was one of this client's."""


class ClientTokenOut(Out):
    """A token of RFC 6749 §5.1. There is no refresh token: ask for another."""

    access_token: Annotated[
        str, Field(max_length=2000, description="A JWT (RFC 9068).", examples=["eyJhbGciOiJFUzI1NiJ9.e30.c2ln"])
    ]
    token_type: Literal["Bearer"]
    expires_in: Annotated[int, Field(ge=1, le=3600, description="Seconds.", examples=[600])]
    scope: Annotated[str, Field(max_length=500, examples=["reviews:read placements:read"])]


Address = Annotated[str, Field(max_length=500, examples=["https://jiuye.example.cn/v1/oauth/token"])]


class ServerMetadataOut(Out):
    """The authorization server (RFC 8414)."""

    issuer: Annotated[str, Field(max_length=500, examples=["https://jiuye.example.cn"])]
    token_endpoint: Address
    revocation_endpoint: Address
    jwks_uri: Address
    scopes_supported: Annotated[list[Scope], Field(max_length=len(Scope))]
    response_types_supported: Annotated[
        list[str], Field(max_length=0, description="There is no authorization page.", examples=[[]])
    ]
    grant_types_supported: Annotated[list[Literal["client_credentials"]], Field(max_length=1)]
    token_endpoint_auth_methods_supported: Annotated[list[Literal["client_secret_basic"]], Field(max_length=1)]
    revocation_endpoint_auth_methods_supported: Annotated[list[Literal["client_secret_basic"]], Field(max_length=1)]
