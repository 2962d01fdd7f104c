"""Destinations and entered agreements over HTTP: codes, findings, chains, the one live placement, who sees what."""

import asyncio
from typing import Any

import pytest

from app import codes
from app.numbers import is_agreement_number
from tests.agreements.given import BODIES, Given
from tests.destinations.forms import (
    COMPANY,
    CONTRACT,
    ENLISTED,
    ENTERED,
    FREELANCE,
    OTHERWISE,
    SHOP,
    STUDY,
    STUDY_ABROAD,
    WEST,
    WORK_ABROAD,
)
from tests.destinations.given import carried, draft, entered, opened, submitted
from tests.world import Somebody, World

CODES: list[tuple[dict[str, Any], str | None, str | None, str | None, str | None]] = [
    (CONTRACT, "11", None, "agreement_contract", "unit"),
    (CONTRACT | {"form": "research_assistant"}, "27", "271", "agreement_contract", "unit"),
    (OTHERWISE, "12", None, "flexible", "unit"),
    (FREELANCE, "76", None, "flexible", "freelance"),
    (STUDY, "80", "801", "study", "study"),
    (STUDY | {"study_level": "doctorate"}, "80", "801", "study", "study"),
    (STUDY | {"study_level": "second_degree"}, "80", "802", "study", "study"),
    (STUDY | {"study_level": "bachelor"}, "80", None, "study", "study"),
    (STUDY_ABROAD, "85", None, "study", "study"),
    (WORK_ABROAD | {"contract_form": "agreement"}, "10", None, "agreement_contract", "unit"),
    (WORK_ABROAD, "11", None, "agreement_contract", "unit"),
    (WORK_ABROAD | {"contract_form": "other"}, "12", None, "flexible", "unit"),
    (COMPANY, "75", None, "startup", "startup"),
    (SHOP, "75", None, "startup", "startup"),
    (ENLISTED, "46", None, "agreement_contract", "unit"),
    (WEST, "50", "503", "agreement_contract", "unit"),
    (WEST | {"level": "local", "programme": "519"}, "51", "519", "agreement_contract", "unit"),
    (ENTERED, "10", None, "agreement_contract", "unit"),
    ({"kind": "flexible"}, None, None, None, None),
    (WEST | {"level": "local", "programme": "502"}, None, None, None, None),
    ({"kind": "abroad", "contract_form": "contract"}, None, None, None, None),
]


@pytest.mark.parametrize("case", CODES, ids=str)
async def test_the_code_is_derived_and_told_with_its_groups(world: World, case: tuple[Any, ...]) -> None:
    form, code, subcode, group_2021, group_2024 = case
    told = (await opened(await world.graduate(), form)).json()["record"]["code"]
    if code is None:
        assert told is None
        return
    assert (told["code"], told["subcode"]) == (code, subcode)
    assert (told["group_2021"], told["group_2024"]) == (group_2021, group_2024)
    assert told["name"] == codes.tables()["destination_code"].name_of(code)


async def test_freelance_needs_department_and_school_whatever_the_school_has_set(world: World) -> None:
    await world.settings(["school"])
    given = await Given.everybody(world)
    path = await submitted(given.cast["graduate"], FREELANCE)
    assert (await given.cast["department"].move(path, "approve")).json()["record"]["stage"] == "school"
    await given.new_graduate()
    control = await submitted(given.cast["graduate"], CONTRACT)
    assert (await given.cast["graduate"].get(control)).json()["stage"] == "school"


async def test_a_chain_is_fixed_at_submission_and_made_anew_after_a_return(world: World) -> None:
    given = await Given.everybody(world)
    path = await submitted(given.cast["graduate"], CONTRACT)
    await world.settings(["school"])
    assert (await given.cast["graduate"].get(path)).json()["stage"] == "department"
    await carried(given, path, ("department", "return"))
    returned = (await given.cast["graduate"].get(path)).json()
    assert (returned["status"], returned["returned"]) == ("draft", True)
    todo = (await given.cast["graduate"].get("/v1/me/todo")).json()["items"]
    assert [one["code"] for one in todo] == [
        "correct-what-was-returned", "confirm-your-roster", "read-your-messages",
    ]  # fmt: skip
    assert todo[0]["link"] == path
    await carried(given, path, ("graduate", "submit"))
    assert (await given.cast["graduate"].get(path)).json()["stage"] == "school"


@pytest.mark.parametrize(("wage", "found"), [(1500, ["wage-below-minimum"]), (5000, [])])
async def test_a_wage_below_the_minimum_is_found_and_shown_to_reviewers_alone(
    world: World, wage: int, found: list[str]
) -> None:
    given = await Given.everybody(world)
    path = await submitted(given.cast["graduate"], OTHERWISE | {"salary_monthly": wage})
    assert (await given.cast["graduate"].get(path)).json()["findings"] is None
    assert (await given.cast["department"].get(path)).json()["findings"] == found
    (item,) = (await given.cast["department"].get("/v1/reviews?kind=destination")).json()["items"]
    assert (item["subject"]["findings"], item["subject"]["kind"]) == (found, "flexible")


