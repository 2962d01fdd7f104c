"""Registration of employers, by somebody who has no account yet: a proven phone, a password, the employer's details.

One write makes the body, the employer, the operator's account and the bureau's turn.
"""

from dataclasses import dataclass, replace
from typing import Any, Final

from sqlalchemy import Text, select

from app.change import fresh_id
from app.db import PUBLIC, Read, asked
from app.errors import Conflict
from app.policies import Actor
from app.schemas.auth import PhoneCodePurpose
from app.schemas.employer import EmployerDraft, Operator
from app.service import Service
from app.words import StaffRole
from app.workflows.accounts import new_passwords, phone_codes
from app.workflows.employer_view import BUREAU, bureau, cells_of, province
from app.workflows.employers import Do, Opening, desk, workflow
from app.workflows.engine import Decision, Scene
from app.workflows.facts import bodies, bureaus
from app.workflows.looking import Answer, as_json

PURPOSE: Final = "employer_registration"

_known = bodies.alias("known")
_ground = Read(
    select(*BUREAU, _known.c.id.label("known_id"))
    .select_from(
        province.outerjoin(bureaus, bureaus.c.region == asked("registered_region", Text()))
        .outerjoin(bureau, bureau.c.id == bureaus.c.body_id)
        .outerjoin(_known, (_known.c.kind == "employer") & (_known.c.code == asked("credit_code", Text())))
    )
    .where(province.c.kind == "provincial_bureau"),
    door=PUBLIC,
)
"""The bureau of the registered place, and whether the credit code is here already."""


@dataclass(frozen=True, slots=True)
class Registrant:
    """Ids for the new body and account, and the hash of the operator's password."""

    employer: str
    account: str
    password_hash: str


async def register(service: Service, draft: EmployerDraft, language: str) -> Answer:
    """A submitted registration and an active account; 422 (password, code) or 409 `employer-exists`."""
    operator, employer = draft.operator, draft.employer
    own = (operator.phone, operator.name, employer.credit_code)
    new_passwords.judge(service, operator.password, *own, pointer="/body/operator/password")
    await phone_codes.prove(service, PhoneCodePurpose.EMPLOYER_REGISTRATION, operator.phone, draft.code)
    place = {"registered_region": employer.registered_region, "credit_code": employer.credit_code}
    (ground,) = await service.db.rows(_ground, {"purpose": PURPOSE, **place})
    if ground.known_id is not None:
        raise Conflict("employer-exists")
    hashed = await service.passwords.hash(operator.password)
    scene = scene_of(service, draft, ground, Registrant(fresh_id(), fresh_id(), hashed))
    decision = workflow.decide_opening(scene)
    await service.db.apply(decision.change, PUBLIC, purpose=PURPOSE)
    return _answer(scene, decision, language)


def scene_of(service: Service, draft: EmployerDraft, ground: Any, registrant: Registrant) -> Scene:
    """The registration before its table; who registers acts as the operator that they become."""
    employer = registrant.employer
    cells = cells_of(service, employer, draft.employer)
    move = Opening(cells, _account(service, draft.operator, registrant))
    operator = Actor(
        account_id=registrant.account,
        session_id=None,
        kind="employer",
        roles=move.account["roles"],
        body_id=employer,
        school_id=None,
        person_id=None,
        graduate_id=None,
        verified_at=None,
        amr=(),
        auth_at=None,
        scopes=None,
        record_id=None,
    )
    return Scene.now(service, operator, ground, move=move, action=Do.OPEN, id=employer)


def _account(service: Service, operator: Operator, registrant: Registrant) -> dict[str, Any]:
    """The row of the operator's account."""
    account = registrant.account
    return {
        "id": account,
        "kind": "employer",
        "body_id": registrant.employer,
        "display_name": operator.name,
        "phone_bidx": service.blind_index.of("phone", operator.phone),
        "phone_sealed": service.sealer.seal(operator.phone, table="accounts", column="phone_sealed", row=account),
        "roles": [StaffRole.ADMINISTRATOR.value],
        "password_hash": registrant.password_hash,
        "created_at": service.clock.real(),
    }


def _answer(scene: Scene, decision: Decision, language: str) -> Answer:
    """What the operator is told, as after every opening."""
    record = decision.record
    shown = desk.told(replace(scene, record=record, move=None), language)
    change = {"action": decision.action, "from": decision.source, "to": decision.to, "version": record.version}
    created = [{"type": kind, "id": one} for kind, one in decision.change.created]
    return Answer(as_json({"change": change, "record": shown, "created": created}), record.version, id=record.id)
