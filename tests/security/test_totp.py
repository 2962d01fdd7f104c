"""The second factor: RFC 6238's own vectors, a window of one step, each step good once."""

import re
from base64 import b32encode
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest

from app.security import totp

RFC_SECRET = b32encode(b"12345678901234567890").decode()
NOON = datetime(2027, 3, 1, 4, 0, 7, tzinfo=UTC)
STEP = int(NOON.timestamp()) // 30


def code(at: datetime) -> str:
    return pyotp.TOTP(RFC_SECRET).at(at)


@pytest.mark.parametrize(("seconds", "expected"), [(59, "287082"), (1111111109, "081804"), (1234567890, "005924")])
def test_the_vectors_of_the_standard_match(seconds: int, expected: str) -> None:
    assert totp.matches(RFC_SECRET, expected, datetime.fromtimestamp(seconds, UTC), None) == seconds // 30


@pytest.mark.parametrize(("off", "step"), [(-60, None), (-30, STEP - 1), (0, STEP), (30, STEP + 1), (60, None)])
def test_a_code_one_step_off_is_accepted(off: int, step: int | None) -> None:
    assert totp.matches(RFC_SECRET, code(NOON + timedelta(seconds=off)), NOON, None) == step


@pytest.mark.parametrize(("last", "step"), [(STEP - 1, STEP), (STEP, None), (STEP + 1, None)])
def test_a_step_is_good_once(last: int, step: int | None) -> None:
    assert totp.matches(RFC_SECRET, code(NOON), NOON, last) == step


@pytest.mark.parametrize("given", ["", "0", "abcdef", code(NOON) + "0", code(NOON)[:5], "一二三四五六", "\0" * 6])
def test_what_is_no_code_is_refused(given: str) -> None:
    assert totp.matches(RFC_SECRET, given, NOON, None) is None


def test_the_code_of_another_secret_is_refused() -> None:
    assert totp.matches(RFC_SECRET, pyotp.TOTP(b32encode(b"x" * 20).decode()).at(NOON), NOON, None) is None


def test_secrets_are_long_and_differ() -> None:
    secrets = {totp.new_secret() for _ in range(20)}
    assert len(secrets) == 20
    assert all(re.fullmatch(r"[A-Z2-7]{32}", secret) for secret in secrets)


def test_the_address_for_the_app_carries_secret_issuer_and_name() -> None:
    address = urlsplit(totp.uri(RFC_SECRET, "jinan.zhang", "就业服务"))
    assert (address.scheme, address.netloc) == ("otpauth", "totp")
    assert address.path.endswith("jinan.zhang")
    assert parse_qs(address.query) == {"secret": [RFC_SECRET], "issuer": ["就业服务"]}
