"""Which fields may be amended: the list of each kind, by example and by what it may never touch."""

from typing import get_type_hints

import pytest

from app.schemas.amendment import AMENDABLE, AmendedFields
from app.schemas.invitation import Terms
from app.schemas.placement_forms import FORMS
from app.workflows.destination_codes import _BY_FIELD
from app.workflows.placing import _COLUMNS
from tests.agreements.given import Given
from tests.amendments.forms import FOREIGN, HELD_AT_AN_AGENCY, MALFORMED, ONLINE, VALID
from tests.amendments.given import ask, asked, destination, trace
from tests.amendments.regulation import HARMLESS
from tests.destinations.forms import as_told
from tests.destinations.given import ENTERED_WAYS, carried, draft
from tests.world import World

DECIDING = {field for field, _ in _BY_FIELD.values()} | {"purpose", "level", "programme"}


def test_the_lists_are_those_written_here() -> None:
    assert {kind: set(names) for kind, names in AMENDABLE.items()} == HARMLESS


@pytest.mark.parametrize("kind", AMENDABLE)
def test_no_list_reaches_what_a_placement_is_read_by(kind: str) -> None:
    """Not what decides the code, nor what fills a column of the row, nor a file."""
    columns = {name for names in _COLUMNS.values() for name in names}
    assert not set(AMENDABLE[kind]) & (columns | DECIDING | {"archive_mode", "proof_file_ids", "scan_file_id"})


@pytest.mark.parametrize("kind", AMENDABLE)
def test_a_value_is_judged_as_the_form_judges_it(kind: str) -> None:
    """The very word of the form, with its checks; for an agreement that of the terms."""
    amended, own = (get_type_hints(one, include_extras=True) for one in (AmendedFields, FORMS.get(kind, Terms)))
    for name in AMENDABLE[kind]:
        assert amended[name] in (own[name], own[name] | None), name


async def test_of_each_kind_everything_on_its_list_can_be_amended(world: World) -> None:
    given = await Given.everybody(world)
    for kind, (form, values) in VALID.items():
        assert values.keys() == HARMLESS[kind]
        await given.new_graduate()
        path = (
            await carried(given, await draft(given.cast["graduate"], form), *ENTERED_WAYS["approved", None])
            if kind == "entered_agreement"
            else await destination(given, form)
        )
        change = await asked(given.cast["graduate"], path, values)
        assert (await given.cast["school"].move(change, "approve")).status_code == 201, kind
        told = (await given.cast["graduate"].get(path)).json()
        assert {name: told["details"][name] for name in values} == as_told(values)
        assert {**form, **as_told(values), "proof_file_ids": 0} == {
            name: value for name, value in {**told["details"], "proof_file_ids": 0}.items() if value is not None
        } | ({"kind": kind} if "kind" in form else {}), "nothing else has changed"
    await given.new_graduate()
    path = await given.agreement("approved", None)
    change = await asked(given.cast["employer"], path, ONLINE)
    assert ONLINE.keys() == HARMLESS["online_agreement"]
    assert (await given.cast["school"].move(change, "approve")).status_code == 201
    told = (await given.cast["graduate"].get(path)).json()["terms"]
    assert {name: told[name] for name in ONLINE} == as_told(ONLINE)


async def test_what_cannot_be_amended_is_refused_by_name_and_leaves_no_trace(world: World) -> None:
    given = await Given.everybody(world)
    path = await destination(given)
    before = await trace(given, path)
    for name, changes, pointer, code in MALFORMED:
        answer = await ask(given.cast["graduate"], path, changes) if changes else await empty(given, path)
        assert answer.status_code == 422, (name, answer.text)
        assert [(one["pointer"], one["code"]) for one in answer.json()["errors"]] == [(pointer, code)], name
        assert not any(str(value) in answer.text for value in changes.values() if len(str(value)) > 2), name
    assert await trace(given, path) == before
    for kind, changes, pointer in FOREIGN:
        await given.new_graduate()
        answer = await ask(given.cast["graduate"], await destination(given, VALID[kind][0]), changes)
        (unmet,) = answer.json()["unmet"]
        assert (answer.status_code, unmet["code"], unmet["pointer"]) == (409, "field-not-amendable", pointer)


async def empty(given: Given, path: str):  # noqa: ANN201 (httpx's answer)
    """Asking for nothing."""
    body = {"placement_id": path.rpartition("/")[2], "changes": {}, "reason": "岗位名称有误，单位已出具说明。"}
    return await given.cast["graduate"].post("/v1/amendments", body)


async def test_an_amendment_changes_something_and_leaves_the_form_complete(world: World) -> None:
    given = await Given.everybody(world)
    path, graduate = await destination(given, HELD_AT_AN_AGENCY), given.cast["graduate"]
    before = await trace(given, path)
    for changes, code in (
        ({"archive_contact": "李老师"}, "nothing-differs"),
        ({"research_group": None}, "nothing-differs"),
        ({"archive_contact": None}, "details-incomplete"),
        ({"position": "龘" * 3 + "\U0002a6a5"}, "glyph-missing"),
    ):
        answer = await ask(graduate, path, changes)
        assert (answer.status_code, answer.json()["unmet"][0]["code"]) == (409, code), answer.text
    assert await trace(given, path) == before
    change = await asked(graduate, path, {"archive_contact": "王老师", "archive_postcode": "250011"})
    assert [one["pointer"] for one in (await graduate.get(change)).json()["diff"]] == ["/details/archive_contact"]
    await given.new_graduate()
    online = await given.agreement("approved", None)
    answer = await ask(given.cast["graduate"], online, {"position": None})
    (unmet,) = answer.json()["unmet"]
    assert (unmet["code"], unmet["pointer"]) == ("details-incomplete", "/changes/position")
