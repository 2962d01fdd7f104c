"""Text that PostgreSQL can hold, and names of persons in one spelling."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic_core import PydanticCustomError

from app.words.text import DOT, gb18030_name_map, one_line, paragraphs, person_name, storable

# Appendix of GB 18030: two-byte codes whose ideograph came to Unicode after the edition Python's codec follows.
LATE_IDEOGRAPHS = {
    b"\xfe\x51": "\U00020087",
    b"\xfe\x52": "\U00020089",
    b"\xfe\x53": "\U000200cc",
    b"\xfe\x59": "\u9fb4",
    b"\xfe\x61": "\u9fb5",
    b"\xfe\x66": "\u9fb6",
    b"\xfe\x67": "\u9fb7",
    b"\xfe\x6c": "\U000215d7",
    b"\xfe\x6d": "\u9fb8",
    b"\xfe\x76": "\U0002298f",
    b"\xfe\x7e": "\u9fb9",
    b"\xfe\x90": "\u9fba",
    b"\xfe\x91": "\U000241fe",
    b"\xfe\xa0": "\u9fbb",
}


def code(error: pytest.ExceptionInfo[PydanticCustomError]) -> str:
    return error.value.type


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("a\0b", "nul-character"),
        ("\0", "nul-character"),
        ("山\ud800东", "lone-surrogate"),
        ("\udfff", "lone-surrogate"),
    ],
)
def test_text_that_cannot_be_stored_is_refused(text: str, refusal: str) -> None:
    with pytest.raises(PydanticCustomError) as error:
        storable(text)
    assert code(error) == refusal


@given(st.text())
def test_storable_text_is_kept_as_it_is_and_fits_utf8(text: str) -> None:
    try:
        assert storable(text) == text
    except PydanticCustomError:
        assert "\0" in text
    else:
        text.encode()


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("王小明", "王小明"),
        (" 王 小\u3000明\u00a0", "王小明"),
        ("\ufeff王\u200b小明", "王小明"),
        ("阿依古丽·买买提", "阿依古丽·买买提"),
        ("阿依古丽 • 买买提", "阿依古丽·买买提"),
        ("阿依古丽・买买提", "阿依古丽·买买提"),
        ("阿依古丽‧买买提", "阿依古丽·买买提"),
        ("阿依古丽．买买提", "阿依古丽·买买提"),
        ("阿依古丽.买买提", "阿依古丽·买买提"),
        ("Jose\u0301", "Jos\u00e9"),
        ("e\u200b\u0301", "\u00e9"),
        ("\U00020bb7野家", "\U00020bb7野家"),
        ("㛃", "㛃"),
        ("\U00030edd", "\U00030edd"),
    ],
)
def test_a_name_has_one_spelling(raw: str, name: str) -> None:
    assert person_name(raw) == name


@pytest.mark.parametrize(("raw", "ideograph"), LATE_IDEOGRAPHS.items())
def test_an_ideograph_that_the_codec_calls_private_use_gets_its_own_place(raw: bytes, ideograph: str) -> None:
    decoded = raw.decode("gb18030")
    assert person_name(f"王{decoded}") == person_name(f"王{ideograph}") == f"王{ideograph}"
    assert unicodedata.category(decoded) == "Co", "the codec has learned it: the table is no longer needed"


def test_every_entry_of_the_table_is_one_of_the_standard() -> None:
    known = {ord(raw.decode("gb18030")): ideograph for raw, ideograph in LATE_IDEOGRAPHS.items()}
    assert gb18030_name_map == known


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        ("王\ue000", "private-use-character"),
        ("王\ue815明", "private-use-character"),
        ("王\U000f0000", "private-use-character"),
        ("", "name-empty"),
        (" \u3000", "name-empty"),
        ("··", "name-empty"),
        ("王" * 51, "name-too-long"),
        ("王\x07", "control-character"),
        ("王\0", "nul-character"),
        ("王\ud840", "lone-surrogate"),
    ],
)
def test_what_is_no_name_is_refused_with_its_code(raw: str, refusal: str) -> None:
    with pytest.raises(PydanticCustomError) as error:
        person_name(raw)
    assert code(error) == refusal


def test_fifty_characters_are_a_name() -> None:
    assert person_name(f" {'王' * 50} ") == "王" * 50


@given(st.text(max_size=60))
def test_a_normalized_name_stays_as_it_is(raw: str) -> None:
    try:
        name = person_name(raw)
    except PydanticCustomError:
        return
    assert person_name(name) == name
    assert unicodedata.is_normalized("NFC", name)
    assert not any(character.isspace() for character in name)
    assert 1 <= len(name) <= 50
    assert name != DOT


def test_a_line_is_composed_and_has_no_control_characters() -> None:
    assert one_line("Cafe\u0301 Jinan\r\n") == "Caf\u00e9 Jinan"
    with pytest.raises(PydanticCustomError) as error:
        one_line("first\nsecond")
    assert code(error) == "control-character"


def test_paragraphs_keep_their_lines() -> None:
    assert paragraphs("一\r\n二\r三\t四") == "一\n二\n三\t四"
    with pytest.raises(PydanticCustomError) as error:
        paragraphs("一\x1b[2J")
    assert code(error) == "control-character"


@pytest.mark.parametrize("value", [None, 7, b"bytes", ["text"]])
def test_what_is_no_text_is_left_to_the_field(value: object) -> None:
    assert one_line(value) is value
    assert paragraphs(value) is value
