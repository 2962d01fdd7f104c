"""How things end: refused, agreed by both asking, decided after a silence, an entered agreement, a destination."""

import asyncio
from collections.abc import Mapping
from typing import Any, Final

from app.demo.client import Json, Person, expect
from app.demo.tale import PASSWORD, PDF, TERMS, Journey, the_day_after

_REASON: Final = "因家庭原因需回原籍工作，申请解除。"
_ENTERED: Final[Mapping[str, Any]] = {
    "unit_name": "上海远山科技有限公司",
    "unit_credit_code": "91350100M000100Y43",
    "unit_nature": "39",
    "unit_industry": "34",
    "region": "310115",
    "unit_address": "上海市浦东新区世纪大道1号",
    "contact_name": "王经理",
    "contact_phone": "021-58880000",
    "position": "后端开发工程师",
    "occupation_category": "13",
    "salary_monthly": 12000,
    "work_region": "310115",
    "work_address": "上海市浦东新区世纪大道1号",
    "report_on": "2027-07-05",
    "archive_mode": "home",
}


async def a_destination_ends(tale: Journey) -> None:
    """Approved, so no longer withdrawn alone: asked for, and decided by the school in its queue."""
    graduate = tale.people["second graduate"]
    options = (await graduate.get("/v1/me/options"))["items"]
    (mine,) = [one for one in options if one["procedure"] == "termination"]
    tale.say(f"The freelancer's destination is in force; what may be opened names its end: {mine['action']}")
    path = await _asked(graduate, mine["about"], type="further_study_or_civil_service")
    await _decided(tale, path, "school")
    ended = await graduate.get(f"/v1/destinations/{mine['about']}")
    tale.say(f"The destination is {ended['status']}: {ended['ending']}; the graduate is free again")


async def an_entered_agreement_ends(tale: Journey) -> None:
    """Binding once it is issued, on paper with an employer outside: the school wants to see a proof."""
    graduate = tale.people["second graduate"]
    draft = await graduate.post("/v1/entered-agreements", {"details": _ENTERED})
    agreement = f"/v1/entered-agreements/{expect(draft)['record']['id']}"
    number = expect(await graduate.move(agreement, "issue"))["record"]["number"]
    wish = {"placement_id": agreement.rpartition("/")[2], "type": "mutual", "reason": _REASON}
    unmet = (await graduate.post("/v1/terminations", wish)).json()["unmet"][0]
    tale.say(f"Entered agreement {number} is issued; ending it without a proof: {unmet['code']}", unmet["how"])
    proof = await graduate.upload("解约函.pdf", "proof", PDF)
    path = await _asked(graduate, wish["placement_id"], proof_file_ids=[proof])
    seen = await tale.people["school"].fetch(f"/v1/files/{proof}/content")
    tale.say(f"With the employer's letter, which the school can read: {seen.status_code}")
    await _decided(tale, path, "school")


async def both_sides_ask(tale: Journey) -> None:
    """Refused when one asks; when the other side asks as well, that is the answer."""
    graduate, employer = tale.people["second graduate"], tale.people["new employer"]
    agreement = await _signed(tale)
    path = await _asked(graduate, agreement)
    expect(await employer.move(path, "refuse", comment="岗位急需，暂不同意。"))
    tale.say(f"The graduate asks and the employer refuses: {(await graduate.get(path))['decision']}")
    path = await _asked(employer, agreement, type="employer_breach")
    wish = {"placement_id": agreement, "type": "mutual", "reason": _REASON}
    answer = expect(await graduate.post("/v1/terminations", wish))
    tale.say(f"The employer asks, then the graduate too, which is to {answer['change']['action']}: both are free")


async def nobody_answers(tale: Journey) -> None:
    """Ten working days of silence, and a body decides in the place of who did not answer."""
    graduate, employer = tale.people["second graduate"], tale.people["new employer"]
    agreement = await _signed(tale)
    path = await _asked(graduate, agreement)
    due = (await employer.get(path))["reply_due_on"]
    async with the_day_after(tale, due):
        waiting = await _escalated(graduate, path)
        tale.say(f"The employer is silent until {due} has ended: now {waiting['body']['name']} decides")
        late = (await employer.move(path, "refuse")).json()["unmet"][0]
        tale.say(f"The employer's answer comes too late: {late['code']}")
        await _decided(tale, path, "school" if waiting["stage"] == "school" else "county")


CHAPTERS: Final = (a_destination_ends, an_entered_agreement_ends, both_sides_ask, nobody_answers)


async def _asked(who: Person, placement: str, **more: Any) -> str:
    wish = {"placement_id": placement, "type": "mutual", "reason": _REASON, **more}
    return f"/v1/terminations/{expect(await who.post('/v1/terminations', wish))['record']['id']}"


async def _decided(tale: Journey, path: str, name: str) -> None:
    body = tale.people[name]
    queue = (await body.get("/v1/reviews?kind=termination&order=newest"))["items"]
    (review,) = [one for one in queue if path.endswith(one["record_id"])]
    agreed = expect(await body.move(path, "approve", comment="情况属实，同意解约。"))
    tale.say(f"The {review['stage']} finds it in its queue and approves: {agreed['change']['to']}")


async def _escalated(who: Person, path: str) -> Json:
    """For whom it waits, once the worker has seen that nobody answered."""
    for _ in range(100):
        waiting: Json = (await who.get(path))["waiting_for"]
        if waiting["stage"] != "counterparty":
            return waiting
        await asyncio.sleep(0.1)
    message = f"{path} was not escalated"
    raise TimeoutError(message)


async def _signed(tale: Journey) -> str:
    """The id of a new agreement of the second graduate's."""
    graduate, employer = tale.people["second graduate"], tale.people["new employer"]
    code = expect(await graduate.post("/v1/me/signing-codes"))["signing_code"]
    sent = expect(await employer.post("/v1/invitations", {"to": {"signing_code": code}, "terms": TERMS}))
    invitation = f"/v1/invitations/{sent['record']['id']}"
    accepted = expect(await graduate.move(invitation, "accept", terms_version=1, password=PASSWORD))
    return str(accepted["created"][0]["id"])
