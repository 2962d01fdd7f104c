"""`python -m app COMMAND`: run the service, migrate, work, operate, demonstrate, write what is generated.

Without DATABASE_URL the sandbox's own PostgreSQL is started, in DATA_DIR/postgresql, and stopped again.
"""

import argparse
import asyncio
import gc
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import asyncpg

from app.devdb import Cluster
from app.settings import Settings

ROOT = Path(__file__).parent.parent
DATABASE = "employment"


@contextmanager
def database(settings: Settings) -> Iterator[str]:
    """The address of the database to use: the one named, or an embedded one for as long as this runs."""
    if settings.database_url:
        yield settings.database_url
        return
    with Cluster(settings.data_dir.absolute() / "postgresql", pg_bin=settings.pg_bin) as cluster:
        asyncio.run(_create(cluster.url("postgres")))
        yield cluster.url(DATABASE)


async def _create(url: str) -> None:
    line = await asyncpg.connect(url)
    if not await line.fetchval("select true from pg_database where datname = $1", DATABASE):
        await line.execute(f"create database {DATABASE}")
    await line.close()


def serve(settings: Settings, _: argparse.Namespace) -> int:
    """Serve the API; in the sandbox set everything up first."""
    from app import migrating
    from app.serving import serve as run

    with database(settings) as url:
        if settings.sandbox:
            migrating.upgrade(url)
        return run(settings, url)


def migrate(settings: Settings, _: argparse.Namespace) -> int:
    """Bring the database up to date."""
    from app import migrating

    with database(settings) as url:
        migrating.upgrade(url)
    return 0


def migration(settings: Settings, given: argparse.Namespace) -> int:
    """Write a migration for what the models have and the database has not."""
    from app import migrating

    with database(settings) as url:
        migrating.upgrade(url)
        migrating.new_revision(url, given.message)
    return 0


def work(settings: Settings, _: argparse.Namespace) -> int:
    """Do the promised work: text messages, imports."""
    from app.serving import work as run

    with database(settings) as url:
        return run(settings, url)


def found(settings: Settings, _: argparse.Namespace) -> int:
    """Add the province's regions, official bodies, policies and calendar; what is there stays."""
    from app import operating

    with database(settings) as url:
        operating.found(url)
    return 0


def create_administrator(settings: Settings, given: argparse.Namespace) -> int:
    """Make the first administrator of a body; prints an initial password, once."""
    from app import operating, texts
    from app.errors import Refusal

    if given.force and not given.reason:
        sys.stderr.write("--force asks for a --reason, which the trail keeps\n")
        return 2
    with database(settings) as url:
        try:
            reason = given.reason if given.force else None
            password = operating.create_administrator(settings, url, given.body, given.username, reason)
        except (Refusal, ValueError) as refusal:
            code = refusal.code if isinstance(refusal, Refusal) else "invalid"
            sys.stderr.write(f"{code}: {texts.detail(code, 'en')}\n")
            return 1
    sys.stdout.write(f"{password}\n")
    sys.stderr.write("The initial password lasts seven days and is not shown again: hand it over in person.\n")
    return 0


def new_key(given: argparse.Namespace) -> int:
    """Print a new key, and where to put it."""
    from app.new_keys import new_key as make

    if given.kind == "document" and not given.name:
        sys.stderr.write("a key of documents asks for a --name, which its certificate has\n")
        return 2
    made = make(given.kind, datetime.now(UTC), given.name)
    sys.stdout.write(f"{made.value}\n")
    sys.stderr.write(f"{made.where_to}\n")
    return 0


def reseal(settings: Settings, given: argparse.Namespace) -> int:
    """Seal everything anew with the current key; --check counts values by key."""
    from app import operating

    with database(settings) as url:
        if given.check:
            lines, current = operating.keys_in_use(settings, url)
            sys.stdout.write("".join(f"{line}\n" for line in lines))
            return 0 if current else 1
        task = operating.reseal(settings, url, now=given.now)
    sys.stdout.write(f"/v1/tasks/{task}\n")
    return 0


def reindex(settings: Settings, _: argparse.Namespace) -> int:
    """Compute the blind indexes anew, with every other process stopped."""
    from app import operating

    with database(settings) as url:
        sys.stdout.write(f"{operating.reindex(settings, url)} indexes were computed anew\n")
    return 0


