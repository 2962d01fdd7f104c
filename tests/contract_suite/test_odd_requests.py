"""Requests that nobody sends in good faith get a precise answer, and never a 5xx."""

import json
from base64 import urlsafe_b64encode
from typing import Any

import httpx
import pytest

from tests.agreements.given import Given
from tests.world import TERMS, Somebody, World

NOWHERE = "01890a5d-ac96-774b-bcce-b302099a8057"
Headers = dict[bytes, bytes]


@pytest.fixture
async def employer(world: World) -> Somebody:
    return await world.employer()


async def sent(
    who: Somebody, method: str, path: str, headers: Headers | None = None, content: bytes | None = None
) -> httpx.Response:
    """The answer to a request with headers as raw as they are given; those given prevail."""
    own = {b"Authorization": f"Bearer {who.token}".encode(), b"Content-Type": b"application/json"}
    return await who.client.request(method, path, headers=own | (headers or {}), content=content)


def faults(answer: httpx.Response) -> list[tuple[str, str]]:
    return [(one["pointer"], one["code"]) for one in answer.json().get("errors", ())]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b'{"to": "\xff"}', 400, "malformed-body"),
        (b"\xff\xfe", 400, "malformed-json"),
        (b"[" * 200_000, 400, "malformed-body"),
        (b'{"valid_days": ' + b"9" * 5000 + b"}", 400, "malformed-body"),
        (b'{"valid_days": 9223372036854775808}', 422, "invalid"),
        (b'{"valid_days": NaN}', 422, "invalid"),
        (b'{"valid_days": 1e400}', 422, "invalid"),
        (b'{"valid_days": "5"}', 422, "invalid"),
        (b'{"valid_days": true}', 422, "invalid"),
        (b'{"\\ud800": 1}', 422, "invalid"),
        (b'{"to": {"signing_code": "\\u0000"}}', 422, "invalid"),
        (b"null", 422, "invalid"),
        (b"[]", 422, "invalid"),
        (b'"text"', 422, "invalid"),
        (b"{} {}", 400, "malformed-json"),
    ],
)
async def test_a_body_that_makes_no_sense_is_refused(
    employer: Somebody, content: bytes, status: int, code: str
) -> None:
    answer = await sent(employer, "POST", "/v1/invitations", content=content)
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text


async def test_the_last_of_two_fields_of_one_name_counts(employer: Somebody) -> None:
    body = json.dumps({"to": {"signing_code": "7K3M9QXB"}, "terms": TERMS})
    answer = await sent(employer, "POST", "/v1/invitations", content=b'{"terms": 1, ' + body[1:].encode())
    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


@pytest.mark.parametrize(
    ("named", "code"),
    [
        (b'"1"', None),
        (b'W/"1"', None),
        (b' "1-00ff" ', None),
        (b"1", "if-match-malformed"),
        (b"*", "if-match-malformed"),
        (b'"1", "2"', "if-match-malformed"),
        (b'""', "if-match-malformed"),
        (b'"-1"', "if-match-malformed"),
        (b'"9999999999"', "if-match-malformed"),
        ('"１"'.encode(), "if-match-malformed"),
        (b'"\xff"', "if-match-malformed"),
        (b'"' + b"1" * 100 + b'"', "invalid"),
        (b'"0"', "stale-version"),
    ],
)
async def test_a_version_is_named_in_one_way(world: World, named: bytes, code: str | None) -> None:
    given = await Given.everybody(world)
    path = await given.agreement("submitted", "department")
    answer = await sent(
        given.cast["department"], "POST", f"{path}/transitions", {b"If-Match": named}, b'{"action": "approve"}'
    )
    assert answer.json().get("code") == code, answer.text


@pytest.mark.parametrize("key", [b"", b"k" * 65, b"two words", "钥匙".encode(), b"\xff", b"a,b"])
async def test_a_key_is_plain_and_short(employer: Somebody, key: bytes) -> None:
    body = json.dumps({"to": {"signing_code": "7K3M9QXB"}, "terms": TERMS}).encode()
    answer = await sent(employer, "POST", "/v1/invitations", {b"Idempotency-Key": key}, body)
    assert answer.status_code == 422, answer.text
    assert [pointer for pointer, _ in faults(answer)] == ["/header/Idempotency-Key"]


