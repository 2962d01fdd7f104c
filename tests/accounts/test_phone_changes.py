"""Phones: changed by a code to each of both; one that another person holds moves after 72 hours unless they object."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest

from app.change import Change
from app.db import PUBLIC, Stale
from app.outbox import promise
from app.workflows.accounts import phone_claims, phones
from tests.accounts.lost import a_graduate, code, kept_code, lives, work
from tests.accounts.people import Enrolled, enrolled, messages_to, phone, register, sign_in
from tests.world import Somebody, World

PATH = "/v1/me/phone"
GRADUATE = {"as": "graduate", "level": "bachelor"}


async def change(world: World, who: Somebody, present: str, number: str, **other: Any) -> httpx.Response:
    """Change one's phone with fresh codes to both."""
    given = {
        "phone": number,
        "code": await kept_code(world, number, "phone_change"),
        "present_code": await kept_code(world, present, "phone_release"),
        **other,
    }
    return await world.client.put(PATH, json=given, headers=who.headers({}))


async def masked(who: Somebody) -> str:
    """One's phone as one sees it."""
    return str((await who.get(PATH)).json()["phone"])


async def due(world: World) -> None:
    """The time to object is over for every open claim."""
    await world.line.execute("update app.phone_claims set moves_at = now() where status = 'open'")
    await world.line.execute("update app.pgqueuer set execute_after = now() where entrypoint = 'phone-moves'")


async def holder_of(world: World, number: str) -> str | None:
    """The person who holds a number."""
    index = world.service.blind_index.of("phone", number)
    found = await world.line.fetchval("select person_id::text from app.phones where bidx = $1", index)
    return found and str(found)


async def test_codes_to_both_move_the_phone_in_one_write_and_the_old_one_is_told(world: World) -> None:
    who, me = await a_graduate(world)
    number = phone()
    given = {
        "phone": number,
        "code": await code(world, number, "phone_change"),
        "present_code": await code(world, who.phone, "phone_release"),
    }
    before = world.service.db.trips
    answer = await world.client.put(PATH, json=given, headers=me.headers({}))
    assert answer.status_code == 200, answer.text
    assert world.service.db.trips - before <= 5, "what is held, two codes, the write, and what is held now"
    assert answer.json()["phone"] == f"{number[:3]}****{number[-4:]}"
    assert answer.json()["claims"] == []
    assert (await messages_to(world, who.phone))[-1].kind == "phone-changed"
    assert (await me.get("/v1/me/messages")).json()["items"][0]["kind"] == "phone-changed"
    assert (await sign_in(world, **GRADUATE, phone=number)).status_code == 201
    assert (await sign_in(world, **GRADUATE, phone=who.phone)).status_code == 401
    assert number not in str([dict(row) for row in await world.line.fetch("select * from app.phones")])


async def test_one_code_is_not_enough(world: World) -> None:
    who, me = await a_graduate(world)
    number = phone()
    wrong = "000000"
    for other, pointer in (
        ({"code": wrong}, "/body/code"),
        ({"present_code": wrong}, "/body/present_code"),
        ({"present_code": None}, "/body/present_code"),
    ):
        answer = await change(world, me, who.phone, number, **other)
        assert answer.status_code == 422, answer.text
        assert answer.json()["errors"][0]["pointer"] == pointer
    assert await masked(me) == f"{who.phone[:3]}****{who.phone[-4:]}"
    assert await holder_of(world, number) is None


async def test_phones_are_graduates_own(world: World) -> None:
    for person in (await world.staff("school"), await world.employer()):
        assert (await person.get(PATH)).status_code == 403
        assert (await change(world, person, phone(), phone())).status_code == 403
        assert (await person.post(f"{PATH}/objection")).status_code == 403


async def test_of_two_who_take_one_number_at_once_one_holds_it(world: World) -> None:
    for _ in range(4):
        (one, first), (other, second) = await a_graduate(world), await a_graduate(world)
        number = phone()
        sent = await kept_code(world, number, "phone_change")
        ready = [
            {"phone": number, "present_code": await kept_code(world, who.phone, "phone_release")}
            for who in (one, other)
        ]
        answers = await asyncio.gather(
            *(
                world.client.put(PATH, json={**given, "code": sent}, headers=person.headers({}))
                for given, person in zip(ready, (first, second), strict=True)
            )
        )
        assert sorted(answer.status_code for answer in answers) == [200, 422], "the code is good once"
        assert await holder_of(world, number) in (one.person, other.person)


async def test_two_changes_of_one_person_at_once_leave_one_phone(world: World) -> None:
    who, me = await a_graduate(world)
    numbers = [phone(), phone()]
    ready = [{"phone": number, "code": await kept_code(world, number, "phone_change")} for number in numbers]
    sent = await kept_code(world, who.phone, "phone_release")
    answers = await asyncio.gather(
        *(world.client.put(PATH, json={**one, "present_code": sent}, headers=me.headers({})) for one in ready)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 422]
    assert await world.line.fetchval("select count(*) from app.phones where person_id = $1", who.person) == 1


async def claim(world: World) -> tuple[Enrolled, Somebody, Enrolled, Somebody]:
    """Somebody holds a number, and another person has proven it: holder, then claimant."""
    (who, holder), (other, claimant) = await a_graduate(world), await a_graduate(world)
    answer = await change(world, claimant, other.phone, who.phone)
    assert answer.status_code == 200, answer.text
    (waiting,) = answer.json()["claims"]
    assert (waiting["by"], waiting["phone"]) == ("mine", f"{who.phone[:3]}****{who.phone[-4:]}")
    assert answer.json()["phone"] == f"{other.phone[:3]}****{other.phone[-4:]}", "until then it is the old one"
    return who, holder, other, claimant


