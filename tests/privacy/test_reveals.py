"""Personal data unmasked: by whom, how often, never without a trace; and the person reads who looked."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.change import fresh_id
from app.workflows.accounts.reveals import MOST
from tests.agreements.given import Given
from tests.world import Somebody, World

COMMENT = "协议缺少证明材料，需电话联系本人。"
PHONE = "13900001234"


def draft(graduate: Somebody | str | None, *fields: str, **other: Any) -> dict[str, Any]:
    """A reveal of a graduate's fields."""
    subject = graduate if isinstance(graduate, str | None) else graduate.graduate
    asked = {"graduate_id": subject, "fields": [*(fields or ("id_number", "phone"))], "reason": "contact"}
    return {**asked, "comment": COMMENT, **other}


async def reveal(who: Somebody, *given: Any, **other: Any) -> httpx.Response:
    """Ask for it."""
    return await who.post("/v1/reveals", draft(*given, **other))


async def with_phone(world: World, graduate: Somebody, number: str) -> None:
    """The graduate has a proven phone."""
    person = await world.line.fetchval("select person_id from app.graduates where id = $1", graduate.graduate)
    sealed = world.service.sealer.seal(number, table="phones", column="sealed", row=str(person))
    await world.line.execute(
        "insert into app.phones values ($1, $2, $3, now())",
        world.service.blind_index.of("phone", number),
        sealed,
        person,
    )


async def accesses_of(world: World, graduate: Somebody) -> list[Any]:
    """The rows about a graduate's person."""
    return await world.line.fetch(
        "select a.* from app.accesses a join app.graduates g using (person_id) where g.id = $1 order by a.id",
        graduate.graduate,
    )


async def test_a_reveal_shows_the_values_and_its_owner_who_saw_them(world: World) -> None:
    graduate, school = await world.graduate(), await world.staff("school", "reviewer")
    number = f"139{world.serial:04d}0001"
    await with_phone(world, graduate, number)
    before = world.service.db.trips
    answer = await reveal(school, graduate)
    assert world.service.db.trips == before + 2
    assert answer.status_code == 200, answer.text
    assert (answer.json()["id_number"], answer.json()["phone"]) == (graduate.facts["id_number"], number)
    assert answer.headers["cache-control"] == "no-store"
    assert "etag" not in answer.headers
    [seen] = (await graduate.get("/v1/me/accesses")).json()["items"]
    assert seen == {
        "id": answer.json()["access_id"],
        "at": answer.json()["at"],
        "body": {"id": school.body, "name": f"第{world.serial}大学"},
        "body_kind": "school",
        "role": "reviewer",
        "purpose": "reveal",
        "fields": ["id_number", "phone"],
        "reason": "contact",
        "reason_text": "Contacting the person",
        "comment": COMMENT,
    }
    assert school.account not in (await graduate.get("/v1/me/accesses")).text


async def test_only_what_was_asked_for_is_shown(world: World) -> None:
    graduate, school = await world.graduate(), await world.staff("school")
    await with_phone(world, graduate, f"139{world.serial:04d}0002")
    answer = (await reveal(school, graduate, "phone")).json()
    assert (answer["id_number"], answer["phone"] is None) == (None, False)
    assert [row["fields"] for row in await accesses_of(world, graduate)] == [["phone"]]


async def test_a_reveal_is_never_repeated_by_its_key(world: World) -> None:
    graduate, school = await world.graduate(), await world.staff("school")
    for _ in range(2):
        answer = await school.post("/v1/reveals", draft(graduate, "id_number"), Idempotency_Key="again")
        assert answer.status_code == 200
        assert "idempotent-replayed" not in answer.headers
    assert len(await accesses_of(world, graduate)) == 2
    assert await world.line.fetchval("select count(*) from app.remembered where account_id = $1", school.account) == 0


SEES = {"department", "school", "provincial_bureau", "provincial_education"}


@pytest.mark.parametrize("kind", sorted({*SEES, "county", "city"}))
async def test_bodies_that_see_the_graduate_may_and_others_find_nobody(world: World, kind: str) -> None:
    graduate, who = await world.graduate(), await world.staff(kind)
    answer = await reveal(who, graduate, "id_number")
    assert answer.status_code == (200 if kind in SEES else 404), answer.text
    assert len(await accesses_of(world, graduate)) == (kind in SEES)


async def test_the_bureau_that_reviews_an_agreement_may(world: World) -> None:
    given = await Given.everybody(world, left=True)
    assert (await reveal(given.cast["county"], given.cast["graduate"], "id_number")).status_code == 404
    await given.agreement("submitted", "county")
    assert (await reveal(given.cast["county"], given.cast["graduate"], "id_number")).status_code == 200
    assert (await reveal(given.cast["county"], given.cast["other graduate"], "id_number")).status_code == 404


async def test_a_foreign_graduate_and_nobody_are_told_alike(world: World) -> None:
    given = await Given.everybody(world)
    subject = given.cast["graduate"]
    strangers = ("other school", "employer", "county", "city", "graduate", "other graduate")
    for who in strangers:
        told = []
        for one in (subject.graduate, fresh_id()):
            answer = await world.client.post(
                "/v1/reveals", json=draft(one), headers=given.cast[who].headers({"X-Request-ID": "same-1234"})
            )
            assert answer.status_code == 404, who
            told.append(answer.content)
        assert told[0] == told[1]
    assert await accesses_of(world, subject) == []