async def test_the_nearest_minimum_wage_counts_and_a_contract_has_no_floor(world: World) -> None:
    bureau, said = await world.staff("provincial_bureau"), {"monthly": 4000, "source": "通知"}
    path, first = "/v1/minimum-wages/370900/2020-01-01", {"If-None-Match": "*"}
    assert (await world.client.put(path, json=said, headers=bureau.headers(first))).status_code == 201
    given = await Given.everybody(world)
    department = given.cast["department"]
    for form, region, found in (
        (OTHERWISE, "370902", ["wage-below-minimum"]), (OTHERWISE, "370102", []), (CONTRACT, "370902", []),
    ):  # fmt: skip
        await given.new_graduate()
        path = await submitted(given.cast["graduate"], form | {"region": region, "salary_monthly": 3000})
        assert (await department.get(path)).json()["findings"] == found


async def test_days_out_of_order_are_found(world: World) -> None:
    given = await Given.everybody(world)
    path = await submitted(given.cast["graduate"], CONTRACT | {"contract_to": "2026-01-01"})
    assert (await given.cast["department"].get(path)).json()["findings"] == ["dates-disordered"]


async def test_an_issued_agreement_has_a_number_and_a_return_keeps_it_binding(world: World) -> None:
    given = await Given.everybody(world)
    path = await entered(given, "submitted", "school")
    number = (await given.cast["graduate"].get(path)).json()["number"]
    assert is_agreement_number(number)
    await carried(given, path, ("school", "return"))
    issued = (await given.cast["graduate"].get(path)).json()
    assert (issued["status"], issued["number"], issued["returned"]) == ("issued", number, True)
    other = await draft(given.cast["graduate"], CONTRACT)
    refused = await given.cast["graduate"].move(other, "submit")
    assert [one["code"] for one in refused.json()["unmet"]] == ["live-placement-exists"]


async def test_an_employer_of_the_province_or_known_here_invites(world: World) -> None:
    graduate, employer = await world.graduate(), await world.employer()
    code = "91350100M000100Y43"
    inside = await draft(graduate, ENTERED | {"region": "370102"})
    refused = await graduate.move(inside, "issue")
    assert [one["code"] for one in refused.json()["unmet"]] == ["ask-for-an-invitation"]
    await graduate.move(inside, "cancel")
    path = await draft(graduate, ENTERED)
    held = await world.line.fetchval("select credit_code from app.employers where id = $1", employer.body)
    await world.line.execute("update app.employers set credit_code = $2 where id = $1", employer.body, code)
    refused = await graduate.move(path, "issue")
    await world.line.execute("update app.employers set credit_code = $2 where id = $1", employer.body, held)
    assert [one["code"] for one in refused.json()["unmet"]] == ["ask-for-an-invitation"]
    assert (await graduate.move(path, "issue")).status_code == 201, "the control: outside and unknown"


async def test_of_thirty_two_ways_at_once_exactly_one_becomes_the_placement(world: World) -> None:
    given = await Given.everybody(world)
    graduate = given.cast["graduate"]
    sent = await given.invitation("sent")
    issuing = await draft(graduate, ENTERED)
    forms = (CONTRACT, FREELANCE, STUDY, WORK_ABROAD, COMPANY, ENLISTED, WEST)
    paths = [await draft(graduate, form) for form in forms]
    moves: list[tuple[str, str, dict[str, Any]]] = [(path, "submit", {}) for path in paths]
    moves += [(sent, "accept", BODIES["accept"]), (issuing, "issue", {}), (paths[0], "submit", {})]
    rush = [moves[place % len(moves)] for place in range(32)]
    answers = await asyncio.gather(*(graduate.move(path, action, 1, **body) for path, action, body in rush))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses.count(201) == 1, statuses
    assert set(statuses) <= {201, 409, 412, 503}
    live = await world.line.fetchval(
        "select count(*) from app.placements where graduate_id = $1 and (status in ('issued', 'submitted')"
        " or status = 'reviewed' and decision = 'approved')",
        graduate.graduate,
    )
    assert live == 1


async def test_one_draft_of_a_kind_and_another_kind_after_cancelling(world: World) -> None:
    graduate = await world.graduate()
    answers = await asyncio.gather(*(opened(graduate, {"kind": "startup"}) for _ in range(8)))
    assert sorted(answer.status_code for answer in answers).count(201) == 1
    (path,) = (answer.headers["Location"] for answer in answers if answer.status_code == 201)
    changed = await graduate.move(path, "edit", details={"kind": "enlistment"})
    assert [one["code"] for one in changed.json()["unmet"]] == ["kind-is-fixed"]
    assert (await graduate.move(path, "cancel")).json()["record"]["ending"] == "cancelled"
    assert (await opened(graduate, {"kind": "startup"})).status_code == 201


async def bind(world: World, who: Somebody, unit: str) -> str:
    entry = await world.line.fetchval("select roster_entry_id from app.graduates where id = $1", who.graduate)
    await world.line.execute(
        "update app.roster_entries set details = jsonb_build_object('training_mode', '2', 'commissioning_unit',"
        " $2::text) where id = $1", entry, unit,
    )  # fmt: skip
    return f"/v1/roster-entries/{entry}"


