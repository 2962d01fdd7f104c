"""Bad input gets a precise problem and leaves no trace; the order of refusals is the same everywhere."""

import json
from typing import Any

import httpx
import pytest

from tests.agreements.given import BODIES, Given
from tests.world import PASSWORD, TERMS, World

NOWHERE = "01890a5d-ac96-774b-bcce-b302099a8057"


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem of an answer that must be this one."""
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    told = answer.json()
    assert (answer.status_code, told["status"], told["code"]) == (status, status, code), answer.text
    assert told["type"] == f"/problems/{code}"
    assert told["title"]
    assert told["detail"]
    assert told["request_id"] == answer.headers["x-request-id"]
    assert answer.headers["cache-control"] == "no-store"
    return told


def draft(**changes: Any) -> dict[str, Any]:
    """An invitation's body with some terms changed."""
    return {"to": {"signing_code": "7K3M9QXB"}, "terms": TERMS | changes}


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"position": "程\0序员"}, "/body/terms/position", "nul-character"),
        ({"position": "长" * 101}, "/body/terms/position", "too-long"),
        ({"position": ""}, "/body/terms/position", "too-short"),
        ({"position": 7}, "/body/terms/position", "wrong-type"),
        ({"salary_monthly": "八千"}, "/body/terms/salary_monthly", "wrong-type"),
        ({"salary_monthly": 0}, "/body/terms/salary_monthly", "too-small"),
        ({"salary_monthly": 10**18}, "/body/terms/salary_monthly", "too-large-number"),
        ({"work_region": "999999"}, "/body/terms/work_region", "unknown-code"),
        ({"archive_mode": "nowhere"}, "/body/terms/archive_mode", "not-in-list"),
        ({"archive_mode": "unit"}, "/body/terms", "archive-receiver-required"),
        ({"report_on": "2027-02-30"}, "/body/terms/report_on", "date-unreal"),
        ({"surprise": 1}, "/body/terms/surprise", "unknown-field"),
    ],
)
async def test_a_wrong_field_is_named(world: World, changes: dict[str, Any], pointer: str, code: str) -> None:
    employer = await world.employer()
    before = await world.line.fetchval("select count(*) from app.invitations where employer_id = $1", employer.body)
    told = problem(await employer.post("/v1/invitations", draft(**changes)), 422, "invalid")
    assert [(error["pointer"], error["code"]) for error in told["errors"]] == [(pointer, code)]
    assert told["errors"][0]["message"] != code, "the code has no text"
    count = "select count(*) from app.invitations where employer_id = $1"
    assert before == await world.line.fetchval(count, employer.body)


async def test_what_is_no_json_is_refused_before_anything_is_looked_at(world: World) -> None:
    employer = await world.employer()
    headers = employer.headers({"Content-Type": "application/json"})
    post = world.client.post
    problem(await post("/v1/invitations", content=b'{"to": ', headers=headers), 400, "malformed-json")
    problem(await post("/v1/invitations", content=b"", headers=headers), 422, "invalid")
    text = employer.headers({"Content-Type": "text/plain"})
    problem(await post("/v1/invitations", content=b"{}", headers=text), 415, "unsupported-media-type")
    problem(await post("/v1/invitations", content=b" " * (2 << 20), headers=headers), 413, "too-large")


async def test_a_wrong_value_is_not_repeated(world: World) -> None:
    employer = await world.employer()
    secret = "11010519491231002Y"
    answer = await employer.post("/v1/invitations", {"to": {"name": "王", "id_number": secret}, "terms": TERMS})
    assert answer.status_code == 422
    assert secret not in answer.text


async def test_half_a_character_is_refused(world: World) -> None:
    employer = await world.employer()
    headers = employer.headers({"Content-Type": "application/json"})
    content = json.dumps(draft(position="\ud800"))
    told = problem(await world.client.post("/v1/invitations", content=content, headers=headers), 422, "invalid")
    assert [error["code"] for error in told["errors"]] == ["lone-surrogate"]


async def test_unknown_paths_and_methods_are_problems_too(world: World) -> None:
    employer = await world.employer()
    problem(await employer.get("/v1/nothing"), 404, "path-unknown")
    answer = await world.client.put("/v1/invitations", json={})
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"]
    problem(await employer.get("/v1/agreements/%00"), 400, "nul-in-path")
    problem(await employer.get("/v1/agreements/7"), 422, "invalid")
    problem(await employer.get(f"/v1/agreements/{NOWHERE}"), 404, "not-found")
    problem(await employer.get("/v1/agreements?cursor=%FF"), 422, "invalid")
    problem(await employer.get("/v1/agreements?limit=201"), 422, "invalid")


async def test_the_language_follows_the_caller(world: World) -> None:
    employer = await world.employer()
    spoken = {}
    for language in ("zh-CN,zh;q=0.9", "en-US,en;q=0.5", "fr"):
        answer = await employer.get(f"/v1/agreements/{NOWHERE}", headers={"Accept-Language": language})
        spoken[language] = (answer.json()["title"], answer.headers["content-language"])
    assert spoken == {
        "zh-CN,zh;q=0.9": ("未找到", "zh-CN"),
        "en-US,en;q=0.5": ("Not found", "en"),
        "fr": ("未找到", "zh-CN"),
    }


