"""Step-up: what is dangerous asks for the authenticator's code within ten minutes."""

import asyncio
from typing import Any

from tests.accounts.newcomers import OWN_PASSWORD, Newcomer
from tests.agreements.given import Given
from tests.reviews.test_queue import decisions, three_agreements, waiting
from tests.world import Somebody, World


async def later(world: World, who: Somebody, minutes: int) -> None:
    """The sessions of a person grow older."""
    await world.line.execute(
        "update app.sessions set auth_at = auth_at - $2 * interval '1 minute' where account_id = $1",
        who.account,
        minutes,
    )


async def factor(who: Somebody) -> dict[str, Any]:
    return dict((await who.get("/v1/me")).json()["second_factor"])


async def test_decisions_in_bulk_ask_for_a_step_up_after_ten_minutes(world: World) -> None:
    given = await Given.everybody(world)
    await three_agreements(given)
    who = await Newcomer.hired(world, "department")
    me = await who.enrolled()
    items = decisions(await waiting(me))
    await later(world, me, 11)
    assert (await factor(me))["step_up_until"] is None
    dry = await me.post("/v1/reviews/decisions", {"items": items, "dry_run": True})
    assert dry.status_code == 207
    refused = await me.post("/v1/reviews/decisions", {"items": items})
    assert (refused.status_code, refused.json()["code"]) == (403, "step-up-required")
    assert "/v1/auth/step-ups" in refused.json()["unmet"][0]["how"]
    assert len(await waiting(me)) == 3
    assert (await me.move(f"/v1/agreements/{items[0]['record_id']}", "approve")).status_code == 201, "one is no bulk"
    stepped = await me.post("/v1/auth/step-ups", {"totp": who.code(1)})
    assert stepped.status_code == 200, stepped.text
    assert (await factor(me))["step_up_until"] == stepped.json()["until"]
    decided = await me.post("/v1/reviews/decisions", {"items": items[1:]})
    assert [one["status"] for one in decided.json()["results"]] == [201, 201]


async def test_a_step_up_lasts_ten_minutes_to_the_second(world: World) -> None:
    me = await (await Newcomer.hired(world)).enrolled()
    assert (await factor(me))["step_up_until"] is not None
    await later(world, me, 9)
    assert (await factor(me))["step_up_until"] is not None
    await later(world, me, 1)
    assert (await factor(me))["step_up_until"] is None


async def test_a_code_that_was_used_or_is_wrong_is_no_step_up(world: World) -> None:
    who = await Newcomer.hired(world)
    me = await who.enrolled()
    await later(world, me, 11)
    for code in ("000000", who.code()):
        refused = await me.post("/v1/auth/step-ups", {"totp": code})
        assert (refused.status_code, refused.json()["code"]) == (403, "totp-wrong")
    assert (await factor(me))["step_up_until"] is None
    answers = await asyncio.gather(*(me.post("/v1/auth/step-ups", {"totp": who.code(1)}) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 403, 403]


async def test_a_recovery_code_is_no_step_up_nor_a_way_to_one(world: World) -> None:
    who = await Newcomer.hired(world)
    await who.enrolled()
    me = await who.signed_in(password=OWN_PASSWORD, recovery_code=who.recovery_codes[0])
    assert (await factor(me))["step_up_until"] is None
    for path in ("/v1/me/totp", "/v1/me/recovery-codes"):
        assert (await me.post(path)).json()["code"] == "step-up-required"
    assert (await me.post("/v1/auth/step-ups", {"totp": who.recovery_codes[1]})).status_code == 422
    assert (await me.post("/v1/auth/step-ups", {"totp": who.code(1)})).status_code == 200
    assert (await me.post("/v1/me/recovery-codes")).status_code == 201


async def test_guessing_codes_ends_after_ten(world: World) -> None:
    who = await Newcomer.hired(world)
    me = await who.enrolled()
    for guess in range(10):
        assert (await me.post("/v1/auth/step-ups", {"totp": f"00000{guess}"})).status_code == 403
    refused = await me.post("/v1/auth/step-ups", {"totp": who.code(1)})
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-requests")
    await world.line.execute("update app.buckets set until = now()")
    assert (await me.post("/v1/auth/step-ups", {"totp": who.code(1)})).status_code == 200


async def test_a_step_up_is_three_statements(world: World) -> None:
    who = await Newcomer.hired(world)
    me = await who.enrolled()
    before = world.service.db.trips
    assert (await me.post("/v1/auth/step-ups", {"totp": who.code(1)})).status_code == 200
    assert world.service.db.trips - before == 3
