"""Who may apply, and when: each rule refuses with its reason and the way out, and lets through who fulfils it."""

from datetime import timedelta
from typing import Any

import pytest

from tests.applications.forms import DEFERRED, FORMS, LOAN, OUTSTANDING, REASSIGNMENT, REDIRECT, REISSUE, SUBSIDY
from tests.applications.given import draft, filled, graduate_for, opened
from tests.world import Somebody, World


async def told(who: Somebody, form: dict[str, Any]) -> list[tuple[str, str]]:
    """(code, who can mend it) of each unmet rule for opening this."""
    answer = await opened(who, form)
    if answer.status_code == 201:
        return []
    assert answer.status_code == 409, answer.text
    return [(one["code"], one["how"]) for one in answer.json()["unmet"]]


async def become(world: World, who: Somebody, **cells: Any) -> None:
    """Other facts about the graduate."""
    for name, value in cells.items():
        await world.line.execute(
            f"update app.graduates set {name} = $2::text::{'date' if name == 'leave_on' else 'smallint'} where id = $1",  # noqa: S608 (names of ours)
            who.graduate, str(value),
        )  # fmt: skip


CASES: list[tuple[str, dict[str, Any], dict[str, Any], str]] = [
    ("a later cohort has no certificates to change", REASSIGNMENT, {"cohort": 2027}, "no-dispatch-certificates"),
    ("nor to print", DEFERRED, {"cohort": 2027}, "no-dispatch-certificates"),
    ("nor to replace", REISSUE, {"cohort": 2027}, "no-dispatch-certificates"),
    ("a file is not sent on where it can be reassigned", REDIRECT, {"cohort": 2022}, "dispatch-certificates-exist"),
    ("nor before leaving", REDIRECT, {"leave_on": "2031-06-30"}, "not-left-yet"),
    ("not reassigned before leaving", REASSIGNMENT, {"leave_on": "2031-06-30"}, "not-left-yet"),
    ("nor dispatched", DEFERRED, {"leave_on": "2031-06-30"}, "not-left-yet"),
    ("reassigned within three years", REASSIGNMENT, {"leave_on": "2020-06-30"}, "reassignment-years-over"),
    ("found outstanding before leaving", OUTSTANDING, {"leave_on": "2024-06-30"}, "left-already"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
async def test_when_and_which_cohort(world: World, case: tuple[str, dict[str, Any], dict[str, Any], str]) -> None:
    _, form, cells, code = case
    who = await graduate_for(world, form["kind"])
    await become(world, who, **cells)
    refused = dict(await told(who, form))
    assert code in refused
    if code == "no-dispatch-certificates":
        assert "sent on" in refused[code], "the file is sent on instead"
    allowed = await graduate_for(world, form["kind"])
    assert await told(allowed, form) == [], "the control"


async def test_a_lost_certificate_is_replaced_however_long_ago(world: World) -> None:
    who = await graduate_for(world, "certificate_reissue")
    await become(world, who, leave_on="2010-06-30")
    assert await told(who, REISSUE) == []


async def test_the_last_day_of_three_years_counts(world: World) -> None:
    today = world.service.clock.today()
    for day, code in ((today, []), (today - timedelta(days=1), ["reassignment-years-over"])):
        who = await graduate_for(world, "reassignment")
        await become(world, who, leave_on=day.replace(year=day.year - 3))
        assert [one for one, _ in await told(who, REASSIGNMENT)] == code


async def test_what_was_eligible_is_judged_again_when_it_is_submitted(world: World) -> None:
    who = await graduate_for(world, "outstanding_graduate")
    path = await draft(who, OUTSTANDING)
    await become(world, who, leave_on="2024-06-30")
    refused = await who.move(path, "submit")
    assert [one["code"] for one in refused.json()["unmet"]] == ["left-already"]
    assert [one["code"] for one in (await who.get(path)).json()["blocked"]] == ["left-already"]
    await become(world, who, leave_on="2031-06-30")
    assert (await who.move(path, "submit")).status_code == 201


@pytest.mark.parametrize(("hardship", "codes"), [("0", ["not-in-hardship"]), (None, ["not-in-hardship"]), ("4", [])])
async def test_the_subsidy_is_for_graduates_in_hardship(world: World, hardship: str | None, codes: list[str]) -> None:
    who = await graduate_for(world, "job_seeking_subsidy")
    await world.line.execute(
        "update app.roster_entries set details = jsonb_strip_nulls(jsonb_build_object('hardship', $2::text))"
        " where id = (select roster_entry_id from app.graduates where id = $1)", who.graduate, hardship,
    )  # fmt: skip
    assert [code for code, _ in await told(who, SUBSIDY)] == codes


async def test_a_cohort_without_rules_has_no_subsidy_and_never_another_years(world: World) -> None:
    who = await graduate_for(world, "job_seeking_subsidy")
    await become(world, who, cohort=2039)
    assert ("not-announced", "Wait until the province announces it.") in await told(who, SUBSIDY)


async def test_only_a_category_of_the_cohort_is_paid_and_with_its_amount(world: World) -> None:
    who = await graduate_for(world, "job_seeking_subsidy")
    path = await draft(who, SUBSIDY | {"category": "orphan"})
    refused = await who.move(path, "submit")
    assert [one["code"] for one in refused.json()["unmet"]] == ["category-not-offered"]
    await who.move(path, "edit", details=await filled(who, LOAN))
    assert (await who.move(path, "submit")).status_code == 201


async def test_what_may_be_applied_for_is_told_with_what_is_open(world: World) -> None:
    who = await graduate_for(world, "job_seeking_subsidy")
    await draft(who, OUTSTANDING)
    items = (await who.get("/v1/me/options")).json()["items"]
    options = {one["kind"]: one["blocked"] and one["blocked"]["code"] for one in items if one["kind"] in FORMS}
    assert options == {
        "job_seeking_subsidy": None,
        "outstanding_graduate": "application-open",
        **dict.fromkeys(("reassignment", "deferred_dispatch", "certificate_reissue"), "no-dispatch-certificates"),
        "archive_redirect": "not-left-yet",
    }
    todo = (await who.get("/v1/me/todo")).json()["items"]
    assert [one["code"] for one in todo] == ["finish-the-application", "confirm-your-roster"]


async def test_who_is_not_verified_applies_for_nothing(world: World) -> None:
    answer = await opened(await world.graduate(verified=False), SUBSIDY)
    assert (answer.status_code, answer.json()["code"]) == (403, "identity-unverified")
