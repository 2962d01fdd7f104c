"""The file for the bank: who asks, who reads in it, who knows of it, and how long it is there."""

import asyncio
from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from app.schemas.payment import SheetFormat
from app.workflows import forgetting
from app.workflows.accounts.limits import Limit, Window
from app.workflows.payments import exporting, exports, sheets
from app.workflows.payments.sheets import Header, written
from tests.accounts.integrations import integrated
from tests.accounts.test_step_ups import later
from tests.agreements.given import Given
from tests.applications.forms import CARD, SUBSIDY
from tests.applications.given import carried
from tests.payments.given import EXPORTS, Due, ask, due, exported, rows_of
from tests.world import World


async def seen_of(world: World, one: Due) -> list[Any]:
    """Who saw this graduate's data, as they read it."""
    return list((await one.graduate.get("/v1/me/accesses")).json()["items"])


async def test_a_file_has_who_waits_to_be_paid_by_this_body_and_each_of_them_knows(world: World) -> None:
    given = await Given.everybody(world)
    first, second, paid = await due(given, 3)
    await carried(given, paid.path, ("county", "pay"))
    county = given.cast["county"]
    await later(world, county, 11)
    refused = await ask(county)
    assert (refused.status_code, refused.json()["code"]) == (403, "step-up-required")
    await later(world, county, -11)
    before = world.service.db.trips
    asked = [await ask(county, Idempotency_Key="batch-1") for _ in range(2)]
    assert world.service.db.trips - before == 3, "one read and one write, and a read for the same key"
    assert asked[0].json()["id"] == asked[1].json()["id"]
    waiting = f"{EXPORTS}/{asked[0].json()['id']}"
    assert (await county.get(waiting)).status_code == 404, "it is not made yet"
    assert await seen_of(world, first) == []

    path = await exported(world.service, county)
    file = await county.get(path)
    assert file.status_code == 200, file.text
    assert file.headers["content-type"] == "text/csv; charset=utf-8"
    assert file.headers["content-disposition"] == 'attachment; filename="payments-2027.csv"'
    assert file.headers["cache-control"] == "no-store"
    rows = {row["付款编号"]: row for row in rows_of(file.content)}
    assert rows.keys() == {f"{one.id}-{await one.version(world)}" for one in (first, second)}
    for one in (first, second):
        row = rows[f"{one.id}-{await one.version(world)}"]
        assert (row["姓名"], row["身份证号"], row["开户银行"], row["银行卡号"], row["金额(元)"]) == (
            "王小明", one.graduate.facts["id_number"], SUBSIDY["bank"], CARD, "1000",
        )  # fmt: skip
        assert (row["付款结果"], row["失败原因"]) == ("", "")
        looks = await seen_of(world, one)
        assert len(looks) == 2, "one for each file that was made"
        look = looks[0]
        assert (look["purpose"], look["reason"], look["role"]) == ("export", "payment", "reviewer")
        assert (look["fields"], look["body"]["id"]) == (["id_number", "bank_card"], county.body)
    assert await seen_of(world, paid) == []

    for other in (await world.staff("county"), given.cast["provincial_bureau"]):
        assert (await other.get(path)).status_code == 404, "not even a colleague's"
    assert (await given.cast["school"].get(path)).status_code in (403, 404)
    nothing = await ask(given.cast["provincial_bureau"])
    assert nothing.status_code in (202, 409), "what the county pays, the province does not"
    await later(world, county, 11)
    assert (await county.get(path)).json()["code"] == "step-up-required"


async def test_the_file_is_sealed_for_a_day_and_then_gone(world: World) -> None:
    given = await Given.everybody(world)
    (one,) = await due(given, 1)
    county = given.cast["county"]
    path = await exported(world.service, county, "xlsx")
    export, line = path.rpartition("/")[2], world.line
    told = CalamineWorkbook.from_filelike(BytesIO((await county.get(path)).content)).get_sheet_by_index(0).to_python()
    assert told[0] == [header.value for header in Header]
    assert told[1][:5] == [f"{one.id}-{await one.version(world)}", "王小明", one.graduate.facts["id_number"],
                           SUBSIDY["bank"], CARD]  # fmt: skip
    row = await line.fetchrow("select * from app.payment_exports where id = $1", export)
    assert timedelta(hours=23) < row["expires_at"] - world.service.clock.real() <= timedelta(days=1)
    assert CARD.encode() not in row["sealed"]
    assert b"UEsDB" not in row["sealed"], "no workbook in Base64"
    await forgetting.forget(world.service)
    assert (await county.get(path)).status_code == 200, "the control: its day is not over"
    await line.execute("update app.payment_exports set expires_at = now() where id = $1", export)
    assert (await county.get(path)).status_code == 404
    await forgetting.forget(world.service)
    assert await line.fetchval("select count(*) from app.payment_exports where id = $1", export) == 0


