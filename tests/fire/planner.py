"""The same statement under many plans: it must say and do the same, however PostgreSQL goes about it.

A plan follows from the size of tables and from settings; here the settings stand for all sizes.
"""

from collections import Counter
from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import combinations
from typing import Any

import asyncpg

from app.db import Database, Result, Statement, _dress

Plan = Mapping[str, str]
"""Settings of PostgreSQL, by name."""
Outcome = tuple[Any, ...]
"""What a statement returns, and the rows that it adds and changes in each table; or its error."""

WAYS = ("nestloop", "hashjoin", "mergejoin", "indexscan", "bitmapscan", "seqscan")


def without(ways: Collection[str], mode: str = "force_generic_plan") -> Plan:
    """Settings under which these ways are taken only when there is no other."""
    return {"plan_cache_mode": mode, **{f"enable_{way}": "off" if way in ways else "on" for way in WAYS}}


SOME_PLANS = tuple(map(without, ((), WAYS[:1], WAYS[1:3], WAYS[3:5], WAYS[5:], ("nestloop", "indexscan"))))
"""Those that make a plan turn over."""
EVERY_PLAN = tuple(
    without(ways, mode)
    for mode in ("force_generic_plan", "force_custom_plan")
    for number in range(len(WAYS) + 1)
    for ways in combinations(WAYS, number)
)
"""128 ways to plan."""


class Planner:
    """A line on which statements run as the service's role under a plan, and are undone."""

    def __init__(self, line: asyncpg.Connection, plans: Sequence[Plan]) -> None:
        """`line` is the superuser's, and keeps no statements: each run is planned anew."""
        self._line, self._plans = line, plans

    @classmethod
    @asynccontextmanager
    async def at(cls, url: str, plans: Sequence[Plan]) -> AsyncIterator["Planner"]:
        """A planner on a line of its own."""
        line = await asyncpg.connect(url, statement_cache_size=0, server_settings={"search_path": "app", "jit": "off"})
        try:
            await _dress(line)
            yield cls(line, plans)
        finally:
            await line.close()

    async def outcomes(self, sql: str, *arguments: Any) -> dict[Outcome, list[Plan]]:
        """What the statement says and does, with the plans under which it does so. One key: it is right under all."""
        found: dict[Outcome, list[Plan]] = {}
        for plan in self._plans:
            found.setdefault(await self._outcome(plan, sql, arguments), []).append(plan)
        return found

    async def _outcome(self, plan: Plan, sql: str, arguments: Sequence[Any]) -> Outcome:
        chosen = "; ".join(f"set local {name} = {value}" for name, value in plan.items())
        await self._line.execute(f"begin; set local role employment_app; {chosen}")
        try:
            rows = repr(sorted(map(repr, await self._line.fetch(sql, *arguments))))
            done = await self._line.fetch(
                "select relname, n_tup_ins, n_tup_upd from pg_stat_xact_user_tables"
                " where n_tup_ins + n_tup_upd > 0 order by relname"
            )
        except asyncpg.PostgresError as error:
            return (error.sqlstate, str(error))
        else:
            return (rows, *(tuple(one) for one in done))
        finally:
            await self._line.execute("rollback; select pg_stat_force_next_flush()")


class Doubting(Database):
    """Tries a statement under many plans before it runs it, until it has been tried often enough."""

    planner: Planner
    often: int
    tried: Counter[str]
    """How often each statement was tried."""
    differences: list[str]
    """What plans disagree on."""

    async def _run(self, statement: Statement, values: Mapping[str, Any], lost: str) -> list[Result]:
        if self.tried[statement.sql] < self.often:
            self.tried[statement.sql] += 1
            outcomes = await self.planner.outcomes(statement.sql, *statement.arguments(values))
            if len(outcomes) > 1:
                told = {str(outcome)[:300]: len(plans) for outcome, plans in outcomes.items()}
                self.differences.append(f"{statement.sql[:500]}: {told}")
        return await super()._run(statement, values, lost)
