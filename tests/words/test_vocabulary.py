"""Each word: pydantic reads its checks, SQLAlchemy its column, and both agree."""

import inspect
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, get_args, get_origin

import pytest
from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic.fields import FieldInfo
from sqlalchemy import Date, Integer, SmallInteger, String
from sqlalchemy.orm import DeclarativeBase, Mapped, MappedColumn, mapped_column

from app import codes, words
from app.words.columns import CHOICES

WORDS: dict[str, Any] = {name: word for name in words.__all__ if get_origin(word := getattr(words, name)) is Annotated}
SECRETS = {
    "IdNumber",
    "Phone",
    "SealedPhone",
    "Password",
    "PresentedPassword",
    "OneTimeCode",
    "ImportedHash",
    "RecoveryCode",
}
NEVER_STORED = {"ValidDays", "Activated", "SearchText"}


def told(word: Any) -> FieldInfo:
    return next(part for part in get_args(word) if isinstance(part, FieldInfo))


def column(word: Any) -> MappedColumn[Any] | None:
    return next((part for part in get_args(word) if isinstance(part, MappedColumn)), None)


def refusals(word: Any, value: object) -> list[str]:
    with pytest.raises(ValidationError) as error:
        TypeAdapter(word).validate_python(value)
    return [found["type"] for found in error.value.errors()]


class Base(DeclarativeBase):
    type_annotation_map = words.choice_columns()


class Row(Base):
    __tablename__ = "rows"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[words.EmployerName]
    nickname: Mapped[words.EmployerName | None]
    sought: Mapped[words.PersonName] = mapped_column(index=True)
    salary: Mapped[words.SalaryMonthly | None]
    cohort: Mapped[words.Cohort]
    signed_on: Mapped[words.SignedOn]
    level: Mapped[words.Level]
    archive_mode: Mapped[words.ArchiveMode | None]


class Schema(BaseModel):
    name: words.EmployerName
    nickname: words.EmployerName | None = None
    level: words.Level = words.Level.BACHELOR


@pytest.mark.parametrize("name", WORDS)
def test_the_examples_of_a_word_are_right_and_in_their_one_spelling(name: str) -> None:
    examples = told(WORDS[name]).examples
    assert examples
    for example in examples:
        kept = TypeAdapter(WORDS[name]).validate_python(example)
        again = kept.isoformat() if isinstance(kept, date) and name != "ValidUntil" else kept
        assert again == example or name == "ValidUntil"


@pytest.mark.parametrize("name", WORDS)
def test_a_word_has_a_description_and_a_column_unless_it_is_sealed(name: str) -> None:
    assert told(WORDS[name]).description
    assert (column(WORDS[name]) is None) == (name in SECRETS | NEVER_STORED)


@pytest.mark.parametrize("name", [name for name, word in WORDS.items() if get_args(word)[0] is str])
def test_every_text_is_bounded_and_none_takes_nul_or_half_a_pair(name: str) -> None:
    for text in ("x\0", "山\ud800", "1" * 100_000):
        assert refusals(WORDS[name], text)


@pytest.mark.parametrize("name", [name for name, word in WORDS.items() if get_args(word)[0] is str and column(word)])
def test_a_text_fills_its_column_at_most(name: str) -> None:
    mapped = column(WORDS[name])
    assert mapped is not None
    stored = mapped.column.type
    assert isinstance(stored, String)
    assert stored.length is not None
    for example in (*(told(WORDS[name]).examples or ()), "1", "长", "a"):
        for size in (stored.length, stored.length + 1, 2 * stored.length):
            assert kept_length(WORDS[name], (example * size)[:size]) <= stored.length


def kept_length(word: Any, text: str) -> int:
    try:
        return len(TypeAdapter(word).validate_python(text))
    except ValidationError:
        return 0


