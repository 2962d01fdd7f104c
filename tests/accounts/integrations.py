"""Service clients of a test's world: made by an administrator, speaking for themselves."""

from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.world import Somebody, World

TOKEN, REVOKE = "/v1/oauth/token", "/v1/oauth/revoke"


def basic(client: str, secret: str) -> str:
    """The header of client_secret_basic."""
    return "Basic " + b64encode(f"{client}:{secret}".encode()).decode()


@dataclass
class Integration:
    """A client with its secret, and the administrator who made it."""

    world: World
    administrator: Somebody
    responsible: Somebody
    id: str
    secret: str

    @property
    def path(self) -> str:
        """Where it is."""
        return f"/v1/clients/{self.id}"

    async def asks(self, path: str = TOKEN, *, secret: str | None = None, **form: str) -> httpx.Response:
        """A form sent as this client."""
        headers = {"Authorization": basic(self.id, secret or self.secret)}
        given = form or {"grant_type": "client_credentials"}
        return await self.world.client.post(path, data=given, headers=headers)

    async def token(self, scope: str | None = None) -> str:
        """An access token."""
        asked = {"scope": scope} if scope else {}
        answer = await self.asks(grant_type="client_credentials", **asked)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    async def speaking(self, scope: str | None = None) -> Somebody:
        """The client signed in."""
        return Somebody(self.world.client, await self.token(scope), self.id, body=self.administrator.body)


def draft(responsible: str, *scopes: str, **other: Any) -> dict[str, Any]:
    """What a new client is made of."""
    until = (datetime.now(UTC) + timedelta(days=90)).isoformat()
    return {"name": "教务系统对接", "scopes": [*scopes], "responsible_id": responsible, "expires_at": until} | other


async def integrated(world: World, kind: str, *scopes: str, body: str | None = None) -> Integration:
    """A client of a body of this kind."""
    administrator = await world.staff(kind, "administrator", body=body)
    responsible = await world.staff(kind, "reviewer", body=body)
    made = await administrator.post("/v1/clients", draft(responsible.account, *scopes))
    assert made.status_code == 201, made.text
    told = made.json()
    return Integration(world, administrator, responsible, told["client"]["id"], told["client_secret"])
