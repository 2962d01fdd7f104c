"""People who have lost their password or their phone, and what they do about it."""

import asyncio
from base64 import b64encode
from datetime import timedelta
from io import BytesIO
from typing import Any

import httpx
import orjson
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from app import worker
from app.change import Change
from app.db import PUBLIC
from app.schemas.auth import PhoneCodePurpose
from app.workflows.accounts import phone_codes, recovery_lapses
from app.workflows.sms import SandboxTelephone
from tests.accounts.people import Enrolled, captcha, enrolled, messages_to, phone, post, register, sign_in
from tests.world import COHORT, Somebody, World

NEW_PASSWORD = "泉水-2028-清冽-白石"
CODE = "482913"


def _drawn() -> bytes:
    """A picture with a remark in it."""
    remark, out = PngInfo(), BytesIO()
    remark.add_text("comment", "a person holding a card")
    Image.effect_noise((64, 48), 60).save(out, "PNG", pnginfo=remark)
    return out.getvalue()


PNG = _drawn()


def pixels(content: bytes) -> bytes:
    """What a picture shows."""
    with Image.open(BytesIO(content)) as picture:
        return picture.convert("RGB").tobytes()


async def a_graduate(world: World, cohort: int = COHORT) -> tuple[Enrolled, Somebody]:
    """Somebody with an account and a proven phone, signed in."""
    who = await enrolled(world, cohort=cohort)
    made = await register(world, who)
    assert made.status_code == 201, made.text
    tokens = await sign_in(world, **{"as": "graduate"}, level="bachelor", phone=who.phone)
    told = made.json()
    return who, Somebody(
        world.client, tokens.json()["access_token"], told["account_id"], graduate=told["graduate_id"], facts=who.fields
    )


async def code(world: World, number: str, purpose: str) -> str:
    """The code that was sent to a phone for this; the limits are forgotten."""
    await world.line.execute("delete from app.buckets")
    given = {"purpose": purpose, "phone": number, "captcha": await captcha(world, "phone_code")}
    sent = await post(world, "/v1/auth/phone-codes", given)
    assert sent.status_code == 202, sent.text
    return str((await messages_to(world, number))[-1].params["code"])


async def kept_code(world: World, number: str, purpose: str) -> str:
    """A code as if it had been sent to a phone; no limit is counted or forgotten."""
    put = phone_codes.put(
        world.service,
        PhoneCodePurpose(purpose),
        world.service.blind_index.of("phone", number),
        CODE,
        timedelta(minutes=5),
    )
    await world.service.db.apply(Change(sets=(put,)), PUBLIC, purpose="phone_code")
    return CODE


async def reset(world: World, who: Enrolled, **other: Any) -> httpx.Response:
    """Reset a graduate's password by a fresh code, with other values where given."""
    given = {
        "as": "graduate",
        "level": who.fields["level"],
        "id_number": who.fields["id_number"],
        "phone": who.phone,
        "password": NEW_PASSWORD,
        **other,
    }
    if "code" not in given:
        given["code"] = await code(world, given["phone"], "password_reset")
    return await post(world, "/v1/auth/password-resets", {"captcha": await captcha(world, "password_reset"), **given})


def photo(content: bytes = PNG) -> str:
    """A photo as it is sent."""
    return b64encode(content).decode()


async def ask(world: World, who: Enrolled, number: str, **other: Any) -> httpx.Response:
    """Open a recovery with this new phone, with other values where given."""
    named = {name: who.fields[name] for name in ("name", "id_number", "level", "school_code")}
    given = {**named, "phone": number, "photo": photo(), **other}
    if "code" not in given:
        given["code"] = await code(world, number, "recovery")
    return await post(world, "/v1/recoveries", given)


async def opened(world: World, who: Enrolled, number: str | None = None) -> str:
    """The path of a recovery that was opened."""
    answer = await ask(world, who, number or phone())
    assert answer.status_code == 202, answer.text
    return f"/v1/recoveries/{answer.json()['reference']}"


async def claimed(world: World, reviewer: Somebody, path: str) -> str:
    """Claim the review of a recovery; its path."""
    review = await world.line.fetchval(
        "select id from app.reviews where record_id = $1 and decision is null", path.rpartition("/")[2]
    )
    claim = f"/v1/reviews/{review}/claim"
    taken = await world.client.put(claim, headers=reviewer.headers({}))
    assert taken.status_code == 200, taken.text
    return claim


async def approved(world: World, who: Enrolled, number: str, reviewer: Somebody) -> tuple[str, str]:
    """A recovery that the reviewer has approved: its path, and the code that went to the new phone."""
    path = await opened(world, who, number)
    await claimed(world, reviewer, path)
    assert (await reviewer.get(f"{path}/photo")).status_code == 200
    answer = await reviewer.move(path, "approve")
    assert answer.status_code == 201, answer.text
    sent = [one for one in await messages_to(world, number) if one.kind == "recovery-code"]
    return path, str(sent[-1].params["code"])


async def redeem(world: World, who: Enrolled, number: str, given_code: str, **other: Any) -> httpx.Response:
    """Redeem an approved recovery, with other values where given."""
    named = {name: who.fields[name] for name in ("id_number", "level")}
    given = {**named, "phone": number, "code": given_code, "password": NEW_PASSWORD, **other}
    return await post(world, "/v1/recoveries/redemptions", {"captcha": await captcha(world, "recovery"), **given})


async def in_situation(world: World, situation: str, reviewer: Somebody) -> tuple[Enrolled, Somebody, str]:
    """A graduate with a recovery that stands so."""
    who, holder = await a_graduate(world)
    number = phone()
    if situation in ("approved", "redeemed"):
        path, code = await approved(world, who, number, reviewer)
        if situation == "redeemed":
            assert (await redeem(world, who, number, code)).status_code == 201
            token = await sign_in(world, **{"as": "graduate"}, level="bachelor", phone=number, password=NEW_PASSWORD)
            holder.token = token.json()["access_token"]
        return who, holder, path
    path = await opened(world, who, number)
    await claimed(world, reviewer, path)
    await reviewer.get(f"{path}/photo")
    if situation == "rejected":
        await reviewer.move(path, "reject", reason="not_eligible")
    if situation == "withdrawn":
        await holder.move(path, "withdraw")
    if situation == "lapsed":
        await world.line.execute(
            "update app.recoveries set lapses_at = now() - interval '1 minute' where id = $1", path[-36:]
        )
        await recovery_lapses.lapse(world.service)
    return who, holder, path


async def work(world: World, entrypoint: str) -> int:
    """Do the promised jobs of one kind that are due; how many there were."""
    kinds = worker.entrypoints(SandboxTelephone(world.service))
    jobs = await world.line.fetch(
        "delete from app.pgqueuer where entrypoint = $1 and execute_after <= now() returning payload", entrypoint
    )
    for job in jobs:
        await kinds[entrypoint].run(world.service, orjson.loads(job["payload"]), asyncio.Event())
    return len(jobs)


async def support(world: World) -> Somebody:
    """A reviewer of the help desk, which the province has one of."""
    body = await world.line.fetchval("select id from app.bodies where kind = 'support' order by id limit 1")
    return await world.staff("support", "reviewer", body=str(body or await world.body("support", "37", "客服中心")))


async def lives(world: World, who: Somebody) -> bool:
    """Whether somebody's session is still good."""
    return (await who.get("/v1/me")).status_code == 200
