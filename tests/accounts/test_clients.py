"""Service clients: made by their body's administrator, cut by scopes, answered for by a person, stopped at once."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.accounts.integrations import draft, integrated
from tests.agreements.given import Given
from tests.world import World

ABSENT = "01890a5d-ac96-774b-bcce-b302099a8057"


async def test_a_client_is_told_its_secret_once_and_listed_without(world: World) -> None:
    client = await integrated(world, "school", "reviews:read", "rosters:import")
    shown = await client.administrator.get(client.path)
    assert shown.json()["responsible"]["id"] == client.responsible.account
    assert (shown.json()["scopes"], shown.json()["last_used_at"]) == (["reviews:read", "rosters:import"], None)
    listed = await client.administrator.get("/v1/clients")
    assert listed.json()["items"] == [shown.json()]
    assert client.secret not in shown.text + listed.text
    for table in ("accounts", "clients"):
        row = await world.line.fetchrow(f"select * from app.{table} where id = $1", client.id)  # noqa: S608 (two names)
        assert client.secret not in str(dict(row))
        assert client.secret.encode() not in dict(row).get("secret_hash", b"")


async def test_only_the_administrator_of_its_body_sees_or_makes_a_client(world: World) -> None:
    client = await integrated(world, "school", "reviews:read")
    other = await world.staff("county", "administrator")
    for answer in (
        await other.get(client.path),
        await other.post(f"{client.path}/disable", If_Match='"1"'),
        await other.post(f"{client.path}/rotations", {}, If_Match='"1"'),
    ):
        assert answer.status_code == 404
    assert (await other.get("/v1/clients")).json()["items"] == []
    for person in (client.responsible, await world.graduate(), await world.employer()):
        assert (await person.post("/v1/clients", draft(client.responsible.account, "reviews:read"))).status_code == 403
    assert (await client.asks()).status_code == 200


@pytest.mark.parametrize(
    ("wrong", "pointer", "code"),
    [
        ({"expires_at": (datetime.now(UTC) + timedelta(days=370)).isoformat()}, "expires_at", "expiry-out-of-range"),
        ({"expires_at": (datetime.now(UTC) - timedelta(days=1)).isoformat()}, "expires_at", "expiry-out-of-range"),
        ({"responsible_id": ABSENT}, "responsible_id", "responsible-unknown"),
        ({"scopes": ["reviews:read", "reviews:read"]}, "scopes", "named-twice"),
    ],
)
async def test_a_wrong_draft_makes_no_client(world: World, wrong: dict[str, Any], pointer: str, code: str) -> None:
    administrator = await world.staff("school", "administrator")
    refused = await administrator.post("/v1/clients", draft(administrator.account, "reviews:read") | wrong)
    assert refused.status_code == 422, refused.text
    assert [(one["pointer"], one["code"]) for one in refused.json()["errors"]] == [(f"/body/{pointer}", code)]
    assert (await administrator.get("/v1/clients")).json()["items"] == []
    assert (await administrator.post("/v1/clients", draft(administrator.account, "reviews:read"))).status_code == 201


async def test_an_expiry_and_somebody_of_the_body_are_mandatory(world: World) -> None:
    administrator, stranger = await world.staff("school", "administrator"), await world.staff("county")
    for name in ("expires_at", "responsible_id", "scopes"):
        given = draft(administrator.account, "reviews:read")
        del given[name]
        assert (await administrator.post("/v1/clients", given)).status_code == 422
    for account in (stranger.account, (await integrated(world, "school", "reviews:read")).id):
        assert (await administrator.post("/v1/clients", draft(account, "reviews:read"))).status_code == 422


@pytest.mark.parametrize("scope", ["reviews:bulk", "reveal"])
async def test_a_grave_scope_is_given_by_who_just_proved_both_factors(world: World, scope: str) -> None:
    administrator = await world.staff("school", "administrator")
    assert (await administrator.post("/v1/clients", draft(administrator.account, scope))).status_code == 201
    await world.line.execute(
        "update app.sessions set auth_at = auth_at - interval '11 minutes' where account_id = $1", administrator.account
    )
    refused = await administrator.post("/v1/clients", draft(administrator.account, scope))
    assert (refused.status_code, refused.json()["code"]) == (403, "step-up-required")
    assert (await administrator.post("/v1/clients", draft(administrator.account, "reviews:read"))).status_code == 201


READS = {
    "placements:read": "/v1/agreements",
    "reviews:read": "/v1/reviews",
    "rosters:read": "/v1/roster-entries",
    "files:read": "/v1/files",
}


@pytest.mark.parametrize("scope", READS)
async def test_a_client_reads_what_its_scope_names_and_nothing_else(world: World, scope: str) -> None:
    script = await (await integrated(world, "school", scope)).speaking()
    for needed, path in READS.items():
        answer = await script.get(path)
        assert (answer.status_code == 200) == (needed == scope), (path, answer.text)
        if needed != scope:
            assert (answer.status_code, answer.json()["code"]) == (403, "scope-missing")


async def test_a_token_may_be_narrower_than_its_client(world: World) -> None:
    client = await integrated(world, "school", "reviews:read", "placements:read")
    narrow, whole = await client.speaking("reviews:read"), await client.speaking()
    assert (await whole.get("/v1/agreements")).status_code == 200
    assert (await narrow.get("/v1/reviews")).status_code == 200
    assert (await narrow.get("/v1/agreements")).json()["code"] == "scope-missing"


async def test_what_is_for_people_no_scope_opens(world: World) -> None:
    client = await integrated(world, "school", "reviews:read", "rosters:import", "reviews:decide", "files:read")
    script = await client.speaking()
    for path in ("/v1/me", "/v1/staff", "/v1/clients", "/v1/auth/sessions", "/v1/me/messages", client.path):
        assert (await script.get(path)).json()["code"] == "scope-missing", path
    made = await script.post("/v1/clients", draft(client.responsible.account, "reviews:read"))
    assert made.json()["code"] == "scope-missing"
    read = await script.post("/v1/me/messages/read", {"through": ABSENT})
    assert (read.status_code, read.json()["code"]) == (403, "scope-missing")
    assert (await client.responsible.post("/v1/me/messages/read", {"through": ABSENT})).status_code == 204


async def test_a_client_sees_no_more_than_its_body(world: World) -> None:
    path = await (await Given.everybody(world)).agreement("submitted", "department")
    ours = await (await integrated(world, "school", "placements:read")).speaking()
    assert (await ours.get(path)).status_code == 200
    body = await world.body("school", f"s{world.serial}", "另一所大学")
    theirs = await (await integrated(world, "school", "placements:read", body=body)).speaking()
    assert (await theirs.get(path)).status_code == 404


async def test_deciding_needs_its_scope_and_bulk_its_own(world: World) -> None:
    path = await (await Given.everybody(world)).agreement("submitted", "department")
    agreement = path.rpartition("/")[2]
    client = await integrated(world, "department", "reviews:read", "placements:read", "reviews:decide", "reviews:bulk")
    reading, deciding = (
        await client.speaking("placements:read"),
        await client.speaking("placements:read reviews:decide"),
    )
    version = (await reading.get(path)).json()["version"]
    refused = await reading.move(path, "approve", version)
    assert (refused.status_code, refused.json()["code"]) == (403, "scope-missing")
    items = {"items": [{"record_id": agreement, "kind": "agreement", "action": "approve", "version": version}]}
    plain = await client.speaking()  # grave scopes are asked for by name
    for script in (plain, deciding):
        outcome = await script.post("/v1/reviews/decisions", items | {"dry_run": True})
        assert (outcome.status_code, outcome.json()["code"]) == (403, "scope-missing")
    many = await (await client.speaking("reviews:bulk")).post("/v1/reviews/decisions", items | {"dry_run": True})
    assert [one["status"] for one in many.json()["results"]] == [200]
    bulk = await (await client.speaking("reviews:bulk")).post("/v1/reviews/decisions", items)
    assert [one["status"] for one in bulk.json()["results"]] == [201], "a client never steps up"
    for script, status in ((deciding, 409), (reading, 403)):
        assert (await script.move(path, "approve")).status_code == status, "decided already, by the same client"


async def test_a_clients_step_names_it_and_who_answers_for_it(world: World) -> None:
    path = await (await Given.everybody(world)).agreement("submitted", "department")
    agreement = path.rpartition("/")[2]
    client = await integrated(world, "department", "placements:read", "reviews:decide")
    assert (await (await client.speaking()).move(path, "approve")).status_code == 201
    (row,) = await world.line.fetch(
        "select account_id, responsible_id from app.trail where record_id = $1 and action = 'approve'", agreement
    )
    assert (str(row["account_id"]), str(row["responsible_id"])) == (client.id, client.responsible.account)
    step = (await client.responsible.get(f"{path}/transitions")).json()["items"][-1]
    assert (step["by"]["client"], step["by"]["person"]) == ("教务系统对接", f"department {world.serial}")
    others = await world.line.fetch(
        "select responsible_id from app.trail where record_id = $1 and action <> 'approve'", agreement
    )
    assert others
    assert {row["responsible_id"] for row in others} == {None}
    broken = "select * from app.broken_trail() where record_id = $1"
    assert await world.line.fetch(broken, agreement) == []
    await world.line.execute("begin")
    await world.line.execute("alter table app.trail disable trigger user")
    await world.line.execute(
        "update app.trail set responsible_id = $2 where record_id = $1 and action = 'approve'", agreement, ABSENT
    )
    assert await world.line.fetch(broken, agreement)
    await world.line.execute("rollback")


@pytest.mark.parametrize("how", ["disable the client", "disable the person", "revoke"])
async def test_a_client_is_stopped_at_once(world: World, how: str) -> None:
    client = await integrated(world, "school", "reviews:read")
    script, twin = await client.speaking(), await client.speaking()
    assert (await script.get("/v1/reviews")).status_code == 200
    if how == "disable the client":
        done = await client.administrator.post(f"{client.path}/disable", If_Match='"1"')
        again = await client.administrator.post(f"{client.path}/disable", If_Match='"2"')
        assert again.json() == done.json()
    elif how == "disable the person":
        done = await client.administrator.post(f"/v1/staff/{client.responsible.account}/disable")
    else:
        done = await client.asks("/v1/oauth/revoke", token=script.token)
    assert done.status_code == 200, done.text
    ended = await script.get("/v1/reviews")
    assert (ended.status_code, ended.json()["code"]) == (401, "session-ended")
    lives = how == "revoke"
    assert ((await twin.get("/v1/reviews")).status_code == 200) == lives
    assert ((await client.asks()).status_code == 200) == lives


async def test_an_expired_client_is_unknown_and_its_tokens_end_with_it(world: World) -> None:
    client = await integrated(world, "school", "reviews:read")
    script = await client.speaking()
    soon = datetime.now(UTC) + timedelta(seconds=30)
    await world.line.execute("update app.clients set expires_at = $2 where id = $1", client.id, soon)
    last = await client.asks()
    assert last.json()["expires_in"] <= 30
    await world.line.execute("update app.clients set expires_at = now() where id = $1", client.id)
    assert (await client.asks()).json()["code"] == "client-unknown"
    assert (await script.get("/v1/reviews")).status_code == 200  # its own ten minutes


async def test_a_rotated_secret_overlaps_the_former_one(world: World) -> None:
    client = await integrated(world, "school", "reviews:read")
    assert (await client.administrator.post(f"{client.path}/rotations", {})).status_code == 428
    rotated = await client.administrator.post(f"{client.path}/rotations", {"overlap_hours": 2}, If_Match='"1"')
    assert rotated.status_code == 201, rotated.text
    fresh = rotated.json()["client_secret"]
    for secret in (client.secret, fresh):
        assert (await client.asks(secret=secret)).status_code == 200
    stale = await client.administrator.post(f"{client.path}/rotations", {}, If_Match='"1"')
    assert (stale.status_code, stale.json()["code"]) == (412, "stale-version")
    await world.line.execute("update app.clients set former_until = now() where id = $1", client.id)
    assert (await client.asks()).status_code == 401
    assert (await client.asks(secret=fresh)).status_code == 200
    last = await client.administrator.post(f"{client.path}/rotations", {"overlap_hours": 0}, If_Match='"2"')
    assert (await client.asks(secret=fresh)).status_code == 401
    assert (await client.asks(secret=last.json()["client_secret"])).status_code == 200
    steps = await world.line.fetch("select seq, action from app.trail where record_id = $1 order by seq", client.id)
    assert [tuple(row) for row in steps] == [(1, "open"), (2, "rotate"), (3, "rotate")]


async def test_of_rotations_at_once_one_wins_and_no_secret_is_lost(world: World) -> None:
    client = await integrated(world, "school", "reviews:read")
    at_once = (client.administrator.post(f"{client.path}/rotations", {}, If_Match='"1"') for _ in range(5))
    answers = await asyncio.gather(*at_once)
    assert sorted(answer.status_code for answer in answers) == [201, 412, 412, 412, 412]
    (fresh,) = (answer.json()["client_secret"] for answer in answers if answer.status_code == 201)
    for secret in (client.secret, fresh):
        assert (await client.asks(secret=secret)).status_code == 200


async def test_tokens_asked_for_at_once_are_all_good(world: World) -> None:
    client = await integrated(world, "school", "reviews:read")
    scripts = await asyncio.gather(*(client.speaking() for _ in range(8)))
    assert len({script.token for script in scripts}) == 8
    assert {(await script.get("/v1/reviews")).status_code for script in scripts} == {200}


async def test_a_client_reveals_only_with_the_scope_in_its_token(world: World) -> None:
    graduate = await world.graduate()
    client = await integrated(world, "school", "reveal", "reviews:read")
    asked = {"graduate_id": graduate.graduate, "fields": ["id_number"], "reason": "contact", "comment": "材料不全。"}
    named, plain = await client.speaking("reveal"), await client.speaking()
    shown = await named.post("/v1/reveals", asked)
    assert shown.json()["id_number"] == graduate.facts["id_number"], shown.text
    assert (await plain.post("/v1/reveals", asked)).json()["code"] == "scope-missing"
