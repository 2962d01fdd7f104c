"""One-time codes: sent to whoever asks, limited for each phone, good for five tries and one use."""

import asyncio

import pytest
from structlog.testing import capture_logs

from app.errors import Invalid
from app.schemas.auth import PhoneCodePurpose
from app.workflows.accounts import phone_codes
from tests.accounts.neighborhood import at
from tests.accounts.people import ask_for_a_code, code_for, enrolled, messages_to, phone, register, traces
from tests.world import World


async def proves(world: World, number: str, code: str) -> bool:
    """Whether the code proves the phone."""
    try:
        await phone_codes.prove(world.service, PhoneCodePurpose.REGISTRATION, number, code)
    except Invalid:
        return False
    return True


async def test_a_code_is_promised_alike_to_a_phone_that_is_known_and_to_one_that_is_not(world: World) -> None:
    who = await enrolled(world)
    await register(world, who)
    await world.line.execute("delete from app.buckets")
    known, unknown = await ask_for_a_code(world, who.phone), await ask_for_a_code(world, other := phone())
    assert (known.status_code, known.content) == (unknown.status_code, unknown.content) == (202, known.content)
    (message,) = await messages_to(world, other)
    assert message.kind == "one-time-code"
    assert message.params["code"] in message.text
    assert message.params["code"].isdigit()


async def test_a_phone_gets_one_code_a_minute_and_a_refusal_leaves_no_trace(world: World) -> None:
    number = phone()
    assert (await ask_for_a_code(world, number)).status_code == 202
    before = await traces(world)
    refused = await ask_for_a_code(world, number)
    assert (refused.status_code, refused.json()["code"]) == (429, "too-many-requests")
    assert 55 <= int(refused.headers["retry-after"]) <= 60
    assert await traces(world) == before
    assert (await ask_for_a_code(world, phone())).status_code == 202


async def test_a_phone_gets_five_codes_an_hour(world: World) -> None:
    number = phone()
    for _ in range(5):
        assert (await ask_for_a_code(world, number)).status_code == 202
        await world.line.execute("update app.buckets set until = now() where until < now() + interval '1 minute'")
    refused = await ask_for_a_code(world, number)
    assert refused.status_code == 429
    assert 3500 <= int(refused.headers["retry-after"]) <= 3600
    await world.line.execute("update app.buckets set until = now() where until < now() + interval '1 hour'")
    for _ in range(5):
        assert (await ask_for_a_code(world, number)).status_code == 202
        await world.line.execute("update app.buckets set until = now() where until < now() + interval '1 hour'")
    assert int((await ask_for_a_code(world, number)).headers["retry-after"]) > 86000


async def test_of_many_who_ask_at_once_one_is_served(world: World) -> None:
    number = phone()
    answers = await asyncio.gather(*(ask_for_a_code(world, number) for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [202, 429, 429, 429, 429, 429]
    assert len(await messages_to(world, number)) == 1


async def test_a_code_is_good_once_however_many_come_with_it_at_once(world: World) -> None:
    for _ in range(5):
        number = phone()
        code = await code_for(world, number)
        assert sorted(await asyncio.gather(*(proves(world, number, code) for _ in range(6)))) == [False] * 5 + [True]


async def test_a_code_is_good_for_five_tries(world: World) -> None:
    number = phone()
    code = await code_for(world, number)
    wrong = "000000" if code != "000000" else "111111"
    tried = await asyncio.gather(*(proves(world, number, wrong) for _ in range(4)))
    assert not any(tried)
    with pytest.raises(Invalid, match="code-wrong") as refusal:
        await phone_codes.prove(world.service, PhoneCodePurpose.REGISTRATION, number, wrong)
    assert refusal.value.params == {"left": 0}
    assert not await proves(world, number, code)


async def test_a_code_is_good_for_its_phone_and_five_minutes_and_until_the_next_one(world: World) -> None:
    mine, other = phone(), phone()
    first = await code_for(world, mine)
    assert not await proves(world, other, first)
    second = await code_for(world, mine)
    assert first == second or not await proves(world, mine, first)
    await world.line.execute("update app.one_time_codes set expires_at = now()")
    assert not await proves(world, mine, second)


async def test_a_code_is_kept_neither_in_the_table_nor_in_the_queue(world: World) -> None:
    number = phone()
    code = await code_for(world, number)
    (row,) = await world.line.fetch(
        "select digest from app.one_time_codes where phone_bidx = $1", world.service.blind_index.of("phone", number)
    )
    assert len(row["digest"]) == 32
    payloads = await world.line.fetch("select payload from app.pgqueuer where entrypoint = 'sms'")
    assert not any(code.encode() in row["payload"] or number.encode() in row["payload"] for row in payloads)


async def test_a_network_gets_so_many_codes_for_whatever_phones(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    few = world.service.settings.model_copy(update={"phone_codes_per_network": 3})
    monkeypatch.setattr(world.service, "settings", few)
    await world.line.execute("delete from app.buckets")
    async with at(world, "203.0.113.9") as here, at(world, "203.0.114.9") as there:
        assert [(await ask_for_a_code(here, phone())).status_code for _ in range(3)] == [202] * 3
        before, number = await traces(world), phone()
        refused = await ask_for_a_code(here, number)
        assert (refused.status_code, refused.json()["code"]) == (429, "too-many-requests")
        assert 3500 <= int(refused.headers["retry-after"]) <= 3600
        assert await traces(world) == before
        assert (await ask_for_a_code(there, number)).status_code == 202, "the phone was not counted"


async def test_the_breaker_stops_a_flood_from_many_networks_and_sounds_the_alarm_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = world.service.settings.model_copy(update={"phone_codes_an_hour": 4})
    monkeypatch.setattr(world.service, "settings", few)
    await world.line.execute("delete from app.buckets")

    async def from_somewhere(number: int) -> tuple[int, str | None, bool]:
        async with at(world, f"203.0.{number}.9") as here:
            answer = await ask_for_a_code(here, phone())
        waits = 3500 <= int(answer.headers.get("retry-after", 0)) <= 3600
        return answer.status_code, answer.json().get("code"), waits

    before = await traces(world)
    with capture_logs() as logs:
        answers = await asyncio.gather(*(from_somewhere(number) for number in range(9)))
    assert sorted(answers, key=str) == [(202, None, False)] * 4 + [(503, "phone-codes-paused", True)] * 5
    assert (await traces(world))["pgqueuer"] == before["pgqueuer"] + 4
    alarms = [one for one in logs if one["event"] == "breaker-tripped"]
    assert [(one["log_level"], one["limit"], one["most"]) for one in alarms] == [("error", "phone_codes_at_all", 4)]
    await world.line.execute("update app.buckets set until = now()")
    assert (await from_somewhere(1))[0] == 202
