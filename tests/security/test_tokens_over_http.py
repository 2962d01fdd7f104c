"""Access tokens from outside: the published keys verify them, and no forgery gets past the door.

The forgeries of `forgeries` are made anew with the running service's own key, issuer and session, so that each is
refused for its fault alone.
"""

import base64
import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from tests.security.forgeries import corpus, signed
from tests.world import Somebody, World

JWKS = "/.well-known/jwks.json"
HARMLESS = {"a blank before", "a line's end behind"}
"""HTTP takes blanks around a field's value away (RFC 9110 §5.5)."""


def unpacked(part: str) -> bytes:
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def packed(value: object) -> str:
    raw = value if isinstance(value, bytes) else json.dumps(value).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def key_of(jwk: Mapping[str, str]) -> ec.EllipticCurvePublicKey:
    """A public key from its published coordinates, by `cryptography` alone."""
    x, y = (int.from_bytes(unpacked(jwk[name])) for name in ("x", "y"))
    return ec.EllipticCurvePublicNumbers(x, y, ec.SECP256R1()).public_key()


def verify(token: str, keys: list[dict[str, str]]) -> dict[str, Any]:
    """The claims of a token that one of these keys signed."""
    head, claims, signature = token.split(".")
    (jwk,) = (key for key in keys if key["kid"] == json.loads(unpacked(head))["kid"])
    raw = unpacked(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))
    key_of(jwk).verify(der, f"{head}.{claims}".encode(), ec.ECDSA(SHA256()))
    return dict(json.loads(unpacked(claims)))


async def test_an_issued_token_verifies_from_the_published_keys_alone(world: World) -> None:
    before = world.service.db.trips
    published = await world.client.get(JWKS)
    assert world.service.db.trips == before
    assert published.headers["cache-control"] == "public, max-age=60"
    token = (await world.staff("county", "reviewer")).token
    claims = verify(token, published.json()["keys"])
    assert claims["iss"] == world.service.settings.public_url
    head, _, signature = token.split(".")
    with pytest.raises(InvalidSignature):
        verify(f"{head}.{packed(claims | {'sub': claims['sid']})}.{signature}", published.json()["keys"])


async def test_whoever_has_the_keys_is_told_so(world: World) -> None:
    etag = (await world.client.get(JWKS)).headers["etag"]
    assert (await world.client.get(JWKS, headers={"If-None-Match": etag})).status_code == 304


def forged(world: World, token: str) -> dict[str, str]:
    """Every forgery of a good token that a header can carry, by its fault."""
    head, claims, _ = token.split(".")
    every = corpus(json.loads(unpacked(head)), json.loads(unpacked(claims)), our_key(world))
    return {fault: one for fault, one in every.items() if fault not in HARMLESS}


def our_key(world: World) -> ec.EllipticCurvePrivateKey:
    """The key that the service signs with."""
    key = load_pem_private_key(next(iter(world.service.settings.signing.values())).encode(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


async def asked(world: World, token: str) -> httpx.Response:
    proof = b"Bearer " + token.encode("utf-8", "surrogatepass")
    return await world.client.get("/v1/me", headers=[(b"authorization", proof), (b"accept-language", b"en")])


async def test_every_forgery_has_the_same_401_and_costs_no_statement(world: World) -> None:
    somebody: Somebody = await world.staff("county", "reviewer")
    forgeries = forged(world, somebody.token)
    assert len(forgeries) >= 80
    none = (await world.client.get("/v1/me", headers={"Accept-Language": "en"})).json()
    before = world.service.db.trips
    for fault, token in forgeries.items():
        answer = await asked(world, token)
        assert answer.status_code == 401, fault
        assert answer.headers["www-authenticate"] == "Bearer", fault
        told = answer.json()
        assert {name: told[name] for name in ("type", "code", "title", "detail")} == {
            name: none[name] for name in ("type", "code", "title", "detail")
        }, fault
        assert told.keys() == none.keys(), fault
    assert world.service.db.trips == before


async def test_made_by_hand_without_a_fault_it_is_accepted(world: World) -> None:
    somebody = await world.staff("county", "reviewer")
    head, claims, _ = somebody.token.split(".")
    again = signed(json.loads(unpacked(head)), json.loads(unpacked(claims)), our_key(world))
    assert again != somebody.token
    assert (await asked(world, again)).status_code == 200


async def test_a_refresh_token_is_no_access_token(world: World) -> None:
    somebody = await world.staff("county", "reviewer")
    claims = json.loads(unpacked(somebody.token.split(".")[1]))
    assert (await asked(world, f"{claims['sid']}.{packed(bytes(32))}")).status_code == 401
