"""Reveals: ID numbers and phones unmasked, one subject at a time, for a reason that the person reads (model.md §3).

For reviewers and administrators of a body that sees the graduate, the employer or the placement whose contacts they
are, who proved both factors lately. The row of `accesses` and the count of the day are one write, committed before the
answer is made.
"""

from typing import Any, Final

from sqlalchemy import LargeBinary, Text, Uuid, column, func, select
from sqlalchemy.dialects.postgresql import JSONB

from app.change import Change
from app.db import Read, Stale, actor, asked
from app.errors import Forbidden, NotFound
from app.models.base import table_of
from app.models.employer import Employer
from app.policies import Actor
from app.schemas.reveal import RevealDraft
from app.service import Caller, Service
from app.words import AccessPurpose, PersonalField, StaffRole
from app.workflows.accounts import step_ups
from app.workflows.accounts.accesses import Look, contact_seen, seen
from app.workflows.accounts.limits import Limit, Window, left, refusal
from app.workflows.looking import Answer, as_json, look
from app.workflows.rosters.roster_persons import id_number_of
from app.workflows.sealed_parts import DETAILS

MOST: Final = 30
REVEALING: Final = Limit("reveals", Window(MOST, 86400))
"""Reveals by one member of staff in a day."""

employers = table_of(Employer)
_id = Uuid(as_uuid=False)
_subject = func.app.to_reveal(actor.c.record_id).table_valued(
    column("kind", Text),
    column("person_id", _id),
    column("employer_id", _id),
    column("id_sealed", LargeBinary),
    column("phone_sealed", LargeBinary),
    name="subject",
)
_contacts = func.app.contacts_to_reveal(actor.c.record_id).table_valued(
    column("id", _id),
    column("person_id", _id),
    column("details", JSONB),
    column("details_sealed", LargeBinary),
    name="contacts",
)
_OF_SOMEBODY: Final = Read(select(*_subject.c).where(_subject.c.kind == asked("subject_kind", Text())))
_OF_A_PLACEMENT: Final = Read(select(*_contacts.c))


async def reveal(caller: Caller, draft: RevealDraft) -> Answer:
    """The fields asked for, unmasked; 404, 403 (`role-missing`, `step-up-required`) or 429, and then nothing."""
    service, (ground, found_by) = caller.service, _ground(draft)
    who, found = await look(caller, ground, **found_by)
    if not found:
        raise NotFound
    _demand(service, who)
    (row,) = found
    looked = Look(AccessPurpose.REVEAL, draft.fields, draft.reason, draft.comment)
    rows = (
        contact_seen(service, who, looked, employer=row.employer_id)
        if draft.employer_id
        else seen(service, who, looked, persons=[row.person_id])
    )
    recorded = Change(inserts=rows, sets=(REVEALING.a_try(service, who.account_id),))
    try:
        counted = await caller.db.apply(recorded, session=caller.session)
    except Stale as error:
        await look(caller, ground, **found_by)  # unless the session has just ended
        raise await refusal(service, "reveal", REVEALING.of(who.account_id)) from error
    values = _opened(service, row, draft)
    access, unasked = rows[0].values, dict.fromkeys(field.value for field in PersonalField)
    told = {"access_id": access["id"], **unasked, **values, "at": access["at"]}
    return Answer(as_json(told), budgets=left(service, counted, REVEALING.of(who.account_id)))


def _ground(draft: RevealDraft) -> tuple[Read, dict[str, str | None]]:
    """Whose values they are: the read, and what finds it."""
    if draft.placement_id:
        return _OF_A_PLACEMENT, {"record": draft.placement_id}
    kind, record = ("graduate", draft.graduate_id) if draft.graduate_id else ("employer", draft.employer_id)
    return _OF_SOMEBODY, {"record": record, "subject_kind": kind}


def _demand(service: Service, who: Actor) -> None:
    if not (who.is_a(StaffRole.REVIEWER) or who.is_a(StaffRole.ADMINISTRATOR)):
        raise Forbidden
    step_ups.demand(service, who)


def _opened(service: Service, row: Any, draft: RevealDraft) -> dict[str, str | None]:
    """The values, each sealed for the row that keeps it."""
    if draft.placement_id:
        details = DETAILS.whole(service.sealer, row)
        return {field: details.get(field) for field in draft.fields}
    values: dict[str, str | None] = {}
    if PersonalField.ID_NUMBER in draft.fields:
        values["id_number"] = id_number_of(service, row.person_id, row.id_sealed)
    if PersonalField.PHONE in draft.fields:
        table, name, owner = (
            ("phones", "sealed", row.person_id)
            if draft.graduate_id
            else (employers.name, "contact_phone_sealed", row.employer_id)
        )
        sealed = row.phone_sealed
        values["phone"] = service.sealer.open(sealed, table=table, column=name, row=owner) if sealed else None
    return values