@pytest.mark.parametrize(
    "given", [b"", b"Bearer", b"Bearer ", b"Basic eA==", b"Bearer \xff\xfe", b"Bearer a.b.c", b"Bearer " + b"x" * 9000]
)
async def test_what_is_no_token_is_nobody(employer: Somebody, given: bytes) -> None:
    answer = await sent(employer, "GET", "/v1/agreements", {b"Authorization": given})
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    "headers",
    [
        {b"Accept-Language": b"\xff;q=x,,;,*;q=9"},
        {b"Accept-Language": b"en;q=0, zh;q=0"},
        {b"If-None-Match": b'\xff", W/"'},
        {b"X-Request-ID": b"\xff" * 20},
        {b"Host": b"["},
        {b"Host": b"\xff a"},
        {b"Host": b""},
    ],
)
async def test_headers_that_make_no_sense_do_no_harm(employer: Somebody, headers: Headers) -> None:
    assert (await sent(employer, "GET", "/v1/agreements", headers)).status_code == 200


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("limit=0", [("/query/limit", "too-small")]),
        ("limit=99999999999999999999", [("/query/limit", "too-large-number")]),
        ("limit=x", [("/query/limit", "wrong-type")]),
        ("cohort=2027.5", [("/query/cohort", "wrong-type")]),
        ("status=%ED%A0%80", [("/query/status", "not-in-list")]),
        ("cursor=%21", [("/query/cursor", "cursor-unknown")]),
        ("cursor=bm9uc2Vuc2U", [("/query/cursor", "cursor-unknown")]),
        ("cursor=AA", [("/query/cursor", "cursor-unknown")]),
        ("cursor=" + "a" * 201, [("/query/cursor", "too-long")]),
    ],
)
async def test_a_query_that_makes_no_sense_is_refused_by_name(
    employer: Somebody, query: str, expected: list[tuple[str, str]]
) -> None:
    answer = await sent(employer, "GET", f"/v1/agreements?{query}")
    assert (answer.status_code, faults(answer)) == (422, expected), answer.text


@pytest.mark.parametrize(
    "key", ["2027", "2027-01-01|abc", f"2027-01-01T00:00:00|{NOWHERE}x", f"9999-12-31T23:59:59-23:59|{NOWHERE}"]
)
@pytest.mark.parametrize("path", ["/v1/reviews", f"/v1/rosters/imports/{NOWHERE}/rows"])
async def test_a_cursor_of_another_list_is_unknown(world: World, path: str, key: str) -> None:
    reviewer = await world.staff("school")
    answer = await sent(reviewer, "GET", f"{path}?cursor={urlsafe_b64encode(key.encode()).decode().rstrip('=')}")
    assert answer.status_code in (404, 422), answer.text


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/v1/agreements/..%2f..%2fhealth", 404),
        ("/v1//agreements", 404),
        ("/v1/agreements/%FF", 422),
        ("/v1/agreements/%F0%9F%98%80", 422),
        ("/v1/agreements/01890A5D-AC96-774B-BCCE-B302099A8057", 422),
        (f"/v1/agreements/{NOWHERE}%0A", 422),
        ("/v1/agreements/" + "a" * 8000, 422),
    ],
)
async def test_a_path_that_makes_no_sense_leads_nowhere(employer: Somebody, path: str, status: int) -> None:
    answer = await sent(employer, "GET", path)
    assert (answer.status_code, answer.headers["Content-Type"]) == (status, "application/problem+json"), answer.text


async def test_methods_that_a_path_has_not_are_refused_with_those_it_has(employer: Somebody) -> None:
    allowed = {}
    for method, path in (
        ("DELETE", "/v1/invitations"),
        ("OPTIONS", f"/v1/agreements/{NOWHERE}/transitions"),
        ("TRACE", "/v1/me/todo"),
        ("GET", "/v1/reviews/decisions"),
        ("BREW", "/v1/reviews/decisions"),
    ):
        answer = await sent(employer, method, path)
        assert (answer.status_code, answer.json()["code"]) == (405, "method-not-allowed"), answer.text
        allowed[path] = answer.headers["Allow"]
    assert [*allowed.values()] == ["GET, HEAD, POST", "GET, HEAD, POST", "GET, HEAD", "POST"]


async def test_only_a_read_can_be_unchanged(world: World) -> None:
    """If-None-Match on a write would answer 304 to a change that was made."""
    given = await Given.everybody(world)
    await given.agreement("submitted", "department")
    reviewer = given.cast["department"]
    review = (await reviewer.get("/v1/reviews")).json()["items"][0]["id"]
    etag = (await sent(reviewer, "PUT", f"/v1/reviews/{review}/claim")).headers["ETag"]
    unchanged: dict[str, Any] = {}
    for method, path in (("GET", f"/v1/reviews/{review}"), ("PUT", f"/v1/reviews/{review}/claim")):
        for known in (etag, f"W/{etag}", "*"):
            answer = await sent(reviewer, method, path, {b"If-None-Match": known.encode()})
            unchanged.setdefault(method, []).append(answer.status_code)
    assert unchanged == {"GET": [304, 304, 304], "PUT": [200, 200, 200]}
