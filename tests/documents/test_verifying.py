"""Verification by anybody: masked, present, limited; nothing is found but by its code or its very bytes."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import column, func, select, table

from app.change import fresh_id
from app.db import PUBLIC, Read, opened
from app.words import in_groups, new_verification_code
from app.workflows.documents import verifying
from tests.agreements.given import Given
from tests.documents.test_serving import MINE, rows, stored
from tests.world import World

UNKNOWN = "ZZZZZZZZZZZZZZZZZZZZ"
SECRET = ("王小明", "id_number", "salary", "phone", "8000", "经十路")


@pytest.fixture
async def given(world: World) -> Given:
    return await Given.everybody(world)


async def code_of(given: Given, path: str) -> str:
    """The code of an agreement's first document."""
    return (await rows(given.world, path))[0]["code"]


async def told(client: httpx.AsyncClient, code: str) -> dict[str, Any]:
    answer = await client.get(f"/v1/verifications/{code}")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_anybody_sees_the_masked_document_and_how_things_stand(given: Given, client: httpx.AsyncClient) -> None:
    path = await given.agreement("submitted", "department")
    code = await code_of(given, path)
    agreement = (await given.cast["graduate"].get(path)).json()
    found = await told(client, code)
    assert found == {
        "code": code,
        "kind": "agreement",
        "issued_at": found["issued_at"],
        "placement_kind": "online_agreement",
        "application_kind": None,
        "number": agreement["number"],
        "graduate_name": "王*明",
        "school_name": agreement["school_name"],
        "unit_name": agreement["unit_name"],
        "state": "submitted",
        "signed_on": agreement["signed_on"],
        "approved_at": None,
        "ended_at": None,
        "signature": None,
    }
    assert not [one for one in SECRET if one in str(found)]


async def test_a_document_shows_the_present_state_not_the_one_it_was_printed_in(
    given: Given, client: httpx.AsyncClient
) -> None:
    path = await given.agreement("approved", None)
    codes = [one["code"] for one in await rows(given.world, path)]
    assert {(await told(client, code))["state"] for code in codes} == {"approved"}
    await given.cast["employer"].move(await given.asked(path, "graduate"), "agree")
    for code in codes:
        found = await told(client, code)
        assert found["state"] == "terminated"
        assert found["ended_at"]


async def test_what_was_rejected_or_never_issued_is_the_same_not_found(given: Given, client: httpx.AsyncClient) -> None:
    rejected = await code_of(given, await given.agreement("rejected", None))
    answers = [await client.get(f"/v1/verifications/{code}") for code in (rejected, UNKNOWN)]
    known, unknown = (
        {name: value for name, value in one.json().items() if name not in ("instance", "request_id")} for one in answers
    )
    assert [one.status_code for one in answers] == [404, 404]
    assert known == unknown
    pages = [await client.get(f"/verify/{code}") for code in (rejected, UNKNOWN, "nonsense", "%F0%9F%90%89")]
    assert {(one.status_code, one.text) for one in pages} == {(404, pages[0].text)}


async def test_a_code_may_be_typed_as_people_type(given: Given, client: httpx.AsyncClient) -> None:
    code = await code_of(given, await given.agreement("submitted", "department"))
    for typed in (in_groups(code), code.lower(), in_groups(code).replace("0", "o").replace("1", "l")):
        assert (await told(client, typed))["code"] == code
        assert (await client.get(f"/verify/{typed}")).status_code == 200
    assert (await client.get("/v1/verifications/short")).status_code == 422


@pytest.mark.parametrize(
    ("name", "masked"),
    [("王明", "王*"), ("王小明", "王*明"), ("阿依古丽·买买提", "阿******提"), ("𠮷", "*"), ("𠮷䶮㛃", "𠮷*㛃")],
)
async def test_names_are_masked_by_the_database(world: World, name: str, masked: str) -> None:
    assert await world.line.fetchval("select app.masked_name($1)", name) == masked


