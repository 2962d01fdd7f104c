"""What happened to a record, step by step, as its trail says and as this caller may know."""

from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import aliased

from app.db import Result
from app.models import Account, Body, TrailEntry
from app.policies import Actor
from app.workflows.sealed_parts import shown_in
from app.workflows.view import View


def trail_of(view: View) -> Select[Any]:
    """The steps of a record that the caller may see; a record without steps is one row of nulls beside its id."""
    table, step, body = view.table, TrailEntry, Body
    answering = aliased(Account)
    return (
        select(
            table.c.id,
            step.seq,
            step.action,
            step.source,
            step.situation,
            step.stage,
            step.at,
            step.actor_kind,
            step.account_id,
            step.responsible_id,
            step.reason,
            step.comment,
            step.diff,
            body.name.label("body_name"),
            Account.display_name,
            answering.display_name.label("answering_name"),
        )
        .select_from(table)
        .outerjoin(step, step.record_id == table.c.id)
        .outerjoin(body, body.id == step.body_id)
        .outerjoin(Account, Account.id == step.account_id)
        .outerjoin(answering, answering.id == step.responsible_id)
        .where(view.found)
        .order_by(step.seq)
    )


def step_of(row: Result, who: Actor) -> dict[str, Any]:
    """One step as told: graduates and employers see body and role, staff of the same body see the person.

    A client's step names the client, and as the person who answers for it.
    """
    client = row.responsible_id is not None
    by = {
        "kind": row.actor_kind,
        "body_name": row.body_name,
        "person": None if who.kind == "graduate" else row.answering_name if client else row.display_name,
        "client": row.display_name if client and who.kind != "graduate" else None,
    }
    return {
        "version": row.seq,
        "action": row.action,
        "from": row.source,
        "to": row.situation,
        "stage": row.stage,
        "at": row.at,
        "by": by,
        "reason": row.reason,
        "comment": row.comment,
        "diff": row.diff and shown_in(row.diff),
    }
