"""The table that a run prints."""

from collections.abc import Mapping

from benchmarks.measuring import Measured
from benchmarks.operations import Operation

HEAD = (
    "operation   server     req/s   p50 ms   p99 ms   app µs/req   PG µs/req   wrong"
    "   of the floor: req/s    CPU   goal\n" + "-" * 110
)


def lines(operation: Operation, figures: Mapping[str, Measured]) -> str:
    """Both servers' figures for one operation, and the API's share of the floor: of its rate, of its economy."""
    floor, app = figures["floor"], figures["app"]
    rate, cpu = app.rate / floor.rate if floor.rate else 0.0, floor.app_cpu / app.app_cpu if app.app_cpu else 0.0
    goal = f"{operation.goal:6.2f}" if operation.goal else f"{'–':>6}"
    ratio = f"{rate:18.2f} {cpu:6.2f} {goal}"
    rows = [f"{operation.name:11} {_row('floor', floor)}", f"{'':11} {_row('app', app)} {ratio}"]
    wrong = [f"{'':11} a wrong answer: {one.example!r}" for one in (floor, app) if one.wrong]
    return "\n".join((*rows, *wrong))


def _row(name: str, one: Measured) -> str:
    times = f"{one.p50:8.1f} {one.p99:8.1f} {one.app_cpu:12.0f} {one.pg_cpu:11.0f}"
    return f"{name:6} {one.rate:9.0f} {times} {one.wrong:7}"