async def test_no_token_a_bad_one_and_an_ended_session_are_refused(world: World) -> None:
    employer = await world.employer()
    problem(await world.client.get("/v1/agreements"), 401, "unauthenticated")
    bad = await world.client.get("/v1/agreements", headers={"Authorization": f"Bearer {employer.token}x"})
    problem(bad, 401, "unauthenticated")
    assert bad.headers["www-authenticate"].startswith("Bearer")
    await world.line.execute("update app.sessions set ended_at = now() where account_id = $1", employer.account)
    problem(await employer.get("/v1/agreements"), 401, "session-ended")
    problem(await employer.post("/v1/invitations", draft()), 401, "session-ended")


async def test_a_move_names_its_version_and_the_present_one(world: World) -> None:
    given = await Given.everybody(world)
    path = await given.agreement("submitted", "department")
    person, body = given.cast["department"], {"action": "approve"}
    problem(await person.post(f"{path}/transitions", body), 428, "version-required")
    problem(await person.post(f"{path}/transitions", body, If_Match="7"), 400, "if-match-malformed")
    problem(await person.post(f"{path}/transitions", body, If_Match='"9"'), 412, "stale-version")
    problem(await person.post(f"{path}/transitions", {"action": "dance"}, If_Match='"1"'), 422, "invalid")
    etag = (await person.get(path)).headers["etag"]
    assert (await person.get(path, headers={"If-None-Match": etag})).status_code == 304
    assert (await person.post(f"{path}/transitions", body, If_Match=etag)).status_code == 201


async def test_refusals_come_in_one_order(world: World) -> None:
    """404 before 403 before 428 and 412 before 409."""
    given = await Given.everybody(world)
    path = await given.agreement("approved", None)
    reject = {"action": "reject", **BODIES["reject"]}
    stranger, reader, reviewer = (given.cast[who] for who in ("other school", "department reader", "department"))
    problem(await stranger.post(f"{path}/transitions", reject), 404, "not-found")
    problem(await reader.post(f"{path}/transitions", reject), 403, "role-missing")
    problem(await reviewer.post(f"{path}/transitions", reject), 428, "version-required")
    problem(await reviewer.post(f"{path}/transitions", reject, If_Match='"1"'), 412, "stale-version")
    told = problem(await reviewer.move(path, "reject", **BODIES["reject"]), 409, "transition-refused")
    assert told["actions"] == []


async def test_an_unmet_rule_says_how_to_meet_it(world: World) -> None:
    given = await Given.everybody(world)
    path = await given.agreement("submitted", "school")
    told = problem(await given.cast["department"].move(path, "approve"), 409, "rule-not-met")
    assert [(one["code"], one["who"], one["how"]) for one in told["unmet"]] == [
        ("not-your-turn", "school", "Wait for the body whose turn it is.")
    ]
    assert {one["action"] for one in told["blocked"]} == {"approve", "reject"}


async def test_unverified_graduates_read_but_do_not_sign(world: World) -> None:
    graduate, employer = await world.graduate(verified=False), await world.employer()
    path = (await employer.post("/v1/invitations", {"to": graduate.facts, "terms": TERMS})).headers["Location"]
    seen = (await graduate.get(path)).json()
    assert seen["actions"] == ["decline"]
    assert [(one["action"], one["code"]) for one in seen["blocked"]] == [("accept", "identity-unverified")]
    told = problem(await graduate.move(path, "accept", **BODIES["accept"]), 403, "identity-unverified")
    assert told["unmet"][0]["how"] == "Verify your identity first."


async def test_a_wrong_password_accepts_nothing(world: World) -> None:
    given = await Given.everybody(world)
    path = await given.invitation("sent")
    before = await given.trace(path)
    answer = await given.cast["graduate"].move(path, "accept", terms_version=1, password=PASSWORD + "x")
    problem(answer, 403, "password-wrong")
    assert await given.trace(path) == before


async def test_whom_an_invitation_misses_is_the_same_404(world: World) -> None:
    graduate, employer = await world.graduate(), await world.employer()
    told = []
    for changed in ({"name": "王大明"}, {"cohort": 2026}, {"level": "master"}, {"id_number": "11010519491231002X"}):
        answer = await employer.post("/v1/invitations", {"to": graduate.facts | changed, "terms": TERMS})
        told.append({**problem(answer, 404, "not-found"), "request_id": ""})
    assert all(one == told[0] for one in told)


async def test_a_repeated_key_repeats_the_answer_and_another_request_is_refused(world: World) -> None:
    graduate, employer = await world.graduate(), await world.employer()
    body = {"to": graduate.facts, "terms": TERMS}
    first = await employer.post("/v1/invitations", body, Idempotency_Key="one")
    again = await employer.post("/v1/invitations", body, Idempotency_Key="one")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["location"] == first.headers["location"]
    other = await employer.post("/v1/invitations", body | {"valid_days": 7}, Idempotency_Key="one")
    problem(other, 422, "idempotency-key-reused")
    problem(await employer.post("/v1/invitations", body, Idempotency_Key="two"), 409, "invitation-pending")
    count = await world.line.fetchval("select count(*) from app.invitations where graduate_id = $1", graduate.graduate)
    assert count == 1
