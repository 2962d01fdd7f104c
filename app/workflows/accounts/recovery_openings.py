"""A visitor opens a recovery and follows it. Neither tells whether there is such an account.

Three statements whoever is named: the code is proven, the ground is read, the try is counted with what is written; the
photo is sealed and stored each time, and removed at once when it proves nobody. The secret follows from the reference
under our key, so that a case that names nobody can be followed like any other, and leaves nothing.
"""

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from hmac import compare_digest
from typing import Any, Final

from sqlalchemy import LargeBinary, Text, Uuid, and_, or_, select, true

from app.budgets import Budget
from app.change import Change, fresh_id
from app.db import PUBLIC, AlreadyExists, Read, Result, asked
from app.errors import NotFound, TooMany
from app.models import Account, Body, Graduate, Person, Phone, School
from app.models.base import table_of
from app.policies import NOBODY, Actor
from app.schemas.auth import PhoneCodePurpose
from app.schemas.recovery import RecoveryDraft, RecoveryInquiry, RecoveryStanding
from app.security import masks
from app.service import Service
from app.words import RecoveryReviewer
from app.workflows.accounts import phone_codes, phones, recovery_photos
from app.workflows.accounts.limits import Limit, Window
from app.workflows.accounts.recoveries import Do, Opening, recoveries, workflow
from app.workflows.engine import Now, Scene
from app.workflows.facts import in_force, number_in
from app.workflows.looking import Answer, as_json
from app.workflows.sms import text_message

PURPOSE: Final = "recovery"
OPEN_FOR: Final = timedelta(days=30)
OPENING: Final = Limit("recoveries", Window(3, 86400))
"""For one ID number, whether it is anybody's or not."""
VISITOR: Final = Actor(NOBODY, None, "public", (), None, None, None, None, None, (), None, None, None)

accounts, graduates, persons = table_of(Account), table_of(Graduate), table_of(Person)
schools, bodies, held = table_of(School), table_of(Body), table_of(Phone)
_support = bodies.alias("support")


def _ground() -> Read:
    """The account that the four fields name, if no recovery of it is open; who holds what; who would review."""
    policy = in_force(graduates.c.cohort)
    is_open = or_(
        recoveries.c.status == "submitted",
        and_(
            recoveries.c.decision == "approved", recoveries.c.status == "reviewed", recoveries.c.redeemed_at.is_(None)
        ),
    )
    same = (accounts.c.person_id == persons.c.id, accounts.c.level == asked("level", Text()))
    programme = (
        graduates.c.person_id == persons.c.id,
        graduates.c.level == accounts.c.level,
        graduates.c.name == asked("name", Text()),
        graduates.c.school_id == schools.c.body_id,
    )
    return Read(
        select(
            accounts.c.id.label("account_id"),
            persons.c.id.label("person_id"),
            *(graduates.c[name] for name in ("name", "level", "cohort", "school_id")),
            graduates.c.id.label("graduate_id"),
            schools.c.name.label("school_name"),
            held.c.sealed.label("own_phone"),
            _support.c.id.label("support_id"),
            _support.c.name.label("support_name"),
            policy.c.document["recovery_reviewer"].as_string().label("reviewer"),
            number_in(policy, "review_due_days"),
        )
        .select_from(persons)
        .join(accounts, and_(*same))
        .join(schools, schools.c.code == asked("school_code", Text()))
        .join(graduates, and_(*programme))
        .outerjoin(policy, true())
        .outerjoin(held, held.c.person_id == persons.c.id)
        .outerjoin(_support, _support.c.kind == "support")
        .where(persons.c.id_bidx == asked("id_bidx", LargeBinary()), accounts.c.disabled_at.is_(None))
        .where(~select(recoveries.c.id).where(recoveries.c.account_id == accounts.c.id, is_open).exists())
        .order_by(graduates.c.cohort.desc(), _support.c.id)
        .limit(1),
        door=PUBLIC,
    )


_GROUND: Final = _ground()