def demo(settings: Settings, given: argparse.Namespace) -> int:
    """Walk the journey against a running server."""
    from app.demo import walk

    return walk(given.url or settings.public_url)


def audit_verify(settings: Settings, _: argparse.Namespace) -> int:
    """Check the hash chain of the trail; names the steps that are broken."""
    with database(settings) as url:
        broken = asyncio.run(_broken(url))
    for record, seq in broken:
        sys.stderr.write(f"broken: {record} step {seq}\n")
    sys.stdout.write("the trail is whole\n" if not broken else f"{len(broken)} steps are broken\n")
    return 1 if broken else 0


async def _broken(url: str) -> list[tuple[str, int]]:
    line = await asyncpg.connect(url)
    rows = await line.fetch("select record_id, seq from app.broken_trail()")
    await line.close()
    return [(str(row["record_id"]), row["seq"]) for row in rows]


def openapi(settings: Settings, given: argparse.Namespace) -> int:
    """Write openapi.json, or say whether it is true."""
    from app.contract import contract_text
    from app.main import create_app

    return _kept({ROOT / "openapi.json": contract_text(create_app(settings, ""))}, given)


def diagrams(_: Settings, given: argparse.Namespace) -> int:
    """Write the diagrams of the workflows, or say whether they are true."""
    from app.workflows.diagrams import pages

    folder = ROOT / "docs" / "workflows"
    return _kept({folder / name: text for name, text in pages().items()}, given)


def permissions(settings: Settings, given: argparse.Namespace) -> int:
    """Write who may do what, or say whether it is true."""
    from app.contract.permissions_page import page
    from app.main import create_app

    return _kept({ROOT / "docs" / "permissions.md": page(create_app(settings, ""))}, given)


def _kept(files: dict[Path, str], given: argparse.Namespace) -> int:
    """Write generated files, or with --check name those that differ from what would be written."""
    if not given.check:
        for path, text in files.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
        return 0
    stale = [path for path, text in files.items() if not path.exists() or path.read_text("utf-8") != text]
    for path in stale:
        sys.stderr.write(f"{path.relative_to(ROOT)} is out of date: run `make docs`\n")
    return 1 if stale else 0


COMMANDS: dict[str, Callable[[Settings, argparse.Namespace], int]] = {
    "serve": serve,
    "migrate": migrate,
    "migration": migration,
    "work": work,
    "found": found,
    "create-administrator": create_administrator,
    "reseal": reseal,
    "reindex": reindex,
    "demo": demo,
    "audit-verify": audit_verify,
    "openapi": openapi,
    "diagrams": diagrams,
    "permissions": permissions,
}


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the exit code says whether it went well."""
    gc.disable()  # nothing that start-up makes is garbage, and looking for some takes a third of its time
    parser = argparse.ArgumentParser(prog="python -m app")
    chosen = parser.add_subparsers(dest="command", required=True)
    for name, command in COMMANDS.items():
        one = chosen.add_parser(name, help=command.__doc__)
        if name in ("openapi", "diagrams", "permissions"):
            one.add_argument("--check", action="store_true", help="write nothing, fail when out of date")
        if name == "create-administrator":
            one.add_argument("--body", required=True, help="a kind of body, or kind:code: provincial_bureau, city:3701")
            one.add_argument("--username", required=True)
            one.add_argument("--force", action="store_true", help="though the body has an administrator")
            one.add_argument("--reason", help="why, for the trail")
        if name == "reseal":
            one.add_argument("--now", action="store_true", help="do it here instead of promising it to the worker")
            one.add_argument("--check", action="store_true", help="count values by key; fails if any has a former one")
        if name == "demo":
            one.add_argument("--url", help="the server to walk against")
        if name == "migration":
            one.add_argument("message", help="what it does, in a few words")
    keys = chosen.add_parser("new-key", help=new_key.__doc__)
    keys.add_argument("kind", choices=("signing", "sealing", "document", "blind-index", "hmac"))
    keys.add_argument("--name", default="", help="of a key of documents: who signs, as its certificate says it")
    given = parser.parse_args(arguments)
    if given.command == "new-key":  # the only command that there are no settings for yet
        return new_key(given)
    return COMMANDS[given.command](Settings(), given)


if __name__ == "__main__":
    sys.exit(main())