async def test_what_cannot_be_recorded_is_not_shown_and_what_was_is_not_recorded_twice(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = await Given.everybody(world)
    first, second = sorted(await due(given, 2), key=lambda one: one.id)
    county, calm = given.cast["county"], asyncio.Event()
    export = (await ask(county)).json()["id"]

    def unrecorded(*_: Any, **__: Any) -> Any:
        raise RuntimeError

    with monkeypatch.context() as patched:
        patched.setattr(exporting, "seen", unrecorded)
        with pytest.raises(RuntimeError):
            await exporting.run(world.service, {"task": export}, calm)
    assert (await county.get(f"{EXPORTS}/{export}")).status_code == 404
    position = "update app.payment_exports set position = $2 where id = $1"
    await world.line.execute(position, export, first.id)  # as who recorded the first, and died, leaves it
    await exporting.run(world.service, {"task": export}, calm)
    assert len(rows_of((await county.get(f"{EXPORTS}/{export}")).content)) == 2
    assert [len(await seen_of(world, one)) for one in (first, second)] == [0, 1]
    await exporting.run(world.service, {"task": export}, calm)
    assert [len(await seen_of(world, one)) for one in (first, second)] == [0, 1]
    task = (await county.get(f"/v1/tasks/{export}")).json()
    assert task["progress"] == {"done": 2, "total": 2}


async def test_nobody_to_pay_and_too_many_files_are_told(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    given = await Given.everybody(world)
    county = given.cast["county"]
    refused = await ask(county)
    assert (refused.status_code, refused.json()["unmet"][0]["code"]) == (409, "nothing-to-pay")
    (one,) = await due(given, 1)
    monkeypatch.setattr(exports, "EXPORTING", Limit("few_payment_exports", Window(1, 86400)))
    task = (await ask(county)).headers["Location"]
    beyond = await ask(county)
    assert (beyond.status_code, beyond.json()["code"]) == (429, "too-many-requests")
    await carried(given, one.path, ("county", "pay"))
    await exporting.run(world.service, {"task": task.rpartition("/")[2]}, asyncio.Event())
    told = (await county.get(task)).json()
    assert (told["status"], told["problem"]["code"]) == ("failed", "nothing-to-pay"), "paid since it was asked for"


async def test_a_client_needs_the_scope_that_is_given_for_this_alone(world: World) -> None:
    given = await Given.everybody(world)
    await due(given, 1)
    made = await integrated(world, "county", "exports", "applications:read", body=given.cast["county"].body)
    assert (await ask(await made.speaking())).json()["code"] == "scope-missing", "grave: asked for by name"
    assert (await ask(await made.speaking("exports"))).status_code == 202


@pytest.mark.parametrize("begins", [*"=+-@＝＋－＠"])
def test_no_cell_is_a_formula(begins: str, monkeypatch: pytest.MonkeyPatch) -> None:
    cell = f'{begins}HYPERLINK("http://elsewhere.example","银行")'
    (row,) = rows_of(written([{Header.BANK: cell, Header.CARD: CARD}], SheetFormat.CSV))
    assert (row["开户银行"], row["银行卡号"]) == ("'" + cell, CARD)
    book = CalamineWorkbook.from_filelike(BytesIO(written([{Header.BANK: cell}], SheetFormat.XLSX)))
    assert book.get_sheet_by_index(0).to_python()[1][3] == cell, "text in a workbook is text"
    monkeypatch.setattr(sheets, "_harmless", lambda one: one)
    (naive,) = rows_of(written([{Header.BANK: cell}], SheetFormat.CSV))
    assert naive["开户银行"] == cell, "the control"
