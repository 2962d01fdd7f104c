"""The roles of the database: owner, migrator who acts as it, service, auditor (migrations/sql/roles.sql)."""

import asyncio
from collections.abc import Iterator

import asyncpg
import pytest

from app import migrating
from app.devdb import Cluster
from app.settings import Settings
from tests.core.wire import started
from tests.fixtures import QUICK
from tests.world import World, found_the_province

LOGINS = {
    "migrator": ("employment_owner", "employment_app"),
    "service": ("employment_app",),
    "auditor": ("employment_auditor",),
}


@pytest.fixture(scope="module")
def urls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """The address of a migrated database, for each login: none of them is a superuser, or may make roles."""
    with Cluster(tmp_path_factory.mktemp("postgresql"), pg_bin=Settings().pg_bin, settings=QUICK) as cluster:
        url = cluster.url("employment")
        urls = {login: url.replace("//postgres@", f"//{login}@") for login in LOGINS}

        async def founded() -> None:
            line = await asyncpg.connect(cluster.url("postgres"))
            await line.execute("create database employment")
            for login, roles in LOGINS.items():
                await line.execute(f"create role {login} login")
                for role in roles:
                    await line.execute(
                        f"do $$ begin create role {role}; exception when duplicate_object then null; end $$"
                    )
                    await line.execute(f"grant {role} to {login}")
            await line.execute("grant create on database employment to employment_owner, migrator")
            await line.close()

        asyncio.run(founded())
        migrating.upgrade(urls["migrator"])
        asyncio.run(found_the_province(url))
        yield urls | {"superuser": url}


async def test_the_service_serves_with_no_more_than_its_own_role(urls: dict[str, str], settings: Settings) -> None:
    async with started(settings, urls["service"]) as (service, client):
        line = await asyncpg.connect(urls["superuser"])
        world = await World.made(service, client, line)
        graduate, employer = await world.graduate(), await world.employer()
        assert (await graduate.get("/v1/me")).status_code == 200
        assert (await employer.get("/v1/invitations")).json()["items"] == []
        await line.close()


TAMPERING = (
    "set role employment_owner",
    "alter table app.placements disable row level security",
    "drop policy callers on app.placements",
    "call app.guard('placements', 'true', 'true')",
    "create table app.mine (id integer)",
    "delete from app.trail",
    "update app.trail set action = 'approve'",
    "truncate app.trail",
    "update app.policies set document = '{}'",
    "delete from app.placements",
    "alter table app.trail disable trigger all",
)


@pytest.mark.parametrize("statement", TAMPERING)
@pytest.mark.parametrize("login", ["service", "auditor"])
async def test_neither_service_nor_auditor_can_tamper(urls: dict[str, str], login: str, statement: str) -> None:
    line = await asyncpg.connect(urls[login])
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await line.execute(statement)
    await line.close()


@pytest.mark.parametrize(
    "statement", [one for one in TAMPERING if "app.trail" not in one and "app.policies" not in one]
)
async def test_the_migrator_may_which_shows_that_the_statements_are_right(urls: dict[str, str], statement: str) -> None:
    """The negative control. The trail resists its owner too: tests/fire/test_trail.py."""
    line = await asyncpg.connect(urls["migrator"])
    change = line.transaction()
    await change.start()
    await line.execute("set role employment_owner")
    await line.execute(statement)
    await change.rollback()
    await line.close()


async def test_the_auditor_reads_the_trail_and_nothing_personal(urls: dict[str, str]) -> None:
    line = await asyncpg.connect(urls["auditor"])
    assert await line.fetch("select * from app.broken_trail()") == []
    await line.fetch("select action, at, body_id from app.trail")
    await line.fetch("select kind from app.events")
    for table in ("persons", "phones", "accounts", "sessions", "graduates", "placements", "roster_entries"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await line.fetch(f"table app.{table}")
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await line.fetch("select * from app.begin_system('audit', null)")
    await line.close()
