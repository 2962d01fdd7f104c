"""Accounts that can be trusted: a lost phone, new staff, a look at an ID number, an integration."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Final

from PIL import Image

from app.demo.client import Person, captcha, codes_at, expect, next_code, phone_code, totp
from app.demo.newcomers import Newcomer
from app.demo.tale import Journey

NEW_PASSWORD: Final = "白杨-挺拔-2028"  # noqa: S105 (of people that exist in the sandbox alone)


async def a_lost_phone(tale: Journey) -> None:
    """The account is recovered with a photo that the school looks at, and that is gone after the decision."""
    me, phone, school = tale.newcomers[0], Newcomer.by_chance().phone, tale.people["school"]
    drawn = BytesIO()
    Image.effect_noise((320, 240), 40).save(drawn, "JPEG")
    body = {
        "name": me.name,
        "id_number": me.id_number,
        "level": "bachelor",
        "school_code": tale.personas["school"]["school_code"],
        "phone": phone,
        "code": await phone_code(tale.api, "recovery", phone),
        "photo": b64encode(drawn.getvalue()).decode(),
    }
    case = f"/v1/recoveries/{expect(await tale.api.post('/v1/recoveries', json=body), 202)['reference']}"
    tale.say("The phone is lost: a recovery is asked for, with a new phone and a photo")
    queue = (await school.get("/v1/reviews?order=newest"))["items"]
    (review,) = [one["id"] for one in queue if case.endswith(one["record_id"])]
    await school.put(f"/v1/reviews/{review}/claim")
    photo, known = await school.fetch(f"{case}/photo"), len(await codes_at(tale.api, phone))
    expect(await school.move(case, "approve"))
    tale.say(f"The school claims the case, sees the photo ({photo.status_code}) and approves")
    redemption = {
        "id_number": me.id_number,
        "level": "bachelor",
        "phone": phone,
        "code": await next_code(tale.api, phone, known),
        "password": NEW_PASSWORD,
        "captcha": await captcha(tale.api, "recovery"),
    }
    expect(await tale.api.post("/v1/recoveries/redemptions", json=redemption))
    gone = await school.fetch(f"{case}/photo")
    ended = await tale.people["graduate"].fetch("/v1/me")
    tale.say(f"A new password; the photo is gone ({gone.status_code}), former sessions ended ({ended.status_code})")
    login = {"as": "graduate", "level": "bachelor", "phone": phone, "password": NEW_PASSWORD}
    tale.people["graduate"] = await Person.sign_in("graduate", tale.api, login)


async def new_staff(tale: Journey) -> None:
    """Made by the school's administrator; they enrol their own authenticator before they can do anything else."""
    school = tale.people["school"]
    username = f"demo.{Newcomer.by_chance().phone}"
    draft = {"username": username, "display_name": "刘老师", "roles": ["reviewer"]}
    made = expect(await school.post("/v1/staff", {**draft, "body_id": (await school.get("/v1/me"))["body"]["id"]}))
    login = {"as": "staff", "username": username, "password": made["initial_password"]}
    person = await Person.sign_in("colleague", tale.api, login)
    refused = await person.fetch("/v1/reviews")
    tale.say(f"A colleague signs in with an initial password: {refused.status_code} {refused.json()['code']}")
    secret = expect(await person.post("/v1/me/totp"))["secret"]
    confirmation = {"totp": await totp(secret), "new_password": NEW_PASSWORD + "-教务处"}
    codes = expect(await person.post("/v1/me/totp/confirmation", confirmation))["recovery_codes"]
    seen = await person.fetch("/v1/reviews")
    tale.say(f"Their authenticator is confirmed, {len(codes)} recovery codes are shown once: {seen.status_code}")
    again = {"as": "staff", "username": username, "password": confirmation["new_password"], "recovery_code": codes[0]}
    back = await Person.sign_in("colleague", tale.api, again)
    tale.say(
        "Without the phone, a recovery code lets them in, once", f"amr {(await back.get('/v1/me'))['session']['amr']}"
    )


async def a_look_at_an_id_number(tale: Journey) -> None:
    """After a step-up, for a reason, recorded before it is shown; the graduate reads who looked."""
    school, graduate = tale.people["school"], tale.people["graduate"]
    code = await totp(tale.personas["school"]["totp_secret"])
    expect(await school.post("/v1/auth/step-ups", {"totp": code}))
    who = (await graduate.get("/v1/me"))["graduate"]
    wish = {"graduate_id": who["id"], "fields": ["id_number"], "reason": "review", "comment": "核对身份证明材料。"}
    shown = expect(await school.post("/v1/reveals", wish))
    tale.say(f"The school reveals {who['id_number']}", f"it ends in {shown['id_number'][-4:]}")
    (access, *_) = (await graduate.get("/v1/me/accesses"))["items"]
    tale.say(f"The graduate reads who looked: {access['body']['name']}, {access['reason']}")


async def an_integration(tale: Journey) -> None:
    """A service client of the school reads the queue with its scope, and nothing else."""
    school = tale.people["school"]
    until = (datetime.now(UTC) + timedelta(days=90)).isoformat()
    responsible = (await school.get("/v1/me"))["account_id"]
    draft = {"name": "教务系统", "scopes": ["reviews:read"], "responsible_id": responsible, "expires_at": until}
    made = expect(await school.post("/v1/clients", draft))
    proof = (made["client"]["id"], made["client_secret"])
    granted = expect(await tale.api.post("/v1/oauth/token", data={"grant_type": "client_credentials"}, auth=proof))
    client = Person("client", tale.api, granted["access_token"])
    queue, agreements = await client.fetch("/v1/reviews"), await client.fetch("/v1/agreements")
    code = agreements.json()["code"]
    tale.say(f"A client with `reviews:read` reads the queue ({queue.status_code}), not agreements ({code})")


CHAPTERS: Final = (a_lost_phone, new_staff, a_look_at_an_id_number, an_integration)
