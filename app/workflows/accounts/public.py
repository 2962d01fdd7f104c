"""How statements begin that write for somebody who has not signed in, and tell what they wrote."""

from sqlalchemy import CTE, ColumnElement, func, select

from app.db import PUBLIC, opened


def entered() -> tuple[CTE, ColumnElement[bool]]:
    """The door as a first table expression, and the gate that every branch carries: a one-time filter upon it."""
    who = select(opened(PUBLIC).c.account_id.label("account_id")).cte("actor")
    return who, select(func.count()).select_from(who).scalar_subquery() == 1
