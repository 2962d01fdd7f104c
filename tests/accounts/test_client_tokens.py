"""Tokens of service clients: client credentials (RFC 6749 §4.4), revocation (RFC 7009), published keys."""

import base64
import json
from typing import Any

import httpx
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from app.workflows.accounts import client_tokens
from app.workflows.accounts.limits import Window
from tests.accounts.integrations import REVOKE, TOKEN, basic, integrated
from tests.accounts.neighborhood import at
from tests.core.test_round_trips import trips
from tests.world import World

GRANT = {"grant_type": "client_credentials"}
ABSENT = "01890a5d-ac96-774b-bcce-b302099a8057"


async def test_a_grant_is_as_the_rfc_has_it_and_notes_the_use(world: World) -> None:
    client = await integrated(world, "school", "reviews:read", "placements:read", "reviews:bulk", "reveal")
    answer = await client.asks()
    told = answer.json()
    assert (told["token_type"], told["expires_in"]) == ("Bearer", 600)
    assert told["scope"] == "reviews:read placements:read", "grave scopes are asked for by name"
    assert "refresh_token" not in told
    assert answer.headers["cache-control"] == "no-store"
    named = (await client.asks(**GRANT, scope="reveal reviews:bulk")).json()
    assert named["scope"] == "reveal reviews:bulk"
    used = (await client.administrator.get(client.path)).json()
    assert used["last_used_at"] is not None
    assert used["version"] == 1


@pytest.mark.parametrize(
    ("form", "code", "error"),
    [
        ({"scope": "reviews:read"}, "token-request-malformed", "invalid_request"),
        ({"grant_type": "password"}, "grant-type-unsupported", "unsupported_grant_type"),
        (GRANT | {"scope": "reveal"}, "scope-not-granted", "invalid_scope"),
        (GRANT | {"scope": "reviews:read  reviews:read"}, "scope-not-granted", "invalid_scope"),
        (GRANT | {"scope": "REVIEWS:READ"}, "scope-not-granted", "invalid_scope"),
    ],
)
async def test_what_is_asked_wrongly_names_the_oauth_error(
    world: World, form: dict[str, str], code: str, error: str
) -> None:
    client = await integrated(world, "school", "reviews:read")
    before = await world.line.fetchval("select count(*) from app.sessions")
    answer = await client.asks(**form)
    problem = answer.json()
    assert (answer.status_code, problem["code"], problem["error"]) == (400, code, error)
    assert problem["error_description"].isascii()
    assert await world.line.fetchval("select count(*) from app.sessions") == before
    assert (await client.asks(**GRANT, scope="reviews:read")).status_code == 200


async def test_nobody_learns_what_was_wrong_with_the_proof(world: World) -> None:
    client, other = await integrated(world, "school", "reviews:read"), await integrated(world, "county", "reviews:read")
    proofs = {
        "none": None,
        "another's secret": basic(client.id, other.secret),
        "no secret": basic(client.id, ""),
        "no such client": basic(ABSENT, client.secret),
        "a person": basic(client.responsible.account, client.secret),
        "no id": basic("admin", client.secret),
        "NUL": basic("\0", client.secret),
        "bearer": f"Bearer {client.secret}",
        "not base64": "Basic é!".encode().decode("latin-1"),
        "no colon": "Basic " + base64.b64encode(client.id.encode()).decode(),
        "not text": "Basic " + base64.b64encode(b"\xff:\xff").decode(),
    }
    seen = []
    for proof in proofs.values():
        headers = [(b"authorization", proof.encode("latin-1"))] if proof else []
        for path, form in ((TOKEN, GRANT), (REVOKE, {"token": "x"})):
            answer = await world.client.post(path, data=form, headers=headers)
            assert answer.status_code == 401, answer.text
            assert answer.headers["www-authenticate"] == "Basic"
            seen.append({name: answer.json()[name] for name in ("code", "error", "detail", "error_description")})
    assert all(one == seen[0] for one in seen)
    assert (seen[0]["code"], seen[0]["error"]) == ("client-unknown", "invalid_client")
    good = await world.client.post(TOKEN, data=GRANT, headers={"Authorization": basic(client.id, client.secret)})
    assert good.status_code == 200


async def test_a_secret_in_the_body_is_no_proof(world: World) -> None:
    client = await integrated(world, "school", "reviews:read")
    form = GRANT | {"client_id": client.id, "client_secret": client.secret}
    assert (await world.client.post(TOKEN, data=form)).status_code == 401
    in_json = await world.client.post(TOKEN, json=GRANT, headers={"Authorization": basic(client.id, client.secret)})
    assert in_json.status_code in (400, 415), in_json.text
    assert (await client.asks(**form)).status_code == 200, "in the header it is one"


async def test_a_grant_takes_at_most_four_statements_and_a_request_with_it_one(world: World) -> None:
    client = await integrated(world, "school", "reviews:read")
    headers = {"Authorization": basic(client.id, client.secret)}
    assert await trips(world, world.client.post(TOKEN, data=GRANT, headers=headers), 200) == 3
    script = await client.speaking()
    assert await trips(world, script.get("/v1/reviews"), 200) == 1


