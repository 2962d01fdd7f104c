"""Changing one's own password: the present one, a new one; every other session ends (domain.md §2)."""

from typing import Final

from sqlalchemy import select

from app.change import Change, Update
from app.db import Read, Result, Stale, actor
from app.errors import Busy, Forbidden
from app.models import Account, Person, Phone
from app.models.base import table_of
from app.schemas.password_reset import PasswordChange
from app.service import Caller
from app.workflows.accounts import new_passwords, phones, session_endings
from app.workflows.accounts.limits import Limit, Window
from app.workflows.accounts.notes import note
from app.workflows.looking import Answer, look
from app.workflows.rosters.roster_persons import id_number_of
from app.workflows.sms import text_message

TRYING: Final = Limit("password_changes", Window(10, 900))
"""Wrong present passwords of one account; a right one counts from zero again."""

accounts, persons, held = table_of(Account), table_of(Person), table_of(Phone)
_OWN: Final = Read(
    select(
        *(accounts.c[name] for name in ("id", "kind", "username", "display_name", "password_hash", "phone_sealed")),
        persons.c.id.label("person_id"),
        persons.c.id_sealed,
        held.c.sealed.label("own_phone_sealed"),
    )
    .select_from(accounts)
    .outerjoin(persons, persons.c.id == accounts.c.person_id)
    .outerjoin(held, held.c.person_id == accounts.c.person_id)
    .where(accounts.c.id == actor.c.account_id)
)


async def change(caller: Caller, given: PasswordChange) -> Answer:
    """Set the new password; 403 `password-wrong`, 422, 429. Four statements at most; this session goes on."""
    service = caller.service
    who, (row,) = await look(caller, _OWN)
    id_number, phone = _own(caller, row)
    new_passwords.judge(service, given.password, phone, id_number, row.username, row.display_name, kind=row.kind)
    new_passwords.judge_unlike(given.password, given.present_password)
    budgets = await TRYING.count(service, "password_change", row.id)
    if not await service.passwords.verify(given.present_password, row.password_hash):
        raise Forbidden("password-wrong")
    hashed = await service.passwords.hash(given.password)
    told = [
        *([note(service, who.graduate_id, "password-changed")] if who.graduate_id else []),
        *([text_message(service.sealer, phone, "password-changed")] if phone else []),
    ]
    held_one = {"id": row.id, "password_hash": row.password_hash}
    ended = session_endings.end_all(service, row.id, but=who.session_id)
    changed = Change(
        (Update(accounts, held_one, {"password_hash": hashed}),),
        tuple(told),
        (ended, TRYING.forgotten(service, row.id)),
    )
    try:
        await caller.db.apply(changed, session=caller.session)
    except Stale as error:  # another new password at the same moment
        raise Busy("rows-busy", retry_after=1) from error
    return Answer(b"", budgets=budgets)


def _own(caller: Caller, row: Result) -> tuple[str | None, str | None]:
    """ID number and phone of the account's person, as far as there are any."""
    open_ = caller.service.sealer.open
    number = row.id_sealed and id_number_of(caller.service, row.person_id, row.id_sealed)
    if row.own_phone_sealed:
        return number, phones.number(caller.service, row.own_phone_sealed, row.person_id)
    phone = row.phone_sealed and open_(row.phone_sealed, table="accounts", column="phone_sealed", row=row.id)
    return number, phone
