"""Recovery of an account whose phone is lost: nothing is told to a stranger, and the photo is the reviewer's alone."""

import asyncio
import os
from base64 import b64decode
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from app.security.sealing import SealBroken
from app.workflows.accounts import recovery_photos
from app.workflows.forgetting import forget
from tests.accounts.lost import (
    NEW_PASSWORD,
    PNG,
    a_graduate,
    approved,
    ask,
    claimed,
    code,
    in_situation,
    kept_code,
    lives,
    opened,
    photo,
    pixels,
    redeem,
    support,
    work,
)
from tests.accounts.people import Enrolled, captcha, enrolled, messages_to, phone, post, sign_in, traces
from tests.fire.served import session_of
from tests.world import COHORT, Somebody, World, id_number

GRADUATE = {"as": "graduate", "level": "bachelor"}


def place(world: World, path: str) -> Path:
    """Where the bytes of the case's photo are, or would be."""
    return world.service.settings.data_dir / "recovery-photos" / path[-2:] / path[-36:]


def stored(world: World, path: str) -> bool:
    """Whether there are bytes of the case's photo."""
    return place(world, path).exists()


async def cases(world: World, who: Enrolled) -> int:
    """How many recoveries there are of a person."""
    return int(await world.line.fetchval("select count(*) from app.recoveries where person_id = $1", who.person))


SUPPORTED = 2043
"""A cohort whose recoveries are reviewed by support."""


async def by_support(world: World) -> None:
    """Its policy."""
    await world.line.execute(
        "insert into app.policies select $2, 1, document || '{\"recovery_reviewer\": \"support\"}', effective_from"
        " from app.policies where cohort = $1 on conflict do nothing",
        COHORT, SUPPORTED,
    )  # fmt: skip


# -- opening ----------------------------------------------------------------------------------------------------------


async def test_only_a_match_becomes_a_case_and_every_answer_is_alike(world: World) -> None:
    who, _ = await a_graduate(world)
    stranger = await enrolled(world)
    nobody = await world._unused(id_number(871, "20020305"))
    answers = []
    for person, other in (
        (who, {"name": "李四"}),
        (who, {"level": "master"}),
        (who, {"id_number": nobody}),
        (who, {"school_code": "99999"}),
        (stranger, {}),
    ):
        before = await traces(world)
        answer = await ask(world, person, phone(), **other)
        answers.append(answer)
        after = await traces(world)
        assert {table for table in after if after[table] != before[table]} <= {"pgqueuer", "buckets", "challenges"}
        assert not stored(world, f"/v1/recoveries/{answer.json()['reference']}")
        assert (
            await world.line.fetchval("select count(*) from app.recoveries where id = $1", answer.json()["reference"])
            == 0
        )
    assert await cases(world, who) == 0
    real = await ask(world, who, phone())
    assert await cases(world, who) == 1
    assert stored(world, f"/v1/recoveries/{real.json()['reference']}")
    for answer in (*answers, real):
        assert answer.status_code == 202
        assert {name: len(value) for name, value in answer.json().items()} == {
            "reference": 36,
            "secret": 43,
            "closes_at": 20,
        }
        assert answer.headers["content-length"] == real.headers["content-length"]
        told = answer.json()
        standing = await post(world, "/v1/recoveries/inquiries", {name: told[name] for name in ("reference", "secret")})
        assert standing.json() == {"standing": "open", "closes_at": told["closes_at"]}


async def test_opening_takes_as_many_statements_whoever_is_named(world: World) -> None:
    who, _ = await a_graduate(world)
    counted = {}
    for case, other in (("somebody", {}), ("nobody", {"name": "李四"})):
        number = phone()
        given = {"code": await kept_code(world, number, "recovery"), **other}
        before = world.service.db.trips
        assert (await ask(world, who, number, **given)).status_code == 202
        counted[case] = world.service.db.trips - before
    assert counted["somebody"] == counted["nobody"] <= 4


async def test_one_recovery_of_an_account_is_open_and_of_many_at_once_one_is(world: World) -> None:
    who, _ = await a_graduate(world)
    numbers = [phone() for _ in range(3)]
    codes = [await kept_code(world, number, "recovery") for number in numbers]
    each = zip(numbers, codes, strict=True)
    answers = await asyncio.gather(*(ask(world, who, number, code=code) for number, code in each))
    assert [one.status_code for one in answers] == [202] * 3
    assert await cases(world, who) == 1
    kept = [stored(world, f"/v1/recoveries/{one.json()['reference']}") for one in answers]
    assert sorted(kept) == [False, False, True]


