"""What the bank gives back: each row a move of its own, once, whatever becomes of the others."""

import asyncio
from datetime import timedelta

import pytest

from app.db import Stale
from app.errors import Busy
from app.outbox import Interrupted
from app.workflows import forgetting
from app.workflows.payments import importing
from tests.accounts.test_step_ups import later
from tests.agreements.given import Given
from tests.applications.given import carried
from tests.payments.given import (
    IMPORTS,
    begin,
    counted,
    counts,
    due,
    exported,
    imported,
    report,
    rows_of,
    upload,
)
from tests.rosters.given import as_csv, as_xlsx
from tests.working import ended, working
from tests.world import World

WHY = "卡号与户名不符"


async def test_each_row_is_a_move_of_its_own_and_a_bad_one_loses_nothing(world: World) -> None:
    given = await Given.everybody(world)
    first, second, third, fourth, fifth = await due(given, 5)
    county = given.cast["county"]
    elsewhere = await Given.everybody(await World.made(world.service, world.client, world.line))
    (foreign,) = await due(elsewhere, 1)
    rows = [
        await first.row(world, "成功", **{"金额(元)": "1000.00"}),
        await second.row(world, "失败", WHY),
        await third.row(world, "失败"),  # without a reason
        await third.row(world, "退汇"),
        await fourth.row(world, "paid", **{"金额(元)": "600"}),
        await first.row(world, "成功"),  # once more
        await foreign.row(world, "成功"),
        await first.row(world, "成功", 付款编号="37010220040517001X"),
        await third.row(world, "PAID"),
        await fifth.row(world, "成功"),
        await fifth.row(world, "失败", WHY),  # or not?
    ]
    outcomes = [
        (2, "paid", []),
        (3, "failed", []),
        (4, "refused", ["required"]),
        (5, "refused", ["payment-result-unknown"]),
        (6, "refused", ["amount-differs"]),
        (7, "refused", ["payment-repeated"]),
        (8, "refused", ["payment-unknown"]),
        (9, "refused", ["payment-number-malformed"]),
        (10, "paid", []),
        (11, "refused", ["payment-repeated"]),
        (12, "refused", ["payment-repeated"]),
    ]
    dry = await imported(world.service, county, rows, dry_run=True)
    assert (counts(dry), await report(county, dry["id"])) == ((2, 1, 0, 8), outcomes)
    mine = (first, second, third, fourth, fifth)
    assert [await one.stands(world) for one in mine] == ["to_pay"] * 5, "a dry run changes nothing"

    done = await imported(world.service, county, as_xlsx(rows))
    assert (counts(done), await report(county, done["id"])) == ((2, 1, 0, 8), outcomes)
    assert [await one.stands(world) for one in mine] == ["paid", "failed", "paid", "to_pay", "to_pay"]
    assert await foreign.stands(world) == "to_pay"
    (step,) = (await county.get(f"{second.path}/transitions")).json()["items"][-1:]
    assert (step["action"], step["comment"], step["by"]["kind"], step["by"]["body_name"]) == (
        "fail", WHY, "county", f"区县{world.serial}人社局",
    )  # fmt: skip
    assert step["by"]["person"] == f"county {world.serial}"
    told = (await second.graduate.get("/v1/me/messages")).json()["items"]
    assert told[0]["kind"] == "application-failed"
    task = (await county.get(f"/v1/tasks/{done['id']}")).json()
    assert task["progress"] == {"done": 11, "total": 11}

    again = await imported(world.service, county, rows)
    assert counts(again) == (0, 0, 3, 8), "what is known already changes nothing"
    assert (await county.get(f"{IMPORTS}/{again['id']}/rows?outcome=unchanged&limit=1")).json()["items"][0]["row"] == 2
    assert await first.version(world) == (await county.get(first.path)).json()["version"]
    for stranger in (given.cast["provincial_bureau"], elsewhere.cast["county"]):
        assert (await stranger.get(f"{IMPORTS}/{done['id']}")).status_code == 404
    assert WHY not in (await county.get(f"{IMPORTS}/{done['id']}/rows")).text


async def test_a_late_result_of_one_attempt_is_none_of_the_next(world: World) -> None:
    given = await Given.everybody(world)
    one, other = await due(given, 2)
    county, service = given.cast["county"], world.service
    rows = rows_of((await county.get(await exported(service, county))).content)
    answered = [row | {"付款结果": "失败", "失败原因": WHY} for row in rows]
    assert counts(await imported(service, county, answered)) == (0, 2, 0, 0)
    given.cast["graduate"] = one.graduate
    await carried(given, one.path, ("graduate", "name_card"))
    late = await imported(service, county, answered)
    codes = {code for _, outcome, found in await report(county, late["id"]) if outcome == "refused" for code in found}
    assert (counts(late), codes) == ((0, 0, 1, 1), {"payment-superseded"})
    assert (await one.stands(world), await other.stands(world)) == ("to_pay", "failed")
    naive = [row | {"付款编号": (await one.row(world, ""))["付款编号"]} for row in answered[:1]]
    assert counts(await imported(service, county, naive)) == (0, 1, 0, 0), "the control: its version is what keeps it"


