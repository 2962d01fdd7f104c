"""Access tokens: what we issued reads back; what anybody else made, bent or kept too long does not.

The forgeries are made by hand, with `cryptography` alone, so that no library's idea of a token stands between.
"""

import base64
import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given
from hypothesis import strategies as st
from jose import jwt

from app.errors import Unauthenticated
from app.security.tokens import Claims, Tokens

AT = datetime.now(UTC).replace(microsecond=0)
SESSION, ACCOUNT = "01937d3e-0000-7000-8000-000000000001", "01937d3e-0000-7000-8000-000000000002"
ISSUER, AUDIENCE = "http://127.0.0.1:8000", "graduate-employment"
OURS, THEIRS = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))


def pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


PUBLIC_PEM = OURS.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
HEAD: dict[str, Any] = {"alg": "ES256", "typ": "at+jwt", "kid": "2027"}
CLAIMS: dict[str, Any] = {
    "iss": ISSUER,
    "aud": AUDIENCE,
    "sub": ACCOUNT,
    "sid": SESSION,
    "jti": "once",
    "iat": int(AT.timestamp()),
    "exp": int(AT.timestamp()) + 600,
}


def tokens() -> Tokens:
    return Tokens({"2027": pem(OURS)}, ISSUER, AUDIENCE, 600)


def b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def part(value: object) -> str:
    return b64(value if isinstance(value, bytes) else json.dumps(value).encode())


def signature(message: str, key: ec.EllipticCurvePrivateKey = OURS) -> bytes:
    r, s = decode_dss_signature(key.sign(message.encode(), ec.ECDSA(SHA256())))
    return r.to_bytes(32, "big") + s.to_bytes(32, "big")


def made(head: object = HEAD, claims: object = CLAIMS, key: ec.EllipticCurvePrivateKey = OURS) -> str:
    message = f"{part(head)}.{part(claims)}"
    return f"{message}.{b64(signature(message, key))}"


def without(name: str, whole: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in whole.items() if key != name}


def hmac_signed(key: bytes) -> str:
    message = f"{part(HEAD | {'alg': 'HS256'})}.{part(CLAIMS)}"
    return f"{message}.{b64(hmac.digest(key, message.encode(), 'sha256'))}"


