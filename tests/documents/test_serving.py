"""Documents over HTTP: for their parties, drawn from the record, stored after approval, promised with it."""

from hashlib import sha256
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from app.workflows.documents import storing
from app.workflows.documents.serving import named
from tests.agreements.given import BODIES, Given
from tests.documents.drawn import text_of
from tests.working import until, working
from tests.world import TERMS, World

DRAGONS = "\U0002a6a5"
MINE = ("/v1/me/information-sheet", "/v1/me/destination-certificate")


@pytest.fixture
async def given(world: World) -> Given:
    return await Given.everybody(world)


async def rows(world: World, agreement: str) -> list[asyncpg.Record]:
    """What was issued of an agreement, oldest first."""
    found = "select * from app.documents where placement_id = $1 order by placement_version, kind"
    return await world.line.fetch(found, agreement.rpartition("/")[2])


async def stored(world: World, agreement: str) -> list[asyncpg.Record]:
    """The same, once the worker has stored all that the approval issued."""

    async def done() -> list[asyncpg.Record] | None:
        found = await rows(world, agreement)
        return found if all(one["sha256"] for one in found if one["placement_version"] > 1) else None

    async with working(world.service):
        found: list[asyncpg.Record] = await until(done)
    return found


async def test_an_agreement_can_be_printed_from_its_first_day(given: Given, tmp_path: Path) -> None:
    path = await given.agreement("submitted", "department")
    answer = await given.cast["graduate"].get(f"{path}/document")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["x-content-type-options"] == "nosniff"
    number = (await given.cast["graduate"].get(path)).json()["number"]
    assert answer.headers["content-disposition"] == f'attachment; filename="agreement-{number}.pdf"'
    text = text_of(answer.content, tmp_path)
    assert number in text
    assert "待审核" in text
    (issued,) = await rows(given.world, path)
    assert (issued["kind"], issued["placement_version"], issued["sha256"]) == ("agreement", 1, None)
    assert f"/verify/{issued['code']}" in text


@pytest.mark.parametrize("who", ["graduate", "employer", "department", "school", "county", "city", "provincial_bureau"])
async def test_its_parties_get_the_same_agreement(given: Given, who: str) -> None:
    path = await given.agreement("approved", None)
    ours, theirs = [await given.cast[one].get(f"{path}/document") for one in ("graduate", who)]
    assert theirs.status_code == 200
    assert theirs.content == ours.content


@pytest.mark.parametrize("who", ["other graduate", "other employer", "other school"])
async def test_nobody_else_gets_it(given: Given, who: str) -> None:
    path = await given.agreement("approved", None)
    assert (await given.cast[who].get(f"{path}/document")).status_code == 404


async def test_nobody_unknown_gets_it(given: Given, client: httpx.AsyncClient) -> None:
    path = await given.agreement("submitted", "department")
    for one in (f"{path}/document", *MINE):
        assert (await client.get(one)).status_code == 401


async def test_whoever_has_it_is_told_so_and_it_takes_one_read(given: Given) -> None:
    path, graduate = f"{await given.agreement('approved', None)}/document", given.cast["graduate"]
    before = given.world.service.db.trips
    first = await graduate.get(path)
    assert given.world.service.db.trips - before == 1
    again = await graduate.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def place(given: Given, document: asyncpg.Record) -> Path:
    """Where the bytes of a stored document are."""
    name = named(str(document["id"]), document["sha256"])
    return given.world.service.settings.data_dir / "documents" / name[-2:] / name


async def test_a_graduate_has_a_sheet_while_placed_and_a_certificate_once_approved(
    given: Given, tmp_path: Path
) -> None:
    graduate, sheet = given.cast["graduate"], MINE[0]
    assert [(await graduate.get(one)).status_code for one in MINE] == [404, 404]
    path = await given.agreement("submitted", "school")
    assert [(await graduate.get(one)).status_code for one in MINE] == [200, 404]
    assert "尚未签发" in text_of((await graduate.get(sheet)).content, tmp_path)
    await given.cast["school"].move(path, "approve")
    number = graduate.facts["id_number"]
    for one in MINE:
        text = text_of((await graduate.get(one)).content, tmp_path)
        assert "王小明" in text
        assert number not in text
    assert f"{number[0]}{'*' * 16}{number[-1]}" in text_of((await graduate.get(sheet)).content, tmp_path)
    assert [(await given.cast["school"].get(one)).status_code for one in MINE] == [403, 403]
    await given.cast["employer"].move(await given.asked(path, "graduate"), "agree")
    assert [(await graduate.get(one)).status_code for one in MINE] == [404, 404]
    assert (await graduate.get(f"{path}/document")).status_code == 200