async def test_a_number_that_another_person_holds_moves_after_72_hours(world: World) -> None:
    who, holder, other, claimant = await claim(world)
    assert await work(world, "phone-claimed") >= 1
    assert (await messages_to(world, who.phone))[-1].kind == "phone-claimed"
    assert (await holder.get("/v1/me/messages")).json()["items"][0]["kind"] == "phone-claimed"
    assert (await holder.get(PATH)).json()["claims"][0]["by"] == "anothers"
    waits = await world.line.fetchval(
        "select j.execute_after - now() from app.pgqueuer j, app.phone_claims c where j.entrypoint = 'phone-moves'"
        " and position(c.id::text::bytea in j.payload) > 0 and c.bidx = $1",
        world.service.blind_index.of("phone", who.phone),
    )
    assert timedelta(hours=71) < waits <= timedelta(hours=72)
    await due(world)
    await work(world, "phone-moves")
    assert await holder_of(world, who.phone) == other.person
    assert (await holder.get(PATH)).json() == {"phone": None, "proven_at": None, "claims": []}
    assert await masked(claimant) == f"{who.phone[:3]}****{who.phone[-4:]}"
    assert (await messages_to(world, other.phone))[-1].kind == "phone-changed"
    assert (await holder.get("/v1/me/messages")).json()["items"][0]["kind"] == "phone-lost"
    assert await holder_of(world, other.phone) is None
    signed_in = await sign_in(world, **GRADUATE, phone=who.phone)
    assert signed_in.status_code == 201


async def test_a_claim_moves_nothing_before_its_time_nor_after_an_objection(world: World) -> None:
    who, holder, other, claimant = await claim(world)
    own = "select id::text from app.phone_claims where status = 'open' and person_id = $1"
    claims = await world.line.fetch(own, other.person)
    assert len(claims) == 1
    for row in claims:
        await phone_claims.move(world.service, {"claim": row["id"]}, asyncio.Event())
    assert await holder_of(world, who.phone) == who.person
    assert (await claimant.post(f"{PATH}/objection")).status_code == 404, "one's own claim is not objected to"
    assert (await holder.post(f"{PATH}/objection")).status_code == 204
    assert (await holder.post(f"{PATH}/objection")).status_code == 404
    await due(world)
    await work(world, "phone-moves")
    assert await holder_of(world, who.phone) == who.person
    assert (await claimant.get(PATH)).json()["claims"] == []
    assert await lives(world, holder)


async def test_one_claim_at_a_time_on_a_number(world: World) -> None:
    who, _, _, _ = await claim(world)
    third, me = await a_graduate(world)
    refused = await change(world, me, third.phone, who.phone)
    assert (refused.status_code, refused.json()["code"]) == (409, "phone-claimed")


async def test_a_job_done_twice_is_done_once(world: World) -> None:
    who, _, other, _ = await claim(world)
    payloads = await world.line.fetch("select payload from app.pgqueuer where entrypoint = 'phone-moves'")
    await due(world)
    for _ in range(2):
        for row in payloads:
            await phone_claims.move(world.service, orjson.loads(row["payload"]), asyncio.Event())
    assert await holder_of(world, who.phone) == other.person


async def test_a_number_of_somebody_else_is_claimed_by_registering_and_good_for_it_72_hours_later(world: World) -> None:
    for objects in (True, False):
        (held, holder), new = await a_graduate(world), await enrolled(world)
        new.phone = held.phone
        for _ in range(2):
            refused = await register(world, new)
            assert (refused.status_code, refused.json()["code"]) == (409, "registration-refused")
        wrong = await register(world, await enrolled(world), phone=held.phone, name="李四")
        assert {**refused.json(), "request_id": None} == {**wrong.json(), "request_id": None}
        open_ones = "select count(*) from app.phone_claims where status = 'open' and bidx = $1"
        assert await world.line.fetchval(open_ones, world.service.blind_index.of("phone", held.phone)) == 1
        if objects:
            assert (await holder.post(f"{PATH}/objection")).status_code == 204
        await due(world)
        await work(world, "phone-moves")
        assert (await register(world, new)).status_code == (409 if objects else 201)


async def test_a_phone_that_changed_meanwhile_is_stale_and_nothing_of_the_change_is_written(world: World) -> None:
    who, _ = await a_graduate(world)
    service, number = world.service, phone()
    promised = "select count(*) from app.pgqueuer where entrypoint = 'nothing'"
    for former in (service.blind_index.of("phone", number), None):
        change = Change.of((phones.give(service, who.person, number, former), promise("nothing", {})))
        with pytest.raises(Stale):
            await service.db.apply(change, PUBLIC, purpose="recovery")
    assert (await holder_of(world, number), await world.line.fetchval(promised)) == (None, 0)
    right = phones.give(service, who.person, number, service.blind_index.of("phone", who.phone))
    await service.db.apply(Change.of((right, promise("nothing", {}))), PUBLIC, purpose="recovery")
    assert (await holder_of(world, number), await world.line.fetchval(promised)) == (who.person, 1)
    await world.line.execute("delete from app.pgqueuer where entrypoint = 'nothing'")
