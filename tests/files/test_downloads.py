"""Reading, listing and removing files; and how much an owner may have."""

import asyncio
from dataclasses import replace
from hashlib import sha256

import pytest

from app.service import Service
from app.workflows import upload_rules, uploading
from app.workflows.same_files import used_elsewhere
from tests.agreements.given import Given
from tests.files.given import CSV, PDF, PNG, sent, upload
from tests.files.test_attachments import ESTABLISHED, everybody, invited
from tests.world import Somebody, World


async def test_a_file_is_read_as_it_is_kept_and_never_shown(world: World) -> None:
    school = await world.staff("school")
    status, told = await upload(school, CSV, "roster", "2027届 名册.html")
    answer = await school.get(f"/v1/files/{told['id']}/content")
    assert (status, answer.status_code, answer.content) == (201, 200, CSV)
    assert answer.headers["content-type"].partition(";")[0] == "text/csv"
    assert answer.headers["content-disposition"] == (
        "attachment; filename=\"file.csv\"; filename*=UTF-8''2027%E5%B1%8A%20%E5%90%8D%E5%86%8C.html.csv"
    )
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["etag"] == f'"{sha256(CSV).hexdigest()[:32]}"'
    known = {"If-None-Match": answer.headers["etag"]}
    assert (await school.get(f"/v1/files/{told['id']}/content", headers=known)).status_code == 304


async def test_a_pdf_is_read_as_it_was_written_anew(world: World) -> None:
    employer = await world.employer()
    _, told = await upload(employer, PDF + b"trailing", "licence", "执照.pdf")
    answer = await employer.get(f"/v1/files/{told['id']}/content")
    assert told["sha256"] == sha256(PDF + b"trailing").hexdigest()
    assert answer.content.startswith(b"%PDF-")
    assert b"trailing" not in answer.content
    assert answer.headers["content-disposition"].endswith("%E6%89%A7%E7%85%A7.pdf")


async def test_a_foreign_file_and_none_are_the_same_404(world: World) -> None:
    given = await everybody(world)
    file = await sent(given.cast["employer"], PDF, "appointment_notice")
    stranger, graduate = given.cast["other graduate"], given.cast["graduate"]
    paths = [f"/v1/files/{one}{end}" for one in (file, world.bodies["school"]) for end in ("", "/content")]
    for path in paths:
        assert (await stranger.get(path)).json()["code"] == "not-found"
        removed = await stranger.client.delete(path.removesuffix("/content"), headers=stranger.headers({}))
        assert removed.status_code == 404
    await invited(given, file)
    assert (await graduate.get(f"/v1/files/{file}/content")).status_code == 200
    assert (await stranger.get(f"/v1/files/{file}/content")).status_code == 404
    removed = await graduate.client.delete(f"/v1/files/{file}", headers=graduate.headers({}))
    assert removed.status_code == 404  # seen, but not theirs


async def test_own_files_are_listed_newest_first(world: World) -> None:
    graduate, colleague = await world.graduate(), await world.staff("school", "reader")
    school = await world.staff("school")
    await sent(await world.graduate(), PNG, "proof")
    ids = [await sent(graduate, PNG, "proof") for _ in range(3)]
    first = await graduate.get("/v1/files?limit=2")
    second = await graduate.get(f"/v1/files?cursor={first.json()['next_cursor']}")
    assert [one["id"] for one in first.json()["items"] + second.json()["items"]] == ids[::-1]
    assert second.json()["next_cursor"] is None
    file = await sent(school, CSV, "roster")
    assert [one["id"] for one in (await colleague.get("/v1/files")).json()["items"]] == [file]


async def remove(who: Somebody, file: str) -> tuple[int, str | None]:
    """The status of a removal, and the code of its refusal."""
    answer = await who.client.delete(f"/v1/files/{file}", headers=who.headers({}))
    return answer.status_code, answer.json()["code"] if answer.content else None


