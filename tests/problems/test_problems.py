"""Every refusal on the wire, in a little application of its own: status, headers, codes, and no more than that."""

from collections.abc import AsyncIterator
from typing import Annotated, Any

import httpx
import pytest
from fastapi import APIRouter, FastAPI, Form, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import StreamingResponse
from structlog.testing import capture_logs

from app import errors, problems
from app.db import AlreadyExists, Stale
from app.models import Base
from app.problems.translation import CONFLICTS

LIMIT = 1000
SECRET = "11010519491231002X"


class Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Field(max_length=5)]


REFUSALS: dict[str, Exception] = {
    "reason": errors.Forbidden(
        "identity-unverified", reason=errors.Reason("identity-unverified", who="you", how="verify-your-identity")
    ),
    "rule": errors.RuleNotMet(
        [errors.Reason("comment-required", who="you", how="add-a-comment", pointer="/comment")],
        actions=["withdraw"],
        blocked=[("approve", errors.Reason("not-your-turn", who="school", how="wait-for-the-turn"))],
    ),
    "transition": errors.TransitionRefused(action="approve", situation="approved", actions=["end"], blocked=[]),
    "live": AlreadyExists("uq_placements_one_live_per_graduate"),
    "other": AlreadyExists("uq_something_else"),
    "stale": Stale(),
    "many": errors.TooMany(retry_after=7),
    "down": errors.Unavailable("database-down"),
    "extra": errors.Conflict(task="01890a5d"),
    "session": errors.Unauthenticated("session-ended"),
    "registration": errors.RegistrationRefused(),
    "broken": ZeroDivisionError(SECRET),
}
router = APIRouter(prefix="/v1")


@router.get("/refusals/{name}")
async def refuse(name: str) -> None:
    """Raise what the path names."""
    raise REFUSALS[name]


@router.get("/things/{id}")
async def get_thing(id: int, limit: Annotated[int, Field(ge=1)] = 1) -> int:
    """A path with three methods."""
    return id + limit


@router.post("/things/{id}")
async def post_thing(id: int, body: Body) -> str:
    """One that takes JSON."""
    return f"{id} {body.name}"


@router.patch("/things/{id}")
async def patch_thing(id: int, name: Annotated[str, Form()]) -> str:
    """One that takes a form."""
    return f"{id} {name}"


@router.post("/files")
@router.post("/streams")
async def measure(request: Request) -> int:
    """One that reads its body by itself."""
    return sum([len(chunk) async for chunk in request.stream()])


@router.get("/halves")
async def half() -> StreamingResponse:
    """An answer that breaks after it has begun."""

    async def parts() -> AsyncIterator[bytes]:
        yield b"half of it"
        raise ZeroDivisionError

    return StreamingResponse(parts())


@pytest.fixture(scope="module")
async def api() -> AsyncIterator[httpx.AsyncClient]:
    """A client of the little application."""
    app = FastAPI()
    app.include_router(router)
    problems.install(app, body_limit=LIMIT)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as client:
        yield client