async def test_an_id_number_is_tried_three_times_a_day_whether_it_is_anybodys_or_not(world: World) -> None:
    who, _ = await a_graduate(world)
    files = world.service.settings.data_dir / "recovery-photos"

    async def kept() -> tuple[int, int]:
        rows = await world.line.fetchval("select count(*) from app.recovery_photos")
        return len([*files.glob("*/????????-*")]), int(rows)

    before = await kept()
    for person in (who, await enrolled(world)):
        statuses = []
        for _ in range(4):
            number = phone()
            statuses.append(
                (await ask(world, person, number, code=await kept_code(world, number, "recovery"))).status_code
            )
        assert statuses == [202, 202, 202, 429]
    bytes_more, rows_more = (now - then for now, then in zip(await kept(), before, strict=True))
    assert bytes_more == rows_more > 0


async def test_the_new_phone_is_proven_first(world: World) -> None:
    who, _ = await a_graduate(world)
    refused = await ask(world, who, phone(), code="000000")
    assert (refused.status_code, refused.json()["code"]) == (422, "code-wrong")
    assert await cases(world, who) == 0


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a" + b"x" * 40, b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"\x89PNX"]
)
async def test_a_photo_is_a_jpeg_or_a_png_by_its_content(world: World, content: bytes) -> None:
    who, _ = await a_graduate(world)
    refused = await ask(world, who, phone(), photo=photo(content), code="000000")
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["pointer"] == "/body/photo"
    assert photo(content) not in refused.text or not content


async def test_a_photo_has_bounds(world: World) -> None:
    who, _ = await a_graduate(world)
    refused = await ask(world, who, phone(), photo=photo(PNG + b"x" * 700_000), code="000000")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "too-long")
    odd = await ask(world, who, phone(), photo="iVBORw0KGgo", code="000000")
    assert odd.json()["errors"][0]["code"] == "photo-not-taken", "base64 without its end"


async def test_the_holder_is_warned_and_may_take_it_back(world: World) -> None:
    who, holder = await a_graduate(world)
    path = await opened(world, who)
    assert (await messages_to(world, who.phone))[-1].kind == "recovery-opened"
    assert (await holder.get("/v1/me/messages")).json()["items"][0]["kind"] == "recovery-submitted"
    seen = (await holder.get(path)).json()
    assert (seen["actions"], seen["has_photo"]) == (["withdraw"], False)
    assert (await holder.get(f"{path}/photo")).status_code == 403
    assert (await holder.move(path, "withdraw")).json()["record"]["ending"] == "withdrawn"
    await work(world, "forget-recovery-photo")
    assert not stored(world, path)
    (review,) = await world.line.fetch("select decision from app.reviews where record_id = $1", path.rpartition("/")[2])
    assert review["decision"] == "withdraw"
    await opened(world, who)


# -- following --------------------------------------------------------------------------------------------------------


async def test_a_case_is_followed_by_its_secret_alone_and_a_rejected_one_reads_like_nobodys(world: World) -> None:
    who, _ = await a_graduate(world)
    reviewer = await world.staff("school", "reviewer")
    real = (await ask(world, who, phone())).json()
    phantom = (await ask(world, who, phone(), name="李四")).json()
    inquiry = "/v1/recoveries/inquiries"
    for told in (real, phantom):
        wrong = await post(world, inquiry, {"reference": told["reference"], "secret": "x" * 43})
        assert (wrong.status_code, wrong.json()["code"]) == (404, "not-found")
    path = f"/v1/recoveries/{real['reference']}"
    rejected = await reviewer.move(path, "reject", reason="proof_unreadable")
    assert rejected.status_code == 201, rejected.text
    standings = [
        (await post(world, inquiry, {name: told[name] for name in ("reference", "secret")})).json()["standing"]
        for told in (real, phantom)
    ]
    assert standings == ["open", "open"]


# -- the photo --------------------------------------------------------------------------------------------------------


