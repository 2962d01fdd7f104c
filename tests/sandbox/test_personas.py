"""Every persona signs in over HTTP with what is printed, and is who they are said to be."""

from typing import Any

import httpx
import pyotp
import pytest

from app.sandbox import personas

PERSONAS = {one["persona"]: one for one in personas()}
ABLE = [name for name in PERSONAS if name != "newcomer"]
HEADERS = {"Accept-Language": "en"}
_tokens: dict[str, str] = {}


async def captcha(visitor: httpx.AsyncClient) -> dict[str, str]:
    made = (await visitor.post("/v1/auth/captchas", json={"kind": "image", "purpose": "login"})).json()
    answer = (await visitor.get(f"/v1/sandbox/captchas/{made['id']}")).json()["answer"]
    return {"id": made["id"], "answer": answer}


async def sign_in(visitor: httpx.AsyncClient, persona: dict[str, Any]) -> httpx.Response:
    body = {**persona["login"], "captcha": await captcha(visitor)}
    if persona["totp_secret"]:
        body["totp"] = pyotp.TOTP(persona["totp_secret"]).now()
    return await visitor.post("/v1/auth/tokens", json=body, headers=HEADERS)


async def signed_in(visitor: httpx.AsyncClient, name: str) -> dict[str, str]:
    """Headers that speak for a persona, who signs in once: an authenticator's code works once."""
    if name not in _tokens:
        answer = await sign_in(visitor, PERSONAS[name])
        assert answer.status_code == 201, answer.text
        _tokens[name] = answer.json()["access_token"]
    return HEADERS | {"Authorization": f"Bearer {_tokens[name]}"}


def test_there_is_one_of_each_kind() -> None:
    assert PERSONAS.keys() == {
        "graduate", "unverified_graduate", "newcomer", "employer", "department", "school", "county", "city",
        "provincial_bureau", "provincial_education", "support",
    }  # fmt: skip


async def test_the_personas_are_told_over_http_as_they_are_printed(visitor: httpx.AsyncClient) -> None:
    assert (await visitor.get("/v1/sandbox/personas")).json()["items"] == [*PERSONAS.values()]


@pytest.mark.parametrize("name", [name for name in ABLE if PERSONAS[name]["totp_secret"]])
async def test_staff_sign_in_with_two_factors(visitor: httpx.AsyncClient, name: str) -> None:
    me = (await visitor.get("/v1/me", headers=await signed_in(visitor, name))).json()
    assert me["kind"] == name
    assert me["session"]["amr"] == ["pwd", "otp"]


@pytest.mark.parametrize(
    ("name", "to_do"),
    [
        ("graduate", ["confirm-your-roster"]),
        ("unverified_graduate", ["verify-your-identity", "confirm-your-roster"]),
    ],
)
async def test_graduates_sign_in_as_verified_or_not(visitor: httpx.AsyncClient, name: str, to_do: list[str]) -> None:
    headers = await signed_in(visitor, name)
    todo = (await visitor.get("/v1/me/todo", headers=headers)).json()["items"]
    assert [one["code"] for one in todo] == to_do


async def test_the_graduate_may_apply_for_the_subsidy_that_is_announced(visitor: httpx.AsyncClient) -> None:
    policies = {one["cohort"]: one["rules"]["subsidy"] for one in (await visitor.get("/v1/policies")).json()["items"]}
    for cohort in (2022, 2027):
        amounts = {code: one["amount_cny"] for code, one in policies[cohort]["categories"].items()}
        assert (amounts["low_income"], amounts["student_loan"], len(amounts)) == (1000, 600, 8)
    headers = await signed_in(visitor, "graduate")
    form = {"details": {"kind": "job_seeking_subsidy", "category": "low_income"}}
    opened = await visitor.post("/v1/applications", json=form, headers=headers)
    assert opened.status_code == 201, opened.text
    move = headers | {"If-Match": '"1"'}
    path = f"{opened.headers['Location']}/transitions"
    assert (await visitor.post(path, json={"action": "withdraw"}, headers=move)).status_code == 201
    unverified = await signed_in(visitor, "unverified_graduate")
    assert (await visitor.post("/v1/applications", json=form, headers=unverified)).status_code == 403


async def test_the_employer_may_invite_at_once(visitor: httpx.AsyncClient) -> None:
    headers = await signed_in(visitor, "employer")
    items = (await visitor.get("/v1/me/options", headers=headers)).json()["items"]
    options = [(one["procedure"], one["action"], one["blocked"]) for one in items]
    assert options == [("invitation", "send", None), ("job", "open", None)]


async def test_the_newcomer_has_no_account_yet(visitor: httpx.AsyncClient) -> None:
    assert (await sign_in(visitor, PERSONAS["newcomer"])).status_code == 401


async def test_reviewers_find_employers_that_wait(visitor: httpx.AsyncClient) -> None:
    bureau, graduate = await signed_in(visitor, "provincial_bureau"), await signed_in(visitor, "graduate")
    queue = (await visitor.get("/v1/reviews", headers=bureau)).json()["items"]
    assert {one["kind"] for one in queue} == {"employer"}
    path = f"/v1/employers/{queue[0]['record_id']}"
    told = (await visitor.get(path, headers=bureau)).json()
    assert [(one["action"], one["code"]) for one in told["blocked"]] == [("approve", "licence-missing")]
    assert (await visitor.get(path, headers=graduate)).status_code == 404


async def test_departments_have_codes_as_the_contract_has_them(visitor: httpx.AsyncClient) -> None:
    page = (await visitor.get("/v1/bodies", params={"kind": "department", "limit": 200})).json()["items"]
    assert len(page) == 32
