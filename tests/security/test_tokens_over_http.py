"""Access tokens from outside: the published keys verify them, and no forgery gets past the door.

The forgeries of `test_tokens` are made anew with the running service's own key, issuer and session, so that each is
refused for its fault alone.
"""

import base64
import hmac
import json
from collections.abc import Mapping
from typing import Any

import httpx
import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key

from tests.world import Somebody, World

JWKS = "/.well-known/jwks.json"
THEIRS = ec.generate_private_key(ec.SECP256R1())


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


def signed(head: object, claims: object, key: ec.EllipticCurvePrivateKey) -> str:
    message = f"{packed(head)}.{packed(claims)}"
    r, s = decode_dss_signature(key.sign(message.encode(), ec.ECDSA(SHA256())))
    return f"{message}.{packed(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


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
    pem = next(iter(world.service.settings.signing.values()))
    ours = load_pem_private_key(pem.encode(), password=None)
    assert isinstance(ours, ec.EllipticCurvePrivateKey)
    h, c, s = token.split(".")
    head, claims = json.loads(unpacked(h)), json.loads(unpacked(c))
    public = ours.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    message = f"{packed(head | {'alg': 'HS256'})}.{c}"
    bent_heads: dict[str, dict[str, Any]] = {
        "ES384": {"alg": "ES384"},
        "an unknown key": {"kid": "unknown"},
        "a path for a key": {"kid": "../../dev/null"},
        "a query for a key": {"kid": "' or 1=1 --"},
        "a list for a key": {"kid": [head["kid"]]},
        "the type of an ID token": {"typ": "JWT"},
        "a critical extension": {"crit": ["exp"]},
        "jku": {"jku": "https://evil.example/jwks"},
        "x5u": {"x5u": "https://evil.example/x509"},
        "x5c": {"x5c": ["MIIB"]},
        "jwk": {"jwk": world.service.tokens.jwks()["keys"][0]},
        "unencoded payload": {"b64": False},
    }
    bent_claims: dict[str, dict[str, Any]] = {
        "another issuer": {"iss": "https://evil.example"},
        "another audience": {"aud": "someone-else"},
        "expired": {"iat": claims["iat"] - 1200, "exp": claims["exp"] - 1200},
        "not yet issued": {"iat": claims["iat"] + 3600, "exp": claims["exp"] + 3600},
        "good for ever": {"exp": claims["exp"] + 10**9},
        "an expiry past all numbers": {"exp": 10**400},
        "an expiry that is text": {"exp": str(claims["exp"])},
        "a session that is no id": {"sid": 1},
        "too long": {"filler": "x" * 2000},
    }
    return {
        "nothing": "",
        "dots": "..",
        "alg none": f"{packed(head | {'alg': 'none'})}.{c}.",
        "HMAC with our public key": f"{message}.{packed(hmac.digest(public, message.encode(), 'sha256'))}",
        "another's key under our id": signed(head, claims, THEIRS),
        "swapped claims": f"{h}.{packed(claims | {'sub': claims['sid']})}.{s}",
        "doubled": f"{token}.{token}",
        "a fourth part": f"{token}.{s}",
        "no signature": f"{h}.{c}.",
        "cut short": token[:-4],
        "padded": f"{token}==",
        "a blank inside": f"{h}. {c}.{s}",
        "two tokens": f"{token} {token}",
        "percent signs": f"{h}%2E{c}%2E{s}",
        **{fault: signed(head | bent, claims, ours) for fault, bent in bent_heads.items()},
        **{fault: signed(head, claims | bent, ours) for fault, bent in bent_claims.items()},
        **{f"no {name}": signed(head, {n: v for n, v in claims.items() if n != name}, ours) for name in claims},
        **{f"no {name}": signed({n: v for n, v in head.items() if n != name}, claims, ours) for name in ("typ", "kid")},
    }


async def asked(world: World, token: str) -> httpx.Response:
    return await world.client.get("/v1/me", headers={"Authorization": f"Bearer {token}", "Accept-Language": "en"})


async def test_every_forgery_has_the_same_401_and_costs_no_statement(world: World) -> None:
    somebody: Somebody = await world.staff("county", "reviewer")
    forgeries = forged(world, somebody.token)
    assert len(forgeries) >= 40
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
    key = load_pem_private_key(next(iter(world.service.settings.signing.values())).encode(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    head, claims, _ = somebody.token.split(".")
    again = signed(json.loads(unpacked(head)), json.loads(unpacked(claims)), key)
    assert again != somebody.token
    assert (await asked(world, again)).status_code == 200


async def test_a_refresh_token_is_no_access_token(world: World) -> None:
    somebody = await world.staff("county", "reviewer")
    claims = json.loads(unpacked(somebody.token.split(".")[1]))
    assert (await asked(world, f"{claims['sid']}.{packed(bytes(32))}")).status_code == 401
