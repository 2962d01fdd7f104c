"""Every try to get in, and every no to somebody known, is a line in the log that names nobody."""

import json
from typing import Any

import structlog
from structlog.testing import capture_logs

from tests.accounts.people import sign_in
from tests.accounts.test_logins import registered
from tests.world import PASSWORD, World

MERGED = (structlog.contextvars.merge_contextvars,)


def of(logs: Any, event: str) -> dict[str, Any]:
    """The one line of an event."""
    (line,) = [one for one in logs if one["event"] == event]
    return dict(line)


async def test_who_signs_in_is_told_by_kind_and_factors_and_not_by_name(world: World) -> None:
    who = await registered(world)
    with capture_logs(processors=MERGED) as logs:
        answer = await sign_in(world, **{"as": "graduate"}, level="bachelor", phone=who.phone)
    assert answer.status_code == 201
    line = of(logs, "signed-in")
    assert (line["kind"], line["factors"], line["request_id"]) == ("graduate", ["pwd"], answer.headers["x-request-id"])
    assert len(line["network"]) == 16
    said = json.dumps(logs)
    assert not [one for one in (who.phone, who.fields["id_number"], PASSWORD) if one in said]


async def test_who_is_refused_is_told_by_the_code(world: World) -> None:
    who = await registered(world)
    with capture_logs(processors=MERGED) as logs:
        answer = await sign_in(
            world, **{"as": "graduate"}, level="bachelor", phone=who.phone, password="not the password"
        )
    assert answer.status_code == 401
    line = of(logs, "sign-in-refused")
    assert (line["kind"], line["code"], line["request_id"]) == (
        "graduate",
        "login-refused",
        answer.headers["x-request-id"],
    )
    assert not [one for one in logs if one["event"] == "signed-in"]
    assert who.phone not in json.dumps(logs)


async def test_a_permission_that_is_missing_is_told_with_session_and_request(world: World) -> None:
    who = await registered(world)
    tokens = (await sign_in(world, **{"as": "graduate"}, level="bachelor", phone=who.phone)).json()
    with capture_logs(processors=MERGED) as logs:
        bearer = {"Authorization": f"Bearer {tokens['access_token']}"}
        answer = await world.client.get("/v1/staff", headers=bearer)
    assert answer.status_code == 403
    line = of(logs, "forbidden")
    assert (line["code"], line["route"], line["session"]) == ("role-missing", "/v1/staff", tokens["session"]["id"])
    assert line["request_id"] == answer.headers["x-request-id"]


async def test_what_is_bound_to_one_request_is_gone_with_the_next(world: World) -> None:
    who = await registered(world)
    tokens = (await sign_in(world, **{"as": "graduate"}, level="bachelor", phone=who.phone)).json()
    await world.client.get("/v1/me", headers={"Authorization": f"Bearer {tokens['access_token']}"})
    with capture_logs(processors=MERGED) as logs:
        await world.client.get("/v1/me")
    assert "session" not in of(logs, "unauthenticated")
