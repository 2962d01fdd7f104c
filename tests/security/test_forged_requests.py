"""Forged and mangled tokens over HTTP: each is a 401 that looks like every other."""

from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from app.change import fresh_id
from tests.security.forgeries import THEIRS, corpus, signed
from tests.world import World

_ANY = {"iss": "", "aud": "", "sub": "a", "sid": "b", "jti": "c", "iat": 0, "exp": 0}
NAMES = [*corpus({"alg": "ES256", "typ": "at+jwt", "kid": "k"}, _ANY, THEIRS)]
HARMLESS = {"a blank before", "a line's end behind"}
"""HTTP takes blanks around a field's value away (RFC 9110 §5.5), and with a line's end no server lets a request in."""


@pytest.fixture
async def forge(world: World) -> tuple[dict[str, Any], dict[str, Any], ec.EllipticCurvePrivateKey]:
    """Header, claims and key of a good token for a session that lives."""
    person, now = await world.staff("school", "reviewer"), int(datetime.now(UTC).timestamp())
    kid, pem = next(iter(world.service.settings.signing.items()))
    key = load_pem_private_key(pem.encode(), None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    issuer = world.service.settings.public_url
    session = await world.line.fetchval("select id from app.sessions where account_id = $1", person.account)
    claims = {
        "iss": issuer, "aud": issuer, "sub": person.account, "sid": str(session), "jti": fresh_id(), "iat": now,
        "exp": now + world.service.settings.access_token_seconds,
    }  # fmt: skip
    return {"alg": "ES256", "typ": "at+jwt", "kid": kid}, claims, key


async def asked(world: World, token: str) -> Any:
    """The answer to a request with this token, in bytes as they are."""
    header = (b"authorization", b"Bearer " + token.encode("utf-8", "surrogatepass"))
    return await world.client.get("/v1/reviews", headers=[header])


async def test_the_good_token_passes(world: World, forge: Any) -> None:
    assert (await asked(world, signed(*forge))).status_code == 200


@pytest.mark.parametrize("name", [name for name in NAMES if name not in HARMLESS])
async def test_a_forged_token_is_a_401_like_every_other(world: World, forge: Any, name: str) -> None:
    answer = await asked(world, corpus(*forge)[name])
    assert answer.status_code == 401, answer.text
    problem = answer.json()
    assert problem == {
        "type": "/problems/unauthenticated",
        "title": problem["title"],
        "status": 401,
        "detail": problem["detail"],
        "instance": "/v1/reviews",
        "code": "unauthenticated",
        "request_id": problem["request_id"],
    }
    assert answer.headers["www-authenticate"] == "Bearer"


def test_the_corpus_is_large() -> None:
    assert len(set(NAMES) - HARMLESS) >= 25