async def test_a_bound_graduate_goes_to_the_commissioning_unit_until_the_school_releases(world: World) -> None:
    given = await Given.everybody(world)
    graduate, school = given.cast["graduate"], given.cast["school"]
    entry = await bind(world, graduate, "沂源县卫生健康局")
    invitation = await given.invitation("sent")
    path = await draft(graduate, CONTRACT)
    issuing = await draft(graduate, ENTERED)
    for one, action, body in ((path, "submit", {}), (issuing, "issue", {}), (invitation, "accept", BODIES["accept"])):
        refused = await graduate.move(one, action, **body)
        assert [reason["code"] for reason in refused.json()["unmet"]] == ["bound-to-another-unit"], action
    assert (await given.cast["department"].post(f"{entry}/release", If_Match='"1"')).status_code == 403
    assert (await school.post(f"{entry}/release")).status_code == 428
    assert (await school.post(f"{entry}/release", If_Match='"1"')).json()["released_at"]
    assert (await graduate.move(path, "submit")).status_code == 201
    await given.new_graduate()
    await bind(world, given.cast["graduate"], CONTRACT["unit_name"])
    await submitted(given.cast["graduate"], CONTRACT)


async def test_who_is_not_verified_registers_nothing(world: World) -> None:
    graduate = await world.graduate(verified=False)
    for form in (CONTRACT, ENTERED):
        answer = await opened(graduate, form)
        assert (answer.status_code, answer.json()["code"]) == (403, "identity-unverified")


async def test_what_may_be_opened_is_told(world: World) -> None:
    graduate = await world.graduate()
    await opened(graduate, {"kind": "flexible"})
    items = (await graduate.get("/v1/me/options")).json()["items"]
    placing = [one for one in items if one["procedure"] in ("destination", "entered_agreement")]
    told = {one["kind"]: one["blocked"] and one["blocked"]["code"] for one in placing}
    assert told == dict.fromkeys(
        ("labor_contract", "further_study", "abroad", "startup", "enlistment", "grassroots", "entered_agreement")
    ) | {"flexible": "draft-exists"}
    todo = (await graduate.get("/v1/me/todo")).json()["items"]
    assert [one["code"] for one in todo] == ["finish-the-draft", "confirm-your-roster"]


async def test_each_viewer_has_one_read_over_all_kinds(world: World) -> None:
    given = await Given.everybody(world)
    agreement = (await given.agreement("approved", None)).rpartition("/")[2]
    await given.new_graduate()
    destination = (await submitted(given.cast["graduate"], CONTRACT)).rpartition("/")[2]
    kept = (await draft(given.cast["graduate"], ENTERED)).rpartition("/")[2]
    seen = {
        who: {one["id"] for one in (await given.cast[who].get("/v1/placements")).json()["items"]}
        for who in ("graduate", "department", "school", "employer", "county", "other school")
    }
    assert seen["department"] == seen["school"] == {agreement, destination, kept}
    assert (seen["graduate"], seen["other school"]) == ({destination, kept}, set())
    assert seen["employer"] == seen["county"] == {agreement}
    bureau = {one["id"] for one in (await given.cast["provincial_bureau"].get("/v1/placements")).json()["items"]}
    assert {agreement, destination} <= bureau
    assert kept not in bureau
    for one in (await given.cast["school"].get("/v1/placements")).json()["items"]:
        assert (await given.cast["school"].get(one["link"])).status_code == 200
    (only,) = (await given.cast["school"].get("/v1/placements?kind=labor_contract")).json()["items"]
    assert only["id"] == destination
    assert (await given.cast["county"].get(f"/v1/destinations/{destination}")).status_code == 404
    assert (await given.cast["school"].get(f"/v1/agreements/{destination}")).status_code == 404


async def test_every_move_takes_two_statements(world: World) -> None:
    graduate = await world.graduate()

    async def trips(request: Any, status: int) -> int:
        before = world.service.db.trips
        answer = await request
        assert answer.status_code == status, answer.text
        return world.service.db.trips - before

    form = WEST
    assert await trips(graduate.post("/v1/destinations", {"details": form}, Idempotency_Key="one"), 201) == 2
    replayed = await graduate.post("/v1/destinations", {"details": form}, Idempotency_Key="one")
    assert replayed.headers["Idempotent-Replayed"] == "true"
    path = replayed.headers["Location"]
    for version, move in enumerate(({"action": "edit", "details": form}, {"action": "submit"}), 1):
        assert await trips(graduate.post(f"{path}/transitions", move, If_Match=f'"{version}"'), 201) == 2
    for read in (path, f"{path}/transitions", "/v1/destinations", "/v1/placements", "/v1/me/todo", "/v1/me/options"):
        assert await trips(graduate.get(read), 200) == 1
    steps = (await graduate.get(f"{path}/transitions")).json()["items"]
    assert [step["action"] for step in steps] == ["open", "submit"], "the edits of a draft are not trailed"
