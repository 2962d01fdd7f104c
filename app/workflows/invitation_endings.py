"""How pending invitations end by another record's move or by time: set statements in the write of that move."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import (
    CTE,
    BindParameter,
    ColumnElement,
    DateTime,
    Uuid,
    and_,
    func,
    insert,
    literal,
    select,
    update,
)

from app.change import SetStatement
from app.models import Event, Invitation, Message, TrailEntry
from app.models.base import PARTIES, table_of
from app.words import InvitationStatus

invitations, messages = table_of(Invitation), table_of(Message)
trail, events = table_of(TrailEntry), table_of(Event)


def _ended_by(status: InvitationStatus, action: str, *which: str) -> SetStatement:
    """Pending invitations that end without their own move: told to the employer, kept in the trail, told as events.

    All that are pending are locked first, in one order: who accepts one and who accepts another wait for each other
    once, and never crosswise. What has lapsed stays expired, whoever is accepted.
    """

    def build(asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
        at: BindParameter[Any] = asked("at", DateTime(timezone=True))
        those = [invitations.c[name] == asked(name, Uuid(as_uuid=False)) for name in which]
        pending = and_(gate, invitations.c.status == "sent", *those)
        held = select(invitations.c.id).where(pending).order_by(invitations.c.id).with_for_update().cte("held")
        ending = (
            and_(invitations.c.id != asked("except_id", Uuid(as_uuid=False)), invitations.c.valid_until > at)
            if status is InvitationStatus.SUPERSEDED
            else invitations.c.valid_until <= at
        )
        moved = (
            update(invitations)
            .where(pending, ending, invitations.c.id.in_(select(held.c.id)))
            .values(status=status.value, version=invitations.c.version + 1, updated_at=at, answered_at=at)
            .returning(*(invitations.c[name] for name in ("id", "version", *PARTIES)))
            .cte(status.value)
        )
        steps = insert(trail).from_select(
            ["id", "record_kind", "record_id", "seq", "action", "source", "situation", "at", "real_at", "actor_kind"],
            select(
                func.app.fresh_id(), literal("invitation"), moved.c.id, moved.c.version, literal(action),
                literal("sent"), literal(status.value), at, asked("real", DateTime(timezone=True)), literal("system"),
            ),
        )  # fmt: skip
        known = insert(events).from_select(
            ["id", "kind", "record_kind", "record_id", "record_version", "at", *PARTIES],
            select(
                func.app.fresh_id(), literal(f"invitation.{status.value}"), literal("invitation"), moved.c.id,
                moved.c.version, at, *(moved.c[party] for party in PARTIES),
            ),
        )  # fmt: skip
        told = insert(messages).from_select(
            ["id", "to_body_id", "kind", "record_kind", "record_id", "at"],
            select(
                func.app.fresh_id(), moved.c.employer_id, literal(f"invitation-{status.value}"),
                literal("invitation"), moved.c.id, at,
            ),
        )  # fmt: skip
        return (
            moved,
            steps.cte(f"{status.value}_trail"),
            known.cte(f"{status.value}_events"),
            told.cte(f"{status.value}_told"),
        )

    return SetStatement(f"{action}_invitations", build)


SUPERSEDE_OTHERS = _ended_by(InvitationStatus.SUPERSEDED, "supersede", "graduate_id")
"""`graduate_id`, `except_id`, `at`, `real`."""
EXPIRE_LAPSED = _ended_by(InvitationStatus.EXPIRED, "expire", "graduate_id", "employer_id")
"""`graduate_id`, `employer_id`, `at`, `real`."""
