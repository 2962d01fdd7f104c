"""Access tokens: what we issued reads back; what anybody else made, bent or kept too long does not.

The forgeries are those of `forgeries`.
"""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from hypothesis import given
from hypothesis import strategies as st
from jose import jwt

from app.errors import Unauthenticated
from app.security.tokens import Claims, Tokens
from tests.security.forgeries import THEIRS, corpus, public_pem, signed

AT = datetime.now(UTC).replace(microsecond=0)
SESSION, ACCOUNT = "01937d3e-0000-7000-8000-000000000001", "01937d3e-0000-7000-8000-000000000002"
ISSUER, AUDIENCE = "http://127.0.0.1:8000", "graduate-employment"
OURS = ec.generate_private_key(ec.SECP256R1())


def pem(key: ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


PUBLIC_PEM = public_pem(OURS)
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


def made(head: object = HEAD, claims: object = CLAIMS, key: ec.EllipticCurvePrivateKey = OURS) -> str:
    return signed(head, claims, key)


GOOD = made()
FORGED = corpus(HEAD, CLAIMS, OURS)


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
