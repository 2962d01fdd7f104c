"""The doors of visitors: a purpose opens its own tables, and every statement holds under every plan."""

from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select

from app import starting
from app.db import PUBLIC, Database, Read, Result
from app.models import Account, Graduate, Person, Phone, RosterEntry, Session
from app.workflows.accounts import recovery_lapses
from tests.accounts.lost import NEW_PASSWORD, a_graduate, approved, kept_code, opened, redeem, reset, work
from tests.accounts.people import code_for, enrolled, phone, post, register, sign_in
from tests.fire.planner import SOME_PLANS, Planner
from tests.fire.served import served
from tests.world import PASSWORD, World

KEYS = {
    Account: Account.id,
    Graduate: Graduate.id,
    Person: Person.id,
    Phone: Phone.person_id,
    RosterEntry: RosterEntry.id,
    Session: Session.id,
}
OPENED = {
    "login": {Account, Graduate, Person, Phone, Session},
    "registration": {Account, Graduate, Person, Phone, RosterEntry},
    "refreshing": {Account, Session},
    "password_reset": {Account, Graduate, Person, Phone, RosterEntry, Session},
    "recovery": {Account, Graduate, Person, Phone, Session},
    "password_change": set(),
    "phone_code": set(),
    "captchas": set(),
    "reference": set(),
    "": set(),
}


async def getting_in(world: World) -> None:
    """Somebody who registers, is refused, signs in, refreshes, verifies, mints a code, reads their own, signs out."""
    who = await enrolled(world)
    assert (await register(world, who, name="李四")).status_code == 409
    assert (await register(world, who, code="999999")).status_code == 422
    assert (await register(world, who)).status_code == 201
    name = {"as": "graduate", "level": "bachelor", "phone": who.phone}
    assert (await sign_in(world, **name, password="wrong")).status_code == 401
    tokens = (await sign_in(world, **name)).json()
    tokens = (await post(world, "/v1/auth/tokens/refresh", {"refresh_token": tokens["refresh_token"]})).json()
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}
    for path in ("/v1/me", "/v1/me/messages"):
        assert (await world.client.get(path, headers=headers)).status_code == 200
    for path in ("/v1/me/identity-verification", "/v1/me/signing-codes"):
        assert (await world.client.post(path, headers=headers)).is_success
    assert (await (await world.staff("school")).get("/v1/registration-attempts")).json()["items"]
    assert (await world.client.delete("/v1/auth/sessions/current", headers=headers)).status_code == 204
    await code_for(world, who.phone)


async def getting_back_in(world: World) -> None:
    """Somebody who resets, is refused, loses the phone, recovers, changes password and phone, claims one, objects."""
    who, me = await a_graduate(world)
    assert (await reset(world, who, level="master")).status_code == 403
    assert (await reset(world, who, password=PASSWORD)).status_code == 204
    number, reviewer = phone(), await world.staff("school", "reviewer")
    path, code = await approved(world, who, number, reviewer)
    for reader in (f"{path}/transitions", "/v1/recoveries", "/v1/reviews"):
        assert (await reviewer.get(reader)).status_code == 200
    assert (await redeem(world, who, number, "000000" if code != "000000" else "111111")).status_code == 422
    assert (await redeem(world, who, number, code, password=PASSWORD)).status_code == 201
    me.token = (await sign_in(world, **{"as": "graduate"}, level="bachelor", phone=number)).json()["access_token"]
    other, holder = await a_graduate(world)
    present = number
    for taken in (phone(), other.phone):
        codes = {
            "code": await kept_code(world, taken, "phone_change"),
            "present_code": await kept_code(world, present, "phone_release"),
        }
        changed = await world.client.put("/v1/me/phone", json={"phone": taken, **codes}, headers=me.headers({}))
        assert changed.status_code == 200, changed.text
        present = taken
    assert await work(world, "phone-claimed")
    await world.line.execute("update app.phone_claims set moves_at = now()")
    await world.line.execute("update app.pgqueuer set execute_after = now()")
    assert await work(world, "phone-moves")
    assert (await holder.get("/v1/me/phone")).json()["phone"] is None
    new = {"present_password": PASSWORD, "password": NEW_PASSWORD}
    assert (await world.client.put("/v1/me/password", json=new, headers=me.headers({}))).status_code == 204
    await opened(world, other)
    await world.line.execute("update app.recoveries set lapses_at = now() where status = 'submitted'")
    await recovery_lapses.lapse(world.service)


@pytest.mark.parametrize("purpose", OPENED)
async def test_a_purpose_opens_its_own_tables_and_no_others(world: World, purpose: str) -> None:
    who = await enrolled(world)
    await register(world, who)
    await sign_in(world, **{"as": "graduate"}, level="bachelor", phone=who.phone)
    seen = set()
    for model, key in KEYS.items():
        rows = await world.service.db.rows(Read(select(key.label("key")).limit(1), door=PUBLIC), {"purpose": purpose})
        seen |= {model} if rows[0].key else set()
    assert seen == OPENED[purpose]


class Doubting(Database):
    """Tries every statement under many plans before it runs it."""

    planner: Planner | None = None
    outcomes: dict[str, int]
    """How many different things each statement said and did."""

    async def _run(self, statement: Any, values: Mapping[str, Any], lost: str) -> list[Result]:
        if self.planner:
            found = await self.planner.outcomes(statement.sql, *statement.arguments(values))
            self.outcomes[statement.sql] = max(len(found), self.outcomes.get(statement.sql, 0))
        return await super()._run(statement, values, lost)


@pytest.mark.slow
async def test_getting_in_says_and_does_the_same_under_every_plan(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(starting, "Database", Doubting)
    monkeypatch.setattr(Doubting, "outcomes", {}, raising=False)
    async with Planner.at(database_url, SOME_PLANS) as planner, served(database_url) as world:
        monkeypatch.setattr(Doubting, "planner", planner)
        await getting_in(world)
        await getting_back_in(world)
    assert [sql for sql, outcomes in Doubting.outcomes.items() if outcomes != 1] == []
    for written in ("spent", "right_one", "kept", "phone_codes_0", "logins_forgotten", "given", "ended", "vacated"):
        assert any(written in sql for sql in Doubting.outcomes), written