async def test_the_photo_is_for_the_reviewer_who_claimed_it_and_each_look_is_kept(world: World) -> None:
    who, holder = await a_graduate(world)
    path = await opened(world, who)
    first, second = await world.staff("school", "reviewer"), await world.staff("school", "reviewer")
    unclaimed = await first.get(f"{path}/photo")
    assert (unclaimed.status_code, unclaimed.json()["code"]) == (409, "claim-it-first")
    claim = await claimed(world, first, path)
    got = await first.get(f"{path}/photo")
    assert (got.status_code, pixels(got.content)) == (200, pixels(PNG))
    assert b"holding a card" in PNG
    assert b"holding a card" not in got.content, "what rode along is gone"
    assert got.headers["content-type"] == "image/png"
    assert got.headers["content-disposition"] == "attachment"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["cache-control"] == "no-store"
    looks = await world.line.fetch(
        "select account_id::text from app.recovery_photo_readings where recovery_id = $1", path[-36:]
    )
    assert [one["account_id"] for one in looks] == [first.account]

    other_school = await World.made(world.service, world.client, world.line)
    for person, said in (
        (second, "claim-it-first"),
        (await world.staff("school", "reader"), "role-missing"),
        (await other_school.staff("school", "reviewer"), "not-found"),
        (await world.staff("department"), "not-found"),
        (await world.staff("county"), "not-found"),
        (await world.staff("provincial_bureau"), "role-missing"),
        (await world.staff("provincial_education"), "not-found"),
        (await support(world), "not-found"),
        (holder, "role-missing"),
    ):
        refused = await person.get(f"{path}/photo")
        assert refused.json()["code"] == said, person
    assert (
        len(await world.line.fetch("select 1 from app.recovery_photo_readings where recovery_id = $1", path[-36:])) == 1
    )

    await world.client.delete(claim, headers=first.headers({}))
    assert (await first.get(f"{path}/photo")).status_code == 409
    await claimed(world, first, path)
    await world.line.execute("update app.reviews set lease_until = now() where record_id = $1", path[-36:])
    assert (await first.get(f"{path}/photo")).status_code == 409, "a lease that is over"


async def test_the_photo_is_sealed_at_rest_for_its_case(world: World) -> None:
    (who, _), (other, _) = await a_graduate(world), await a_graduate(world)
    path, foreign = await opened(world, who), await opened(world, other)
    sealed = place(world, path).read_bytes()
    assert PNG not in sealed
    assert photo(PNG).encode() not in sealed
    assert b"person" not in sealed
    cell = {"table": "recovery_photos", "column": "content"}
    assert pixels(b64decode(world.service.sealer.open(sealed, **cell, row=path[-36:]))) == pixels(PNG)
    with pytest.raises(SealBroken):
        world.service.sealer.open(sealed, **cell, row=foreign[-36:])


@pytest.mark.parametrize("decision", ["approve", "reject"])
async def test_the_decision_takes_the_photo_away(world: World, decision: str) -> None:
    who, _ = await a_graduate(world)
    path = await opened(world, who)
    reviewer = await world.staff("school", "reviewer")
    await claimed(world, reviewer, path)
    assert (await reviewer.get(f"{path}/photo")).status_code == 200
    more = {"reason": "proof_mismatch"} if decision == "reject" else {}
    decided = await reviewer.move(path, decision, **more)
    assert decided.status_code == 201, decided.text
    assert decided.json()["record"] == (await reviewer.get(path)).json()
    assert (await reviewer.get(f"{path}/photo")).status_code == 404, "from the very commit on"
    assert stored(world, path), "the control: until the job has run"
    assert await work(world, "forget-recovery-photo") >= 1
    assert not stored(world, path)
    assert await world.line.fetchval("select count(*) from app.recovery_photos where recovery_id = $1", path[-36:]) == 0
    assert await world.line.fetchval(
        "select count(*) from app.recovery_photo_readings where recovery_id = $1", path[-36:]
    )