async def open_case(service: Service, given: RecoveryDraft) -> Answer:
    """A reference and a secret, whoever is named; 422 (photo, code), 429."""
    picture = recovery_photos.taken(given.photo)
    await phone_codes.prove(service, PhoneCodePurpose.RECOVERY, given.phone, given.code)
    named = {
        "id_bidx": service.blind_index.of("id_number", given.id_number),
        "level": given.level.value,
        "name": given.name,
        "school_code": given.school_code,
    }
    (ground,) = await service.db.rows(_GROUND, {"purpose": PURPOSE, "at": service.clock.now(), **named})
    recovery = fresh_id()
    photo = {**await recovery_photos.keep(service, recovery, picture), "recovery_id": recovery}
    try:
        opened, budgets = await _write(service, given, ground, recovery, photo)
    except TooMany:
        await recovery_photos.remove(service, recovery)
        raise
    if not opened:
        await recovery_photos.remove(service, recovery)
    told = {"reference": recovery, "secret": _secret(service, recovery), "closes_at": _closes_at(recovery)}
    return Answer(as_json(told), budgets=budgets)


async def _write(
    service: Service, given: RecoveryDraft, ground: Result, recovery: str, photo: Mapping[str, Any]
) -> tuple[bool, tuple[Budget, ...]]:
    """Count the try and write the case, if there is one; whether there is, and what is left of the limit."""
    number = service.blind_index.of("id_number", given.id_number)
    if ground.account_id is not None:
        case = _opened(service, given, ground, recovery, photo)
        with suppress(AlreadyExists):  # another one of the same account, opened at the same moment
            return True, await OPENING.count(service, PURPOSE, number, also=case)
    return False, await OPENING.count(service, PURPOSE, number)


def _opened(service: Service, given: RecoveryDraft, ground: Result, recovery: str, photo: Mapping[str, Any]) -> Change:
    clock, index = service.clock, service.blind_index.of
    cells = {
        **{name: ground[name] for name in ("account_id", "person_id", "graduate_id", "school_id")},
        **{name: ground[name] for name in ("name", "level", "cohort")},
        "id_number_masked": masks.id_number(given.id_number),
        "phone_bidx": index("phone", given.phone),
        "phone_sealed": service.sealer.seal(given.phone, table="recoveries", column="phone_sealed", row=recovery),
        "phone_masked": masks.phone(given.phone),
        "lapses_at": clock.now() + OPEN_FOR,
    }
    former = ground.own_phone and phones.number(service, ground.own_phone, ground.person_id)
    warning = [text_message(service.sealer, former, "recovery-opened")] if former else []
    move = Opening(cells, photo, warning)
    scene = Scene.now(service, VISITOR, _reviewed(ground), move=move, action=Do.OPEN, id=recovery)
    return workflow.decide_opening(scene).change


def _reviewed(ground: Result) -> Now:
    """The ground with its reviewer: the school, or support where the cohort's policy says so."""
    by_support = ground.reviewer == RecoveryReviewer.SUPPORT and ground.support_id
    reviewer = {
        "reviewer_stage": (RecoveryReviewer.SUPPORT if by_support else RecoveryReviewer.SCHOOL).value,
        "reviewer_id": ground.support_id if by_support else ground.school_id,
        "reviewer_name": ground.support_name if by_support else ground.school_name,
    }
    return Now({**dict(ground.items()), **reviewer})


# -- following --------------------------------------------------------------------------------------------------------

_FOLLOWED: Final = Read(
    select(recoveries.c.id, recoveries.c.lapses_at)
    .where(recoveries.c.id == asked("reference", Uuid(as_uuid=False)), recoveries.c.decision == "approved")
    .where(recoveries.c.status == "reviewed", recoveries.c.redeemed_at.is_(None)),
    door=PUBLIC,
)


async def follow(service: Service, given: RecoveryInquiry) -> Answer:
    """Where a case stands, for who has its secret; 404 for a wrong one. Not approved and nobody's are told alike."""
    if not compare_digest(given.secret, _secret(service, given.reference)):
        raise NotFound
    (row,) = await service.db.rows(_FOLLOWED, {"purpose": PURPOSE, "reference": given.reference})
    if row.id is not None and row.lapses_at > service.clock.now():
        return Answer(as_json({"standing": RecoveryStanding.APPROVED, "closes_at": row.lapses_at}))
    closes_at = _closes_at(given.reference)
    standing = RecoveryStanding.OPEN if closes_at > service.clock.real() else RecoveryStanding.CLOSED
    return Answer(as_json({"standing": standing, "closes_at": closes_at}))


def _secret(service: Service, recovery: str) -> str:
    return urlsafe_b64encode(service.fingerprint.of("recovery-secret", recovery)).decode().rstrip("=")


def _closes_at(recovery: str) -> datetime:
    """Thirty days after the reference was made, which a UUIDv7 says itself."""
    made = datetime.fromtimestamp(int(recovery.replace("-", "")[:12], 16) // 1000, UTC)
    return made + OPEN_FOR
