"""Signed documents over HTTP: from their approval on, told to whoever verifies them, one truth however they race."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from app.certificates import Certified
from app.documents.signing import Signer
from app.errors import Unavailable
from app.service import Service
from app.storage import Storage
from app.workflows.documents import serving, storing
from tests.agreements.given import Given
from tests.documents.signatures import NOW, Authority, holds, judged
from tests.documents.test_serving import MINE, place, rows, stored
from tests.documents.test_verifying import check, told
from tests.world import World


@pytest.fixture
async def given(world: World) -> Given:
    return await Given.everybody(world)


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority()


def payload(path: str) -> dict[str, str]:
    """What the job of an agreement is promised with."""
    return {"placement_id": path.rpartition("/")[2]}


async def test_what_an_approval_issues_is_signed_and_whoever_verifies_it_is_told_by_whom(
    given: Given, client: httpx.AsyncClient
) -> None:
    graduate = given.cast["graduate"]
    key = given.world.service.signer.current(NOW)
    root, signature = key.chain[0], {"by": "沙盒 Sandbox", "certificate_sha256": key.fingerprint.hex()}
    path = await given.agreement("submitted", "school")
    (issued,) = await rows(given.world, path)
    assert await judged((await graduate.get(f"{path}/document")).content, root) is None, "not before"
    assert (await told(client, issued["code"]))["signature"] is None
    for lang, words in (("zh", "尚未签名"), ("en", "Not signed yet")):
        assert words in (await client.get(f"/verify/{issued['code']}?lang={lang}")).text

    await given.cast["school"].move(path, "approve")
    places = (f"{path}/document", *MINE)
    drawn = [(await graduate.get(one)).content for one in places]
    assert [await holds(one, root) for one in drawn] == [True] * 3, "also before it is stored"
    codes = [one["code"] for one in await stored(given.world, path) if one["sha256"]]
    assert [(await graduate.get(one)).content for one in places] == drawn
    assert [(await told(client, code))["signature"] for code in codes] == [signature] * 3
    assert [(await check(client, one))["document"]["signature"] for one in drawn] == [signature] * 3
    for lang, words in (("zh", "电子签名"), ("en", "Digitally signed by")):
        page = (await client.get(f"/verify/{codes[0]}?lang={lang}")).text
        assert f"<dt>{words}</dt><dd>沙盒 Sandbox</dd>" in page
        assert key.fingerprint.hex() in page


async def test_what_was_stored_before_any_was_signed_stays_as_it_is(given: Given, client: httpx.AsyncClient) -> None:
    path = await given.agreement("approved", None)
    *_, issued = [one for one in await rows(given.world, path) if one["kind"] == "agreement"]
    old = b"%PDF-1.7 as it was drawn then"
    await serving.storage(given.world.service).put(str(issued["id"]), old)
    await given.world.line.execute(
        "update app.documents set sha256 = $2, size = $3, stored_at = now() where id = $1",
        issued["id"], sha256(old).digest(), len(old),
    )  # fmt: skip
    assert (await given.cast["graduate"].get(f"{path}/document")).content == old
    assert (await check(client, old))["document"]["signature"] is None
    await storing.store(given.world.service, payload(path))
    kept = await rows(given.world, path)
    assert [one["certificate"] is None for one in kept if one["sha256"]].count(True) == 1, "the others are signed"


# -- races ------------------------------------------------------------------------------------------------------------


async def raced(given: Given, path: str, first: Service, second: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two twins of the job: each has put its bytes before either has written its row."""
    together = asyncio.Barrier(2)
    put = Storage.put

    async def put_and_wait(storage: Storage, file: str, content: Path | bytes) -> None:
        await put(storage, file, content)
        await together.wait()

    with monkeypatch.context() as patched:
        patched.setattr(Storage, "put", put_and_wait)
        await asyncio.gather(*(storing.store(one, payload(path)) for one in (first, second)))


def objects(given: Given, document: asyncpg.Record) -> list[Path]:
    """What the storage has of a document."""
    return [*(given.world.service.settings.data_dir / "documents").glob(f"*/{document['id']}*")]


