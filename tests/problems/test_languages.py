"""The language of an answer follows Accept-Language (RFC 9110 §12.5.4)."""

import pytest

from app.texts import language


@pytest.mark.parametrize(
    ("accepted", "spoken"),
    [
        (None, "zh-CN"),
        ("", "zh-CN"),
        ("*", "zh-CN"),
        ("fr", "zh-CN"),
        ("zh", "zh-CN"),
        ("zh-Hant-TW", "zh-CN"),
        ("en", "en"),
        ("EN-gb", "en"),
        ("fr, en;q=0.1", "en"),
        ("zh;q=0.5, en;q=0.8", "en"),
        ("en;q=0.5, zh-CN;q=0.8", "zh-CN"),
        ("en, zh", "en"),
        ("zh, en", "zh-CN"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("zh;q=0, *", "en"),
        ("zh;q=0, en;q=0", "zh-CN"),
        ("en;q=2", "zh-CN"),
        ("en;q=nan", "zh-CN"),
        ("en ; q=0.700", "en"),
        (";;,,=", "zh-CN"),
        ("x" * 10_000 + ", en", "zh-CN"),
    ],
)
def test_the_heavier_language_that_we_speak_is_spoken(accepted: str | None, spoken: str) -> None:
    assert language(accepted) == spoken
