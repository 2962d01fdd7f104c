"""What is said in confidence goes through every operation and is then nowhere to be read.

Not in the logs of a real server at any level, not in addresses or problems, not in what PostgreSQL shows or logs, not
in any column of any table, the queue's among them.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import pytest

from app import migrating, sandbox
from app.demo.accounts import NEW_PASSWORD
from app.demo.client import Person, captcha, expect, phone_code
from app.demo.journey import CHAPTERS
from app.demo.newcomers import Newcomer
from app.demo.tale import TERMS, Journey
from app.devdb import Cluster
from app.security import masks
from app.settings import Settings
from app.starting import start, stop
from tests.destinations.forms import AGENCY
from tests.fixtures import QUICK
from tests.privacy.canaries import Canaries, columns_with, readable
from tests.privacy.loud_server import loud_api

pytestmark = pytest.mark.slow

TELLING = {
    "log_statement": "all",
    "log_min_messages": "info",
    "log_error_verbosity": "verbose",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "track_activity_query_size": "65536",
}
"""PostgreSQL logs every statement; values given as parameters stay out by its own settings."""
CARD = "6222021234567890128"
"""A bank card's number: Luhn is right, and it is nobody's."""
REASON = "身份证和学籍档案上的姓名均为此名。"


@dataclass
class Heard:
    """A server that was talked to, and everything that could be overheard."""

    url: str
    line: asyncpg.Connection
    server_log: Path
    database_log: Path
    canaries: Canaries = field(default_factory=Canaries)
    activity: set[str] = field(default_factory=set)
    operations: set[str] = field(default_factory=set)
    folder: Path = Path()
    database_told: str = ""
    """What PostgreSQL had logged before the controls of this file wrote to it."""


@pytest.fixture(scope="module")
async def heard(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Heard]:
    """The journey and the wrong requests, done once."""
    folder = tmp_path_factory.mktemp("canary")
    with Cluster(folder / "pg", pg_bin=Settings().pg_bin, settings=QUICK | TELLING) as cluster:
        url = cluster.url("postgres")
        await asyncio.to_thread(migrating.upgrade, url)
        settling = await start(Settings(environment="sandbox", pool_size=1, data_dir=folder / "data"), url)
        await sandbox.settle(settling, url)
        await stop(settling)
        line = await asyncpg.connect(url)
        (database_log,) = (folder / "pg").rglob("*.log")
        one = Heard(url, line, folder / "server.log", database_log, folder=folder)
        one.canaries.values |= {CARD}
        watching = asyncio.create_task(watch(url, one.activity))
        with loud_api(url, one.server_log, folder / "data") as address:
            hooks = {"response": [one.canaries.hear]}
            async with httpx.AsyncClient(base_url=address, timeout=60, event_hooks=hooks) as api:
                tale = Journey(api)
                for chapter in CHAPTERS:
                    await chapter(tale)
                one.canaries.values |= {value for who in tale.newcomers for value in (who.id_number, who.phone)}
                await announce(line)
                await more_of_privacy(tale)
                await contacts_are_named(tale, one.canaries)
                one.operations = await everything_wrong(tale, one.canaries)
        await ended(watching)
        one.database_told = database_log.read_text("utf-8", errors="replace")
        yield one
        await line.close()


async def announce(line: asyncpg.Connection) -> None:
    """There is a subsidy, and everybody is in hardship."""
    rules = {"categories": {"low_income": {"name": "城乡低保家庭", "amount_cny": 1000, "proof": "低保证明"}}}
    await line.execute(
        "insert into app.policies (cohort, version, document, effective_from)"
        " select cohort, version + 1, document || jsonb_build_object('subsidy', $1::text::jsonb), effective_from"
        " from app.policies where cohort = 2027 order by version desc limit 1", json.dumps(rules),
    )  # fmt: skip
    await line.execute('update app.roster_entries set details = details || \'{"hardship": "2"}\'')


async def watch(url: str, seen: set[str]) -> None:
    """What every session of PostgreSQL is doing, again and again."""
    line = await asyncpg.connect(url)
    try:
        while True:
            rows = await line.fetch("select query from pg_stat_activity where pid <> pg_backend_pid() and query <> ''")
            seen.update(row["query"] for row in rows)
            await asyncio.sleep(0.02)
    finally:
        line.terminate()


async def ended(watching: asyncio.Task[None]) -> None:
    """The watching is over, and its line closed."""
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching


async def more_of_privacy(tale: Journey) -> None:
    """Corrections, reveals, the copy of one's data, refused registrations and logins: what the journey leaves out."""
    graduate, school, api = tale.people["graduate"], tale.people["school"], tale.api
    [entry, *_] = [one for one in (await graduate.get("/v1/roster-entries"))["items"] if one["source"] == "school"]
    changes = {"phone": Newcomer.by_chance().phone, "address": "济南市历下区"}
    asked = await graduate.post(
        "/v1/roster-corrections", {"entry_id": entry["id"], "changes": changes, "reason": REASON}
    )
    path = f"/v1/roster-corrections/{expect(asked)['record']['id']}"
    expect(await school.move(path, "approve"))
    subsidy = {"kind": "job_seeking_subsidy", "category": "low_income", "bank": "中国工商银行", "bank_card": CARD}
    applied = expect(await graduate.post("/v1/applications", {"details": subsidy}))
    assert applied["record"]["details"]["bank_card"].endswith("*0128")
    me = (await graduate.get("/v1/me"))["graduate"]["id"]
    why = {"reason": "contact", "comment": "材料不清，需电话联系。"}
    revealed = await school.post("/v1/reveals", {"graduate_id": me, "fields": ["id_number", "phone"], **why})
    assert expect(revealed)["id_number"] == tale.newcomers[0].id_number
    begun = await graduate.post("/v1/me/data-exports", {"password": NEW_PASSWORD})
    expect(begun, 202)
    copy = await graduate.get((await graduate.finished(begun.headers["Location"]))["result"])
    assert copy["person"]["id_number"] == tale.newcomers[0].id_number
    stranger = Newcomer.by_chance()
    typed = {
        "name": stranger.name, "id_number": stranger.id_number, "level": "bachelor", "cohort": 2027,
        "school_code": tale.personas["school"]["school_code"], "phone": stranger.phone, "password": "雪山-飞狐-1959-x",
        "code": await phone_code(api, "registration", stranger.phone),
    }  # fmt: skip
    expect(await api.post("/v1/auth/registrations", json=typed), 409)
    [attempt, *_] = (await school.get("/v1/registration-attempts"))["items"]
    expect(await school.post(f"/v1/registration-attempts/{attempt['id']}/closure", {"outcome": "corrected"}))
    for password in ("不对的-口令-1", "不对的-口令-2"):
        wrong = {"as": "graduate", "level": "bachelor", "phone": stranger.phone, "password": password}
        expect(await api.post("/v1/auth/tokens", json={**wrong, "captcha": await captcha(api, "login")}), 401)


