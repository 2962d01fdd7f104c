"""Masks: what everybody may see of a personal value."""

import pytest

from app.security import masks


@pytest.mark.parametrize(
    ("number", "shown"),
    [("11010519491231002X", "1****************X"), ("H12345678", "H*******8"), ("12", "**"), ("1", "*"), ("", "")],
)
def test_an_id_number_shows_its_ends(number: str, shown: str) -> None:
    assert masks.id_number(number) == shown


@pytest.mark.parametrize(("number", "shown"), [("13812345678", "138****5678"), ("053188888888", "*" * 12), ("", "")])
def test_a_mobile_number_shows_all_but_its_middle(number: str, shown: str) -> None:
    assert masks.phone(number) == shown


@pytest.mark.parametrize(
    ("full", "shown"), [("张三丰", "张**"), ("张三", "张*"), ("𠮷", "*"), ("买买提·艾力", "买*****"), ("", "")]
)
def test_a_name_shows_its_first_character(full: str, shown: str) -> None:
    assert masks.name(full) == shown
