"""How pending invitations end by another record's move or by time: set statements in the write of that move."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import CTE, BindParameter, ColumnElement, DateTime, Uuid, and_, select, update

from app.change import SetStatement
from app.models import Invitation
from app.models.base import table_of
from app.words import InvitationStatus
from app.workflows.endings import Ending

invitations = table_of(Invitation)


def _ended_by(status: InvitationStatus, action: str, *which: str) -> SetStatement:
    """Pending invitations that end without their own move: told to the employer, kept in the trail, told as events.

    All that are pending are locked first, in one order: who accepts one and who accepts another wait for each other
    once, and never crosswise. What has lapsed stays expired, whoever is accepted.
    """
    told = Ending("invitation", action, "sent", status.value, word=status.value, tells={"to_body_id": "employer_id"})

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
        ended = (
            update(invitations)
            .where(pending, ending, invitations.c.id.in_(select(held.c.id)))
            .values(status=status.value, version=invitations.c.version + 1, updated_at=at, answered_at=at)
        )
        return told.of(asked, gate, ended)

    return SetStatement(f"{action}_invitations", build)


SUPERSEDE_OTHERS = _ended_by(InvitationStatus.SUPERSEDED, "supersede", "graduate_id")
"""`graduate_id`, `except_id`, `at`, `real`."""
EXPIRE_LAPSED = _ended_by(InvitationStatus.EXPIRED, "expire", "graduate_id", "employer_id")
"""`graduate_id`, `employer_id`, `at`, `real`."""
