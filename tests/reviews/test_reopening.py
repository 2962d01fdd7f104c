"""What a reviewer may take back, what a returned record keeps, and what its resubmission tells."""

from datetime import timedelta

import pytest

from tests.agreements.given import Given
from tests.core.test_round_trips import trips
from tests.destinations.forms import CONTRACT, ENTERED
from tests.destinations.given import DESTINATION_WAYS, ENTERED_WAYS, carried, draft, filled
from tests.world import World

KINDS = ("agreements", "destinations", "entered-agreements")


async def waiting_for_the_school(given: Given, kind: str) -> str:
    """The path of a record of this kind that the department has just approved."""
    if kind == "agreements":
        return await given.agreement("submitted", "school")
    form, ways = (CONTRACT, DESTINATION_WAYS) if kind == "destinations" else (ENTERED, ENTERED_WAYS)
    path = await draft(given.cast["graduate"], form)
    return await carried(given, path, *ways["submitted", "school"])


@pytest.mark.parametrize("kind", KINDS)
async def test_who_approved_may_reopen_while_the_next_turn_is_undecided(world: World, kind: str) -> None:
    given = await Given.everybody(world)
    department, school = given.cast["department"], given.cast["school"]
    path = await waiting_for_the_school(given, kind)
    colleague = await world.staff("department")
    assert (await department.get(path)).json()["actions"] == ["reopen"]
    assert "reopen" not in (await colleague.get(path)).json()["actions"]
    assert (await colleague.move(path, "reopen")).status_code == 403
    assert len((await school.get("/v1/reviews")).json()["items"]) == 1

    version = (await department.get(path)).json()["version"]
    reopen = department.post(f"{path}/transitions", {"action": "reopen"}, If_Match=f'"{version}"')
    assert await trips(world, reopen, 201) == 2
    told = (await department.get(path)).json()
    assert (told["stage"], told["waiting_for"]["body"]["id"]) == ("department", department.body)
    assert (await school.get("/v1/reviews")).json()["items"] == []
    assert len((await department.get("/v1/reviews")).json()["items"]) == 1
    assert "reopen" not in told["actions"], "what is open again is decided, not opened once more"
    for who in ("department", "school"):
        assert (await given.cast[who].move(path, "approve")).status_code == 201
    assert (await department.move(path, "reopen")).status_code in (403, 409), "the next turn is decided"


async def test_after_a_day_or_under_a_claim_it_is_too_late(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    given = await Given.everybody(world)
    department, school = given.cast["department"], given.cast["school"]
    path = await waiting_for_the_school(given, "destinations")
    (review,) = (await school.get("/v1/reviews")).json()["items"]
    claim = f"/v1/reviews/{review['id']}/claim"
    await school.client.put(claim, headers=school.headers({}))
    refused = await department.move(path, "reopen")
    assert (refused.status_code, refused.json()["unmet"][0]["code"]) == (409, "claimed-by-another")
    await school.client.delete(claim, headers=school.headers({}))

    now = world.service.clock.now()
    for hours, blocked in ((23, []), (25, ["reopening-over"])):
        monkeypatch.setattr(world.service.clock, "now", lambda at=now + timedelta(hours=hours): at)
        told = (await department.get(path)).json()
        assert [one["code"] for one in told["blocked"] if one["action"] == "reopen"] == blocked
    assert (await department.move(path, "reopen")).json()["unmet"][0]["code"] == "reopening-over"


@pytest.mark.parametrize(("kind", "form"), [("destinations", CONTRACT), ("entered-agreements", ENTERED)])
async def test_a_resubmission_tells_what_has_changed_since_the_return(world: World, kind: str, form: dict) -> None:
    given = await Given.everybody(world)
    graduate = given.cast["graduate"]
    path = await waiting_for_the_school(given, kind)
    assert (await graduate.get(path)).json()["returned_at"] is None
    await carried(given, path, ("school", "return"))
    returned = (await graduate.get(path)).json()
    assert returned["returned_at"] == returned["updated_at"]
    if kind == "destinations":
        for salary in (7000, 9000):
            details = await filled(graduate, form | {"salary_monthly": salary, "remarks": "更正"})
            assert (await graduate.move(path, "edit", details=details)).status_code == 201
        expected = {"salary_monthly": [form["salary_monthly"], 9000], "remarks": [None, "更正"]}
    else:
        first = (await graduate.get(path)).json()["scan_file_id"]
        await carried(given, path, ("graduate", "attach"))
        expected = {"scan_file_id": [first, (await graduate.get(path)).json()["scan_file_id"]]}
    assert (await graduate.get(path)).json()["returned_at"] == returned["returned_at"], (
        "a draft edit is no resubmission"
    )
    await carried(given, path, ("graduate", "submit"))
    assert (await graduate.get(path)).json()["returned_at"] is None
    steps = (await graduate.get(f"{path}/transitions")).json()["items"]
    assert [step["diff"] for step in steps if step["action"] == "submit"] == [None, expected]
    assert not any(step["action"] == "edit" for step in steps), "the edits of a draft leave no steps"
