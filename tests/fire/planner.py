"""The same statement under many plans: it must say and do the same, however PostgreSQL goes about it.

A plan follows from the size of tables and from settings; here the settings stand for all sizes.
"""

from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from itertools import product
from typing import Any

import asyncpg

from app.db import Database, Result, Statement, _dress

SWITCHES = tuple(f"enable_{way}" for way in ("nestloop", "hashjoin", "mergejoin", "indexscan", "bitmapscan", "seqscan"))
MODES = ("force_generic_plan", "force_custom_plan")
EVERY_PLAN = tuple(
    {"plan_cache_mode": mode, **dict(zip(SWITCHES, switches, strict=True))}
    for mode in MODES
    for switches in product(("on", "off"), repeat=len(SWITCHES))
)
"""128 ways to plan."""
FEW = ((), ("nestloop",), ("hashjoin", "mergejoin"), ("indexscan", "bitmapscan"), ("seqscan",), ("nestloop", "indexscan"))
SOME_PLANS = tuple(
    {"plan_cache_mode": MODES[0], **{switch: "off" if switch[7:] in off else "on" for switch in SWITCHES}} for off in FEW
)
"""Those that make a plan turn over."""

Outcome = tuple[Any, ...]


class Planner:
    """A line on which statements run as the service's role under a plan, and are undone."""

    def __init__(self, line: asyncpg.Connection, plans: Sequence[Mapping[str, str]]) -> None:
        """`line` is the superuser's, and keeps no statements: each run is planned anew."""
        self._line, self._plans = line, plans

    @classmethod
    @asynccontextmanager
    async def at(cls, url: str, plans: Sequence[Mapping[str, str]]) -> AsyncIterator["Planner"]:
        """A planner on a line of its own."""
        line = await asyncpg.connect(url, statement_cache_size=0, server_settings={"search_path": "app", "jit": "off"})
        try:
            await _dress(line)
            yield cls(line, plans)
        finally:
            await line.close()

    async def outcomes(self, sql: str, *arguments: Any) -> dict[Outcome, list[Mapping[str, str]]]:
        """What the statement says and does, with the plans under which it does so. One key: it is right under all."""
        found: dict[Outcome, list[Mapping[str, str]]] = {}
        for plan in self._plans:
            found.setdefault(await self._outcome(plan, sql, arguments), []).append(plan)
        return found

    async def _outcome(self, plan: Mapping[str, str], sql: str, arguments: Sequence[Any]) -> Outcome:
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
            await self._line.execute("select pg_stat_force_next_flush(); rollback")


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
