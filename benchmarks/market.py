"""The search for jobs on 10,000 posts and on 100,000: its share of the bare query's requests, and how it grows."""

from collections.abc import Iterator, Sequence
from itertools import cycle
from typing import Final
from urllib.parse import urlencode

import asyncpg

from benchmarks import equality, report
from benchmarks.measuring import Measured, measure
from benchmarks.operations import Operation, request
from benchmarks.posts import publish
from benchmarks.servers import Server
from benchmarks.stage import Stage

GOAL: Final = 0.4
"""Of the floor's requests."""
GROWTH: Final = 3.0
"""A request on ten times the posts takes so many times as long, at most."""
SIZES: Final = (10_000, 100_000)
_ASKED: Final = (
    {"q": "工程"},
    {"q": "软件开发工程师"},
    {"q": "园林学徒"},
    {"q": "护", "level": "bachelor"},
    {"region": "370600", "salary_from": "9000"},
    {"q": "化工 教师", "region": "370602"},
)
"""Common words and rare ones, one character, facets alone, both."""


def _searches(stage: Stage) -> Iterator[bytes]:
    for (token, _), asked in zip(cycle(stage.invitations), cycle(_ASKED), strict=False):
        yield request("GET", f"/v1/jobs?{urlencode(asked)}", token)


async def compare(
    url: str, stage: Stage, servers: Sequence[Server], postmaster: int, rounds: int, seconds: float
) -> str:
    """The figures at both sizes, the servers in turn, and the growth of the API's time for a request."""
    told, times, published = [], [], 0
    for size in SIZES:
        line = await asyncpg.connect(url)
        await publish(line, stage.employer, published + 1, size)
        await line.close()
        published = size
        one = Operation(f"jobs {size // 1000}k", _searches(stage), b"200", GOAL)
        await equality.check([one], servers)
        figures: dict[str, list[Measured]] = {server.name: [] for server in servers}
        for place in range(rounds + 1):
            for server in (*servers, *servers)[place % len(servers) :][: len(servers)]:
                figures[server.name].append(await measure(one, server, postmaster, seconds))
        middle = {name: Measured.middle(those[1:]) for name, those in figures.items()}  # the first round warms
        told.append(report.lines(one, middle))
        times.append(1 / middle["app"].rate)
    return "\n".join((*told, f"{'':11} growth from 10,000 to 100,000: {times[1] / times[0]:.2f} (goal ≤ {GROWTH})"))