async def contacts_are_named(tale: Journey, canaries: Canaries) -> None:
    """Somebody's own mobile numbers as a unit's contacts: in an invitation, an edit of it, and a draft."""
    graduate, employer = tale.people["second graduate"], tale.people["new employer"]
    first, second, third = (Newcomer.by_chance().phone for _ in range(3))
    terms = TERMS | AGENCY | {"archive_phone": first}
    code = expect(await graduate.post("/v1/me/signing-codes"))["signing_code"]
    sent = expect(await employer.post("/v1/invitations", {"to": {"signing_code": code}, "terms": terms}))
    edit = {"terms": terms | {"archive_phone": second}}
    edited = expect(await employer.move(f"/v1/invitations/{sent['record']['id']}", "edit", **edit))
    assert edited["record"]["terms"]["archive_phone"] == masks.phone(second)
    named = {"details": AGENCY | {"contact_phone": third}}
    expect(await graduate.post("/v1/entered-agreements", named))
    assert {first, second, third, AGENCY["archive_phone"], "021-58880000"} <= canaries.values, "landlines among them"


async def everything_wrong(tale: Journey, canaries: Canaries) -> set[str]:
    """Every operation of the contract, as everybody, with secrets where they do not belong: (the operations met)."""
    document = expect(await tale.api.get("/openapi.json"))
    speakers = [*tale.people.values()]
    met = set()
    for place, (path, operations) in enumerate(document["paths"].items()):
        who = speakers[place % len(speakers)]
        for method, operation in operations.items():
            if path.startswith("/v1/sandbox"):
                continue
            met.add(operation["operationId"])
            for body in wrong_bodies(operation, canaries):
                where = path.replace("{id}", "01890a5d-ac96-774b-bcce-b302099a8057").replace("{code}", "10422")
                answer = await tale.api.request(
                    method, where.replace("{", "").replace("}", ""), headers=headers_of(who), **body
                )
                assert answer.status_code < 500, (operation["operationId"], answer.text)
    return met


def headers_of(who: Person) -> dict[str, str]:
    """Who speaks; and a version, so that a body is looked at."""
    return {"Authorization": f"Bearer {who.token}", "If-Match": '"1"'}


