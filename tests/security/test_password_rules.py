"""What may be a password: long enough, not common, not one's own data; nothing is said about its characters."""

import pytest

from app.security.passwords import equal, rules

OWN = ("13812345678", "11010519491231002X", "张三丰", "买买提·艾力", "zhangsanfeng", "li")


@pytest.mark.parametrize(
    "password",
    [
        "correct horse stapler",
        "mpx vqjtrw",
        "济南的泉水一年四季都在流",
        "8391027465",
        "lilac-kettle-93",
        "x" * 60 + "mpxvqjtrw" + "y" * 59,
    ],
)
def test_a_password_nobody_guesses_is_fine_whatever_its_characters(password: str) -> None:
    assert rules(password, personal=OWN) is None


@pytest.mark.parametrize(
    ("password", "minimum", "code"),
    [
        ("", 10, "password-too-short"),
        ("mpxvqjtrw", 10, "password-too-short"),
        ("泉水一年四季都在流", 10, "password-too-short"),
        ("mpxvqjtrwk", 10, None),
        ("mpxvqjtrwkzyh", 14, "password-too-short"),
        ("mpxvqjtrwkzyhd", 14, None),
        ("mpxvqjtrwkzyh " * 9 + "ab", 10, None),
        ("mpxvqjtrwkzyh " * 9 + "abc", 10, "password-too-long"),
    ],
)
def test_length_counts_characters(password: str, minimum: int, code: str | None) -> None:
    assert rules(password, minimum=minimum) == code


@pytest.mark.parametrize(
    "password",
    [
        "1234567890",
        "qwertyuiop",
        "QWERTYuiop",
        "woaini1314520",
        "woaini5201314",
        "a123456789",
        "5201314520",
        "password2027",
        "Password123!",
        "iloveyou!!",
        "dragon1234",
        "ｐａｓｓｗｏｒｄ１２３",
        "aaaaaaaaaaaa",
        "abababababab",
        "20272027202",
        "山山山山山山山山山山",
    ],
)
def test_what_everybody_takes_is_refused(password: str) -> None:
    assert rules(password) == "password-common"


@pytest.mark.parametrize(
    "password",
    [
        "x13812345678y",
        "my13812345wx",
        "105194912310",
        "19491231abcd",
        "pw11010519491231002x",
        "11010519491231002X",
        "我是张三丰没错吧没错",
        "买买提·艾力的密码很长",
        "ZhangSanFeng-2027",
        "Zhangsan-jinan",
    ],
)
def test_ones_own_data_are_refused(password: str) -> None:
    assert rules(password, personal=OWN) == "password-personal"
    assert rules(password) is None


def test_an_empty_or_tiny_datum_forbids_nothing() -> None:
    assert rules("lilac-kettle-93", personal=("", "li", "la", "93")) is None


def test_the_same_password_is_the_same_however_it_is_written() -> None:
    assert equal("lilac-kettle-93", "ｌｉｌａｃ-kettle-93")
    assert not equal("lilac-kettle-93", "Lilac-kettle-93")