async def test_the_row_policy_alone_keeps_photos_from_everybody_but_the_claimant(world: World) -> None:
    who, holder = await a_graduate(world)
    path, reviewer = await opened(world, who), await world.staff("school", "reviewer")
    bureau, education = await world.staff("provincial_bureau"), await world.staff("provincial_education")
    await claimed(world, reviewer, path)
    photos = "select count(p.*) from app.begin_request($1, null) a left join lateral (select p.* from"
    photos += " app.recovery_photos p where a.account_id is not null and p.recovery_id = $2 offset 0) p on true"

    async def seen(person: Somebody, *changes: str) -> int:
        transaction = world.line.transaction()
        await transaction.start()
        for change in (*changes, "set local role employment_app"):
            await world.line.execute(change)
        found = await world.line.fetchval(photos, session_of(world, person), path[-36:])
        await transaction.rollback()
        return int(found)

    assert await seen(reviewer) == 1
    for person in (holder, bureau, education, await world.staff("school", "reviewer"), await support(world)):
        assert await seen(person) == 0
    for person in (bureau, education):
        assert await seen(person, "alter table app.recovery_photos disable row level security") == 1, "the control"


async def test_photos_that_no_row_knows_are_swept(world: World) -> None:
    who, _ = await a_graduate(world)
    path = await opened(world, who)
    stray = f"{path[-36:-4]}0000"
    place(world, stray).parent.mkdir(parents=True, exist_ok=True)
    place(world, stray).write_bytes(b"x")
    old = world.service.clock.real().timestamp() - 7200
    for one in (stray, path[-36:]):
        os.utime(place(world, one), (old, old))
    await recovery_photos.sweep(world.service)
    assert (stored(world, stray), stored(world, path)) == (False, True)


# -- the decision -----------------------------------------------------------------------------------------------------


async def test_nobody_approves_what_they_have_not_looked_at(world: World) -> None:
    who, _ = await a_graduate(world)
    path = await opened(world, who)
    reviewer = await world.staff("school", "reviewer")
    assert (await reviewer.get(path)).json()["blocked"][0]["code"] == "photo-not-seen"
    refused = await reviewer.move(path, "approve")
    assert [one["code"] for one in refused.json()["unmet"]] == ["photo-not-seen"]
    waiting = (await reviewer.get("/v1/reviews?kind=recovery")).json()["items"]
    (item,) = [one for one in waiting if one["record_id"] == path[-36:]]
    assert item["subject"].keys() == {"level", "cohort", "school_name"}
    many = {"items": [{"kind": "recovery", "record_id": path[-36:], "version": 1, "action": "approve"}]}
    bulk = await reviewer.post("/v1/reviews/decisions", many)
    assert [one["status"] for one in bulk.json()["results"]] == [409]
    await claimed(world, reviewer, path)
    await reviewer.get(f"{path}/photo")
    bulk = await reviewer.post("/v1/reviews/decisions", many)
    assert [one["status"] for one in bulk.json()["results"]] == [201]


REGULATION = {
    ("submitted", "approve", "school"): "approved",
    ("submitted", "reject", "school"): "rejected",
    ("submitted", "withdraw", "holder"): "withdrawn",
    ("approved", "withdraw", "holder"): "withdrawn",
}
"""`(situation, action, who) → situation`, by hand from model.md §2; whatever is not here leaves no trace."""
SITUATIONS = ("submitted", "approved", "rejected", "redeemed", "withdrawn", "lapsed")


@pytest.mark.parametrize("situation", SITUATIONS)
async def test_only_the_regulation_moves_a_recovery(world: World, situation: str) -> None:
    cast = {
        "school": await world.staff("school", "reviewer"),
        "school reader": await world.staff("school", "reader"),
        "department": await world.staff("department"),
        "county": await world.staff("county"),
        "provincial_bureau": await world.staff("provincial_bureau"),
        "provincial_education": await world.staff("provincial_education"),
        "support": await support(world),
        "other graduate": await world.graduate(name="李小红"),
    }
    _, cast["holder"], path = await in_situation(world, situation, cast["school"])
    for action in ("approve", "reject", "withdraw"):
        for who in (*cast,):
            person = cast[who]
            seen = await world.line.fetchrow("select version, status from app.recoveries where id = $1", path[-36:])
            body: dict[str, Any] = {"reason": "not_eligible"} if action == "reject" else {}
            answer = await person.move(path, action, seen["version"], **body)
            outcome = REGULATION.get((situation, action, who))
            if outcome is None:
                assert answer.status_code in (403, 404, 409), (action, who, answer.text)
                after = await world.line.fetchrow(
                    "select version, status from app.recoveries where id = $1", path[-36:]
                )
                assert after == seen
            else:
                assert answer.status_code == 201, (action, who, answer.text)
                assert answer.json()["change"]["to"] == outcome
                assert answer.json()["record"] == (await person.get(path)).json()
                steps = (await person.get(f"{path}/transitions")).json()["items"]
                assert steps[-1]["to"] == outcome
                _, cast["holder"], path = await in_situation(world, situation, cast["school"])


