"""Uploads over HTTP: type by content, size while streaming, whole or not at all."""

from collections.abc import AsyncIterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from starlette.requests import ClientDisconnect

from app.schemas.file import FilePurpose
from app.service import Service
from app.storage import receive
from app.workflows.upload_rules import RULES
from tests.files.given import CSV, JPEG, PDF, PNG, XLSX, upload
from tests.world import World


def kept(service: Service) -> set[Path]:
    """Every file in the storage."""
    return {path for path in service.settings.data_dir.rglob("*") if path.is_file()}


async def test_a_file_is_kept_as_it_was_sent(world: World, service: Service) -> None:
    school = await world.staff("school")
    answer = await school.client.post(
        "/v1/files",
        params={"name": " 2027届.csv ", "purpose": "roster"},
        content=CSV,
        headers=school.headers({"Content-Type": "application/pdf"}),
    )
    assert answer.status_code == 201
    told = answer.json()
    assert answer.headers["location"] == f"/v1/files/{told['id']}"
    assert (told["name"], told["media_type"], told["size"]) == ("2027届.csv", "text/csv", len(CSV))
    assert told["sha256"] == sha256(CSV).hexdigest()
    assert b"".join([piece async for piece in await service.storage.read(told["id"])]) == CSV
    assert (await school.get(f"/v1/files/{told['id']}")).json() == told


@pytest.mark.parametrize(
    ("kind", "purpose", "content", "media_type"),
    [
        ("school", "roster", XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ("school", "roster", CSV.decode().encode("gb18030"), "text/csv"),
        ("provincial_education", "roster", CSV, "text/csv"),
        ("employer", "licence", PDF, "application/pdf"),
        ("employer", "licence", JPEG, "image/jpeg"),
        ("employer", "appointment_notice", PNG, "image/png"),
    ],
)
async def test_the_type_is_told_by_the_content(
    world: World, kind: str, purpose: str, content: bytes, media_type: str
) -> None:
    who = await world.employer() if kind == "employer" else await world.staff(kind)
    status, told = await upload(who, content, purpose)
    assert (status, told["media_type"]) == (201, media_type)


@pytest.mark.parametrize(
    ("purpose", "content"),
    [
        ("roster", PDF),
        ("roster", b""),
        ("roster", b"\x00\x01\x02"),
        ("roster", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        ("licence", CSV),
        ("licence", b" " + PDF),
        ("licence", b"GIF89a"),
    ],
)
async def test_another_type_is_refused_and_not_kept(
    world: World, service: Service, purpose: str, content: bytes
) -> None:
    who = await world.staff("school") if purpose == "roster" else await world.employer()
    before = kept(service)
    status, problem = await upload(who, content, purpose)
    assert (status, problem["code"]) == (415, "file-type-not-taken")
    assert kept(service) == before
    assert await world.line.fetchval("select count(*) from app.files where account_id = $1", who.account) == 0


async def test_a_file_that_is_too_large_is_refused_while_it_streams(
    world: World, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(RULES, FilePurpose.ROSTER, replace(RULES[FilePurpose.ROSTER], most_bytes=3000))
    school, before, sent = await world.staff("school"), kept(service), 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        for _ in range(100):
            sent += 1000
            yield b"a" * 1000

    answer = await school.client.post(
        "/v1/files", params={"name": "a", "purpose": "roster"}, content=endless(), headers=school.headers({})
    )
    assert (answer.status_code, answer.json()["code"]) == (413, "too-large")
    assert sent == 4000
    assert kept(service) == before


async def test_a_file_larger_than_other_bodies_is_taken(world: World, service: Service) -> None:
    content = b"a" * (service.settings.body_limit_bytes + 1)
    status, told = await upload(await world.staff("school"), content, "roster")
    assert (status, told["size"]) == (201, len(content))


async def test_an_upload_that_breaks_off_leaves_nothing(world: World, service: Service) -> None:
    before = kept(service)

    async def broken() -> AsyncIterator[bytes]:
        yield CSV
        raise ClientDisconnect

    with pytest.raises(ClientDisconnect), service.storage.room() as room:
        await receive(broken(), room / "sent", 10**6)
    assert kept(service) == before


@pytest.mark.parametrize(
    ("kind", "purpose"),
    [("department", "roster"), ("county", "roster"), ("school", "licence"), ("city", "appointment_notice")],
)
async def test_a_file_is_uploaded_by_those_it_is_for(world: World, kind: str, purpose: str) -> None:
    status, problem = await upload(await world.staff(kind), PDF, purpose)
    assert (status, problem["code"]) == (403, "role-missing")


async def test_nobody_unknown_uploads(world: World, service: Service) -> None:
    school, before = await world.staff("school"), kept(service)
    await world.line.execute("update app.sessions set ended_at = now() where account_id = $1", school.account)
    status, problem = await upload(school, CSV, "roster")
    assert (status, problem["code"]) == (401, "session-ended")
    assert kept(service) == before


async def test_a_file_is_seen_by_the_body_that_uploaded_it(world: World) -> None:
    _, told = await upload(await world.staff("school"), CSV, "roster")
    path = f"/v1/files/{told['id']}"
    assert (await (await world.staff("school", "reader")).get(path)).status_code == 200
    for stranger in (await world.staff("department"), await world.graduate(), await world.employer()):
        assert (await stranger.get(path)).status_code == 404


@pytest.mark.parametrize("query", [{"name": "a"}, {"name": "", "purpose": "roster"}, {"name": "a", "purpose": "x"}])
async def test_a_file_has_a_name_and_a_purpose(world: World, query: dict[str, str]) -> None:
    school = await world.staff("school")
    answer = await school.client.post("/v1/files", params=query, content=CSV, headers=school.headers({}))
    assert answer.status_code == 422
