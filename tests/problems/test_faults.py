"""What pydantic finds wrong becomes field errors: precise places, our codes, and never the value."""

import json
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from app import texts
from app.errors import FieldError
from app.words import Level, PersonName
from app.words.faults import LONGEST_POINTER, MOST, faults_in, pointer_to


class Closed(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ByCode(Closed):
    code: Annotated[str, Field(pattern="^[A-Z]{8}$")]


class ByName(Closed):
    name: PersonName
    level: Level


class Decline(Closed):
    action: Literal["decline"]
    reason: Annotated[str, Field(min_length=2, max_length=5)] | None = None


class Accept(Closed):
    action: Literal["accept"]
    version: Annotated[int, Field(ge=1, le=9)]


class Draft(Closed):
    to: ByCode | ByName
    move: Annotated[Decline | Accept, Field(discriminator="action")]
    days: Annotated[list[int], Field(max_length=2)] = []


DRAFT: TypeAdapter[Any] = TypeAdapter(Draft)


def faults(body: object) -> list[tuple[str, str]]:
    return [(one.pointer, one.code) for one in found(body)]


def found(body: object) -> tuple[FieldError, ...]:
    with pytest.raises(ValidationError) as refused:
        DRAFT.validate_python(body)
    return faults_in(body, refused.value.errors())


def draft(**changes: Any) -> dict[str, Any]:
    return {"to": {"code": "ABCDEFGH"}, "move": {"action": "accept", "version": 1}} | changes


@pytest.mark.parametrize(
    ("body", "faults_told"),
    [
        ({}, [("/to", "required"), ("/move", "required")]),
        ([], [("", "wrong-type")]),
        (draft(surprise=1), [("/surprise", "unknown-field")]),
        (draft(**{"a/b~c": 1}), [("/a~1b~0c", "unknown-field")]),
        (draft(days=["x", 2.5]), [("/days/0", "wrong-type"), ("/days/1", "wrong-type")]),
        (draft(days=[1, 2, 3]), [("/days", "too-long")]),
        (draft(move={}), [("/move/action", "required")]),
        (draft(move={"action": "dance"}), [("/move/action", "not-in-list")]),
        (draft(move={"action": "accept"}), [("/move/version", "required")]),
        (draft(move={"action": "accept", "version": 10}), [("/move/version", "too-large-number")]),
        (draft(move={"action": "accept", "version": 0}), [("/move/version", "too-small")]),
        (draft(move={"action": "decline", "reason": "x"}), [("/move/reason", "too-short")]),
        (draft(to={"code": "abc"}), [("/to/code", "wrong-form")]),
        (draft(to={"name": "王小明", "level": "doktor"}), [("/to/level", "not-in-list")]),
        (draft(to={"name": "·", "level": "master"}), [("/to/name", "name-empty")]),
    ],
)
def test_each_fault_has_its_place_and_code(body: object, faults_told: list[tuple[str, str]]) -> None:
    assert faults(body) == faults_told


def test_a_fault_knows_the_bounds_and_choices_but_not_the_value() -> None:
    (version,) = found(draft(move={"action": "accept", "version": 10}))
    assert version.params == {"most": 9}
    (action,) = found(draft(move={"action": "dance"}))
    assert action.params == {"choices": "decline, accept"}
    assert texts.detail(action.code, "en", action.params) == "This must be one of: decline, accept."


def test_a_hostile_body_gets_an_answer_of_bounded_size() -> None:
    told = found(draft(**{f"{place}{'x' * 1000}": 1 for place in range(500)}))
    assert len(told) == MOST
    assert max(len(one.pointer) for one in told) == LONGEST_POINTER


def test_half_a_surrogate_pair_in_the_name_of_a_field_is_named_without_it() -> None:
    assert faults(draft(**{"\ud800": 1})) == [("", "lone-surrogate")]


def test_pointers_begin_where_they_are_told_to() -> None:
    with pytest.raises(ValidationError) as refused:
        DRAFT.validate_python(draft(days={}))
    assert [one.pointer for one in faults_in(draft(days={}), refused.value.errors(), at="/body")] == ["/body/days"]
    assert pointer_to(("query", "limit")) == "/query/limit"


SECRET = "11010519491231002Y"
leaves = st.sampled_from([SECRET, int(SECRET[:-1]), True, None, 1.5])
values = st.recursive(
    leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "to"]), inner)
)


@given(st.dictionaries(st.sampled_from(["to", "move", "days"]), values))
def test_a_value_is_never_repeated(body: dict[str, Any]) -> None:
    told = [
        (one.pointer, texts.detail(one.code, language, one.params), dict(one.params))
        for one in found(body)
        for language in texts.LANGUAGES
    ]
    assert SECRET[:-1] not in json.dumps(told)