async def truths(given: Given, path: str) -> list[bool]:
    """For each stored document: whether the storage has its bytes and nothing else of it."""
    kept = [one for one in await rows(given.world, path) if one["sha256"]]
    assert len(kept) == 3
    return [[sha256(file.read_bytes()).digest() for file in objects(given, one)] == [one["sha256"]] for one in kept]


@pytest.mark.parametrize("keys", [1, 2])
async def test_twins_store_one_truth(
    given: Given, authority: Authority, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch, keys: int
) -> None:
    """With one key they make the same bytes; with two, as in the middle of a rotation, others."""
    path = await given.agreement("approved", None)
    signers = [Signer([authority.certified()]) for _ in range(keys)]
    twins = [replace(given.world.service, signer=signers[number % keys]) for number in range(2)]
    await raced(given, path, *twins, monkeypatch)
    assert await truths(given, path) == [True] * 3
    pdf = (await given.cast["graduate"].get(f"{path}/document")).content
    assert await holds(pdf, authority.root)
    assert (await check(client, pdf))["genuine"]


@pytest.mark.parametrize(
    ("naming", "stays"), [(serving.named, True), (lambda document, _: document, False)], ids=["", "under one name"]
)
async def test_a_twin_that_comes_late_leaves_what_is_stored(
    given: Given, authority: Authority, monkeypatch: pytest.MonkeyPatch, naming: Any, stays: Any
) -> None:
    """It lost its lease, its key was replaced, and it goes on. The control: bytes that are called by their id alone."""
    service, path = given.world.service, await given.agreement("approved", None)
    late = replace(service, signer=Signer([authority.certified()]))
    read = await service.db.rows(storing._waiting, {**storing._SYSTEM, "placement": payload(path)["placement_id"]})
    monkeypatch.setattr(storing, "named", naming)
    await storing.store(service, payload(path))
    assert await truths(given, path) == [True] * 3
    for row in read:
        await storing._store(late, row)
    assert await truths(given, path) == [stays] * 3


# -- rotation ---------------------------------------------------------------------------------------------------------


async def test_keys_rotate_and_what_was_signed_stays_so(
    given: Given, authority: Authority, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, graduate, path = given.world.service, given.cast["graduate"], await given.agreement("approved", None)
    old, new = authority.certified(name="旧"), authority.certified(name="新")

    def ring(*keys: Certified) -> None:
        monkeypatch.setattr(service, "signer", Signer(keys))

    async def served() -> tuple[bytes, bool, str | None]:
        """A document; whether its signature holds and its bytes are genuine; whom it is said to be signed by."""
        pdf = (await graduate.get(f"{path}/document")).content
        found = (await check(client, pdf))["document"]
        return pdf, await holds(pdf, authority.root), found and found["signature"]["by"]

    ring(old)
    await storing.store(service, payload(path))
    first = await served()
    assert first[1:] == (True, "旧")
    ring(new, old)
    assert await served() == first, "stored once"
    *_, agreement = [one for one in await rows(given.world, path) if one["kind"] == "agreement"]
    place(given, agreement).unlink()
    assert await served() == first, "lost, and signed again as it was"
    ring(new)
    assert (await served())[1:] == (True, None), "without the former key it is good, but not the one that was stored"
    assert await holds(first[0], authority.root), "what people have needs no key of ours"
    assert (await check(client, first[0]))["document"]["signature"]["by"] == "旧"


async def test_past_the_end_of_its_certificate_nothing_is_signed_and_nothing_lost(
    given: Given, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    service, graduate, path = given.world.service, given.cast["graduate"], await given.agreement("approved", None)
    monkeypatch.setattr(service, "signer", Signer([authority.certified(until=NOW - timedelta(days=1))]))
    with pytest.raises(Unavailable, match="signing-unavailable"):
        await storing.store(service, payload(path))
    refused = await graduate.get(f"{path}/document")
    assert (refused.status_code, refused.json()["code"]) == (503, "signing-unavailable")
    assert [one["sha256"] for one in await rows(given.world, path)] == [None] * 4
    monkeypatch.undo()
    await storing.store(service, payload(path))
    assert (await graduate.get(f"{path}/document")).status_code == 200
