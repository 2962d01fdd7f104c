"""What other programs look for at addresses that standards fix (RFC 8615)."""

from fastapi import APIRouter, Request, Response

from app.routers.calling import Anyone
from app.routers.publishing import published
from app.routers.refusals import ON_PUBLIC_READ
from app.schemas.client import ServerMetadataOut
from app.schemas.key import KeySet
from app.workflows.accounts import metadata
from app.workflows.looking import Answer, as_json

router = APIRouter(prefix="/.well-known", tags=["auth"])


@router.get("/jwks.json", response_model=KeySet, responses=ON_PUBLIC_READ)
async def list_keys(request: Request, visitor: Anyone) -> Response:
    """The public keys of access tokens. A key that retires stays here for as long as its tokens are good."""
    return published(request, Answer(as_json(visitor.service.tokens.jwks())))


@router.get("/oauth-authorization-server", response_model=ServerMetadataOut, responses=ON_PUBLIC_READ)
async def get_server_metadata(request: Request, visitor: Anyone) -> Response:
    """Where tokens for service clients come from, and with which scopes (RFC 8414)."""
    return published(request, metadata.server(visitor.service))