def test_sqlalchemy_reads_the_column_of_a_word() -> None:
    columns = Row.__table__.columns
    types = {
        name: (type(column.type), getattr(column.type, "length", None), column.nullable)
        for name, column in columns.items()
    }
    assert types == {
        "id": (Integer, None, False),
        "name": (String, 200, False),
        "nickname": (String, 200, True),
        "sought": (String, 50, False),
        "salary": (Integer, None, True),
        "cohort": (SmallInteger, None, False),
        "signed_on": (Date, None, False),
        "level": (String, 32, False),
        "archive_mode": (String, 32, True),
    }
    assert [index.columns.keys() for index in Row.__table__.indexes] == [["sought"]]  # type: ignore[attr-defined]


def test_pydantic_reads_the_rest_also_of_an_optional_word() -> None:
    schema = Schema.model_json_schema()["properties"]
    assert schema["name"] | {"title": ""} == {
        "type": "string",
        "minLength": 1,
        "maxLength": 200,
        "description": "The employer's registered name (单位名称).",
        "examples": ["山东测试科技有限公司"],
        "title": "",
    }
    assert schema["nickname"]["anyOf"][0]["maxLength"] == 200
    assert Schema(name=" 山东 ", nickname=None).name == "山东"
    assert Schema.model_validate_json('{"name": "a", "nickname": "b ", "level": "master"}') == Schema(
        name="a", nickname="b", level=words.Level.MASTER
    )
    for wrong, refusal in [
        ("", "string_too_short"),
        ("x" * 201, "string_too_long"),
        ("a\0", "nul-character"),
        (7, "string_type"),
    ]:
        with pytest.raises(ValidationError) as error:
            Schema.model_validate({"name": "a", "nickname": wrong})
        assert [found["type"] for found in error.value.errors()] == [refusal]


def test_every_choice_is_a_column_its_longest_value_fits() -> None:
    defined = {kind for kind in vars(words).values() if inspect.isclass(kind) and issubclass(kind, StrEnum)}
    assert set(CHOICES) == defined
    assert all(len(value) <= 32 for choice in CHOICES for value in choice)


@pytest.mark.parametrize("row", codes.tables()["education_level"], ids=lambda row: row.code)
def test_the_level_is_read_off_the_education_code(row: codes.Code) -> None:
    named = {
        "博士": "doctorate",
        "硕士": "master",
        "二学": "second_degree",
        "本科": "bachelor",
        "专科": "junior_college",
    }
    level = words.Level.of_education_code(row.code)
    assert level == named[row.name[:2]]
    assert words.Level.of_education_code(level.education_code) is level
    assert codes.tables()["education_level"][level.education_code].extra["graduated"] == "true"


@pytest.mark.parametrize("code", ["", "3", "51", "310", "-1", "3x"])
def test_what_is_no_education_code_has_no_level(code: str) -> None:
    with pytest.raises(ValueError, match="no such education code"):
        words.Level.of_education_code(code)


def test_reasons_are_those_of_the_table() -> None:
    assert [reason.value for reason in words.ReasonCode] == [row.code for row in codes.tables()["reason"]]


def test_destinations_of_the_table_are_kinds_of_placement() -> None:
    kinds = {kind for row in codes.tables()["destination_code"] for kind in row.extra["kind"].split("|") if kind}
    assert kinds == set(words.PlacementKind)


def test_an_actor_is_a_graduate_or_acts_for_a_body() -> None:
    assert set(words.ActorKind) == {"graduate", *words.BodyKind}


def test_every_termination_type_is_an_ending() -> None:
    assert set(words.TerminationType) < set(words.Ending)