@pytest.mark.parametrize("kind", ["further_study", "enlistment", "startup"])
async def test_a_destination_is_certified_as_an_agreement_is(given: Given, kind: str, tmp_path: Path) -> None:
    """A placement of another kind, with none of an agreement's terms, approved in the same way."""
    graduate, path = given.cast["graduate"], await given.agreement("approved", None)
    await given.world.line.execute(
        "update app.placements set kind = $2, number = null, details = '{}', employer_id = null, unit_nature = null"
        " where id = $1",
        path.rpartition("/")[2],
        kind,
    )
    for one in MINE:
        assert "王小明" in text_of((await graduate.get(one)).content, tmp_path)
    assert (await graduate.get(f"{path}/document")).status_code == 404, "it has no agreement to print"
    await storing.store(given.world.service, {"placement_id": path.rpartition("/")[2]})
    certificate = [one for one in await rows(given.world, path) if one["kind"] == "destination_certificate"]
    assert [one["sha256"] is not None for one in certificate] == [True]


# -- stored -----------------------------------------------------------------------------------------------------------


async def test_an_approval_issues_and_promises_in_its_own_commit(given: Given) -> None:
    path = await given.agreement("submitted", "school")
    promised = "select count(*) from app.pgqueuer where entrypoint = 'store_documents' and payload like $1"
    mine = f"%{path.rpartition('/')[2]}%".encode()
    assert await given.world.line.fetchval(promised, mine) == 0
    before = given.world.service.db.trips
    await given.cast["school"].post(f"{path}/transitions", {"action": "approve"}, If_Match='"2"')
    assert given.world.service.db.trips - before == 2, "a look and one write, as before"
    issued = [(one["kind"], one["placement_version"]) for one in await rows(given.world, path)]
    assert issued == [
        ("agreement", 1), ("agreement", 3), ("destination_certificate", 3), ("information_sheet", 3),
    ]  # fmt: skip
    assert await given.world.line.fetchval(promised, mine) == 1


async def test_a_refused_approval_issues_nothing(given: Given) -> None:
    path = await given.agreement("submitted", "school")
    answer = await given.cast["school"].post(f"{path}/transitions", {"action": "approve"}, If_Match='"1"')
    assert answer.status_code == 412
    assert len(await rows(given.world, path)) == 1


async def test_what_is_stored_is_what_was_drawn_and_stays_when_the_agreement_has_ended(
    given: Given, tmp_path: Path
) -> None:
    graduate, path = given.cast["graduate"], await given.agreement("approved", None)
    drawn = [(await graduate.get(one)).content for one in (f"{path}/document", *MINE)]
    kept = {one["kind"]: one for one in await stored(given.world, path) if one["sha256"]}
    served = [(await graduate.get(one)).content for one in (f"{path}/document", *MINE)]
    assert served == drawn
    kinds = ("agreement", "information_sheet", "destination_certificate")
    assert [kept[kind]["sha256"] for kind in kinds] == [sha256(one).digest() for one in served]
    assert [kept[kind]["size"] for kind in kinds] == [len(one) for one in served]
    on_disk = place(given, kept["agreement"])
    assert on_disk.read_bytes() == served[0]
    await given.cast["employer"].move(await given.asked(path, "graduate"), "agree")
    assert (await graduate.get(f"{path}/document")).content == served[0]
    on_disk.unlink()
    assert (await graduate.get(f"{path}/document")).content == served[0], "drawn again, as it was"
    assert "审核通过，已生效" in text_of(served[0], tmp_path)


async def test_bytes_that_were_tampered_with_are_not_served(given: Given) -> None:
    graduate, path = given.cast["graduate"], await given.agreement("approved", None)
    *_, kept = [one for one in await stored(given.world, path) if one["kind"] == "agreement"]
    good = (await graduate.get(f"{path}/document")).content
    place(given, kept).write_bytes(b"%PDF-1.7 forged")
    assert (await graduate.get(f"{path}/document")).content == good


