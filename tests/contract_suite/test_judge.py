"""The judge that watches every answer of the suite would notice: an answer that is not in the contract fails."""

from typing import Any

import httpx
import pytest

from tests import contract
from tests.contract import Contract

ETAG = {"ETag": '"1-00ff"'}
CLOCK = {
    "now": "2027-06-30T08:00:00Z",
    "real": "2027-06-30T08:00:00Z",
    "offset_seconds": 0.0,
    "today": "2027-06-30",
}
PROBLEM = {
    "type": "/problems/not-found",
    "title": "Not found",
    "status": 404,
    "detail": "There is no such thing.",
    "instance": "/v1/sandbox/captchas/x",
    "code": "not-found",
    "request_id": "01890a5d-ac96-774b-bcce-b302099a8057",
}


@pytest.fixture(scope="module")
def judge() -> Contract:
    return contract.judge()


def answer(
    status: int, body: Any, headers: dict[str, str], *, path: str = "/v1/sandbox/clock", kind: str = "application/json"
) -> httpx.Response:
    request = httpx.Request("GET", f"http://test{path}")
    return httpx.Response(status, json=body, headers={"Content-Type": kind, **headers}, request=request)


async def test_what_the_contract_says_passes(judge: Contract) -> None:
    await judge.judge(answer(200, CLOCK, ETAG))
    captcha, kind = "/v1/sandbox/captchas/x", "application/problem+json"
    await judge.judge(answer(404, PROBLEM, {}, path=captcha, kind=kind))
    await judge.judge(answer(200, "a page for people", {}, path="/docs", kind="text/html"))


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        (answer(202, CLOCK, ETAG), "answers 202"),
        (answer(404, PROBLEM, {}, kind="application/problem+json"), "answers 404"),
        (answer(200, CLOCK, {}), "ETag.* is not there"),
        (answer(200, CLOCK, ETAG | {"Location": "/v1/x"}), "nothing is said of.*Location"),
        (answer(200, CLOCK, ETAG, kind="application/hal+json"), "is application/hal"),
        (answer(200, CLOCK | {"today": "soon"}, ETAG), "today"),
        (answer(200, CLOCK | {"extra": 1}, ETAG), "extra"),
        (
            answer(
                404,
                PROBLEM | {"code": "path-unknown"},
                {},
                path="/v1/sandbox/captchas/x",
                kind="application/problem+json",
            ),
            "`path-unknown` is not among",
        ),
    ],
)
async def test_anything_else_fails(judge: Contract, wrong: httpx.Response, why: str) -> None:
    with pytest.raises(AssertionError, match=why):
        await judge.judge(wrong)
