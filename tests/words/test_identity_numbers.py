"""ID numbers, credit codes and telephone numbers."""

from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from app.words.identity import (
    birth_date,
    contact_number,
    credit_code,
    gender,
    id_check_digit,
    id_number,
    mobile_number,
)

EXAMPLE = "11010519491231002X"  # GB 11643, its own example
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def numbered(region: str, born: str, sequence: str = "001") -> str:
    return (first := f"{region}{born}{sequence}") + id_check_digit(first)


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    region = draw(st.sampled_from(["110105", "370102", "371203", "512301", "659001", "710000", "810000", "830000"]))
    born = draw(st.dates(date(1900, 1, 1), date(2026, 11, 24)))
    return numbered(region, f"{born:%Y%m%d}", f"{draw(st.integers(0, 999)):03}")


@pytest.mark.parametrize(
    "raw",
    [
        EXAMPLE,
        "11010519491231002x",
        " 110105 19491231 002x\n",
        "１１０１０５１９４９１２３１００２Ｘ",
        "\ufeff110105\u300019491231002ｘ",
    ],
)
def test_an_id_number_has_one_spelling(raw: str) -> None:
    assert id_number(raw) == EXAMPLE


@pytest.mark.parametrize(
    "number",
    [
        "440524188001010014",  # GB 11643, its other example
        numbered("371202", "20030717"),  # a county of Laiwu, dissolved in 2019
        numbered("810000", "20030717"),
        numbered("820000", "20030717"),
        numbered("830000", "20030717"),
        numbered("370102", "20040229"),
    ],
)
def test_permits_and_codes_of_dissolved_counties_are_accepted(number: str) -> None:
    assert id_number(number) == number


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        ("", "id-number-malformed"),
        ("110105491231002", "id-number-malformed"),
        ("1101051949123100XX", "id-number-malformed"),
        ("110105194912310020", "id-number-check-digit"),
        ("①10105194912310021", "id-number-malformed"),
        ("١١٠١٠٥١٩٤٩١٢٣١٠٠٢X", "id-number-malformed"),
        (numbered("100105", "19491231"), "id-number-region"),
        (numbered("660105", "19491231"), "id-number-region"),
        (numbered("840000", "19491231"), "id-number-region"),
        (numbered("370102", "20030229"), "id-number-date"),
        (numbered("370102", "20031301"), "id-number-date"),
        (numbered("370102", "00000101"), "id-number-date"),
        (EXAMPLE + "\0", "nul-character"),
        (EXAMPLE + "\ud800", "lone-surrogate"),
    ],
)
def test_a_wrong_id_number_is_refused_with_its_code(raw: str, refusal: str) -> None:
    with pytest.raises(PydanticCustomError) as error:
        id_number(raw)
    assert error.value.type == refusal


def test_nobody_is_born_after_today() -> None:
    number = numbered("370102", "20261124")
    assert id_number(number, today=date(2026, 11, 24)) == number
    with pytest.raises(PydanticCustomError) as error:
        id_number(number, today=date(2026, 11, 23))
    assert error.value.type == "id-number-future"


@given(id_numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_one_wrong_character_is_always_noticed(number: str, position: int, character: str) -> None:
    assume(number[position] != character)
    assert id_number(number) == number
    with pytest.raises(PydanticCustomError):
        id_number(number[:position] + character + number[position + 1 :])


def test_birth_date_and_gender_are_read_off_the_number() -> None:
    assert birth_date(EXAMPLE) == date(1949, 12, 31)
    assert gender(EXAMPLE) == "2"
    assert gender(numbered("370102", "20030717", "013")) == "1"


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91370100MA6838WPG0", "91110000600037341L"])
def test_a_credit_code_with_the_right_check_digit_is_accepted(code: str) -> None:
    assert credit_code(f" {code.lower()} ") == code


@pytest.mark.parametrize("code", ["91350100M000100Y43", "91370100MA6838WPG0"])
def test_a_credit_code_with_any_other_check_digit_is_refused(code: str) -> None:
    for digit in USCC_ALPHABET.replace(code[-1], ""):
        with pytest.raises(PydanticCustomError) as error:
            credit_code(code[:-1] + digit)
        assert error.value.type == "credit-code-invalid"


def test_full_width_credit_codes_are_put_right() -> None:
    assert credit_code("９１３７０１００ＭＡ６８３８ＷＰＧ０") == "91370100MA6838WPG0"


@pytest.mark.parametrize(
    "raw",
    ["13800138000", "138 0013 8000", "138-0013-8000", "+86 13800138000", "008613800138000", "１３８００１３８０００"],
)
def test_a_mobile_number_has_one_spelling(raw: str) -> None:
    assert mobile_number(raw) == "13800138000"


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        ("", "phone-invalid"),
        ("12345678901", "phone-invalid"),
        ("1380013800", "phone-invalid"),
        ("138001380001", "phone-invalid"),
        ("1380000ABCD", "phone-invalid"),
        ("+85261234567", "phone-invalid"),
        ("13800138000;ext=5", "phone-invalid"),
        ("0531-88364000", "phone-not-mobile"),
    ],
)
def test_what_is_no_mobile_number_is_refused(raw: str, refusal: str) -> None:
    with pytest.raises(PydanticCustomError) as error:
        mobile_number(raw)
    assert error.value.type == refusal


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("0531 8836 4000", "0531-88364000"),
        ("(0531)88364000", "0531-88364000"),
        ("+86-531-88364000", "0531-88364000"),
        ("010-12345678", "010-12345678"),
        ("0531-88364000转801", "0531-88364000-801"),
        ("0531-88364000-801", "0531-88364000-801"),
        ("13800138000", "13800138000"),
        ("400-812-3123", "4008123123"),
    ],
)
def test_a_contact_number_has_one_spelling(raw: str, number: str) -> None:
    assert contact_number(raw) == number
    assert contact_number(number) == number


@given(st.text(max_size=30) | st.text("0123456789+-() xX转A", max_size=20))
def test_any_text_is_refused_with_a_code_or_has_one_spelling(text: str) -> None:
    for reading in (id_number, credit_code, mobile_number, contact_number):
        try:
            number = reading(text)
        except PydanticCustomError:
            continue
        assert reading(number) == number


@pytest.mark.parametrize("reading", [id_number, credit_code, mobile_number, contact_number])
def test_a_refusal_never_repeats_the_number(reading: Callable[[str], str]) -> None:
    with pytest.raises(PydanticCustomError) as error:
        reading("370102200307170012")
    assert "3701" not in str(error.value)
