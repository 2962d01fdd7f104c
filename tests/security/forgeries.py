"""Forgeries of access tokens: a listed corpus, each of which differs from a good one in what its name says.

They are made by hand, with `cryptography` alone, so that no library's idea of a token stands between.
"""

import base64
import hmac
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

THEIRS = ec.generate_private_key(ec.SECP256R1())
_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def part(value: object) -> str:
    return b64(value if isinstance(value, bytes) else json.dumps(value).encode())


def signature(message: str, key: ec.EllipticCurvePrivateKey) -> bytes:
    r, s = decode_dss_signature(key.sign(message.encode(), ec.ECDSA(SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def signed(head: object, claims: object, key: ec.EllipticCurvePrivateKey) -> str:
    message = f"{part(head)}.{part(claims)}"
    return f"{message}.{b64(signature(message, key))}"


def without(name: str, whole: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in whole.items() if key != name}


def public_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def jwk(key: ec.EllipticCurvePrivateKey, kid: str) -> dict[str, str]:
    numbers = key.public_key().public_numbers()
    x, y = (b64(number.to_bytes(32, "big")) for number in (numbers.x, numbers.y))
    return {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": kid, "x": x, "y": y}


def corpus(head: dict[str, Any], claims: dict[str, Any], key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    """Tokens to refuse, by what is wrong with each; `signed(head, claims, key)` is the good one."""

    def made(header: object = head, payload: object = claims, signer: ec.EllipticCurvePrivateKey = key) -> str:
        return signed(header, payload, signer)

    def hmac_signed(secret: bytes) -> str:
        message = f"{part(head | {'alg': 'HS256'})}.{part(claims)}"
        return f"{message}.{b64(hmac.digest(secret, message.encode(), 'sha256'))}"

    def der_signed() -> str:
        message = f"{part(head)}.{part(claims)}"
        return f"{message}.{b64(key.sign(message.encode(), ec.ECDSA(SHA256())))}"

    def other_last_letter(token: str) -> str:
        """The same bytes, written with other unused bits in the last letter of the signature."""
        return token[:-1] + _ALPHABET[_ALPHABET.index(token[-1]) + 1]

    good, public, audience = made(), public_pem(key), claims["aud"]
    h, c, s = good.split(".")
    our_jwk, their_jwk = jwk(key, head["kid"]), jwk(THEIRS, head["kid"])
    other = claims["sid"]
    return {
        "nothing": "",
        "dots": "..",
        "a word": "swordfish",
        "two parts": f"{h}.{c}",
        "four parts": f"{good}.{s}",
        "five parts, as if encrypted": f"{h}.{c}.{s}.{c}.{s}",
        "no signature": f"{h}.{c}.",
        "alg none": f"{part(head | {'alg': 'none'})}.{c}.",
        "alg none with our signature": f"{part(head | {'alg': 'none'})}.{c}.{s}",
        "alg missing": made(without("alg", head)),
        "alg in lower case": made(head | {"alg": "es256"}),
        "alg ES384": made(head | {"alg": "ES384"}),
        "HMAC with our public PEM as its key": hmac_signed(public),
        "HMAC with our public JWK as its key": hmac_signed(json.dumps(our_jwk).encode()),
        "HMAC with an empty key": hmac_signed(b""),
        "another's key under our id": made(signer=THEIRS),
        "another's key under its own id": made(head | {"kid": "theirs"}, signer=THEIRS),
        "another's key brought along": made(head | {"jwk": their_jwk}, signer=THEIRS),
        "another's key at an address": made(head | {"jku": "https://evil.example/jwks"}, signer=THEIRS),
        "a critical extension": made(head | {"crit": ["exp"]}),
        "an id that is a path": made(head | {"kid": "../../dev/null"}),
        "an id that is a list": made(head | {"kid": ["2027"]}),
        "no id": made(without("kid", head)),
        "the type of an ID token": made(head | {"typ": "JWT"}),
        "no type": made(without("typ", head)),
        "a header that is a list": made([head]),
        "a header that is no JSON": made(b"{"),
        "a header that is no UTF-8": made(b"\xff\xfe"),
        "a header nested deeply": made(b"[" * 1200),
        "another's claims over our signature": f"{h}.{part(claims | {'sub': other})}.{s}",
        "another header over our signature": f"{part(head | {'x': 1})}.{c}.{s}",
        "a signature cut short": f"{h}.{c}.{s[:-4]}",
        "a signature made longer": f"{h}.{c}.{s}AAAA",
        "a signature of zeros": f"{h}.{c}.{b64(bytes(64))}",
        "a signature in DER": der_signed(),
        "a signature with padding": f"{good}==",
        "a signature with noise in it": f"{h}.{c}.{s[:40]}!!!!{s[40:]}",
        "a signature with other unused bits": other_last_letter(good),
        "a blank before": f" {good}",
        "a line's end behind": f"{good}\n",
        "claims that are a list": made(payload=[claims]),
        "claims that are null": made(payload=None),
        "claims that are no JSON": made(payload=b"{"),
        "claims that are empty": made(payload={}),
        **{f"no {name}": made(payload=without(name, claims)) for name in claims},
        **{f"{name} is null": made(payload=claims | {name: None}) for name in claims},
        "another issuer": made(payload=claims | {"iss": "https://evil.example"}),
        "another audience": made(payload=claims | {"aud": "someone-else"}),
        "several audiences": made(payload=claims | {"aud": [audience, "someone-else"]}),
        "an empty session": made(payload=claims | {"sid": ""}),
        "a session that is a number": made(payload=claims | {"sid": 1}),
        "an expiry that is text": made(payload=claims | {"exp": str(claims["exp"])}),
        "an expiry that is true": made(payload=claims | {"exp": True}),
        "an expiry with a fraction": made(payload=claims | {"exp": claims["exp"] + 0.5}),
        "an expiry that is infinite": made(payload=claims | {"exp": float("inf")}),
        "an expiry past all calendars": made(payload=claims | {"exp": 10**18}),
        "an expiry a second later than ours": made(payload=claims | {"exp": claims["exp"] + 1}),
        "an expiry before all calendars": made(payload=claims | {"exp": -(10**18)}),
        "an expiry past all numbers": made(payload=claims | {"exp": 10**400}),
        "expired long ago": made(payload=claims | {"iat": 0, "exp": 600}),
        "issued tomorrow": made(payload=claims | {"iat": claims["iat"] + 86400, "exp": claims["exp"] + 86400}),
        "longer than 2 KiB": made(payload=claims | {"filler": "x" * 2000}),
        "not ASCII": good[:-1] + "Ａ",
        "half a character": good + "\ud800",
        "an id that is null": made(head | {"kid": None}),
        "an id with a NUL": made(head | {"kid": head["kid"] + "\x00"}),
        "an id that is SQL": made(head | {"kid": "' or 1=1 --"}),
        "a certificate at an address": made(head | {"x5u": "https://evil.example/cert"}, signer=THEIRS),
        "a certificate brought along": made(head | {"x5c": ["MIIB"]}, signer=THEIRS),
        "our key brought along": made(head | {"jwk": our_jwk}),
        "compressed": made(head | {"zip": "DEF"}),
        "not yet good": made(payload=claims | {"nbf": claims["iat"] + 600}),
        "a start that is text": made(payload=claims | {"nbf": "now"}),
        "halves of two tokens": f"{h}.{part(claims | {'jti': 'twice'})}.{s}",
        "the claims twice": f"{h}.{c}.{c}.{s}",
        "a refresh token": f"{claims['sid']}.{'x' * 43}",
        "a blank inside": f"{h}. {c}.{s}",
        "two tokens": f"{good} {good}",
        "doubled": f"{good}.{good}",
        "percent signs": f"{h}%2E{c}%2E{s}",
        "an unencoded payload": made(head | {"b64": False}),
        "good for ever": made(payload=claims | {"exp": claims["exp"] + 10**9}),
        "64 KiB": f"{h}.{'A' * 65536}.{s}",
    }
