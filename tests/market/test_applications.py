"""Applications: an employer sees what the graduate chose; refusals, invitations from them, races, statements."""

import asyncio
from collections import Counter
from datetime import UTC, datetime
from typing import Any

import pytest

from tests.core.test_round_trips import trips
from tests.market.given import POST, Given
from tests.world import TERMS, World

ALL = {
    "name",
    "school_name",
    "department_name",
    "level",
    "major",
    "cohort",
    "gender",
    "political_status",
    "home_region",
}


@pytest.fixture
async def given(world: World) -> Given:
    """The cast of a world."""
    return await Given.everybody(world)


async def phone_of(given: Given, who: str, number: str) -> None:
    """A phone that this graduate has proven."""
    graduate, service, line = given.cast[who].graduate, given.world.service, given.world.line
    person = await line.fetchval("select person_id::text from app.graduates where id = $1", graduate)
    await line.execute(
        "insert into app.phones values ($1, $2, $3, $4)",
        service.blind_index.of("phone", number),
        service.sealer.seal(number, table="phones", column="sealed", row=person), person, datetime.now(UTC),
    )  # fmt: skip


async def test_the_employer_sees_the_chosen_fields_and_nothing_else(given: Given) -> None:
    facts = given.cast["graduate"].facts
    shy = (await given.applied(await given.job(), fields=["major"])).headers["Location"]
    open_one = (await given.applied(await given.job(), fields=sorted(ALL), introduction="可立即到岗。")).headers[
        "Location"
    ]
    employer = given.cast["employer"]
    told = (await employer.get(shy)).json()
    assert told["fields"] == ["major"]
    assert {name for name, value in told["resume"].items() if value is not None} == {"major"}
    everything = (await employer.get(open_one)).json()
    assert everything["resume"]["name"] == facts["name"], "the control: what is chosen is shown"
    assert everything["introduction"] == "可立即到岗。"
    for text in ((await employer.get(shy)).text, (await employer.get("/v1/job-applications")).text):
        assert facts["id_number"] not in text
    assert facts["name"] not in (await employer.get(shy)).text
    kept = await given.world.line.fetchval(
        "select resume::text from app.job_applications where id = $1", shy.rpartition("/")[2]
    )
    assert kept == '{"major": "计算机科学与技术"}', "what was not chosen is not even there"
    for field in ("id_number", "phone"):
        assert (await given.applied(await given.job(), fields=[field])).status_code == 422


async def test_the_phone_comes_with_consent_alone_and_the_graduate_reads_who_saw_it(given: Given) -> None:
    number = f"139{given.world.serial:08d}"
    refused = await given.applied(await given.job(), contact_consent=True)
    assert (refused.status_code, refused.json()["unmet"][0]["code"]) == (409, "no-phone-to-show")
    await phone_of(given, "graduate", number)
    without, consented = await given.application(), await given.application(contact_consent=True)
    employer, graduate = given.cast["employer"], given.cast["graduate"]
    assert (await employer.get(f"{without}/contact")).status_code == 404
    assert (await given.cast["other employer"].get(f"{consented}/contact")).status_code == 404
    assert number not in (await employer.get(consented)).text
    assert (await graduate.get("/v1/me/accesses")).json()["items"] == []
    told = await employer.get(f"{consented}/contact")
    assert (told.status_code, told.json()["phone"]) == (200, number)
    assert told.headers["Cache-Control"] == "no-store"
    (access,) = (await graduate.get("/v1/me/accesses")).json()["items"]
    assert (access["id"], access["body"]["id"]) == (told.json()["access_id"], employer.body)
    assert (await graduate.move(consented, "withdraw")).status_code == 201
    assert (await employer.get(f"{consented}/contact")).status_code == 404, "consent ends with the application"


@pytest.mark.parametrize(("situation", "code"), [("closed", "job-closed"), ("expired", "job-expired")])
async def test_no_application_for_what_is_over(given: Given, situation: str, code: str) -> None:
    refused = await given.applied(await given.job(situation))
    assert (refused.status_code, refused.json()["unmet"][0]["code"]) == (409, code)
    assert (await given.applied(await given.job())).status_code == 201, "the control"


@pytest.mark.parametrize("situation", ["draft", "submitted", "rejected", "taken_down"])
async def test_what_was_never_published_or_was_taken_down_is_not_there(given: Given, situation: str) -> None:
    path = await given.job(situation)
    assert (await given.applied(path)).status_code == 404
    assert (await given.cast["graduate"].get(path)).status_code == 404


async def test_one_application_for_a_job_is_open_at_a_time(given: Given) -> None:
    job = await given.job()
    first = await given.applied(job)
    again = await given.applied(job)
    assert (again.status_code, again.json()["unmet"][0]["code"]) == (409, "already-applied")
    assert again.json()["unmet"][0]["pointer"] == first.json()["record"]["id"]
    assert (await given.applied(job, "other graduate")).status_code == 201
    await given.cast["graduate"].move(first.headers["Location"], "withdraw")
    assert (await given.applied(job)).status_code == 201, "after an end they may apply again"


async def test_graduates_of_other_provinces_schools_apply_for_nothing(given: Given) -> None:
    job, graduate = await given.job(), given.cast["graduate"].graduate
    await given.world.line.execute("update app.graduates set archive_query_only = true where id = $1", graduate)
    refused = await given.applied(job)
    assert (refused.status_code, refused.json()["code"]) == (403, "archive-query-only")


