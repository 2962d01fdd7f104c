"""One-time codes: six digits, bound to key, purpose and phone."""

import re

import pytest

from app.security.one_time_codes import digest, new_code, proves

KEY, PHONE = b"k" * 32, b"p" * 32


def test_codes_are_six_digits_and_keep_their_zeros() -> None:
    codes = [new_code() for _ in range(500)]
    assert all(re.fullmatch(r"[0-9]{6}", code) for code in codes)
    assert any(code.startswith("0") for code in codes)
    assert len(set(codes)) > 490


def test_the_code_proves_what_it_was_made_for() -> None:
    stored = digest(KEY, "registration", PHONE, "042731")
    assert len(stored) == 32
    assert b"042731" not in stored
    assert proves(stored, KEY, "registration", PHONE, "042731")


@pytest.mark.parametrize(
    ("key", "purpose", "phone", "code"),
    [
        (KEY, "registration", PHONE, "042732"),
        (KEY, "registration", PHONE, "42731"),
        (KEY, "registration", PHONE, ""),
        (KEY, "registration", PHONE, "０４２７３１"),
        (KEY, "password-reset", PHONE, "042731"),
        (KEY, "registration", b"q" * 32, "042731"),
        (b"j" * 32, "registration", PHONE, "042731"),
    ],
)
def test_nothing_else_proves_it(key: bytes, purpose: str, phone: bytes, code: str) -> None:
    assert not proves(digest(KEY, "registration", PHONE, "042731"), key, purpose, phone, code)
