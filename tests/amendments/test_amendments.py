"""What approving an amendment writes, what ends one, and who wins when several move at once."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from app.change import Change, Update
from app.db import Database
from app.models import Placement
from app.models.base import table_of
from app.workflows.documents import storing
from tests.agreements.given import REASON as MUTUAL
from tests.agreements.given import Given
from tests.amendments.given import CHANGES, ask, asked, destination
from tests.core.test_round_trips import trips
from tests.documents.drawn import text_of
from tests.documents.signatures import NOW, holds
from tests.world import World

PLACEMENTS = table_of(Placement)


@pytest.fixture
async def given(world: World) -> Given:
    return await Given.everybody(world)


async def test_approving_writes_the_placement_and_its_documents_say_so(given: Given, tmp_path: Path) -> None:
    graduate, school = given.cast["graduate"], given.cast["school"]
    path = await given.agreement("approved", None)
    record, line = path.rpartition("/")[2], given.world.line
    await storing.store(given.world.service, {"placement_id": record})
    before, old = (await graduate.get(path)).json(), (await graduate.get(f"{path}/document")).content
    change = await asked(graduate, path)
    assert (await graduate.get(path)).json() == before, "asking changes nothing"

    assert (await school.move(change, "approve", comment="情况属实。")).status_code == 201
    now = (await graduate.get(path)).json()
    assert now["terms"] == before["terms"] | CHANGES
    assert (now["version"], now["status"], now["decision"]) == (before["version"] + 1, "reviewed", "approved")
    step = (await graduate.get(f"{path}/transitions")).json()["items"][-1]
    assert (step["action"], step["version"], step["by"]["kind"]) == ("amend", now["version"], "school")
    assert step["diff"] == {"position": [before["terms"]["position"], CHANGES["position"]]}

    await storing.store(given.world.service, {"placement_id": record})
    issued = "select placement_version, count(sha256) from app.documents where placement_id = $1 group by 1 order by 1"
    assert [tuple(row) for row in await line.fetch(issued, record)] == [(1, 0), (3, 3), (4, 3)]
    printed = (await graduate.get(f"{path}/document")).content
    assert CHANGES["position"] in text_of(printed, tmp_path)
    assert CHANGES["position"] not in text_of(old, tmp_path)
    root = given.world.service.signer.current(NOW).chain[0]
    assert [await holds(pdf, root) for pdf in (old, printed)] == [True, True], "signed anew, and what was signed stays"
    codes = await line.fetch("select code from app.documents where placement_id = $1", record)
    for code in codes:
        found = await graduate.client.get(f"/v1/verifications/{code['code']}")
        assert found.json()["state"] == "approved", "what was printed before stays genuine"
    assert await line.fetch("select * from app.broken_trail()") == []


async def test_a_document_that_was_replaced_before_it_was_stored_is_not_drawn_from_what_came_later(
    given: Given,
) -> None:
    path = await destination(given)
    await given.cast["school"].move(await asked(given.cast["graduate"], path), "approve")
    await storing.store(given.world.service, {"placement_id": path.rpartition("/")[2]})
    issued = "select placement_version, sha256 is not null from app.documents where placement_id = $1 order by 1"
    rows = await given.world.line.fetch(issued, path.rpartition("/")[2])
    assert [tuple(row) for row in rows] == [(4, False), (4, False), (5, True), (5, True)]


async def test_both_sides_and_the_reviewer_are_told(given: Given) -> None:
    graduate, employer = given.cast["graduate"], given.cast["employer"]
    path = await given.agreement("approved", None)

    async def kinds(who: Any) -> list[str]:
        told = (await who.get("/v1/me/messages")).json()["items"]
        return [one["kind"] for one in told if one["kind"].startswith("amendment")]

    change = await asked(graduate, path)
    assert (await kinds(graduate), await kinds(employer)) == ([], ["amendment-submitted"])
    options = (await graduate.get("/v1/me/options")).json()["items"]
    assert [one["blocked"]["code"] for one in options if one["procedure"] == "amendment"] == ["amendment-open"]
    await given.cast["school"].move(change, "reject", reason="proof_mismatch", comment="请附说明。")
    assert await kinds(graduate) == ["amendment-rejected"]
    assert await kinds(employer) == ["amendment-rejected", "amendment-submitted"]
    options = (await graduate.get("/v1/me/options")).json()["items"]
    assert [one["blocked"] for one in options if one["procedure"] == "amendment"] == [None]


async def test_what_is_open_when_the_placement_ends_is_moot(given: Given) -> None:
    graduate, employer, school = (given.cast[who] for who in ("graduate", "employer", "school"))
    path = await given.agreement("approved", None)
    change = await asked(graduate, path)
    termination = await given.asked(path, "employer")
    blocked = await school.move(change, "approve")
    assert (blocked.status_code, blocked.json()["unmet"][0]["code"]) == (409, "termination-open")
    assert (await ask(graduate, path)).json()["unmet"][0]["code"] in ("termination-open", "amendment-open")
    assert (await graduate.move(termination, "agree")).status_code == 201
    told = (await graduate.get(change)).json()
    assert (told["status"], told["ending"], told["waiting_for"], told["actions"]) == ("terminated", "moot", None, [])
    assert (await school.get("/v1/reviews?kind=amendment")).json()["items"] == []
    assert [one["action"] for one in (await employer.get(f"{change}/transitions")).json()["items"]] == ["ask", "moot"]
    late = await school.move(change, "approve", 1)
    assert (late.status_code, late.json()["code"]) == (412, "stale-version")
    assert (await school.move(change, "approve")).json()["code"] == "transition-refused"
    assert (await graduate.get(path)).json()["terms"]["position"] != CHANGES["position"]


async def test_of_many_that_ask_or_decide_at_once_one_wins(given: Given) -> None:
    graduate, employer = given.cast["graduate"], given.cast["employer"]
    path = await given.agreement("approved", None)
    answers = await asyncio.gather(*(ask(one, path) for one in (graduate, employer) * 4))
    assert sorted(one.status_code for one in answers) == [201, *[409] * 7]
    change = next(one.headers["Location"] for one in answers if one.status_code == 201)
    asker = graduate if (await graduate.get(change)).json()["asked_by"] == "graduate" else employer
    colleagues = (given.cast["school"], await given.world.staff("school"))
    decided = await asyncio.gather(
        *(one.move(change, "approve", 1) for one in colleagues * 2),
        *(one.move(change, "reject", 1, reason="not_eligible") for one in colleagues),
        asker.move(change, "withdraw", 1),
    )
    assert {one.status_code for one in decided} <= {201, 409, 412}
    assert sum(one.status_code == 201 for one in decided) == 1
    written = (await graduate.get(path)).json()["terms"]["position"] == CHANGES["position"]
    assert written == ((await graduate.get(change)).json()["decision"] == "approved")


def bare(update: Update) -> Update:
    """The naive write: the row by its id alone, and no more of it than what was to change."""
    return Update(update.table, {"id": update.where["id"]}, {"details": update.values["details"]})


def meanwhile(
    monkeypatch: pytest.MonkeyPatch, happens: Callable[[], Awaitable[None]], *, guarded: bool = True
) -> list[int]:
    """Between the look and the write of the next move, this happens; unguarded, the write is then a naive one."""
    applied, seen = Database.apply, [0]

    async def late(self: Database, change: Change, *door: Any, **given: Any) -> Any:
        seen[0] += 1
        if seen[0] == 1:
            await happens()
            if not guarded:
                change = Change(updates=tuple(bare(one) for one in change.updates if one.table is PLACEMENTS))
        return await applied(self, change, *door, **given)

    monkeypatch.setattr(Database, "apply", late)
    return seen


@pytest.mark.parametrize("guarded", [True, False], ids=["guarded", "naive"])
async def test_a_placement_that_ends_between_look_and_write_is_not_amended(
    given: Given, monkeypatch: pytest.MonkeyPatch, *, guarded: bool
) -> None:
    """The naive write, which names the rows by their ids alone, amends what has ended."""
    graduate, employer, school = (given.cast[who] for who in ("graduate", "employer", "school"))
    path = await given.agreement("approved", None)
    change = await asked(graduate, path)

    async def it_ends() -> None:
        wish = {"placement_id": path.rpartition("/")[2], "type": "mutual", "reason": MUTUAL}
        termination = await employer.post("/v1/terminations", wish)
        assert (await graduate.move(termination.headers["Location"], "agree")).status_code == 201

    meanwhile(monkeypatch, it_ends, guarded=guarded)
    answer = await school.move(change, "approve", 1)
    terms = (await graduate.get(path)).json()["terms"]
    assert answer.status_code == (412 if guarded else 201), answer.text
    assert (terms["position"] == CHANGES["position"]) is not guarded


async def test_what_is_asked_in_the_very_moment_of_the_ending_is_never_approved(
    given: Given, monkeypatch: pytest.MonkeyPatch
) -> None:
    graduate, employer, school = (given.cast[who] for who in ("graduate", "employer", "school"))
    path = await given.agreement("approved", None)

    async def it_ends() -> None:
        wish = {"placement_id": path.rpartition("/")[2], "type": "mutual", "reason": MUTUAL}
        termination = await employer.post("/v1/terminations", wish)
        assert (await graduate.move(termination.headers["Location"], "agree")).status_code == 201

    meanwhile(monkeypatch, it_ends)
    answer = await ask(graduate, path)
    assert answer.status_code == 201, answer.text
    change = answer.headers["Location"]
    refused = await school.move(change, "approve")
    assert (refused.status_code, refused.json()["unmet"][0]["code"]) == (409, "placement-not-in-force")
    assert (await graduate.move(change, "withdraw")).status_code == 201


async def test_asking_takes_two_statements_and_so_does_approving(given: Given) -> None:
    world, graduate, school = given.world, given.cast["graduate"], given.cast["school"]
    path = await destination(given)
    assert await trips(world, ask(graduate, path), 201) == 2
    (change,) = (await graduate.get("/v1/amendments")).json()["items"]
    at = f"/v1/amendments/{change['id']}"
    for who in (graduate, school):
        assert await trips(world, who.get(at), 200) == 1
        assert await trips(world, who.get("/v1/amendments?status=submitted"), 200) == 1
    approve = school.post(f"{at}/transitions", {"action": "approve"}, If_Match='"1"', Idempotency_Key="once")
    assert await trips(world, approve, 201) == 2
    again = await school.post(f"{at}/transitions", {"action": "approve"}, If_Match='"1"', Idempotency_Key="once")
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