def wrong_bodies(operation: Any, canaries: Canaries) -> list[dict[str, Any]]:
    """Requests that are refused, with canaries in every place: a field too many keeps each from being taken."""
    person = Newcomer.by_chance()
    secrets = [person.id_number, person.phone, CARD, "龙门-客栈-1967-q"]
    canaries.values |= set(secrets)
    content = operation.get("requestBody", {}).get("content", {})
    if "application/json" not in content:
        return [{}]
    sent = content["application/json"]
    examples = [one["value"] for one in sent.get("examples", {}).values()] or [sent.get("example", {})]
    bodies = [
        {"json": {**filled(example, secrets), "surprise": secrets[turn % len(secrets)]}}
        for turn, example in enumerate(examples)
    ]
    return [*bodies, {"content": f'{{"id_number": "{person.id_number}", '.encode()}, {"json": secrets}]


def filled(example: Any, secrets: list[str]) -> Any:
    """The example with a secret for every text."""
    match example:
        case dict():
            return {
                name: value
                if name in ("as", "action", "kind")
                else filled(value, secrets[place % 4 :] + secrets[: place % 4])
                for place, (name, value) in enumerate(example.items())
            }
        case list():
            return [filled(one, secrets) for one in example]
        case str():
            return secrets[0]
        case _:
            return example


def test_every_operation_was_met_and_secrets_were_said(heard: Heard) -> None:
    assert len(heard.operations) > 50
    assert {"revealFields", "createTokens", "registerGraduate", "beginDataExport"} <= heard.operations
    assert len(heard.canaries.values) > 200
    assert len(heard.canaries.problems) > 100
    assert len(heard.activity) > 20


def test_no_secret_is_in_the_logs_of_the_server(heard: Heard) -> None:
    text = heard.server_log.read_text("utf-8", errors="replace")
    assert text.count("\n") > 300
    assert heard.canaries.found_in(text) == set()


def test_no_secret_is_in_an_address(heard: Heard) -> None:
    assert readable(heard.canaries.addresses, heard.canaries) == set()


def test_no_secret_is_in_a_problem(heard: Heard) -> None:
    assert readable(heard.canaries.problems, heard.canaries) == set()


def test_no_secret_is_in_what_postgresql_shows_or_logs(heard: Heard) -> None:
    assert readable(heard.activity, heard.canaries) == set()
    assert "INSERT INTO app." in heard.database_told
    assert heard.canaries.found_in(heard.database_told) == set()


async def test_no_secret_is_in_a_column_of_a_table(heard: Heard) -> None:
    assert await columns_with(heard.line, heard.canaries) == {}
    assert await heard.line.fetchval("select count(*) from app.pgqueuer_log") > 0


# -- the same looks, with something to find ----------------------------------------------------------------------------


async def test_the_look_finds_a_leaking_line(heard: Heard) -> None:
    log, person, leaked = heard.folder / "leaking.log", Newcomer.by_chance(), Canaries()
    with loud_api(heard.url, log, heard.folder / "data", "leaking") as address:
        async with httpx.AsyncClient(base_url=address, timeout=60, event_hooks={"response": [leaked.hear]}) as api:
            await phone_code(api, "registration", person.phone)
    assert leaked.found_in(log.read_text("utf-8", errors="replace")) == {person.phone}


async def test_the_look_finds_a_leaking_column_of_any_type(heard: Heard) -> None:
    number = next(iter(value for value in heard.canaries.values if len(value) == 18 and value[:-1].isdigit()))
    await heard.line.execute("create table app.leak (note text, document jsonb, raw bytea, words text[])")
    try:
        for column, value in (
            ("note", f"'tel {number}'"), ("document", f"""'{{"a": ["{number}"]}}'"""), ("raw", f"'{number}'::bytea"),
            ("words", f"array['{number}']"), ("note", f"encode('xx{number}', 'base64')"),
        ):  # fmt: skip
            await heard.line.execute(f"truncate app.leak; insert into app.leak ({column}) values ({value})")  # noqa: S608
            found = await columns_with(heard.line, heard.canaries, "leak")
            assert found.keys() == {f"leak.{column}"}, (column, value)
            assert number in found[f"leak.{column}"], (column, value)  # in base64, its neighbors may look alike
        await heard.line.execute("truncate app.leak; insert into app.leak (note) values ('0531-88364000')")
        assert await columns_with(heard.line, heard.canaries, "leak") == {"leak.note": {AGENCY["archive_phone"]}}
    finally:
        await heard.line.execute("drop table app.leak")


async def test_the_look_finds_a_value_written_into_a_statement(heard: Heard) -> None:
    number, seen = next(iter(value for value in heard.canaries.values if len(value) == 11)), set[str]()
    before = heard.database_log.stat().st_size
    watching = asyncio.create_task(watch(heard.url, seen))
    await heard.line.fetch(f"select pg_sleep(0.2), '{number}'")
    await ended(watching)
    assert readable(seen, heard.canaries) == {number}
    assert heard.canaries.found_in(heard.database_log.read_bytes()[before:].decode(errors="replace")) >= {number}
