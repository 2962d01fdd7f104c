"""Brings applications into a situation by the API's own moves."""

from datetime import date
from typing import Any

import httpx

from app.change import fresh_id
from app.models import Dispatch, StoredFile
from app.workflows.applications.publicity_endings import pass_what_is_over
from tests.agreements.given import Given
from tests.applications.forms import FORMS
from tests.applications.regulation import CHAINS, FULFILMENT, GRANT
from tests.destinations.forms import PROOF
from tests.destinations.given import uploaded
from tests.fire.test_row_level_security import add
from tests.world import Somebody, World

BODIES: dict[str, dict[str, Any]] = {
    "reject": {"reason": "not_eligible"},
    "return": {"comment": "请补充材料。"},
    "fail": {"comment": "卡号与姓名不符。"},
    "name_card": {"bank": "中国建设银行济南分行", "bank_card": "6217001234567890122"},
    "book": {"collect_on": "2031-01-06"},
    "revoke": {"reason": "suspected_false", "comment": "经核实，材料不实。"},
}
DISPATCHED = ("reassignment", "deferred_dispatch", "certificate_reissue")


async def fit(world: World, who: Somebody, kind: str) -> None:
    """Make this graduate one who may apply for it: in hardship, or dispatched and gone for two years."""
    cohort = 2022 if kind in DISPATCHED else 2027
    leave_on = "2024-11-26" if kind in (*DISPATCHED, "archive_redirect") else None
    await world.line.execute(
        "update app.graduates set cohort = $2, leave_on = $3::text::date where id = $1", who.graduate, cohort, leave_on
    )
    await world.line.execute(
        "update app.roster_entries set details = '{\"hardship\": \"2\"}', cohort = $2"
        " where id = (select roster_entry_id from app.graduates where id = $1)", who.graduate, cohort,
    )  # fmt: skip
    if leave_on:
        await dispatched(world, who, cohort)
    for body in ("department", "school"):
        await world.line.execute(
            "insert into app.quotas (id, version, created_at, updated_at, body_id, cohort, set_by, allowed, used)"
            " values ($1, 1, now(), now(), $2, $3, $4, 1000, 0) on conflict do nothing",
            fresh_id(), world.bodies[body], cohort,
            world.bodies["school" if body == "department" else "provincial_education"],
        )  # fmt: skip
    who.facts["proof"] = fresh_id()
    await add(world, StoredFile, id=who.facts["proof"], account_id=who.account, purpose="proof")
    await world.line.execute("update app.bodies set region = $2 where id = $1", world.bodies["school"], world.region)


async def dispatched(world: World, who: Somebody, cohort: int, **changed: Any) -> str:
    """The path of a dispatch of this graduate's file that the school recorded when they left."""
    owner = await world.line.fetchrow("select person_id, name, level from app.graduates where id = $1", who.graduate)
    cells = {
        "person_id": owner["person_id"], "graduate_id": who.graduate, "school_id": world.bodies["school"],
        "recorder_id": world.bodies["school"], "graduate_name": owner["name"], "level": owner["level"],
        "cohort": cohort, "status": "recorded", "number": fresh_id(), "type": "2",
        "unit_name": "济南市人力资源和社会保障局", "unit_region": "370102", "dispatched_on": date(2024, 11, 27),
    }  # fmt: skip
    dispatch = fresh_id()
    await add(world, Dispatch, id=dispatch, **cells | changed)
    return f"/v1/archives/{dispatch}"


async def graduate_for(world: World, kind: str) -> Somebody:
    """A new graduate who may apply for it."""
    who = await world.graduate()
    await fit(world, who, kind)
    return who


async def filled(who: Somebody, form: dict[str, Any]) -> dict[str, Any]:
    """The form with a file of this graduate's own wherever one is named."""
    if "proof" not in who.facts:
        who.facts["proof"] = await uploaded(who)
    return _named(form, who.facts["proof"])  # type: ignore[no-any-return]


def _named(value: Any, file: str) -> Any:
    match value:
        case dict():
            return {name: _named(one, file) for name, one in value.items()}
        case list():
            return [_named(one, file) for one in value]
        case _:
            return file if value == PROOF else value


async def opened(who: Somebody, form: dict[str, Any]) -> httpx.Response:
    """The answer to opening a draft of this form."""
    return await who.post("/v1/applications", {"details": await filled(who, form)})


async def draft(who: Somebody, form: dict[str, Any]) -> str:
    """The path of a new draft."""
    answer = await opened(who, form)
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"]


async def carried(given: Given, path: str, *moves: tuple[str, str]) -> str:
    """The same path after these moves: (who, action)."""
    for who, action in moves:
        if action == "publicity":
            await made_public(given, path, who)
            continue
        answer = await given.cast[who].move(path, action, **BODIES.get(action, {}))
        assert answer.status_code == 201, (who, action, answer.text)
    return path


async def made_public(given: Given, path: str, who: str) -> None:
    """What waits is published by this body, and its last day passes."""
    record = (await given.cast[who].get(path)).json()
    listed = await published(given, record["kind"], who, record["cohort"])
    assert listed.status_code == 201, listed.text
    await over(given, listed.json()["id"])


async def published(given: Given, kind: str, who: str, cohort: int = 2027) -> httpx.Response:
    """The answer to publishing."""
    return await given.cast[who].post(
        "/v1/publicities", {"kind": kind, "cohort": cohort, "objections_to": "0531-88364000"}
    )


async def over(given: Given, publicity: str) -> None:
    """The list began and ended in the past, and the worker has looked."""
    await given.world.line.execute(
        "update app.publicities set begins_on = begins_on - 60, ends_on = ends_on - 60 where id = $1", publicity
    )
    await pass_what_is_over(given.world.service)


def way(kind: str, situation: str, stage: str | None) -> tuple[tuple[str, str], ...]:
    """The moves that lead to a situation."""
    chain = CHAINS[kind]
    sent = ("graduate", "submit")
    passed = tuple((who, "publicity" if stage == "publicity" else "approve") for stage, who in chain)
    if situation == "submitted":
        return (sent, *passed[: [one for one, _ in chain].index(str(stage))])
    ways = {
        "draft": (),
        GRANT[kind]: (sent, *passed),
        **{
            reached: (sent, *passed, (chain[-1][1], action))
            for (_, action, _), reached in FULFILMENT.items()
            if reached not in GRANT.values()
        },
        "rejected": (sent, (chain[0][1], "reject")),
        "terminated": (("graduate", "withdraw"),),
    }
    return ways[situation]


async def application(given: Given, kind: str, situation: str, stage: str | None) -> str:
    """The path of a new graduate's application in this situation."""
    given.cast["graduate"] = await graduate_for(given.world, kind)
    return await carried(given, await draft(given.cast["graduate"], FORMS[kind]), *way(kind, situation, stage))


async def trace(given: Given, path: str) -> tuple[Any, ...]:
    """Everything that a refused move must leave as it was."""
    record, line = path.rpartition("/")[2], given.world.line
    return (
        await line.fetchrow(
            "select version, status, decision, stage, turn, fulfilment,"
            " (select count(*) from app.trail where record_id = a.id) as steps,"
            " (select count(*) from app.messages where record_id = a.id) as messages from app.applications a"
            " where id = $1", record,
        ),
        await line.fetch("select id, decision from app.reviews where record_id = $1 order by id", record),
    )  # fmt: skip
