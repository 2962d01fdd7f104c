"""The journey: a roster goes in, a graduate registers, signs, is reviewed, and the agreement ends by consent."""

import asyncio
import sys
from typing import Any

import httpx

from app.demo import accounts, archives, destinations, jobs, subsidies, terminations
from app.demo.client import Person, Refused, expect, phone_code
from app.demo.newcomers import Newcomer, credit_code, roster
from app.demo.tale import PASSWORD, PDF, TERMS, Journey


async def bodies_and_staff(tale: Journey) -> None:
    """Who is there, and how staff sign in."""
    listed = expect(await tale.api.get("/v1/sandbox/personas"))["items"]
    tale.personas = {one["persona"]: one for one in listed}
    schools = expect(await tale.api.get("/v1/schools?limit=200"))["items"]
    tale.say(f"{len(schools)} schools, from {schools[0]['name']} to {schools[-1]['name']}")
    await tale.sign_in("school", "department", "county", "provincial_education", "employer")
    session = (await tale.people["school"].get("/v1/me"))["session"]
    tale.say("Staff sign in with a password and a second factor", f"amr {session['amr']}")
    code = tale.personas["school"]["school_code"]
    settings = await tale.people["school"].get(f"/v1/schools/{code}/settings/2027")
    tale.say(f"School {code} reviews by {' → '.join(settings['review_chain'])}")


async def the_roster_goes_in(tale: Journey) -> None:
    """A dry run, the import, the same again, and the provincial roster; one row is bad and hurts no other."""
    code = tale.personas["school"]["school_code"]
    tale.newcomers = [Newcomer.by_chance() for _ in range(4)]
    content = roster(code, tale.newcomers, one_bad=True)
    await _import(tale, "school", "school", content, dry_run=True)
    await _import(tale, "school", "school", content)
    await _import(tale, "school", "school", content)
    await _import(tale, "provincial_education", "provincial", roster(code, tale.newcomers[:3]))


async def a_graduate_registers(tale: Journey) -> None:
    """The cohort gate, five fields that match the school's roster, a phone that is proven; then login."""
    me = tale.newcomers[0]
    body = {
        "name": me.name,
        "id_number": me.id_number,
        "level": "bachelor",
        "cohort": 2027,
        "school_code": tale.personas["school"]["school_code"],
        "phone": me.phone,
        "code": await phone_code(tale.api, "registration", me.phone),
        "password": PASSWORD,
    }
    refused = await tale.api.post("/v1/auth/registrations", json=body | {"cohort": 2018})
    tale.say(f"Cohort 2018 has accounts already: {refused.status_code} {refused.json()['code']}")
    expect(await tale.api.post("/v1/auth/registrations", json=body))
    login = {"as": "graduate", "level": "bachelor", "phone": me.phone, "password": PASSWORD}
    tale.people["graduate"] = graduate = await Person.sign_in("graduate", tale.api, login)
    told = await graduate.get("/v1/me")
    tale.say(f"{me.name} is registered and signed in", f"the ID number is shown as {told['graduate']['id_number']}")


async def identity_is_verified(tale: Journey) -> None:
    """What to do next says so; the provincial roster decides."""
    graduate = tale.people["graduate"]
    todo = (await graduate.get("/v1/me/todo"))["items"]
    tale.say(f"What to do next: {todo[0]['title']}")
    expect(await graduate.post("/v1/me/identity-verification"))
    tale.say("Found in the provincial roster: verified")


async def an_employer_registers(tale: Journey) -> None:
    """Registered by its operator, approved by the bureau of its registered place."""
    place, phone, credit = tale.personas["county"]["region"], Newcomer.by_chance().phone, credit_code()
    name = f"山东示例科技{credit[-4:]}有限公司"
    body = {
        "employer": {
            "credit_code": credit,
            "name": name,
            "nature": "39",
            "industry": "34",
            "registered_region": place,
            "region": place,
            "address": "经十路17703号",
            "contact_name": "李经理",
            "contact_phone": phone,
        },
        "operator": {"name": "李经理", "phone": phone, "password": PASSWORD},
        "code": await phone_code(tale.api, "employer_registration", phone),
    }
    made = expect(await tale.api.post("/v1/employers", json=body))
    login = {"as": "employer", "phone": phone, "credit_code": credit, "password": PASSWORD}
    tale.people["new employer"] = employer = await Person.sign_in("new employer", tale.api, login)
    options = (await employer.get("/v1/me/options"))["items"]
    tale.say(f"{name} ({credit}) is registered and may not invite yet", options[0]["blocked"]["message"])
    record = f"/v1/employers/{made['record']['id']}"
    licence = await employer.upload("营业执照.pdf", "licence", PDF)
    expect(await employer.move(record, "attach", licence_file_id=licence))
    expect(await tale.people["county"].move(record, "approve"))
    tale.say("It attaches its licence; the bureau of its registered place approves")


