"""What is measured: each operation with the requests that the load sends, none of which meets a refusal."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain, cycle, repeat
from random import Random
from typing import Any

from benchmarks.stage import CAPTCHA, PASSWORD, Stage


@dataclass(frozen=True)
class Operation:
    """One kind of request, without end or until what it uses up is used up."""

    name: str
    requests: Iterator[bytes]
    status: bytes
    goal: float | None = None
    """The share of the floor's requests for the same processor time that an ordinary route should reach."""


def operations(stage: Stage) -> list[Operation]:
    """The operations of a run."""
    makers: list[tuple[str, Callable[[Stage], Iterator[bytes]], bytes, float | None]] = [
        ("read one", _reads, b"200", 0.3),
        ("queue page", _pages, b"200", 0.5),
        ("approve", _approvals, b"201", 0.35),
        ("accept", _acceptances, b"201", None),
        ("login", _logins, b"201", None),
    ]
    return [Operation(name, make(stage), status, goal) for name, make, status, goal in makers]


def _reads(stage: Stage) -> Iterator[bytes]:
    chance = Random(1)
    while True:
        token, agreements = chance.choice(stage.reviewers)
        yield request("GET", f"/v1/agreements/{chance.choice(agreements)}", token)


def _pages(stage: Stage) -> Iterator[bytes]:
    for token, _ in cycle(stage.reviewers):
        yield request("GET", "/v1/reviews?limit=50", token)


def _approvals(stage: Stage) -> Iterator[bytes]:
    """Each agreement once, the departments in turn."""
    columns = zip(*(zip(repeat(token), agreements) for token, agreements in stage.reviewers), strict=True)
    for token, agreement in chain.from_iterable(columns):
        yield request("POST", f"/v1/agreements/{agreement}/transitions", token, {"action": "approve"}, version=1)


def _acceptances(stage: Stage) -> Iterator[bytes]:
    body = {"action": "accept", "terms_version": 1, "password": PASSWORD}
    for token, invitation in stage.invitations:
        yield request("POST", f"/v1/invitations/{invitation}/transitions", token, body, version=1)


def _logins(stage: Stage) -> Iterator[bytes]:
    for phone, captcha in stage.phones:
        proof = {"password": PASSWORD, "captcha": {"id": captcha, "answer": CAPTCHA}}
        yield request("POST", "/v1/auth/tokens", None, {"as": "graduate", "level": "bachelor", "phone": phone, **proof})


def request(
    method: str, path: str, token: str | None, body: dict[str, Any] | None = None, version: int | None = None
) -> bytes:
    """A request as it goes over the wire."""
    content = json.dumps(body).encode() if body else b""
    head = [f"{method} {path} HTTP/1.1", "Host: bench", "Accept: */*", "Accept-Language: zh-CN"]
    if token:
        head.append(f"Authorization: Bearer {token}")
    if version:
        head.append(f'If-Match: "{version}"')
    if content:
        head += ["Content-Type: application/json", f"Content-Length: {len(content)}"]
    return "\r\n".join((*head, "", "")).encode() + content