async def test_support_reviews_where_the_policy_says_so_and_sees_what_it_took(world: World) -> None:
    await by_support(world)
    who, _ = await a_graduate(world, cohort=SUPPORTED)
    first, second = await support(world), await support(world)
    school = await world.staff("school", "reviewer")
    path = await opened(world, who)
    for person in (first, second):
        assert (await person.get(path)).status_code == 404, "nobody took it yet"
    waiting = (await first.get("/v1/reviews?kind=recovery&stage=support")).json()["items"]
    assert (path[-36:], None) in {(one["record_id"], one["record_version"]) for one in waiting}
    await claimed(world, first, path)
    assert (await first.get(path)).json()["waiting_for"]["stage"] == "support"
    assert [one["id"] for one in (await first.get("/v1/recoveries")).json()["items"]] == [path[-36:]]
    assert (await second.get(path)).status_code == 404
    assert (await school.get(path)).json()["has_photo"] is False
    assert (await school.get(f"{path}/photo")).status_code == 404
    assert pixels((await first.get(f"{path}/photo")).content) == pixels(PNG)
    refused = await school.move(path, "approve")
    assert refused.status_code == 403
    assert (await first.move(path, "approve")).status_code == 201
    assert (await first.get(path)).status_code == 200, "what it decided it still sees"


async def test_a_plain_decision_takes_two_statements(world: World) -> None:
    who, _ = await a_graduate(world)
    path, reviewer = await opened(world, who), await world.staff("school", "reviewer")
    await claimed(world, reviewer, path)
    await reviewer.get(f"{path}/photo")
    before = world.service.db.trips
    approval = await reviewer.post(f"{path}/transitions", {"action": "approve"}, If_Match='"1"', Idempotency_Key="once")
    assert approval.status_code == 201
    assert world.service.db.trips - before == 2
    again = await reviewer.post(f"{path}/transitions", {"action": "approve"}, If_Match='"1"', Idempotency_Key="once")
    assert (again.headers["idempotent-replayed"], again.content) == ("true", approval.content)


# -- redeeming --------------------------------------------------------------------------------------------------------


async def test_an_approved_case_sets_phone_and_password_and_ends_every_session(world: World) -> None:
    who, holder = await a_graduate(world)
    number, reviewer = phone(), await world.staff("school", "reviewer")
    path, sent = await approved(world, who, number, reviewer)
    assert await lives(world, holder)
    answer = await redeem(world, who, number, sent)
    assert (answer.status_code, answer.json()) == (201, {"phone_is_yours": True, "phone_moves_at": None})
    assert not await lives(world, holder)
    assert (await sign_in(world, **GRADUATE, phone=who.phone)).status_code == 401
    assert (await sign_in(world, **GRADUATE, phone=number)).status_code == 401
    assert (await sign_in(world, **GRADUATE, phone=number, password=NEW_PASSWORD)).status_code == 201
    assert (await messages_to(world, who.phone))[-1].kind == "recovery-redeemed"
    assert (await reviewer.get(path)).json()["redeemed_at"]
    again = await redeem(world, who, number, sent)
    assert (again.status_code, again.json()["code"]) == (422, "code-wrong")


async def test_redeeming_takes_four_statements_at_most(world: World) -> None:
    who, _ = await a_graduate(world)
    number = phone()
    _, sent = await approved(world, who, number, await world.staff("school", "reviewer"))
    given = {"captcha": await captcha(world, "recovery")}
    before = world.service.db.trips
    assert (await redeem(world, who, number, sent, **given)).status_code == 201
    assert world.service.db.trips - before <= 4 + 2, "two more are the captcha that the helper made"


async def test_a_code_that_was_lost_is_sent_again_to_the_same_phone(world: World) -> None:
    who, _ = await a_graduate(world)
    number = phone()
    _, lost = await approved(world, who, number, await world.staff("school", "reviewer"))
    again = await code(world, number, "recovery_redemption")
    assert lost == again or (await redeem(world, who, number, lost)).status_code == 422
    assert (await redeem(world, who, number, again)).status_code == 201


