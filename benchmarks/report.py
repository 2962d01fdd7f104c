"""The table that a run prints."""

from collections.abc import Mapping

from benchmarks.measuring import Measured
from benchmarks.operations import Operation

HEAD = (
    f"{'':28} {'ms':>8} {'ms':>8} {'µs of processor':>17} {'':6} {'of the floor':>15}\n"
    f"{'':18} {'req/s':>9} {'p50':>8} {'p99':>8} {'server':>8} {'PG':>8} {'wrong':>6}"
    f" {'req/s':>8} {'CPU':>6} {'goal':>5}"
)


def lines(operation: Operation, figures: Mapping[str, Measured]) -> str:
    """Both servers' figures for one operation, and the API's share of the floor: of its rate, of its economy."""
    floor, app = figures["floor"], figures["app"]
    rate, cpu = app.rate / floor.rate if floor.rate else 0.0, floor.app_cpu / app.app_cpu if app.app_cpu else 0.0
    goal = f"{operation.goal:5.2f}" if operation.goal else f"{'–':>5}"
    ratio = f"{rate:8.2f} {cpu:6.2f} {goal}"
    rows = [f"{operation.name:11} {_row('floor', floor)}", f"{'':11} {_row('app', app)} {ratio}"]
    wrong = [f"{'':11} a wrong answer: {one.example!r}" for one in (floor, app) if one.wrong]
    return "\n".join((*rows, *wrong))


def _row(name: str, one: Measured) -> str:
    times = f"{one.p50:8.1f} {one.p99:8.1f} {one.app_cpu:8.0f} {one.pg_cpu:8.0f}"
    return f"{name:6} {one.rate:9.0f} {times} {one.wrong:6}"