# -- what the purpose opens -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["placements", "documents", "graduates", "persons", "trail"])
async def test_the_purpose_opens_no_table(given: Given, name: str) -> None:
    await given.agreement("approved", None)
    whole = table(name, column("id"), schema="app")
    seen = select(func.count(whole.c.id).label("n")).where(opened(PUBLIC).c.account_id.is_not(None))
    read = Read(seen, door=PUBLIC)
    (row,) = await given.world.service.db.rows(read, {"purpose": "verification"})
    assert not row.n
    assert await given.world.line.fetchval(f"select count(*) from app.{name}"), "the control: there are rows"  # noqa: S608


@pytest.mark.parametrize("purpose", ["verification", "login", "registration"])
async def test_the_view_opens_for_its_purpose_alone(given: Given, purpose: str) -> None:
    code = await code_of(given, await given.agreement("submitted", "department"))
    (row,) = await given.world.service.db.rows(verifying._one, {"purpose": purpose, "code": code, "sha256": None})
    assert (row.id is not None) == (purpose == "verification")


async def test_a_caller_with_a_session_gets_nothing_by_the_same_function(given: Given) -> None:
    code = await code_of(given, await given.agreement("submitted", "department"))
    assert await given.world.line.fetch("select * from app.verified_document($1, null)", code) == []


# -- limits -----------------------------------------------------------------------------------------------------------


async def test_asking_is_limited_by_network(client: httpx.AsyncClient, world: World) -> None:
    first, other = new_verification_code(), new_verification_code()
    window = verifying.VERIFYING.windows[0]
    await world.line.execute("delete from app.buckets")
    statuses = [(await client.get(f"/v1/verifications/{other}")).status_code for _ in range(window.most)]
    assert set(statuses) == {404}
    refused = await client.get(f"/v1/verifications/{first}")
    assert refused.status_code == 429
    assert int(refused.headers["retry-after"]) <= 60
    page = await client.get(f"/verify/{first}", headers={"Accept-Language": "en"})
    assert page.status_code == 429
    assert "Too many requests" in page.text
    await world.line.execute("delete from app.buckets")
    assert (await client.get(f"/v1/verifications/{other}")).status_code == 404, "the control: when it is over"


# -- documents by their bytes -----------------------------------------------------------------------------------------


async def check(client: httpx.AsyncClient, content: Any) -> dict[str, Any]:
    answer = await client.post("/v1/document-checks", content=content, headers={"Content-Type": "application/pdf"})
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_a_stored_document_is_genuine_to_the_last_bit(given: Given, client: httpx.AsyncClient) -> None:
    path, graduate = await given.agreement("approved", None), given.cast["graduate"]
    await stored(given.world, path)
    for place, kind in zip(
        (f"{path}/document", *MINE), ("agreement", "information_sheet", "destination_certificate"), strict=True
    ):
        pdf = (await graduate.get(place)).content
        found = await check(client, pdf)
        assert (found["genuine"], found["document"]["kind"], found["document"]["state"]) == (True, kind, "approved")
        forged = bytearray(pdf)
        forged[len(pdf) // 2] ^= 1
        assert await check(client, bytes(forged)) == {"genuine": False, "document": None}
    pdf = (await graduate.get(f"{path}/document")).content
    await given.cast["employer"].move(await given.asked(path, "graduate"), "agree")
    found = await check(client, pdf)
    assert (found["genuine"], found["document"]["state"]) == (True, "terminated")


async def test_nothing_of_what_is_checked_is_kept(client: httpx.AsyncClient, world: World) -> None:
    folder = world.service.settings.data_dir
    before = {path for path in folder.rglob("*") if path.is_file()}
    assert not (await check(client, fresh_id().encode()))["genuine"]
    assert {path for path in folder.rglob("*") if path.is_file()} == before


async def test_nothing_is_no_document(client: httpx.AsyncClient) -> None:
    answer = await client.post("/v1/document-checks", content=b"")
    assert (answer.status_code, answer.json()["code"]) == (400, "malformed-body")


async def test_more_than_ten_megabytes_are_refused_while_they_stream(client: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1 << 20
            yield bytes(1 << 20)

    answer = await client.post("/v1/document-checks", content=endless())
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert sent == 11 << 20
    assert not (await check(client, bytes(9 << 20)))["genuine"], "the control: less is taken, more than other bodies"
