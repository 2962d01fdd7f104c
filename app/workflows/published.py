"""The tables of the procedures as everybody may read them: read off the tables that decide, so never out of date."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from app.errors import NotFound
from app.workflows.engine import Transition, Workflow
from app.workflows.looking import Answer, as_json
from app.workflows.procedures import WORKFLOWS


def described(workflow: Workflow) -> dict[str, Any]:
    """A table by the names of its people, rules and effects."""
    return {
        "name": workflow.name,
        "situations": [*workflow.situations],
        "transitions": [_row(row) for row in workflow.table],
    }


def _row(row: Transition) -> dict[str, Any]:
    return {
        "action": row.action,
        "from": [*row.sources],
        "to": [*row.outcomes],
        "who": row.by.__name__,
        "provided": _names(row.provided),
        "rules": _names(row.when),
        "effects": _names(row.then),
        "reproof": row.reproof,
    }


def _names(functions: Iterable[Any]) -> list[str]:
    return [function.__name__ for function in functions]


@cache
def every() -> Answer:
    """All tables."""
    return Answer(as_json({"items": [described(one) for one in WORKFLOWS.values()]}))


@cache
def one(name: str) -> Answer:
    """One table."""
    if name not in WORKFLOWS:
        raise NotFound
    return Answer(as_json(described(WORKFLOWS[name])))
