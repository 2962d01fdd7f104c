"""Where graduates go without an online agreement: three of the seven destinations, from the form to the certificate."""

from collections.abc import Mapping
from typing import Any, Final

from app.demo.client import Person, expect, phone_code
from app.demo.tale import PASSWORD, PDF, Journey

_FORMS: Final[tuple[Mapping[str, Any], ...]] = (
    {
        "kind": "labor_contract",
        "form": "employee",
        "unit_name": "上海远山科技有限公司",
        "unit_credit_code": "91350100M000100Y43",
        "unit_nature": "39",
        "unit_industry": "34",
        "occupation_category": "13",
        "contract_from": "2027-07-05",
        "salary_monthly": 8000,
        "region": "370102",
        "archive_mode": "home",
    },
    {
        "kind": "further_study",
        "study_level": "master",
        "institution_code": "10246",
        "institution": "复旦大学",
        "major": "计算机科学与技术",
        "admission_mode": "examination",
        "full_time": True,
        "region": "310110",
        "archive_mode": "home",
    },
    {
        "kind": "flexible",
        "form": "freelance",
        "started_on": "2027-07-05",
        "occupation_description": "自由撰稿人",
        "monthly_income": 6000,
        "region": "370102",
        "archive_mode": "home",
    },
)


async def three_destinations(tale: Journey) -> None:
    """A contract that is withdrawn for further study; another graduate's freelance work, given back once."""
    first, second = tale.people["graduate"], await _another_graduate(tale)
    schema = expect(await tale.api.get("/v1/forms/further_study?cohort=2027&level=bachelor"))
    tale.say("The form of further study is published", f"{len(schema['schema']['properties'])} fields")
    contract = await _submitted(tale, first, _FORMS[0])
    study = await _drafted(first, _FORMS[1])
    refused = await first.move(study, "submit")
    tale.say(f"A second one cannot be submitted: {refused.status_code} {refused.json()['unmet'][0]['code']}")
    expect(await first.move(contract, "withdraw"))
    expect(await first.move(study, "submit"))
    tale.say("The contract is withdrawn, and further study submitted in its place")
    await _approved(tale, study, "school", "department")
    freelance = await _submitted(tale, second, _FORMS[2])
    expect(await tale.people["department"].move(freelance, "return", comment="请补充作品链接。"))
    tale.say(f"The department gives the freelancer's back: {(await second.get(freelance))['status']}")
    expect(await second.move(freelance, "submit"))
    await _approved(tale, freelance, "school", "department")
    certificate = await first.fetch("/v1/me/destination-certificate")
    tale.say(f"The certificate is a PDF of {len(certificate.content)} bytes")


CHAPTERS: Final = (three_destinations,)


async def _another_graduate(tale: Journey) -> Person:
    one = tale.newcomers[1]
    named = {"name": one.name, "id_number": one.id_number, "level": "bachelor", "cohort": 2027}
    code = await phone_code(tale.api, "registration", one.phone)
    school = tale.personas["school"]["school_code"]
    body = {**named, "school_code": school, "phone": one.phone, "code": code, "password": PASSWORD}
    expect(await tale.api.post("/v1/auth/registrations", json=body))
    login = {"as": "graduate", "level": "bachelor", "phone": one.phone, "password": PASSWORD}
    tale.people["second graduate"] = person = await Person.sign_in("second graduate", tale.api, login)
    expect(await person.post("/v1/me/identity-verification"))
    return person


async def _drafted(who: Person, form: Mapping[str, Any]) -> str:
    proof = await who.upload("证明.pdf", "proof", PDF)
    draft = await who.post("/v1/destinations", {"details": {**form, "proof_file_ids": [proof]}})
    expect(draft)
    return draft.headers["Location"]


async def _submitted(tale: Journey, who: Person, form: Mapping[str, Any]) -> str:
    path = await _drafted(who, form)
    told = expect(await who.move(path, "submit"))["record"]
    code = told["code"]
    tale.say(f"{form['kind']}: code {code['code']} {code['name']} is derived, {told['status']} to the {told['stage']}")
    return path


async def _approved(tale: Journey, path: str, last: str, first: str) -> None:
    for name in (first, last):
        expect(await tale.people[name].move(path, "approve"))
    tale.say(f"Department and school approve: {(await tale.people[last].get(path))['decision']}")
