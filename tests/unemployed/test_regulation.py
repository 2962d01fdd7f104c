"""The regulation written again: who may do what with a registration, where it leads, and that nothing else happens."""

import pytest

from tests.destinations.forms import STUDY
from tests.destinations.given import submitted
from tests.unemployed.given import OUTSIDE, PATH, Cases
from tests.world import World

REGULATION = {
    ("open", "redeclare", "graduate"): "open",
    ("open", "log_contact", "county"): "open",
    ("open", "give_service", "county"): "open",
    ("open", "use_policy", "county"): "open",
    ("open", "close", "county"): "unreachable",
    ("open", "relocate", "county"): "moved",
}
ACTIONS = ("redeclare", "log_contact", "give_service", "use_policy", "close", "relocate")
PLACES = ("open", "placed", "declared", "unreachable", "moved")
CAST = (
    "graduate", "other graduate", "employer", "department", "school", "other school", "county", "county reader",
    "other county", "city", "provincial_bureau", "provincial_education",
)  # fmt: skip


async def standing(cases: Cases, situation: str) -> str:
    """The path of a registration that stands so; when open, a contact was logged."""
    await cases.given.new_graduate()
    path = await cases.declared()
    await cases.moved(path, "county", "log_contact")
    match situation:
        case "placed":
            await submitted(cases["graduate"], STUDY)
        case "declared":
            await cases.moved(path, "graduate", "redeclare", situation="abroad")
        case "unreachable":
            await cases.moved(path, "county", "close")
        case "moved":
            await cases.moved(path, "county", "relocate")
    return path


@pytest.mark.parametrize("situation", PLACES)
async def test_only_the_regulation_moves_a_registration(world: World, situation: str) -> None:
    cases = await Cases.made(world)
    path = await standing(cases, situation)
    seen = (await cases["school"].get(path)).json()
    assert (seen["ending"] or seen["status"]) == situation
    for action in ACTIONS:
        for who in CAST:
            if (situation, action, who) not in REGULATION:
                answer = await cases[who].move(path, action, seen["version"], **cases.body(action))
                assert answer.status_code in (403, 404, 409), (action, who, answer.text)
    assert (await cases["school"].get(path)).json() == seen
    for (at, action, who), outcome in REGULATION.items():
        if at == situation:
            path = await standing(cases, situation)
            told = await cases.moved(path, who, action)
            assert told["change"]["to"] == outcome, action
            assert told["record"] == (await cases[who].get(path)).json()
            assert len(told["created"]) == (outcome == "moved")
    assert await world.line.fetch("select * from app.broken_trail()") == []


SITUATIONS = {
    "employed": (None, ["labor_contract", "flexible", "startup", "grassroots"]),
    "further_study": (None, ["further_study"]),
    "abroad": (None, ["abroad"]),
    "enlisted": (None, ["enlistment"]),
    "unemployed": ("70", []),
    "no_intention": ("72", []),
}


async def test_a_situation_opens_a_case_or_offers_the_forms_to_go_on_with(world: World) -> None:
    cases = await Cases.made(world)
    for situation, (code, forms) in SITUATIONS.items():
        await cases.given.new_graduate()
        path = await cases.declared(situation=situation)
        record = (await cases["graduate"].get(path)).json()
        assert (record["unplaced_code"], record["destination_kinds"]) == (code, forms), situation
        assert (record["status"], record["ending"]) == (("open", None) if code else ("closed", "declared"))
        assert (record["bureau"] or {}).get("id") == (cases["county"].body if code else None)
        assert (await cases["county"].get(path)).status_code == (200 if code else 404)
        assert await counted_as(world, cases) == code
        if code:
            again = await cases["graduate"].post(PATH, cases.declaration(situation="enlisted"))
            assert again.json()["change"] | {"version": 2} == {
                "action": "redeclare", "from": "open", "to": "declared", "version": 2
            }  # fmt: skip
            assert again.headers["Location"] == path
            assert again.json()["record"]["destination_kinds"] == ["enlistment"]
            assert await counted_as(world, cases) is None
    await cases.declared(situation="no_intention", plans_to_study=True)
    assert await counted_as(world, cases) == "71"


async def counted_as(world: World, cases: Cases) -> str | None:
    """The code on the graduate."""
    return await world.line.fetchval(
        "select unplaced_code from app.graduates where id = $1", cases["graduate"].graduate
    )


async def test_whoever_lives_outside_the_province_is_followed_up_by_the_provincial_bureau(world: World) -> None:
    cases = await Cases.made(world)
    path = await cases.declared(residence_region=OUTSIDE)
    assert (await cases["county"].get(path)).status_code == 404
    await cases.moved(path, "provincial_bureau", "log_contact")
    back = await cases.moved(path, "provincial_bureau", "relocate", residence_region=cases.here)
    (opened,) = back["created"]
    here = (await cases["county"].get(f"{PATH}/{opened['id']}")).json()
    assert (here["status"], here["residence_region"], here["contacts"]) == ("open", cases.here, 0)
    assert (await cases["graduate"].get("/v1/me/messages")).json()["items"][0]["kind"].endswith("-moved")
    inside = await cases["graduate"].post(PATH, cases.declaration(residence_region="370100"))
    assert inside.json()["errors"][0]["code"] == "county-needed"


async def test_who_moves_house_is_followed_up_there(world: World) -> None:
    cases = await Cases.made(world)
    path = await cases.declared()
    answer = await cases["graduate"].post(PATH, cases.declaration(residence_region=cases.there, wanted_work="教师"))
    (opened,) = answer.json()["created"]
    assert (await cases["graduate"].get(path)).json()["ending"] == "moved"
    assert (await cases["county"].get(path)).json()["wanted_work"] is None
    there = f"{PATH}/{opened['id']}"
    assert (await cases["county"].get(there)).status_code == 404
    assert (await cases["other county"].get(there)).json()["wanted_work"] == "教师"
    same = await cases["other county"].move(there, "relocate", residence_region=cases.there, residence_address="路")
    assert [one["code"] for one in same.json()["unmet"]] == ["same-bureau"]


async def test_what_is_logged_must_be_true(world: World) -> None:
    cases = await Cases.made(world)
    path, log = await cases.declared(), cases.body("log_contact")
    early = await cases["county"].move(path, "close")
    assert [one["code"] for one in early.json()["unmet"]] == ["never-contacted"]
    for wrong, code in (
        ({"contacted_on": log["next_on"]}, "contact-outside-the-case"),
        ({"contacted_on": "2020-01-01"}, "contact-outside-the-case"),
        ({"next_on": log["contacted_on"]}, "follow-up-not-later"),
    ):
        answer = await cases["county"].move(path, "log_contact", **log | wrong)
        assert (answer.status_code, [one["code"] for one in answer.json()["unmet"]]) == (409, [code])
    assert (await cases["county"].get(f"{path}/contacts")).json()["items"] == []
