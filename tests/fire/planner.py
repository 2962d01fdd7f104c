"""The same statement under many plans: it must say and do the same, however PostgreSQL goes about it.

A plan follows from the size of tables and from settings; here the settings stand for all sizes.
"""

from collections.abc import Mapping, Sequence
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
SOME_PLANS = tuple(
    plan for plan in EVERY_PLAN if sum(value == "off" for value in plan.values()) in (0, 1, len(SWITCHES))
)
"""Each switch off alone, all on, all off: 16 ways."""

Outcome = tuple[Any, ...]


class Planner:
    """A line on which statements run as the service's role under a plan, and are undone."""

    def __init__(self, line: asyncpg.Connection, plans: Sequence[Mapping[str, str]]) -> None:
        """`line` is the superuser's, and keeps no statements: each run is planned anew."""
        self._line, self._plans = line, plans

    @classmethod
    async def at(cls, url: str, plans: Sequence[Mapping[str, str]]) -> "Planner":
        """A planner on a line of its own."""
        line = await asyncpg.connect(url, statement_cache_size=0, server_settings={"search_path": "app", "jit": "off"})
        await _dress(line)
        return cls(line, plans)

    async def close(self) -> None:
        """End the line."""
        await self._line.close()

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
            await self._line.execute("rollback")


class Doubting(Database):
    """Tries each statement under many plans before it runs it; `differences` are those that plans disagree on."""

    planner: Planner
    tried: set[str]
    differences: list[str]

    async def _run(self, statement: Statement, values: Mapping[str, Any], lost: str) -> list[Result]:
        outcomes = await self.planner.outcomes(statement.sql, *statement.arguments(values))
        self.tried.add(statement.sql)
        if len(outcomes) > 1:
            told = {str(outcome)[:300]: len(plans) for outcome, plans in outcomes.items()}
            self.differences.append(f"{statement.sql[:500]}: {told}")
        return await super()._run(statement, values, lost)