async def test_readers_may_not(world: World) -> None:
    graduate = await world.graduate()
    answer = await reveal(await world.staff("school", "reader"), graduate)
    assert (answer.status_code, answer.json()["code"]) == (403, "role-missing")
    assert await accesses_of(world, graduate) == []


@pytest.mark.parametrize(("amr", "minutes", "status"), [
    (["pwd", "otp"], 9, 200), (["pwd", "otp"], 11, 403), (["pwd", "mfa"], 0, 403),
])  # fmt: skip
async def test_both_factors_were_proved_within_ten_minutes(
    world: World, amr: list[str], minutes: int, status: int
) -> None:
    graduate, school = await world.graduate(), await world.staff("school")
    await world.line.execute(
        "update app.sessions set amr = $2, auth_at = $3 where account_id = $1",
        school.account, amr, world.service.clock.real() - timedelta(minutes=minutes),
    )  # fmt: skip
    answer = await reveal(school, graduate, "id_number")
    assert answer.status_code == status
    assert status == 200 or answer.json()["code"] == "step-up-required"
    assert len(await accesses_of(world, graduate)) == (status == 200)
    assert status == 200 or graduate.facts["id_number"] not in answer.text


async def test_a_day_has_so_many_reveals_for_each_person(world: World) -> None:
    graduate, school, colleague = await world.graduate(), await world.staff("school"), await world.staff("school")
    for _ in range(MOST):
        assert (await reveal(school, graduate, "id_number")).status_code == 200
    answer = await reveal(school, graduate, "id_number")
    assert (answer.status_code, answer.json()["code"]) == (429, "too-many-requests")
    assert 0 < int(answer.headers["retry-after"]) <= 86400
    assert len(await accesses_of(world, graduate)) == MOST
    assert (await reveal(colleague, graduate, "id_number")).status_code == 200


async def test_what_cannot_be_recorded_is_not_revealed(world: World) -> None:
    graduate, school = await world.graduate(), await world.staff("school")
    await world.line.execute(
        "create function app.full_disk() returns trigger language plpgsql as"
        " $$ begin raise exception 'no room' using errcode = '53100'; end $$"
    )
    await world.line.execute(
        f"create trigger no_room before insert on app.accesses for each row"
        f" when (new.account_id = '{school.account}') execute function app.full_disk()"
    )
    try:
        answer = await reveal(school, graduate)
        assert answer.status_code == 503
        assert graduate.facts["id_number"] not in answer.text
    finally:
        await world.line.execute("drop function app.full_disk cascade")
    assert await accesses_of(world, graduate) == []
    assert (await reveal(school, graduate, "id_number")).status_code == 200  # the same look, with room


async def test_rows_of_accesses_are_only_added(world: World) -> None:
    graduate, school = await world.graduate(), await world.staff("school")
    await reveal(school, graduate, "id_number")
    for change in ("update app.accesses set comment = '-'", "delete from app.accesses", "truncate app.accesses"):
        with pytest.raises(Exception, match="append-only"):
            await world.line.execute(change)
    for right in ("UPDATE", "DELETE"):
        assert not await world.line.fetchval("select has_table_privilege('employment_app', 'app.accesses', $1)", right)


async def test_an_employers_contact_is_revealed_to_its_bureau_and_the_employer_reads_so(world: World) -> None:
    employer, other = await world.employer(), await world.employer()
    sealed = world.service.sealer.seal(
        "13912340000", table="employers", column="contact_phone_sealed", row=str(employer.body)
    )
    await world.line.execute("update app.employers set contact_phone_sealed = $2 where id = $1", employer.body, sealed)
    asked = {"employer_id": employer.body, "fields": ["phone"], "reason": "review", "comment": COMMENT}
    answer = await (await world.staff("county")).post("/v1/reveals", asked)
    assert (answer.status_code, answer.json()["phone"]) == (200, "13912340000")
    assert (await (await world.staff("school")).post("/v1/reveals", asked)).status_code == 404
    [seen] = (await employer.get("/v1/me/accesses")).json()["items"]
    assert (seen["body_kind"], seen["fields"], seen["reason"]) == ("county", ["phone"], "review")
    assert (await other.get("/v1/me/accesses")).json()["items"] == []


@pytest.mark.parametrize(("other", "code"), [
    ({"graduate_id": None}, "one-subject"),
    ({"employer_id": "01890a5d-ac96-774b-bcce-b302099a8057"}, "one-subject"),
    ({"fields": ["phone", "phone"]}, "field-repeated"),
    ({"graduate_id": None, "employer_id": "01890a5d-ac96-774b-bcce-b302099a8057"}, "no-such-field"),
])  # fmt: skip
async def test_a_reveal_has_one_subject_and_its_fields(world: World, other: dict[str, Any], code: str) -> None:
    graduate, school = await world.graduate(), await world.staff("school")
    answer = await reveal(school, graduate, **other)
    assert (answer.status_code, [one["code"] for one in answer.json()["errors"]]) == (422, [code])


async def test_a_graduate_reads_about_themselves_alone(world: World) -> None:
    graduate, other, school = await world.graduate(), await world.graduate(), await world.staff("school")
    for _ in range(3):
        await reveal(school, graduate, "id_number")
    first = await graduate.get("/v1/me/accesses", params={"limit": 2})
    rest = await graduate.get("/v1/me/accesses", params={"limit": 2, "cursor": first.json()["next_cursor"]})
    assert (len(first.json()["items"]), len(rest.json()["items"])) == (2, 1)
    assert (await other.get("/v1/me/accesses")).json()["items"] == []
    assert (await school.get("/v1/me/accesses")).status_code == 403