@pytest.mark.parametrize(
    ("word", "right", "wrong", "refusal"),
    [
        (words.Gender, "2", "3", "unknown-code"),
        (words.Ethnicity, "98", "57", "unknown-code"),
        (words.PoliticalStatus, "13", "14", "unknown-code"),
        (words.EducationLevel, "33", "32", "unknown-code"),
        (words.TrainingMode, "5", "2x", "string_pattern_mismatch"),
        (words.Hardship, "7", "8", "unknown-code"),
        (words.TeacherTraining, "12", "3", "unknown-code"),
        (words.UnitNature, "40", "41", "unknown-code"),
        (words.Industry, "80", "40", "unknown-code"),
        (words.OccupationCategory, "13", "12", "unknown-code"),
        (words.SchoolCode, "10422", "10001", "unknown-code"),
        (words.AnySchoolCode, "10001", "1000", "string_pattern_mismatch"),
        (words.Region, "370102", "371203", "unknown-code"),
        (words.HomeRegion, "371203", "990102", "unknown-region"),
        (words.HomeRegion, "512301", "37010", "string_pattern_mismatch"),
        (words.RegisteredRegion, "370176", "370100", "county-needed"),
        (words.RegisteredRegion, "441900", "370199", "unknown-code"),
        (words.AgreementNumber, "2027104223112345673", "2027104223112345672", "agreement-number-invalid"),
        (words.Cohort, 2027, 1999, "greater_than_equal"),
        (words.ValidDays, 90, 91, "less_than_equal"),
        (words.ProbationMonths, 6, 7, "less_than_equal"),
        (words.Reason, "十个字十个字十个字十", "九个字九个字九个字", "string_too_short"),
        (words.Terms, "长" * 2000, "长" * 2001, "string_too_long"),
        (words.Duration, "2.5", "2.4", "string_pattern_mismatch"),
        (words.Email, "a.b@example.com", "a.b@example", "string_pattern_mismatch"),
        (words.Password, "correcthorse", "too-short", "string_too_short"),
        (words.Password, "密码很长很长很长很长", "密码很长很长很长很", "string_too_short"),
        (words.PresentedPassword, "1", "", "string_too_short"),
        (words.OneTimeCode, "000000", "00000", "string_pattern_mismatch"),
    ],
)
def test_the_bounds_of_a_word(word: Any, right: object, wrong: object, refusal: str) -> None:
    assert TypeAdapter(word).validate_python(right) == right
    assert refusals(word, wrong) == [refusal]


@pytest.mark.parametrize("raw", ["7K3M-9Q1O", "7k3m9qIo", " 7k3m 9qlo "])
def test_a_signing_code_read_aloud_is_understood(raw: str) -> None:
    assert TypeAdapter(words.SigningCode).validate_python(raw) == "7K3M9Q10"


@pytest.mark.parametrize(
    ("raw", "day"),
    [("2027-06-30", date(2027, 6, 30)), ("20270630", date(2027, 6, 30)), (date(2027, 6, 30), date(2027, 6, 30))],
)
def test_a_day_is_written_in_two_ways(raw: object, day: date) -> None:
    assert TypeAdapter(words.GraduatedOn).validate_python(raw) == day


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        (20270630, "date-malformed"),
        ("1812307200", "date-malformed"),
        ("2027-0630", "date-malformed"),
        ("2027-W26-3", "date-malformed"),
        ("202706", "date-malformed"),
        ("2027-06-31", "date-unreal"),
        ("0000-01-01", "date-unreal"),
        (None, "date-malformed"),
    ],
)
def test_what_is_no_day_is_refused_and_a_number_never_taken_for_seconds(raw: object, refusal: str) -> None:
    assert refusals(words.GraduatedOn, raw) == [refusal]


@pytest.mark.parametrize("word", [words.Password, words.PresentedPassword])
def test_a_password_doesnt_show_in_a_repr_also_when_optional(word: Any) -> None:
    kept = TypeAdapter(word | None).validate_python("secret-20270630")
    assert kept == "secret-20270630"
    assert "secret" not in repr(kept)
    assert "secret" not in f"{[kept]}"


def test_a_password_typed_on_another_keyboard_is_the_same() -> None:
    accept = TypeAdapter(words.Password).validate_python
    assert accept("Jose\u0301-202706") == accept("Jos\u00e9-202706")