async def test_of_two_redemptions_at_once_one_is_refused(world: World) -> None:
    who, _ = await a_graduate(world)
    number = phone()
    _, sent = await approved(world, who, number, await world.staff("school", "reviewer"))
    passwords = [f"{NEW_PASSWORD}-{n}" for n in range(4)]
    answers = await asyncio.gather(*(redeem(world, who, number, sent, password=one) for one in passwords))
    assert sorted(one.status_code for one in answers) == [201, 422, 422, 422]
    winner = next(password for password, one in zip(passwords, answers, strict=True) if one.status_code == 201)
    for password in passwords:
        signed_in = await sign_in(world, **GRADUATE, phone=number, password=password)
        assert signed_in.status_code == (201 if password == winner else 401)


async def test_without_an_approval_a_code_to_the_phone_is_worth_nothing(world: World) -> None:
    who, holder = await a_graduate(world)
    number = phone()
    path = await opened(world, who, number)
    sent = await kept_code(world, number, "recovery_redemption")
    refused = await redeem(world, who, number, sent)
    assert (refused.status_code, refused.json()["code"]) == (422, "code-wrong")
    await holder.move(path, "withdraw")
    assert (await redeem(world, who, number, await kept_code(world, number, "recovery_redemption"))).status_code == 422
    assert await lives(world, holder)


async def test_an_approval_waits_for_72_hours(world: World) -> None:
    who, _ = await a_graduate(world)
    number, reviewer = phone(), await world.staff("school", "reviewer")
    path, sent = await approved(world, who, number, reviewer)
    told = (await reviewer.get(path)).json()
    assert told["lapses_at"] > told["decided_at"]
    (held,) = await world.line.fetch(
        "select expires_at from app.one_time_codes where purpose = 'recovery_redemption' and phone_bidx = $1",
        world.service.blind_index.of("phone", number),
    )
    assert timedelta(hours=71) < held["expires_at"] - world.service.clock.real() <= timedelta(hours=72)
    await world.line.execute("update app.recoveries set lapses_at = now() where id = $1", path[-36:])
    assert (await redeem(world, who, number, sent)).status_code == 422


async def test_a_new_phone_that_another_person_holds_is_claimed(world: World) -> None:
    (who, _), (other, holder), (third, _) = [await a_graduate(world) for _ in range(3)]
    _, sent = await approved(world, who, other.phone, await world.staff("school", "reviewer"))
    answer = await redeem(world, who, other.phone, sent)
    assert answer.json()["phone_moves_at"]
    signed_in = await sign_in(world, **GRADUATE, id_number=who.fields["id_number"], password=NEW_PASSWORD)
    assert signed_in.status_code == 201
    assert (await holder.get("/v1/me/phone")).json()["claims"][0]["by"] == "anothers"
    _, sent = await approved(world, third, other.phone, await world.staff("school", "reviewer"))
    late = await redeem(world, third, other.phone, sent)
    assert (late.status_code, late.json()) == (201, {"phone_is_yours": False, "phone_moves_at": None})


# -- the end ----------------------------------------------------------------------------------------------------------


async def test_what_nobody_took_further_lapses_with_its_photo_and_nothing_else_does(world: World) -> None:
    reviewer = await world.staff("school", "reviewer")
    (waiting, _), (old, holder) = await a_graduate(world), await a_graduate(world)
    (granted, _) = await a_graduate(world)
    kept, over = await opened(world, waiting), await opened(world, old)
    late, _ = await approved(world, granted, phone(), reviewer)
    await world.line.execute(
        "update app.recoveries set lapses_at = now() - interval '1 second' where id = any($1)", [over[-36:], late[-36:]]
    )
    await forget(world.service)
    await work(world, "forget-recovery-photo")
    endings = {path: (await reviewer.get(path)).json()["ending"] for path in (kept, over, late)}
    assert endings == {kept: None, over: "lapsed", late: "lapsed"}
    assert [stored(world, path) for path in (kept, over, late)] == [True, False, False]
    assert (await holder.get("/v1/me/messages")).json()["items"][0]["kind"] == "recovery-lapsed"
    step = (await reviewer.get(f"{over}/transitions")).json()["items"][-1]
    assert (step["action"], step["by"]["kind"]) == ("lapse", "system")
    before = await world.line.fetchval("select count(*) from app.trail")
    await forget(world.service)
    assert await world.line.fetchval("select count(*) from app.trail") == before