async def test_a_job_done_twice_is_done_once(given: Given) -> None:
    path = await given.agreement("approved", None)
    before = await stored(given.world, path)
    await storing.store(given.world.service, {"placement_id": path.rpartition("/")[2]})
    assert await rows(given.world, path) == before


async def test_a_job_without_a_font_for_a_name_is_tried_again(given: Given) -> None:
    """The name passed the door before the fonts were changed; nothing half-done is left."""
    path = await given.agreement("approved", None)
    placement = path.rpartition("/")[2]
    await given.world.line.execute("update app.placements set graduate_name = $2 where id = $1", placement, DRAGONS)
    with pytest.raises(Exception, match="rule-not-met"):
        await storing.store(given.world.service, {"placement_id": placement})
    assert [one["sha256"] for one in await rows(given.world, path)] == [None] * 4
    problem = (await given.cast["graduate"].get(f"{path}/document")).json()
    assert problem["code"] == "rule-not-met"
    assert problem["unmet"][0]["code"] == "glyph-missing"
    assert "U+2A6A5" in problem["unmet"][0]["message"]
    assert DRAGONS not in str(problem)


# -- every glyph prints -----------------------------------------------------------------------------------------------


async def invited(given: Given, **terms: Any) -> str:
    sent = await given.cast["employer"].post(
        "/v1/invitations", {"to": given.cast["graduate"].facts, "terms": TERMS | terms}
    )
    assert sent.status_code == 201, sent.text
    return sent.headers["Location"]


async def test_what_could_not_be_printed_is_not_agreed(given: Given) -> None:
    graduate, path = given.cast["graduate"], await invited(given, terms=f"另行约定：{DRAGONS}😀。")
    blocked = (await graduate.get(path)).json()["blocked"]
    assert [(one["action"], one["code"]) for one in blocked] == [("accept", "glyph-missing")]
    before = await given.trace(path)
    answer = await graduate.move(path, "accept", **BODIES["accept"])
    assert (answer.status_code, answer.json()["code"]) == (409, "rule-not-met")
    assert [one["code"] for one in answer.json()["unmet"]] == ["glyph-missing"]
    assert "U+1F600, U+2A6A5" in answer.json()["unmet"][0]["message"]
    assert await given.trace(path) == before


async def test_the_control_rare_characters_that_print_are_agreed(given: Given) -> None:
    path = await invited(given, position="𠮷䶮研究员", terms="第一行\n第二行\t㛃")
    assert (await given.cast["graduate"].move(path, "accept", **BODIES["accept"])).status_code == 201


async def test_a_comment_that_could_not_be_printed_is_not_taken(given: Given) -> None:
    path, department = await given.agreement("submitted", "department"), given.cast["department"]
    refused = await department.move(path, "approve", comment="同意😀")
    assert [one["code"] for one in refused.json()["unmet"]] == ["glyph-missing"]
    assert (await department.move(path, "approve", comment="同意㛃")).status_code == 201


# -- the table --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "change",
    [
        "set code = 'AAAAAAAAAAAAAAAAAAAA'",
        "set placement_version = 9",
        "set issued_at = now()",
        "set sha256 = '\\x01', size = 1, stored_at = now()",
        "set signed_by = 'somebody', certificate = '\\x01'",
    ],
)
async def test_a_stored_document_is_never_changed_not_even_by_the_owner(given: Given, change: str) -> None:
    path = await given.agreement("approved", None)
    *_, one = await stored(given.world, path)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await given.world.line.execute(f"update app.documents {change} where id = $1", one["id"])


async def test_codes_are_long_random_and_unique(given: Given) -> None:
    path = await given.agreement("approved", None)
    found = [one["code"] for one in await rows(given.world, path)]
    assert len(set(found)) == len(found) == 4
    assert all(len(code) == 20 and set(code) <= set("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for code in found)
    with pytest.raises(asyncpg.UniqueViolationError):
        await given.world.line.execute(
            "insert into app.documents (id, placement_id, placement_version, kind, code, issued_at)"
            " select app.fresh_id(), placement_id, 99, kind, code, issued_at from app.documents where code = $1",
            found[0],
        )