async def test_who_may_import_and_in_whose_name(world: World) -> None:
    given = await Given.everybody(world)
    one, other = await due(given, 2)
    county, service = given.cast["county"], world.service
    file = await upload(county, as_csv([await one.row(world, "成功")]))
    await later(world, county, 11)
    refused = await county.post(IMPORTS, {"file_id": file})
    assert (refused.status_code, refused.json()["code"]) == (403, "step-up-required")
    assert (await county.post(IMPORTS, {"file_id": file, "dry_run": True})).status_code == 202
    await later(world, county, -11)
    proof = await given.cast["graduate"].post(IMPORTS, {"file_id": file})
    assert proof.json()["code"] == "role-missing"
    unknown = await county.post(IMPORTS, {"file_id": county.account})
    assert [error["code"] for error in unknown.json()["errors"]] == ["file-unknown"]
    answers = [await county.post(IMPORTS, {"file_id": file}, Idempotency_Key="results") for _ in range(2)]
    assert answers[0].json()["id"] == answers[1].json()["id"]
    waiting = await begin(county, [await other.row(world, "成功")])
    await world.line.execute("update app.accounts set disabled_at = now() where id = $1", county.account)
    await importing.run(service, {"task": waiting}, asyncio.Event())
    line = await world.line.fetchrow("select * from app.payment_import_rows where import_id = $1", waiting)
    assert (line["outcome"], '"role-missing"' in line["errors"]) == ("refused", True)
    assert await other.stands(world) == "to_pay", "who has left the body pays nobody"


async def test_a_file_that_is_none_of_the_banks_is_refused_whole(world: World) -> None:
    county = (await Given.everybody(world)).cast["county"]
    for content, code in (
        ("付款编号,付款结果,密码\n1,2,3\n".encode(), "unknown-column"),
        ("付款编号,姓名\n1,2\n".encode(), "missing-column"),
        ("王小明,370102\n".encode(), "header-missing"),
        ("付款编号,付款编号,付款结果\n1,2,3\n".encode(), "duplicate-column"),
    ):
        one = await begin(county, content)
        await importing.run(world.service, {"task": one}, asyncio.Event())
        task = (await county.get(f"/v1/tasks/{one}")).json()
        assert (task["status"], task["problem"]["code"]) == ("failed", code)
        assert "王小明" not in str(task)


async def test_an_import_that_is_interrupted_or_done_twice_at_once_counts_each_row_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = await Given.everybody(world)
    subsidies = await due(given, 5)
    county, service, ending = given.cast["county"], world.service, asyncio.Event()
    one = await begin(county, [await each.row(world, "成功") for each in subsidies])
    taken = importing._Work.take

    async def then_leave(self: importing._Work, *given: object) -> None:
        await taken(self, *given)  # type: ignore[arg-type]
        ending.set()

    with monkeypatch.context() as patched:
        patched.setattr(importing._Work, "take", then_leave)
        with pytest.raises(Interrupted):
            await importing.run(service, {"task": one}, ending)
    assert counts(await counted(county, one)) == (1, 0, 0, 0)
    both = await asyncio.gather(
        *(importing.run(service, {"task": one}, asyncio.Event()) for _ in range(2)),
        county.move(subsidies[3].path, "pay"),
        return_exceptions=True,
    )
    assert all(type(result) in (Stale, Busy, type(None)) for result in both[:2])
    await importing.run(service, {"task": one}, asyncio.Event())
    found = await counted(county, one)
    assert (found["paid"] + found["unchanged"], found["failed"], found["refused"]) == (5, 0, 0)
    assert found["unchanged"] <= 1, "the one that somebody paid by hand meanwhile"
    for each in subsidies:
        steps = (await county.get(f"{each.path}/transitions")).json()["items"]
        assert [step["action"] for step in steps].count("pay") == 1
    assert [row for row, *_ in await report(county, one)] == [2, 3, 4, 5, 6]


async def test_what_the_bank_gave_back_is_forgotten_after_a_day(world: World) -> None:
    given = await Given.everybody(world)
    (subsidy,) = await due(given, 1)
    county, service, line = given.cast["county"], world.service, world.line
    rows = [await subsidy.row(world, "成功")]
    one, unused, fresh = await begin(county, rows), await upload(county, as_csv(rows)), await upload(county, b"a,b\n")
    file = str(await line.fetchval("select file_id from app.payment_imports where id = $1", one))
    await line.execute(
        "update app.files set created_at = created_at - interval '25 hours' where id = any($1)", [file, unused]
    )
    await forgetting.forget(service)
    assert [(await county.get(f"/v1/files/{each}")).status_code for each in (file, unused, fresh)] == [200, 404, 200]
    assert await line.fetchval("select files from app.file_usage where owner_id = $1", county.body) == 2
    async with working(service):
        assert (await ended(county, f"/v1/tasks/{one}"))["status"] == "succeeded", "under way, so it was kept"
    await forgetting.forget(service)
    assert (await county.get(f"/v1/files/{file}")).status_code == 404
    assert (await counted(county, one))["file_id"] is None
    soon = service.clock.real() + timedelta(seconds=5)
    await forgetting._sweep(service, soon)
    kept = {each async for page in service.storage.older_than(soon) for each in page}
    assert kept & {file, unused, fresh} == {fresh}, "the bytes are gone as well"
