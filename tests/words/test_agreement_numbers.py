"""Numbers of agreements and dispatches."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from app.numbers import agreement_number, dispatch_number, is_agreement_number
from app.words import Level

numbers = st.builds(
    agreement_number,
    st.integers(2000, 2100),
    st.sampled_from(["10422", "14327"]),
    st.sampled_from([level.education_code for level in Level]),
    st.from_regex(r"[0-9]{7}", fullmatch=True),
)


def mod_11_10(digits: str) -> int:
    """ISO 7064 hybrid system MOD 11,10, written from the standard."""
    product = 10
    for digit in digits:
        product = ((int(digit) + product) % 10 or 10) * 2 % 11
    return (11 - product) % 10


def test_a_number_tells_year_school_and_level() -> None:
    assert agreement_number(2027, "10422", "31", "1234567") == "2027104223112345673"


@given(numbers)
def test_a_number_has_19_digits_and_the_check_digit_of_the_standard(number: str) -> None:
    assert is_agreement_number(number)
    assert len(number) == 19
    assert int(number[-1]) == mod_11_10(number[:-1])


@given(numbers, st.integers(0, 18), st.sampled_from("0123456789"))
def test_one_wrong_digit_is_always_noticed(number: str, position: int, digit: str) -> None:
    assume(number[position] != digit)
    assert not is_agreement_number(number[:position] + digit + number[position + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2027104223112345673\n",
        " 2027104223112345673",
        "２０２７１０４２２３１１２３４５６７３",
        "202710422311234567",
    ],
)
def test_another_shape_is_no_number(text: str) -> None:
    assert not is_agreement_number(text)


@pytest.mark.parametrize(
    ("year", "school", "level", "random7"),
    [
        (27, "10422", "31", "1234567"),
        (2027, "1042", "31", "1234567"),
        (2027, "10422", "3", "1234567"),
        (2027, "10422", "31", "123456"),
        (2027, "10422", "31", "12345６7"),
    ],
)
def test_parts_of_the_wrong_size_are_a_mistake(year: int, school: str, level: str, random7: str) -> None:
    with pytest.raises(ValueError, match="made of"):
        agreement_number(year, school, level, random7)


def test_a_dispatch_tells_year_and_school_and_is_never_taken_for_an_agreement() -> None:
    number = dispatch_number(2027, "10422", "1234567")
    assert number == "20271042212345671"
    assert int(number[-1]) == mod_11_10(number[:-1])
    assert not is_agreement_number(number)
    for year, school, random7 in ((27, "10422", "1234567"), (2027, "1042", "1234567"), (2027, "10422", "123456")):
        with pytest.raises(ValueError, match="made of"):
            dispatch_number(year, school, random7)
