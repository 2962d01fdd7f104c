"""Who calls comes before what is wrong with the body, though the framework reads the body first."""

import httpx
import pytest

JSON = {"Content-Type": "application/json"}
BAD = {
    "broken JSON": (b'{"to": ', JSON),
    "no UTF-8": (b'{"to": "\xff"}', JSON),
    "too large": (b" " * (2 << 20), JSON),
    "no JSON": (b"{}", {"Content-Type": "text/plain"}),
    "wrong field": (b'{"surprise": 1}', JSON),
}


@pytest.mark.parametrize("bad", BAD)
async def test_nobody_learns_what_is_wrong_with_a_body_before_saying_who_they_are(
    client: httpx.AsyncClient, bad: str
) -> None:
    content, headers = BAD[bad]
    answer = await client.post("/v1/invitations", content=content, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")


async def test_where_nobody_need_be_known_the_body_is_judged(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/auth/tokens", content=b'{"as": ', headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-json")
