"""The phone of somebody who applied and consented, for the employer who was applied to.

That it was seen is a row of `accesses`, which the graduate reads; committed before the phone is told.
"""

from typing import Final

from sqlalchemy import LargeBinary, Uuid, column, func, select

from app.change import Change
from app.db import Read, actor
from app.errors import NotFound
from app.service import Caller
from app.words import AccessPurpose, PersonalField, RevealReason
from app.workflows.accounts.accesses import Look, seen
from app.workflows.accounts.phones import number
from app.workflows.looking import Answer, as_json, look

_contact = func.app.applicant_contact(actor.c.record_id).table_valued(
    column("person_id", Uuid(as_uuid=False)), column("phone_sealed", LargeBinary), name="contact"
)
_GROUND: Final = Read(select(*_contact.c))
_LOOK: Final = Look(AccessPurpose.REVEAL, (PersonalField.PHONE,), RevealReason.CONTACT)


async def contact(caller: Caller, application: str) -> Answer:
    """The phone, or 404: no such application, no consent, or one side has said no."""
    service = caller.service
    who, found = await look(caller, _GROUND, record=application)
    if not found:
        raise NotFound
    (row,) = found
    (access,) = seen(service, who, _LOOK, persons=[row.person_id])
    await caller.db.apply(Change(inserts=(access,)), session=caller.session)
    phone = number(service, row.phone_sealed, row.person_id)
    return Answer(as_json({"access_id": access.values["id"], "phone": phone, "at": access.values["at"]}))
