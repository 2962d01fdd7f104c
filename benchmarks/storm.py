"""A storm of logins: how long reads take while as many sign in as the service can bear, and when none does.

Passwords are hashed in threads, and the threads give way to the event loop, so that a storm delays logins and nothing
else. Beside the API stands the same one with its hashes made on the event loop: it must fail what the API passes.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Final

from benchmarks.load import Run, put
from benchmarks.operations import Operation
from benchmarks.servers import Server

GOAL: Final = 2.0
"""The 99th percentile of reads in the storm, over that of quiet, at most."""
READERS: Final = 4
LOGINS: Final = 32
HEAD: Final = (
    f"\nlogin storm: p99 of reads in ms\n"
    f"{'':18} {'quiet':>9} {'storm':>9} {'ratio':>9} {'goal':>8} {'logins/s':>8} {'refused':>8}"
)


@dataclass(frozen=True)
class Round:
    """The p99 of reads in milliseconds; logins in a second of the storm; reads that were refused in it."""

    quiet: float
    storm: float
    logins: float
    refused: int


async def compare(reading: Operation, login: Operation, servers: Sequence[Server], rounds: int, seconds: float) -> str:
    """A line for each server: quiet and storm in turn, the median of the rounds."""
    for server in servers:
        await _reads(reading, server, seconds / 2)
    told: dict[str, list[Round]] = {server.name: [] for server in servers}
    for _ in range(rounds):
        for server in servers:
            told[server.name].append(await _round(reading, login, server, seconds))
    return "\n".join(_line(server.name, told[server.name]) for server in servers)


async def _round(reading: Operation, login: Operation, server: Server, seconds: float) -> Round:
    quiet, _ = await _reads(reading, server, seconds)
    flood = Run(login.requests, login.status)
    storming = asyncio.create_task(put(flood, server.port, seconds + 1, LOGINS))
    await asyncio.sleep(0.5)
    storm, refused = await _reads(reading, server, seconds)
    await storming
    return Round(quiet, storm, len(flood.seconds) / (seconds + 1), refused)


async def _reads(reading: Operation, server: Server, seconds: float) -> tuple[float, int]:
    """The 99th percentile in milliseconds, and how many were refused."""
    run = Run(reading.requests, reading.status)
    await put(run, server.port, seconds, READERS)
    return quantiles(run.seconds, n=100)[98] * 1000, len(run.wrong)


def _line(name: str, rounds: Sequence[Round]) -> str:
    quiet, storm, logins = (median(getattr(one, figure) for one in rounds) for figure in ("quiet", "storm", "logins"))
    refused = sum(one.refused for one in rounds)
    return f"{'':11} {name:6} {quiet:9.2f} {storm:9.2f} {storm / quiet:9.2f} {GOAL:8.2f} {logins:8.0f} {refused:8}"
