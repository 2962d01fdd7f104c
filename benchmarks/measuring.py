"""One measurement: so many seconds of load on one server, and the processor time that it and PostgreSQL took for it."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Final, Self

import psutil

from benchmarks.load import Run, put
from benchmarks.operations import Operation
from benchmarks.servers import Server

MICRO: Final = 1e6


def postgresql_cpu(postmaster: int) -> float:
    """Seconds of processor that a PostgreSQL has used, all its processes together, those that have ended included."""
    own = psutil.Process(postmaster)
    used = own.cpu_times()
    ended = used.children_user + used.children_system
    living = sum(one.cpu_times().user + one.cpu_times().system for one in own.children(recursive=True))
    return float(used.user + used.system + ended + living)


@dataclass(frozen=True)
class Measured:
    """What one server did for one operation: rates in 1/s, times in ms, processor times in µs for each request."""

    rate: float
    p50: float
    p99: float
    app_cpu: float
    pg_cpu: float
    answers: int
    wrong: int
    example: bytes = b""
    """The beginning of a wrong answer."""

    @classmethod
    def of(cls, run: Run, seconds: float, app_cpu: float, pg_cpu: float) -> Self:
        """Put together from a run."""
        count = len(run.seconds) or 1
        cuts = quantiles(run.seconds, n=100) if len(run.seconds) > 1 else [0.0] * 99
        return cls(
            rate=len(run.seconds) / seconds,
            p50=cuts[49] * 1000,
            p99=cuts[98] * 1000,
            app_cpu=app_cpu / count * MICRO,
            pg_cpu=pg_cpu / count * MICRO,
            answers=len(run.seconds),
            wrong=len(run.wrong),
            example=run.wrong[0][:300] if run.wrong else b"",
        )

    @classmethod
    def middle(cls, rounds: Iterable[Self]) -> Self:
        """The median of each figure; counts are summed."""
        rounds = list(rounds)
        figures = {
            name: median(getattr(one, name) for one in rounds) for name in ("rate", "p50", "p99", "app_cpu", "pg_cpu")
        }
        return cls(
            **figures,
            answers=sum(one.answers for one in rounds),
            wrong=sum(one.wrong for one in rounds),
            example=next((one.example for one in rounds if one.wrong), b""),
        )


async def measure(operation: Operation, server: Server, postmaster: int, seconds: float) -> Measured:
    """Load a server with an operation."""
    run = Run(operation.requests, operation.status)
    began, before = asyncio.get_running_loop().time(), (server.cpu(), postgresql_cpu(postmaster))
    await put(run, server.port, seconds)
    took, after = asyncio.get_running_loop().time() - began, (server.cpu(), postgresql_cpu(postmaster))
    return Measured.of(run, took, after[0] - before[0], after[1] - before[1])
