"""`python -m benchmarks`: the API and the floor on one database, each operation in turn, several rounds."""

import argparse
import asyncio
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import asyncpg
import uvloop

from app import migrating
from app.devdb import Cluster
from app.settings import Settings
from benchmarks import equality, market, report, storm
from benchmarks.keys import environment
from benchmarks.measuring import Measured, measure
from benchmarks.operations import Operation, operations
from benchmarks.profiling import profile
from benchmarks.servers import APP_CORE, Server, pin
from benchmarks.stage import filled

POSTGRESQL = {
    "shared_buffers": "512MB",
    "max_wal_size": "8GB",
    "checkpoint_timeout": "30min",
    "autovacuum": "off",
}
"""A server of its own that makes every commit durable; nothing but the load wakes it."""
STORM, JOBS = "storm", "jobs"
WARMING = 1.0
"""Seconds of load before the first round, so that plans are made and caches are full."""


def _given() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each server and operation in each round")
    parser.add_argument("--quick", action="store_true", help="one round")
    parser.add_argument("--only", nargs="+", help="operations by name, `jobs` or `storm`")
    parser.add_argument("--check", action="store_true", help="measure nothing: say whether both answer alike")
    parser.add_argument("--profile", action="store_true", help="say where the API's time goes, by py-spy")
    return parser.parse_args()


async def _database(cluster: Cluster) -> str:
    line = await asyncpg.connect(cluster.url("postgres"))
    await line.execute("create database employment")
    await line.close()
    return cluster.url("employment")


async def _compare(one: Operation, servers: list[Server], postmaster: int, given: argparse.Namespace) -> str:
    """The report on one operation, the servers in turn, the first one another in each round."""
    figures: dict[str, list[Measured]] = {server.name: [] for server in servers}
    for server in servers:
        await measure(one, server, postmaster, WARMING)
    for place in range(1 if given.quick else given.rounds):
        turned = servers[place % len(servers) :] + servers[: place % len(servers)]
        for server in turned:
            figures[server.name].append(await measure(one, server, postmaster, given.seconds))
    told = report.lines(one, {name: Measured.middle(rounds) for name, rounds in figures.items()})
    if given.profile:
        told += f"\n{'':11} {await profile(servers[-1], one, 5)}"
    return told


def main() -> int:
    """Run; the exit code is 1 when an answer was wrong."""
    given = _given()
    others = [core for core in range(os.cpu_count() or 1) if core != APP_CORE]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-")))
        cluster = stack.enter_context(Cluster(folder / "pg", pg_bin=Settings().pg_bin, settings=POSTGRESQL))
        url = asyncio.run(_database(cluster))
        migrating.upgrade(url)
        surroundings = environment(url)
        os.environ.update(surroundings)
        sys.stdout.write("filling the stage …\n")
        stage = asyncio.run(filled(url, Settings()))
        if others:
            for process in (cluster.pid, os.getpid()):
                pin(process, *others)
        servers = [stack.enter_context(Server(name, folder / f"{name}.log")) for name in ("floor", "app")]
        everything = {one.name: one for one in operations(stage)}
        chosen = [one for name, one in everything.items() if not given.only or name in given.only]
        uvloop.run(equality.check(chosen, servers))
        if given.check:
            return 0
        print(report.HEAD)
        for one in chosen:
            print(uvloop.run(_compare(one, servers, cluster.pid, given)), flush=True)
        rounds = 1 if given.quick else given.rounds
        if not given.only or JOBS in given.only:
            print(uvloop.run(market.compare(url, stage, servers, cluster.pid, rounds, given.seconds)), flush=True)
        if not given.only or STORM in given.only:
            servers[0] = stack.enter_context(Server("inline", folder / "inline.log"))
            reading, login = everything["read one"], everything["login"]
            print(storm.HEAD)
            print(uvloop.run(storm.compare(reading, login, servers[::-1], rounds, given.seconds)), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