async def invitations(tale: Journey) -> None:
    """Two employers invite by signing code; one edits and extends; the graduate accepts what they saw."""
    graduate, employer = tale.people["graduate"], tale.people["new employer"]
    code = expect(await graduate.post("/v1/me/signing-codes"))["signing_code"]
    draft = {"to": {"signing_code": code}, "terms": TERMS}
    tale.invitation, rival = await _invited(employer, draft), await _invited(tale.people["employer"], draft)
    tale.say(f"Two employers invite {tale.newcomers[0].name} by the signing code {code}")
    expect(await employer.move(tale.invitation, "edit", terms=TERMS | {"salary_monthly": 9500}))
    expect(await employer.move(tale.invitation, "extend", valid_days=20))
    blind = await graduate.move(tale.invitation, "accept", terms_version=1, password=PASSWORD)
    unmet = blind.json()["unmet"][0]
    tale.say(f"Accepting terms that changed: {blind.status_code} {unmet['code']}", unmet["message"], unmet["how"])
    accepted = expect(await graduate.move(tale.invitation, "accept", terms_version=2, password=PASSWORD))
    tale.agreement = f"/v1/agreements/{accepted['created'][0]['id']}"
    tale.say(f"Accepted; the other invitation is {(await graduate.get(rival))['status']}")


async def the_agreement_is_reviewed(tale: Journey) -> None:
    """By the department, then by the school, each from its own queue."""
    drawn = await tale.people["graduate"].get(tale.agreement)
    waiting = drawn["waiting_for"]
    tale.say(f"Agreement {drawn['number']} waits for {waiting['body']['name']}", f"due on {waiting['due_on']}")
    for name in ("department", "school"):
        reviewer = tale.people[name]
        queue = (await reviewer.get("/v1/reviews?order=newest"))["items"]
        (review,) = [one for one in queue if tale.agreement.endswith(one["record_id"])]
        approved = expect(await reviewer.move(tale.agreement, "approve", comment="材料齐全，同意。"))
        tale.say(f"The {review['stage']} approves: {approved['change']['to']}")


async def it_is_ended(tale: Journey) -> None:
    """Refused once, agreed the second time."""
    graduate, employer = tale.people["graduate"], tale.people["new employer"]
    wish = {
        "placement_id": tale.agreement.rpartition("/")[2],
        "type": "mutual",
        "reason": "因家庭原因需回原籍，经协商一致。",
    }
    first = expect(await graduate.post("/v1/terminations", wish))["record"]["id"]
    expect(await employer.move(f"/v1/terminations/{first}", "refuse", comment="岗位急需，暂不同意。"))
    tale.say(f"The employer refuses: the agreement stays {(await graduate.get(tale.agreement))['decision']}")
    second = expect(await graduate.post("/v1/terminations", wish))["record"]["id"]
    expect(await employer.move(f"/v1/terminations/{second}", "agree"))
    ended = await graduate.get(tale.agreement)
    tale.say(f"Asked again and agreed: {ended['status']}, {ended['ending']}; the graduate is free again")


async def what_everybody_sees(tale: Journey) -> None:
    """The timeline, and the workflows as published."""
    steps = (await tale.people["graduate"].get(f"{tale.agreement}/transitions"))["items"]
    tale.say(
        "The timeline", *(f"{one['at'][:19]} {one['action']} → {one['to']} by {one['by']['kind']}" for one in steps)
    )
    workflows = expect(await tale.api.get("/v1/workflows"))["items"]
    tale.say("The published workflows: " + ", ".join(one["name"] for one in workflows))


CHAPTERS = (
    bodies_and_staff,
    the_roster_goes_in,
    a_graduate_registers,
    identity_is_verified,
    an_employer_registers,
    invitations,
    the_agreement_is_reviewed,
    it_is_ended,
    what_everybody_sees,
    *destinations.CHAPTERS,
    *terminations.CHAPTERS,
    *jobs.CHAPTERS,
    *archives.CHAPTERS,
    *subsidies.CHAPTERS,
    *accounts.CHAPTERS,
)


async def _import(tale: Journey, who: str, source: str, content: bytes, *, dry_run: bool = False) -> None:
    person = tale.people[who]
    file = await person.upload(f"{source}.csv", "roster", content)
    begun = await person.post("/v1/rosters/imports", {"file_id": file, "source": source, "dry_run": dry_run})
    expect(begun, 202)
    task = await person.finished(begun.headers["Location"])
    report = await person.get(task["result"])
    counts = ", ".join(f"{report[name]} {name}" for name in ("added", "changed", "unchanged", "refused"))
    bad = (await person.get(f"{task['result']}/rows?outcome=refused"))["items"]
    what = "Dry run" if dry_run else f"The {source} roster"
    tale.say(f"{what}: {counts}", *(f"row {one['row']}: {one['errors'][0]['message']}" for one in bad))


async def _invited(employer: Person, draft: dict[str, Any]) -> str:
    sent = await employer.post("/v1/invitations", draft)
    return f"/v1/invitations/{expect(sent)['record']['id']}"


def walk(url: str) -> int:
    """Walk the journey against the server at `url`; 1 when a step fails, with what was refused."""

    async def run() -> None:
        async with httpx.AsyncClient(base_url=url, timeout=30) as api:
            tale = Journey(api)
            for place, chapter in enumerate(CHAPTERS, 1):
                print(f"\n{place} · {chapter.__name__.replace('_', ' ').capitalize()}")
                await chapter(tale)

    try:
        asyncio.run(run())
    except httpx.ConnectError:
        sys.stderr.write(f"nothing answers at {url}: start it with `make run`\n")
        return 1
    except (Refused, TimeoutError) as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    print("\nThe journey is done.")
    return 0
