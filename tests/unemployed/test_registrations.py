"""Who sees a registration, what is overdue, how many were reached, and what everybody is told to do next."""

from datetime import timedelta
from typing import Any

from tests.privacy.test_reveals import reveal, with_phone
from tests.terminations.given import clock_at
from tests.unemployed.given import PATH, Cases
from tests.world import Somebody, World

SEES = (
    "graduate", "department", "school", "county", "county reader", "city", "provincial_bureau", "provincial_education",
)  # fmt: skip
STRANGERS = ("other graduate", "other county", "other school")


async def listed(who: Somebody, query: str = "") -> list[str]:
    """The ids of a list, newest first."""
    answer = await who.get(f"{PATH}{query}")
    assert answer.status_code == 200, answer.text
    return [one["id"] for one in answer.json()["items"]]


def id_of(path: str) -> str:
    """The id that a path ends with."""
    return path.rpartition("/")[2]


async def test_a_case_is_seen_by_its_graduate_their_school_and_the_bureaus_of_residence(world: World) -> None:
    cases = await Cases.made(world)
    path = await cases.declared()
    await cases.moved(path, "county", "log_contact", comment="未接听")
    for who in SEES:
        for more in ("", "/transitions", "/contacts"):
            assert (await cases[who].get(f"{path}{more}")).status_code == 200, (who, more)
        assert id_of(path) in await listed(cases[who]), who
        (contact,) = (await cases[who].get(f"{path}/contacts")).json()["items"]
        assert (contact["comment"], contact["by"]["id"]) == ("未接听", cases["county"].body)
    for who in STRANGERS:
        for more in ("", "/transitions", "/contacts"):
            assert (await cases[who].get(f"{path}{more}")).status_code == 404, (who, more)
        assert id_of(path) not in await listed(cases[who]), who
    assert (await cases["employer"].get(PATH)).status_code == 403
    await cases.moved(path, "county", "relocate")
    assert id_of(path) in await listed(cases["county"])
    (opened,) = set(await listed(cases["other county"])) & set(await listed(cases["graduate"]))
    assert (await cases["county"].get(f"{PATH}/{opened}")).status_code == 404


async def test_a_list_is_narrowed_page_by_page(world: World) -> None:
    cases = await Cases.made(world)
    paths = []
    for other in ({}, {"situation": "no_intention", "service_needs": ["training"]}, {"service_needs": []}):
        await cases.given.new_graduate()
        paths.append(id_of(await cases.declared(**other)))
    first, second, third = paths
    school = cases["school"]
    assert await listed(school) == [third, second, first]
    assert await listed(school, "?service_needs=training") == [second]
    assert await listed(school, "?service_needs=referral&situation=unemployed") == [first]
    assert await listed(school, "?service_needs=startup") == []
    assert await listed(school, "?situation=unemployed&cohort=2027&status=open") == [third, first]
    assert await listed(school, "?cohort=2022") == []
    await cases.given.new_graduate()
    elsewhere = id_of(await cases.declared(residence_region=cases.there))
    assert await listed(school, f"?residence_region={cases.there}") == [elsewhere]
    assert await listed(school, f"?residence_region={cases.here}") == [third, second, first]
    assert elsewhere in await listed(cases["provincial_bureau"], f"?residence_region={cases.there}")
    page = (await school.get(f"{PATH}?limit=2")).json()
    assert [one["id"] for one in page["items"]] == [elsewhere, third]
    assert await listed(school, f"?limit=2&cursor={page['next_cursor']}") == [second, first]
    log, path = cases.body("log_contact"), f"{PATH}/{first}"
    for comment in ("一", "二", "三"):
        assert (await cases["county"].move(path, "log_contact", **log, comment=comment)).status_code == 201
    page = (await school.get(f"{path}/contacts?limit=2")).json()
    rest = (await school.get(f"{path}/contacts?limit=2&cursor={page['next_cursor']}")).json()
    assert [one["comment"] for one in (*page["items"], *rest["items"])] == ["三", "二", "一"]


async def test_what_is_overdue_is_told_and_a_contact_sets_a_new_day(world: World) -> None:
    cases = await Cases.made(world)
    path = await cases.declared()
    record = (await cases["school"].get(path)).json()
    assert (record["overdue"], await listed(cases["school"], "?overdue=true")) == (False, [])
    async with clock_at(world, world.service.clock.now() + timedelta(days=40)):
        assert (await cases["school"].get(path)).json()["overdue"]
        assert await listed(cases["school"], "?overdue=true") == [id_of(path)]
        assert await listed(cases["school"], "?overdue=true&situation=no_intention") == []
        assert "follow-up-the-unemployed" in await waiting(cases["county"])
        assert "follow-up-the-unemployed" not in await waiting(cases["county reader"])
        log = cases.body("log_contact")
        told = await cases.moved(path, "county", "log_contact")
        assert (told["record"]["follow_up_due_on"], told["record"]["overdue"]) == (log["next_on"], False)
        assert await listed(cases["school"], "?overdue=true") == []


async def waiting(who: Somebody) -> list[str]:
    """The codes of what waits for somebody."""
    return [one["code"] for one in (await who.get("/v1/me/todo")).json()["items"]]