async def test_a_file_goes_with_its_bytes_unless_it_is_attached(world: World, service: Service) -> None:
    given = await everybody(world)
    employer = given.cast["employer"]
    free, attached = [await sent(employer, PDF, "appointment_notice") for _ in range(2)]
    await invited(given, attached)
    assert await remove(employer, attached) == (409, "file-attached")
    assert await remove(employer, free) == (204, None)
    assert await remove(employer, free) == (404, "not-found")
    assert not (service.settings.data_dir / "files" / free[-2:] / free).exists()
    assert (await employer.get(f"/v1/files/{attached}")).json()["attached"] is True
    assert (await employer.get(f"/v1/files/{attached}/content")).status_code == 200
    used = await world.line.fetchrow("select files, bytes from app.file_usage where owner_id = $1", employer.body)
    size = await world.line.fetchval("select greatest(size, kept_size) from app.files where id = $1", attached)
    assert tuple(used) == (1, size)


async def test_removing_and_attaching_at_once_has_one_winner(world: World) -> None:
    given = await everybody(world)
    employer = given.cast["employer"]
    for _ in range(4):
        await given.new_graduate()
        file = await sent(employer, PDF, "appointment_notice")
        draft = {"to": given.cast["graduate"].facts, "terms": {**ESTABLISHED, "notice_file_id": file}}
        gone, sending = await asyncio.gather(remove(employer, file), employer.post("/v1/invitations", draft))
        attached = await world.line.fetchval("select count(*) from app.attachments where file_id = $1", file)
        assert (gone[0], sending.status_code, attached) in ((204, 409, 0), (409, 201, 1))


async def test_uploading_and_reading_take_few_statements(world: World) -> None:
    graduate = await world.graduate()
    before = world.service.db.trips
    file = await sent(graduate, PNG, "proof")
    assert world.service.db.trips - before == 2
    for path in ("/v1/files", f"/v1/files/{file}", f"/v1/files/{file}/content"):
        before = world.service.db.trips
        await graduate.get(path)
        assert world.service.db.trips - before == 1
    before = world.service.db.trips
    await remove(graduate, file)
    assert world.service.db.trips - before == 2


@pytest.mark.parametrize(
    ("quota", "status", "code"),
    [
        ({"files": 2}, 409, "quota-files"),
        ({"bytes": 2 * len(PNG) + 200}, 409, "quota-bytes"),
        ({"day_files": 2}, 429, "quota-day"),
        ({"day_bytes": 2 * len(PNG) + 200}, 429, "quota-day"),
    ],
)
async def test_nobody_has_more_than_their_quota_not_even_at_once(
    world: World, monkeypatch: pytest.MonkeyPatch, quota: dict[str, int], status: int, code: str
) -> None:
    monkeypatch.setattr(uploading, "quota_of", lambda _: replace(upload_rules.GRADUATES, **quota))
    graduate = await world.graduate()
    answers = await asyncio.gather(*(upload(graduate, PNG, "proof") for _ in range(5)))
    assert [answer[0] for answer in answers].count(201) == 2
    assert {(one, told["code"]) for one, told in answers if one != 201} == {(status, code)}
    kept = await world.line.fetchval("select count(*) from app.files where account_id = $1", graduate.account)
    assert kept == 2
    assert (await upload(await world.graduate(), PNG, "proof"))[0] == 201
    yesterday = "update app.file_usage set day = day - 1 where owner_id = $1"
    await world.line.execute(yesterday, graduate.account)
    assert ((await upload(graduate, PNG, "proof"))[0] == 201) == (code == "quota-day")


@pytest.mark.parametrize("name", ["../../etc/passwd", "a\\b.pdf", "..", "\u202egpj.exe"])
async def test_a_name_is_no_path_and_reads_as_it_is(world: World, name: str) -> None:
    status, problem = await upload(await world.graduate(), PNG, "proof", name)
    assert (status, [one["code"] for one in problem["errors"]]) == (422, ["file-name-unsafe"])


async def test_the_same_proof_in_other_hands_is_found(world: World, service: Service) -> None:
    records, given = [], await Given.everybody(world)
    for owner, content in (("a", PDF + b"%same"), ("b", PDF + b"%same"), ("c", PDF + b"%other")):
        await given.new_graduate()
        given.cast["employer"] = await world.employer(nature="20")
        path = await invited(given, await sent(given.cast["employer"], content, "appointment_notice"))
        records.append((owner, path.rpartition("/")[2]))
    found = {owner: [one.record_id for one in await used_elsewhere(service, record)] for owner, record in records}
    ids = dict(records)
    assert found == {"a": [ids["b"]], "b": [ids["a"]], "c": []}