def other_last_letter(token: str) -> str:
    """The same bytes, written with other unused bits in the last letter of the signature."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return token[:-1] + alphabet[alphabet.index(token[-1]) + 1]


def der_signed() -> str:
    message = f"{part(HEAD)}.{part(CLAIMS)}"
    return f"{message}.{b64(OURS.sign(message.encode(), ec.ECDSA(SHA256())))}"


GOOD = made()
H, C, S = GOOD.split(".")
OUR_JWK = tokens().jwks()["keys"][0]
THEIR_JWK = Tokens({"2027": pem(THEIRS)}, ISSUER, AUDIENCE, 600).jwks()["keys"][0]

FORGED: dict[str, str] = {
    "nothing": "",
    "dots": "..",
    "a word": "swordfish",
    "two parts": f"{H}.{C}",
    "four parts": f"{GOOD}.{S}",
    "five parts, as if encrypted": f"{H}.{C}.{S}.{C}.{S}",
    "no signature": f"{H}.{C}.",
    "alg none": f"{part(HEAD | {'alg': 'none'})}.{C}.",
    "alg none with our signature": f"{part(HEAD | {'alg': 'none'})}.{C}.{S}",
    "alg missing": made(without("alg", HEAD)),
    "alg in lower case": made(HEAD | {"alg": "es256"}),
    "alg ES384": made(HEAD | {"alg": "ES384"}),
    "HMAC with our public PEM as its key": hmac_signed(PUBLIC_PEM),
    "HMAC with our public JWK as its key": hmac_signed(json.dumps(OUR_JWK).encode()),
    "HMAC with an empty key": hmac_signed(b""),
    "another's key under our id": made(key=THEIRS),
    "another's key under its own id": made(HEAD | {"kid": "theirs"}, key=THEIRS),
    "another's key brought along": made(HEAD | {"jwk": THEIR_JWK}, key=THEIRS),
    "another's key at an address": made(HEAD | {"jku": "https://evil.example/jwks"}, key=THEIRS),
    "a critical extension": made(HEAD | {"crit": ["exp"]}),
    "an id that is a path": made(HEAD | {"kid": "../../dev/null"}),
    "an id that is a list": made(HEAD | {"kid": ["2027"]}),
    "no id": made(without("kid", HEAD)),
    "the type of an ID token": made(HEAD | {"typ": "JWT"}),
    "no type": made(without("typ", HEAD)),
    "a header that is a list": made([HEAD]),
    "a header that is no JSON": made(b"{"),
    "a header that is no UTF-8": made(b"\xff\xfe"),
    "a header nested deeply": made(b"[" * 1200),
    "another's claims over our signature": f"{H}.{part(CLAIMS | {'sub': SESSION})}.{S}",
    "another header over our signature": f"{part(HEAD | {'x': 1})}.{C}.{S}",
    "a signature cut short": f"{H}.{C}.{S[:-4]}",
    "a signature made longer": f"{H}.{C}.{S}AAAA",
    "a signature of zeros": f"{H}.{C}.{b64(bytes(64))}",
    "a signature in DER": der_signed(),
    "a signature with padding": f"{GOOD}==",
    "a signature with noise in it": f"{H}.{C}.{S[:40]}!!!!{S[40:]}",
    "a signature with other unused bits": other_last_letter(GOOD),
    "a blank before": f" {GOOD}",
    "a line's end behind": f"{GOOD}\n",
    "claims that are a list": made(claims=[CLAIMS]),
    "claims that are null": made(claims=None),
    "claims that are no JSON": made(claims=b"{"),
    "claims that are empty": made(claims={}),
    **{f"no {name}": made(claims=without(name, CLAIMS)) for name in CLAIMS},
    **{f"{name} is null": made(claims=CLAIMS | {name: None}) for name in CLAIMS},
    "another issuer": made(claims=CLAIMS | {"iss": "https://evil.example"}),
    "another audience": made(claims=CLAIMS | {"aud": "someone-else"}),
    "several audiences": made(claims=CLAIMS | {"aud": [AUDIENCE, "someone-else"]}),
    "an empty session": made(claims=CLAIMS | {"sid": ""}),
    "a session that is a number": made(claims=CLAIMS | {"sid": 1}),
    "an expiry that is text": made(claims=CLAIMS | {"exp": str(CLAIMS["exp"])}),
    "an expiry that is true": made(claims=CLAIMS | {"exp": True}),
    "an expiry with a fraction": made(claims=CLAIMS | {"exp": CLAIMS["exp"] + 0.5}),
    "an expiry that is infinite": made(claims=CLAIMS | {"exp": float("inf")}),
    "an expiry past all calendars": made(claims=CLAIMS | {"exp": 10**18}),
    "an expiry a second later than ours": made(claims=CLAIMS | {"exp": CLAIMS["exp"] + 1}),
    "an expiry before all calendars": made(claims=CLAIMS | {"exp": -(10**18)}),
    "an expiry past all numbers": made(claims=CLAIMS | {"exp": 10**400}),
    "expired long ago": made(claims=CLAIMS | {"iat": 0, "exp": 600}),
    "issued tomorrow": made(claims=CLAIMS | {"iat": CLAIMS["iat"] + 86400, "exp": CLAIMS["exp"] + 86400}),
    "longer than 2 KiB": made(claims=CLAIMS | {"filler": "x" * 2000}),
    "not ASCII": GOOD[:-1] + "Ａ",
    "half a character": GOOD + "\ud800",
}


def test_what_was_issued_reads_back() -> None:
    ours = tokens()
    assert ours.read(ours.issue(SESSION, ACCOUNT, AT), AT) == Claims(SESSION, ACCOUNT, AT + timedelta(minutes=10))


def test_a_token_made_by_hand_reads_too_so_the_forgeries_fail_for_their_fault() -> None:
    assert tokens().read(GOOD, AT) == Claims(SESSION, ACCOUNT, AT + timedelta(minutes=10))
    assert tokens().read(made(claims=CLAIMS | {"extra": 1}), AT).session_id == SESSION


@pytest.mark.parametrize("token", FORGED.values(), ids=FORGED)
def test_a_forged_or_mangled_token_is_refused(token: str) -> None:
    ours = tokens()
    ours.read(GOOD, AT)
    for _ in range(2):
        with pytest.raises(Unauthenticated):
            ours.read(token, AT)


@pytest.mark.parametrize("name", ["a signature with noise in it", "no exp", "no aud", "the type of an ID token"])
def test_python_jose_alone_lets_it_pass(name: str) -> None:
    assert jwt.decode(FORGED[name], PUBLIC_PEM.decode(), algorithms=["ES256"], audience=AUDIENCE, issuer=ISSUER)


@given(st.text(max_size=60), st.integers(0, len(GOOD)), st.integers(0, len(GOOD)))
def test_no_text_spliced_into_a_token_reads(text: str, start: int, end: int) -> None:
    token = GOOD[: min(start, end)] + text + GOOD[max(start, end) :]
    if token != GOOD:
        with pytest.raises(Unauthenticated):
            tokens().read(token, AT)


@pytest.mark.parametrize("warm", [False, True], ids=["seen first", "seen before"])
def test_a_token_ends_with_its_last_second(warm: bool) -> None:  # noqa: FBT001
    ours = tokens()
    token = ours.issue(SESSION, ACCOUNT, AT)
    if warm:
        ours.read(token, AT)
    assert ours.read(token, AT + timedelta(seconds=599.9)).session_id == SESSION
    with pytest.raises(Unauthenticated):
        ours.read(token, AT + timedelta(seconds=600))


@pytest.mark.parametrize(("ahead", "refused"), [(59, False), (61, True)])
def test_another_machines_clock_may_be_a_minute_ahead(ahead: int, refused: bool) -> None:  # noqa: FBT001
    ours = tokens()
    token = ours.issue(SESSION, ACCOUNT, AT + timedelta(seconds=ahead))
    if refused:
        with pytest.raises(Unauthenticated):
            ours.read(token, AT)
    else:
        assert ours.read(token, AT).session_id == SESSION


def test_tokens_are_remembered_up_to_a_bound_the_last_used_longest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.security.tokens._CACHED", 2)
    ours = tokens()
    first, second, third = (ours.issue(SESSION, ACCOUNT, AT) for _ in range(3))
    kept = [ours.read(token, AT) for token in (first, second, first, third, first)]
    assert kept[4] is kept[2] is kept[0]
    assert ours.read(second, AT) is not kept[1]


def test_a_token_carries_nothing_but_its_claims() -> None:
    head, claims, _ = tokens().issue(SESSION, ACCOUNT, AT).split(".")
    assert json.loads(base64.urlsafe_b64decode(head + "==")) == HEAD
    payload = json.loads(base64.urlsafe_b64decode(claims + "=="))
    assert payload == CLAIMS | {"jti": payload["jti"]}


def test_every_token_is_another() -> None:
    ours = tokens()
    issued = [ours.issue(SESSION, ACCOUNT, AT) for _ in range(3)]
    assert all(one != other for one, other in pairwise(issued))


def test_the_first_key_signs_and_every_key_verifies() -> None:
    rotated = Tokens({"2028": pem(THEIRS), "2027": pem(OURS)}, ISSUER, AUDIENCE, 600)
    assert rotated.read(GOOD, AT).session_id == SESSION
    fresh = rotated.issue(SESSION, ACCOUNT, AT)
    assert rotated.read(fresh, AT).session_id == SESSION
    with pytest.raises(Unauthenticated):
        tokens().read(fresh, AT)
    with pytest.raises(Unauthenticated):
        rotated.read(made(HEAD | {"kid": "2028"}), AT)


def test_the_published_keys_verify_and_hold_no_secret() -> None:
    published = tokens().jwks()
    assert [{**key, "x": 0, "y": 0} for key in published["keys"]] == [
        {"kty": "EC", "crv": "P-256", "alg": "ES256", "use": "sig", "kid": "2027", "x": 0, "y": 0}
    ]
    decoded: Callable[..., dict[str, Any]] = jwt.decode
    assert decoded(GOOD, published, algorithms=["ES256"], audience=AUDIENCE, issuer=ISSUER)["sid"] == SESSION


def test_there_must_be_a_key() -> None:
    with pytest.raises(ValueError, match="no key"):
        Tokens({}, ISSUER, AUDIENCE, 600)