async def test_an_invitation_answers_the_application_it_comes_from(given: Given) -> None:
    path = await given.application("viewed")
    sent = await given.invited("employer", path)
    assert sent.status_code == 201, sent.text
    assert sent.json()["record"]["graduate_id"] == given.cast["graduate"].graduate
    assert (await given.cast["graduate"].get(path)).json()["status"] == "invited"
    steps = (await given.cast["graduate"].get(f"{path}/transitions")).json()["items"]
    assert [one["action"] for one in steps] == ["send", "view", "invite"]
    again = await given.invited("employer", path)
    assert (again.status_code, again.json()["code"]) == (409, "transition-refused")
    foreign = await given.invited("other employer", path)
    assert foreign.status_code == 404
    plain = {"to": given.cast["other graduate"].facts, "terms": TERMS}
    assert (await given.cast["employer"].post("/v1/invitations", plain)).status_code == 201, "the other ways stay"


async def test_both_sides_are_told_and_know_what_to_do(given: Given) -> None:
    path, employer, graduate = await given.application(), given.cast["employer"], given.cast["graduate"]
    (todo,) = [
        one for one in (await employer.get("/v1/me/todo")).json()["items"] if one["code"] == "answer-the-applications"
    ]
    assert (todo["link"], todo["details"]) == ("/v1/job-applications?status=sent", {"count": 1})
    assert len((await employer.get(todo["link"])).json()["items"]) == 1
    await given.act("employer", path, "decline")
    record = path.rpartition("/")[2]
    kinds = await given.world.line.fetch("select kind from app.messages where record_id = $1 order by id", record)
    assert [one["kind"] for one in kinds] == ["job_application-send", "job_application-decline"]
    assert (await graduate.get(path)).json()["decline_reason"] == "岗位已招满。"
    draft = await given.job("draft")
    waiting = {one["code"]: one["link"] for one in (await employer.get("/v1/me/todo")).json()["items"]}
    assert ("answer-the-applications" in waiting, waiting["finish-the-job"]) == (False, draft)
    await given.act("employer", draft, "submit")
    assert "finish-the-job" not in [one["code"] for one in (await employer.get("/v1/me/todo")).json()["items"]]


async def test_lists_are_narrowed_and_nobody_reads_anothers(given: Given) -> None:
    job = await given.job()
    mine = (await given.applied(job)).json()["record"]["id"]
    other = (await given.applied(job, "other graduate")).json()["record"]["id"]
    elsewhere = (await given.application()).rpartition("/")[2]

    async def listed(who: str, **asked: Any) -> list[str]:
        answer = await given.cast[who].get("/v1/job-applications", params=asked)
        return [one["id"] for one in answer.json()["items"]]

    assert await listed("employer", job_id=job.rpartition("/")[2]) == [other, mine]
    assert await listed("employer", status="viewed") == []
    assert await listed("graduate") == [elsewhere, mine]
    assert await listed("other employer") == []
    for path in (f"/v1/job-applications/{mine}", f"/v1/job-applications/{mine}/transitions"):
        for who in ("other employer", "other graduate"):
            assert (await given.cast[who].get(path)).status_code == 404


async def test_of_two_applications_at_once_one_is_sent(given: Given) -> None:
    job = await given.job()
    for _ in range(3):
        given.cast["graduate"] = await given.world.graduate()
        answers = await asyncio.gather(*(given.applied(job) for _ in range(6)))
        assert Counter(one.status_code for one in answers) == {201: 1, 409: 5}


async def test_without_the_unique_rule_two_at_once_are_sent(given: Given) -> None:
    """The negative control: the rule that a look makes is no guard."""
    job, line = await given.job(), given.world.line
    rule = await line.fetchval(
        "select indexdef from pg_indexes where indexname = 'uq_job_applications_one_open_per_job'"
    )
    await line.execute("drop index app.uq_job_applications_one_open_per_job")
    try:
        sent = 0
        for _ in range(10):
            answers = await asyncio.gather(*(given.applied(job) for _ in range(6)))
            sent = max(sent, sum(one.status_code == 201 for one in answers))
            await line.execute("update app.job_applications set status = 'withdrawn'")
            if sent > 1:
                break
        assert sent > 1
    finally:
        await line.execute(rule)


async def test_withdrawing_and_inviting_at_once_have_one_winner(given: Given) -> None:
    for _ in range(5):
        given.cast["graduate"] = graduate = await given.world.graduate()
        path = await given.application()
        answers = await asyncio.gather(graduate.move(path, "withdraw", 1), given.invited("employer", path))
        assert sorted(one.status_code for one in answers) in ([201, 409], [201, 412]), [one.text for one in answers]
        status = (await graduate.get(path)).json()["status"]
        invitations = (await graduate.get("/v1/invitations")).json()["items"]
        assert (status, len(invitations)) in (("withdrawn", 0), ("invited", 1))


async def test_a_search_is_one_statement_and_a_move_two(given: Given) -> None:
    world, employer, graduate = given.world, given.cast["employer"], given.cast["graduate"]
    for query in ("", "?q=后端", "?q=没有的词&region=370000"):
        assert await trips(world, graduate.get(f"/v1/jobs{query}"), 200) == 1
    assert await trips(world, employer.post("/v1/jobs", {"terms": POST}), 201) == 2
    path = await given.job()
    draft = {"job_id": path.rpartition("/")[2], "fields": ["name"]}
    assert await trips(world, graduate.post("/v1/job-applications", draft), 201) == 2
    application = await given.application()
    move = employer.post(f"{application}/transitions", {"action": "view"}, If_Match='"1"')
    assert await trips(world, move, 201) == 2
    assert await trips(world, given.invited("employer", application), 201) == 2, "with the application's own move"
    assert await trips(world, employer.get("/v1/job-applications"), 200) == 1