async def rate(who: Somebody, bureau: str | None = None, cohort: int = 2027) -> tuple[int, int, float | None]:
    """Numerator, denominator and their ratio."""
    named = {"bureau_id": bureau} if bureau else {}
    answer = await who.get(f"{PATH}/contact-rate", params={"cohort": cohort, **named})
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert told["as_of"]
    return told["contacted"], told["cases"], told["rate"]


async def test_the_contact_rate_counts_whom_the_bureau_spoke_with(world: World) -> None:
    cases = await Cases.made(world)
    county = cases["county"]
    before, elsewhere = await rate(county), await rate(cases["other county"])
    for result in ("reached", "no_answer", "declined", None):
        await cases.given.new_graduate()
        path = await cases.declared()
        if result:
            await cases.moved(path, "county", "log_contact", result=result)
    await cases.given.new_graduate()
    await cases.declared(situation="employed")  # no case
    contacted, every, ratio = await rate(county)
    assert (contacted - before[0], every - before[1]) == (2, 4)
    assert ratio == contacted / every
    assert await rate(cases["other county"]) == elsewhere
    assert await rate(county, cohort=2018) == (0, 0, None)
    assert await rate(cases["city"]) == (2, 4, 0.5), "the city is of this world alone"
    for who in ("provincial_bureau", "provincial_education"):
        assert await rate(cases[who], county.body) == (contacted, every, ratio), who
    assert await rate(cases["other county"], county.body) == (0, 0, None)
    assert (await cases["school"].get(f"{PATH}/contact-rate?cohort=2027")).status_code == 403


async def test_who_follows_up_may_ask_for_the_phone_while_they_do(world: World) -> None:
    cases = await Cases.made(world)
    await with_phone(world, cases["graduate"], f"138{world.serial:04d}0020")
    assert (await reveal(cases["county"], cases["graduate"], "phone")).status_code == 404
    path = await cases.declared()
    assert (await reveal(cases["county"], cases["graduate"], "phone")).status_code == 200
    assert (await reveal(cases["other county"], cases["graduate"], "phone")).status_code == 404
    await cases.moved(path, "graduate", "redeclare", situation="enlisted")
    assert (await reveal(cases["county"], cases["graduate"], "phone")).status_code == 404


async def test_options_say_whether_one_may_declare(world: World) -> None:
    cases = await Cases.made(world)

    async def option() -> Any:
        items = (await cases["graduate"].get("/v1/me/options")).json()["items"]
        (one,) = [item for item in items if item["procedure"] == "unemployed_registration"]
        return one["action"], one["blocked"] and one["blocked"]["code"]

    assert await option() == ("declare", None)
    await cases.given.agreement("submitted", "department")
    assert await option() == ("declare", "live-placement-exists")
    cases.given.cast["graduate"] = await world.graduate(verified=False)
    assert await option() == ("declare", "identity-unverified")
    refused = await cases["graduate"].post(PATH, cases.declaration())
    assert (refused.status_code, refused.json()["code"]) == (403, "identity-unverified")


async def test_a_declaration_with_its_key_is_made_once(world: World) -> None:
    cases = await Cases.made(world)
    graduate = cases["graduate"]
    answers = [await graduate.post(PATH, cases.declaration(), Idempotency_Key="mine") for _ in range(2)]
    assert [one.json()["record"]["version"] for one in answers] == [1, 1]
    twice = await graduate.post(PATH, cases.declaration(service_needs=["guidance", "guidance"]))
    assert (twice.status_code, twice.json()["errors"][0]["code"]) == (422, "need-repeated")


async def test_what_was_given_is_kept_once_and_each_time_on_the_timeline(world: World) -> None:
    cases = await Cases.made(world)
    path = await cases.declared(expected_salary=6000)
    for action, given in (
        ("give_service", {"service": "training"}), ("give_service", {"service": "guidance"}),
        ("use_policy", {"policy": "training_subsidy"}), ("use_policy", {"policy": "training_subsidy"}),
    ):  # fmt: skip
        await cases.moved(path, "county", action, **given)
    record = (await cases["graduate"].get(path)).json()
    assert record["services_given"] == ["guidance", "training"]
    assert (record["policies_used"], record["expected_salary"]) == (["training_subsidy"], 6000)
    steps = (await cases["graduate"].get(f"{path}/transitions")).json()["items"]
    assert [one["diff"] for one in steps] == [
        None, {"service": [None, "training"]}, {"service": [None, "guidance"]},
        {"policy": [None, "training_subsidy"]}, {"policy": [None, "training_subsidy"]},
    ]  # fmt: skip
    there = await cases["graduate"].post(PATH, cases.declaration(residence_region=cases.there, expected_salary=7000))
    (opened,) = there.json()["created"]
    anew = (await cases["graduate"].get(f"{PATH}/{opened['id']}")).json()
    assert (anew["policies_used"], anew["expected_salary"]) == ([], 7000)
    for wrong in ({"expected_salary": 0}, {"expected_salary": "6000"}):
        refused = await cases["graduate"].post(PATH, cases.declaration(**wrong))
        assert [one["pointer"] for one in refused.json()["errors"]] == ["/body/expected_salary"]
    unknown = await cases["other county"].move(f"{PATH}/{opened['id']}", "use_policy", policy="lottery")
    assert (unknown.status_code, unknown.json()["errors"][0]["pointer"]) == (422, "/body/policy")