def problem(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem of an answer, which must be this one."""
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json"), answer.text
    told: dict[str, Any] = answer.json()
    problems.Problem.model_validate(told)
    assert (told["status"], told["code"], told["type"]) == (status, code, f"/problems/{code}")
    assert told["request_id"] == answer.headers["x-request-id"]
    assert answer.headers["cache-control"] == "no-store"
    return told


@pytest.mark.parametrize(
    ("name", "status", "code"),
    [
        ("reason", 403, "identity-unverified"),
        ("rule", 409, "rule-not-met"),
        ("transition", 409, "transition-refused"),
        ("live", 409, "live-placement-exists"),
        ("other", 409, "conflict"),
        ("stale", 503, "rows-busy"),
        ("many", 429, "too-many-requests"),
        ("down", 503, "database-down"),
        ("extra", 409, "conflict"),
        ("session", 401, "session-ended"),
        ("registration", 409, "registration-refused"),
        ("broken", 500, "internal-error"),
    ],
)
async def test_a_refusal_has_its_status_and_code(api: httpx.AsyncClient, name: str, status: int, code: str) -> None:
    told = problem(await api.get(f"/v1/refusals/{name}?secret={SECRET}"), status, code)
    assert told["instance"] == f"/v1/refusals/{name}"


async def test_headers_say_what_to_do(api: httpx.AsyncClient) -> None:
    waits = {name: (await api.get(f"/v1/refusals/{name}")).headers["retry-after"] for name in ("many", "down", "stale")}
    assert waits == {"many": "7", "down": "1", "stale": "1"}
    assert (await api.get("/v1/refusals/session")).headers["www-authenticate"] == "Bearer"


async def test_the_way_out_is_told(api: httpx.AsyncClient) -> None:
    english = {"Accept-Language": "en"}
    rule = (await api.get("/v1/refusals/rule", headers=english)).json()
    assert rule["unmet"] == [
        {
            "code": "comment-required",
            "message": "With the reason “other”, say why.",
            "how": "Add a comment.",
            "who": "you",
            "pointer": "/comment",
        }
    ]
    assert rule["actions"] == ["withdraw"]
    assert [(one["action"], one["code"]) for one in rule["blocked"]] == [("approve", "not-your-turn")]
    reason = await api.get("/v1/refusals/reason")
    assert reason.json()["unmet"][0]["how"] == "请先完成身份认证。"
    assert reason.headers["content-language"] == "zh-CN"
    transition = (await api.get("/v1/refusals/transition", headers=english)).json()
    assert transition["detail"] == "From “approved” there is no “approve”."
    assert transition["actions"] == ["end"]
    assert (await api.get("/v1/refusals/extra")).json()["task"] == "01890a5d"


async def test_unknown_paths_and_methods_are_problems(api: httpx.AsyncClient) -> None:
    problem(await api.get("/v1/nothing/王"), 404, "path-unknown")
    answer = await api.delete("/v1/things/1")
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"] == "GET, HEAD, PATCH, POST"
    problem(await api.get("/v1/things/%00"), 400, "nul-in-path")
    problem(await api.get("/v1/things/1?limit=%00"), 400, "nul-in-path")


async def test_wrong_parts_are_named_by_place(api: httpx.AsyncClient) -> None:
    answer = await api.post(f"/v1/things/{SECRET[:-1]}x", json={"name": SECRET, "age": SECRET})
    told = problem(answer, 422, "invalid")
    assert [(one["pointer"], one["code"]) for one in told["errors"]] == [
        ("/path/id", "wrong-type"),
        ("/body/name", "too-long"),
        ("/body/age", "unknown-field"),
    ]
    assert SECRET not in answer.text
    told = problem(await api.get("/v1/things/1?limit=0"), 422, "invalid")
    assert told["errors"] == [{"pointer": "/query/limit", "code": "too-small", "message": "数值太小，至少为 1。"}]
    told = problem(await api.post("/v1/things/1"), 422, "invalid")
    assert [(one["pointer"], one["code"]) for one in told["errors"]] == [("/body", "required")]


@pytest.mark.parametrize("content", [b"{", b'{"name": }', b"", b"\xff"])
async def test_broken_json_is_malformed(api: httpx.AsyncClient, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = await api.post("/v1/things/1", content=content, headers=headers)
    assert answer.json()["code"] in {"malformed-json", "invalid", "malformed-body"}
    assert answer.status_code == (400 if content else 422)


async def test_json_nested_beyond_reason_is_malformed(api: httpx.AsyncClient) -> None:
    content, headers = b"[" * LIMIT, {"Content-Type": "application/json"}
    problem(await api.post("/v1/things/1", content=content, headers=headers), 400, "malformed-body")


@pytest.mark.parametrize("kind", [None, "text/plain", "application/x-www-form-urlencoded", "nonsense"])
async def test_another_content_type_than_the_route_takes_is_415(api: httpx.AsyncClient, kind: str | None) -> None:
    headers = {"Content-Type": kind} if kind else {}
    answer = await api.post("/v1/things/1", content=b'{"name": "x"}', headers=headers)
    problem(answer, 415, "unsupported-media-type")


async def test_each_route_takes_what_it_declares(api: httpx.AsyncClient) -> None:
    merge = {"Content-Type": "application/merge-patch+json; charset=utf-8"}
    assert (await api.post("/v1/things/1", content=b'{"name": "x"}', headers=merge)).status_code == 200
    assert (await api.patch("/v1/things/1", data={"name": "x"})).status_code == 200
    problem(await api.patch("/v1/things/1", json={"name": "x"}), 415, "unsupported-media-type")
    problem(await api.put("/v1/nothing", content=b"x"), 404, "path-unknown")


async def trickle(size: int) -> AsyncIterator[bytes]:
    """A body of unknown size, in pieces of 100 bytes."""
    for _ in range(size // 100):
        yield b" " * 100


async def test_a_body_is_too_large_as_soon_as_it_says_so_or_is(api: httpx.AsyncClient) -> None:
    for path, status in (("things/1", 400), ("streams", 200)):
        headers = {"Content-Type": "application/json"}
        announced = await api.post(f"/v1/{path}", content=b" " * (LIMIT + 1), headers=headers)
        assert problem(announced, 413, "too-large")["detail"] == "内容超过 1000 字节的上限。"
        assert announced.headers["connection"] == "close"
        streamed = await api.post(f"/v1/{path}", content=trickle(LIMIT + 100), headers=headers)
        problem(streamed, 413, "too-large")
        fitting = await api.post(f"/v1/{path}", content=trickle(LIMIT), headers=headers)
        assert fitting.status_code == status, fitting.text


async def test_uploads_are_measured_by_their_own_handler(api: httpx.AsyncClient) -> None:
    assert (await api.post("/v1/files", content=trickle(LIMIT * 5))).json() == LIMIT * 5


async def test_a_fault_is_logged_under_the_request_id_and_tells_nobody_why(api: httpx.AsyncClient) -> None:
    with capture_logs() as logs:
        answer = await api.get(f"/v1/refusals/broken?secret={SECRET}", headers={"X-Request-ID": "my-request-7"})
    problem(answer, 500, "internal-error")
    broke, request = logs
    assert (broke["event"], broke["request_id"]) == ("request-broke", "my-request-7")
    assert broke["trace"][0] == "builtins.ZeroDivisionError"
    assert any("test_problems.py" in line and line.endswith(" refuse") for line in broke["trace"])
    expected = {"event": "request", "method": "GET", "route": "/v1/refusals/{name}", "status": 500}
    assert {**request, **expected} == request
    assert SECRET not in str(logs) + answer.text


async def test_an_answer_that_broke_after_it_began_is_cut(api: httpx.AsyncClient) -> None:
    with capture_logs() as logs, pytest.raises(ZeroDivisionError):
        await api.get("/v1/halves")
    assert [one["event"] for one in logs] == ["request-broke", "request"]


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space here", "line\tbreak", "名字名字名字名字"])
async def test_a_request_id_that_is_not_sane_is_replaced(api: httpx.AsyncClient, given: str) -> None:
    answer = await api.get("/v1/things/1", headers={b"X-Request-ID": given.encode()})
    assert answer.status_code == 200
    assert answer.headers["x-request-id"].count("-") == 4


async def test_every_answer_guards_itself(api: httpx.AsyncClient) -> None:
    for answer in (await api.get("/v1/things/1"), await api.get("/v1/nothing")):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_the_rules_that_mean_a_conflict_exist_in_the_database() -> None:
    tables = Base.metadata.tables.values()
    indexes = {str(index.name) for table in tables for index in table.indexes}
    assert set(CONFLICTS) <= indexes | {str(table.primary_key.name) for table in tables}
