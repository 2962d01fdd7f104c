"""An attached file is as visible as its record, and stays."""

from typing import Any

import asyncpg
import pytest

from app.change import fresh_id
from tests.agreements.given import BODIES, Given
from tests.files.given import PDF, sent
from tests.world import TERMS, World

ESTABLISHED = TERMS | {"establishment": True}


async def everybody(world: World) -> Given:
    """The cast, with an employer that has posts inside the state establishment."""
    given = await Given.everybody(world)
    given.cast["employer"] = await world.employer(nature="20")
    return given


async def invited(given: Given, notice: str) -> str:
    """The path of an invitation with this notice."""
    draft = {"to": given.cast["graduate"].facts, "terms": ESTABLISHED | {"notice_file_id": notice}}
    answer = await given.cast["employer"].post("/v1/invitations", draft)
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"]


async def readers(given: Given, file: str) -> set[str]:
    """Who of the cast may read a file; to everybody else it is not there."""
    statuses = {who: (await one.get(f"/v1/files/{file}")).status_code for who, one in given.cast.items()}
    assert set(statuses.values()) <= {200, 404}
    return {who for who, status in statuses.items() if status == 200}


async def test_a_notice_is_as_visible_as_its_invitation_and_then_as_the_agreement(world: World) -> None:
    given = await everybody(world)
    file = await sent(given.cast["employer"], PDF, "appointment_notice")
    assert await readers(given, file) == {"employer"}
    path = await invited(given, file)
    parties = {"employer", "graduate", "department", "department reader", "school"}
    provincial = {"provincial_bureau", "provincial_education"}
    assert await readers(given, file) == parties | provincial
    assert (await given.cast["graduate"].move(path, "accept", **BODIES["accept"])).status_code == 201
    kinds = await world.line.fetch("select record_kind from app.attachments where file_id = $1 order by 1", file)
    assert [row[0] for row in kinds] == ["agreement", "invitation"]


async def test_a_notice_goes_along_to_the_bureau_that_reviews_the_agreement(world: World) -> None:
    given = await everybody(world)
    await given.new_graduate(left=True)
    file = await sent(given.cast["employer"], PDF, "appointment_notice")
    path = await invited(given, file)
    assert "county" not in await readers(given, file)
    assert (await given.cast["graduate"].move(path, "accept", **BODIES["accept"])).status_code == 201
    assert "county" in await readers(given, file)
    assert "other graduate" not in await readers(given, file)


async def test_a_licence_is_seen_by_the_bureau_once_it_is_attached(world: World) -> None:
    given = await Given.everybody(world)
    employer = given.cast["employer"] = await world.employer(approved=False)
    file = await sent(employer, PDF, "licence")
    assert "county" not in await readers(given, file)
    path = f"/v1/employers/{employer.body}"
    assert (await employer.move(path, "attach", licence_file_id=file)).status_code == 201
    assert (await employer.move(path, "attach", licence_file_id=file)).status_code == 201  # again: as it was
    assert await readers(given, file) == {"employer", "county", "city", "provincial_bureau", "provincial_education"}


@pytest.mark.parametrize("whose", ["nobody", "other employer", "graduate", "wrong purpose"])
async def test_only_a_file_of_ones_own_and_for_this_is_attached(world: World, whose: str) -> None:
    given = await everybody(world)
    match whose:
        case "nobody":
            file = fresh_id()
        case "wrong purpose":
            file = await sent(given.cast["employer"], PDF, "licence")
        case "graduate":
            file = await sent(given.cast["graduate"], PDF, "proof")
        case _:
            file = await sent(given.cast[whose], PDF, "appointment_notice")
    draft: dict[str, Any] = {"to": given.cast["graduate"].facts, "terms": ESTABLISHED | {"notice_file_id": file}}
    answer = await given.cast["employer"].post("/v1/invitations", draft)
    assert answer.status_code == 409
    assert [one["code"] for one in answer.json()["unmet"]] == ["notice-unknown"]
    assert await world.line.fetchval("select count(*) from app.attachments where file_id = $1", file) == 0


async def test_an_edit_keeps_the_notice_that_a_colleague_attached(world: World) -> None:
    given = await everybody(world)
    first = await sent(given.cast["employer"], PDF, "appointment_notice")
    path = await invited(given, first)
    second = await sent(given.cast["employer"], PDF, "appointment_notice")
    for file in (first, second):
        terms = ESTABLISHED | {"notice_file_id": file}
        assert (await given.cast["employer"].move(path, "edit", terms=terms)).status_code == 201
    assert "graduate" in await readers(given, first) & await readers(given, second)


async def test_an_attachment_of_a_foreign_file_is_refused_by_the_database_too(world: World, database_url: str) -> None:
    given = await everybody(world)
    mine, foreign = [await sent(given.cast[who], PDF, "proof") for who in ("graduate", "other graduate")]
    line = await asyncpg.connect(database_url)
    await line.execute("set role employment_app")

    async def attach(file: str) -> None:
        async with line.transaction():
            await line.execute("select set_config('app.kind', 'graduate', true), set_config('app.account', $1, true)",
                               given.cast["graduate"].account)  # fmt: skip
            await line.execute("insert into app.attachments values ($1, $2, 'agreement', 'proof', now())",
                               fresh_id(), file)  # fmt: skip

    await attach(mine)
    with pytest.raises(asyncpg.PostgresError) as refused:
        await attach(foreign)
    assert refused.value.sqlstate == "AP412"
    for change in ("update app.attachments set purpose = ''", "update app.files set name = ''",
                   "delete from app.attachments"):  # fmt: skip
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="permission denied"):
            await line.execute(change)
    await line.close()
