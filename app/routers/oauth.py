"""OAuth 2 for service clients: tokens and their end."""

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response

from app.routers.answers import told
from app.routers.calling import Anyone
from app.routers.refusals import LIMITED, promise
from app.schemas.client import ClientTokenOut, RevocationRequest, RevokedOut, TokenRequest
from app.workflows.accounts import client_tokens

router = APIRouter(prefix="/v1/oauth", tags=["clients"])

_ON_TOKEN = promise(
    "client-unknown",
    "token-request-malformed",
    "grant-type-unsupported",
    "scope-not-granted",
    "malformed-body",
    "unsupported-media-type",
    sends=LIMITED,
)
_ON_REVOCATION = promise(
    "client-unknown", "token-request-malformed", "malformed-body", "unsupported-media-type", sends=LIMITED
)


@router.post("/token", response_model=ClientTokenOut, responses=_ON_TOKEN)
async def create_client_token(request: Request, body: Annotated[TokenRequest, Form()], visitor: Anyone) -> Response:
    """A token for a service client (client credentials, `client_secret_basic`). Ask for another when it has expired."""
    proof = request.headers.get("authorization")
    asked = body.model_dump()
    return told(await client_tokens.grant(visitor.service, proof, visitor.network, **asked))


@router.post("/revoke", response_model=RevokedOut, responses=_ON_REVOCATION)
async def revoke_client_token(
    request: Request, body: Annotated[RevocationRequest, Form()], visitor: Anyone
) -> Response:
    """End a token at once (RFC 7009). What is no token of this client's has the same answer."""
    proof = request.headers.get("authorization")
    return told(await client_tokens.revoke(visitor.service, proof, visitor.network, token=body.token))
