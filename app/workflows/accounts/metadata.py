"""The authorization server, as it tells of itself."""

from app.service import Service
from app.words import Scope
from app.workflows.accounts.client_tokens import GRANT
from app.workflows.looking import Answer, as_json

_PROOF = ["client_secret_basic"]


def server(service: Service) -> Answer:
    """The authorization server (RFC 8414); the issuer is the service's public address."""
    issuer = service.settings.public_url
    told = {
        "issuer": issuer,
        "token_endpoint": f"{issuer}/v1/oauth/token",
        "revocation_endpoint": f"{issuer}/v1/oauth/revoke",
        "jwks_uri": f"{issuer}/.well-known/jwks.json",
        "scopes_supported": [scope.value for scope in Scope],
        "response_types_supported": [],
        "grant_types_supported": [GRANT],
        "token_endpoint_auth_methods_supported": _PROOF,
        "revocation_endpoint_auth_methods_supported": _PROOF,
    }
    return Answer(as_json(told))