async def test_tries_are_counted_by_client_and_network(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_tokens.BY_CLIENT, "windows", (Window(3, 600),))
    client, other = await integrated(world, "school", "reviews:read"), await integrated(world, "county", "reviews:read")
    async with at(world, "203.0.113.40") as there, at(world, "198.51.100.40") as here:
        wrong, right = ({"Authorization": basic(client.id, secret)} for secret in ("x", client.secret))
        guessed = [(await there.client.post(TOKEN, data=GRANT, headers=wrong)).status_code for _ in range(4)]
        assert guessed == [401, 401, 401, 429]
        limited = await there.client.post(TOKEN, data=GRANT, headers=right)
        assert (limited.status_code, limited.json()["code"]) == (429, "too-many-requests")
        assert "client-tokens-600" in limited.headers["ratelimit"]
        assert (await here.client.post(TOKEN, data=GRANT, headers=right)).status_code == 200
        beside = {"Authorization": basic(other.id, other.secret)}
        assert (await there.client.post(TOKEN, data=GRANT, headers=beside)).status_code == 200


async def test_a_network_that_tries_many_clients_is_stopped(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client_tokens.BY_NETWORK, "windows", (Window(3, 600),))
    async with at(world, "203.0.114.40") as there:
        answers = [
            (await there.client.post(TOKEN, data=GRANT, headers={"Authorization": basic(f"{n}", "x")})).status_code
            for n in range(5)
        ]
    assert answers == [401, 401, 401, 429, 429]


async def test_another_clients_token_is_none_to_revoke(world: World) -> None:
    ours, theirs = await integrated(world, "school", "reviews:read"), await integrated(world, "county", "reviews:read")
    person, script = await world.staff("school"), await theirs.speaking()
    for token in (script.token, person.token, "x", "x.y.z"):
        assert (await ours.asks(REVOKE, token=token)).status_code == 200
    assert (await script.get("/v1/reviews")).status_code == 200
    assert (await person.get("/v1/reviews")).status_code == 200
    assert (await ours.asks(REVOKE, token_type_hint="access_token")).json()["error"] == "invalid_request"
    for _ in range(2):
        assert (await theirs.asks(REVOKE, token=script.token, token_type_hint="access_token")).status_code == 200
        assert (await script.get("/v1/reviews")).status_code == 401


async def test_a_client_can_neither_refresh_nor_sign_in(world: World) -> None:
    client = await integrated(world, "school", "reviews:read")
    token = await client.token()
    session = await world.line.fetchval("select id from app.sessions where account_id = $1", client.id)
    for refresh in (f"{client.id}.{client.secret}", f"{session}.{client.secret}"):
        answer = await world.client.post("/v1/auth/tokens/refresh", json={"refresh_token": refresh})
        assert (answer.status_code, answer.json()["code"]) == (401, "session-ended")
    alive = await world.client.get("/v1/reviews", headers={"Authorization": f"Bearer {token}"})
    assert alive.status_code == 200, "what is no refresh token of a client's does not end its session"


def unpacked(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def verified(token: str, keys: list[dict[str, Any]]) -> dict[str, Any]:
    """The claims of a token, by the published keys alone; else InvalidSignature."""
    head, claims, signature = token.split(".")
    (key,) = [one for one in keys if one["kid"] == json.loads(unpacked(head))["kid"]]
    x, y = (int.from_bytes(unpacked(key[name])) for name in ("x", "y"))
    raw = unpacked(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    public = ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()
    public.verify(der, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    return dict(json.loads(unpacked(claims)))


async def test_a_token_is_verified_by_what_is_published_alone(world: World) -> None:
    client = await integrated(world, "school", "reviews:read")
    server = await world.client.get("/.well-known/oauth-authorization-server")
    told = server.json()
    keys = await world.client.get(httpx.URL(told["jwks_uri"]).path)
    for answer in (server, keys):
        assert answer.headers["cache-control"] == "public, max-age=60"
        path, known = answer.request.url.path, {"If-None-Match": answer.headers["etag"]}
        assert (await world.client.get(path, headers=known)).status_code == 304
    assert {one["kid"] for one in keys.json()["keys"]} == {*world.service.settings.signing}
    assert "d" not in {name for one in keys.json()["keys"] for name in one}
    token = await client.token()
    claims = verified(token, keys.json()["keys"])
    assert (claims["iss"], claims["sub"]) == (told["issuer"], client.id)
    assert told["issuer"] == world.service.settings.public_url
    head, body, signature = token.split(".")
    bent = base64.urlsafe_b64encode(unpacked(body).replace(client.id.encode(), ABSENT.encode())).decode().rstrip("=")
    with pytest.raises(InvalidSignature):
        verified(f"{head}.{bent}.{signature}", keys.json()["keys"])


async def test_what_the_metadata_names_is_there(world: World) -> None:
    told = (await world.client.get("/.well-known/oauth-authorization-server")).json()
    client = await integrated(world, "school", "reviews:read")
    assert (await client.asks(httpx.URL(told["token_endpoint"]).path)).status_code == 200
    assert (await client.asks(httpx.URL(told["revocation_endpoint"]).path, token="x")).status_code == 200
    assert set(told["scopes_supported"]) >= {"reviews:read", "reveal", "rosters:import"}
