"""One's own phone: changed with a code to each of both; claimed when somebody else holds it; objections to such claims.

Graduates alone hold phones; the numbers of employers' operators are part of their accounts.
"""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import and_, or_, select

from app.change import Change, Update
from app.db import AlreadyExists, Read, Result, Stale, actor
from app.errors import Busy, Conflict, FieldError, Forbidden, Invalid, NotFound
from app.models import Account, Phone, PhoneClaim
from app.models.base import table_of
from app.policies import Actor
from app.schemas.auth import PhoneCodePurpose
from app.schemas.phone import ClaimSide, PhoneChange
from app.security import masks
from app.service import Caller, Service
from app.workflows.accounts import phone_codes, phones
from app.workflows.accounts.notes import note
from app.workflows.looking import Answer, as_json, look
from app.workflows.sms import text_message

TAKEN: Final = "pk_phones"
"""The rule that is hit when somebody else holds the number."""

accounts, held, claims = table_of(Account), table_of(Phone), table_of(PhoneClaim)
_open_claim = and_(
    claims.c.status == "open", or_(claims.c.person_id == accounts.c.person_id, claims.c.bidx == held.c.bidx)
)
_OWN: Final = Read(
    select(
        accounts.c.person_id.label("person_id"),
        *(held.c[name] for name in ("bidx", "sealed", "proven_at")),
        claims.c.id.label("claim_id"),
        claims.c.person_id.label("claimant_id"),
        claims.c.sealed.label("claim_sealed"),
        claims.c.moves_at,
    )
    .select_from(accounts)
    .outerjoin(held, held.c.person_id == accounts.c.person_id)
    .outerjoin(claims, _open_claim)
    .where(accounts.c.id == actor.c.account_id, accounts.c.person_id.is_not(None))
    .order_by(claims.c.id)
)
"""The caller's phone, one row for each claim that is open on it or is theirs."""


async def own(caller: Caller) -> Answer:
    """The caller's phone and the claims that concern it, masked."""
    _, found = await _look(caller)
    return Answer(as_json(_told(caller.service, found)))


async def change(caller: Caller, given: PhoneChange) -> Answer:
    """Hold the new phone at once, or claim it when somebody else holds it; 422 `code-wrong`, `present-code-required`.

    Four statements: what is held, the two codes, the write; one more for a claim.
    """
    service = caller.service
    who, found = await _look(caller)
    row = found[0]
    present = row.sealed and phones.number(service, row.sealed, row.person_id)
    if present and given.present_code is None:
        raise Invalid(errors=[FieldError("/body/present_code", "present-code-required")])
    if present and given.present_code:
        pointer = "/body/present_code"
        await phone_codes.prove(service, PhoneCodePurpose.PHONE_RELEASE, present, given.present_code, pointer)
    await phone_codes.prove(service, PhoneCodePurpose.PHONE_CHANGE, given.phone, given.code)
    try:
        await caller.db.apply(_given(service, who, row, given.phone, present), session=caller.session)
    except Stale as error:  # the phone was changed at the same moment
        raise Busy("rows-busy", retry_after=1) from error
    except AlreadyExists as error:
        if error.rule != TAKEN:
            raise
        await caller.db.apply(Change.of(phones.claim(service, row.person_id, given.phone)), session=caller.session)
    return await own(caller)


async def object_to_claim(caller: Caller) -> None:
    """Keep the phone that another person claims; 404 when nobody does."""
    _, found = await _look(caller)
    theirs = [row for row in found if row.claim_id and row.claimant_id != row.person_id]
    if not theirs:
        raise NotFound
    settled = {"status": "objected", "settled_at": caller.service.clock.real()}
    update = Update(claims, {"id": theirs[0].claim_id, "status": "open"}, settled)
    try:
        await caller.db.apply(Change(updates=(update,)), session=caller.session)
    except Stale as error:  # it moved, or was objected to, at the same moment
        raise Conflict("phone-claim-settled") from error


async def _look(caller: Caller) -> tuple[Actor, Sequence[Result]]:
    who, found = await look(caller, _OWN)
    if not found:
        raise Forbidden
    return who, found


def _given(service: Service, who: Actor, row: Result, phone: str, present: str | None) -> Change:
    """The new phone; the former one is told, and the inbox."""
    pieces = [phones.give(service, row.person_id, phone, row.bidx)]
    told = [text_message(service.sealer, present, "phone-changed")] if present else []
    if who.graduate_id:
        told.append(note(service, who.graduate_id, "phone-changed"))
    return Change.of((*pieces, *told))


def _told(service: Service, found: Sequence[Result]) -> dict[str, Any]:
    row = found[0]
    return {
        "phone": row.sealed and masks.phone(phones.number(service, row.sealed, row.person_id)),
        "proven_at": row.proven_at,
        "claims": [_claim(service, one) for one in found if one.claim_id],
    }


def _claim(service: Service, row: Result) -> dict[str, Any]:
    number = service.sealer.open(row.claim_sealed, table="phone_claims", column="sealed", row=row.claim_id)
    by = ClaimSide.MINE if row.claimant_id == row.person_id else ClaimSide.ANOTHERS
    return {"by": by, "phone": masks.phone(number), "moves_at": row.moves_at}
