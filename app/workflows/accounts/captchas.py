"""Captchas: made for one purpose and one network, good for two minutes and one answer.

Whoever answers takes the captcha away first, in the same statement that reads what the request is about, so that an
answer is judged once whatever it costs to judge it.
"""

import asyncio
from base64 import b64encode
from collections.abc import Mapping
from datetime import timedelta
from secrets import SystemRandom
from typing import Any, Final

from sqlalchemy import DateTime, LargeBinary, Select, Text, Uuid, delete, literal, select, true

from app.change import Change, Row, fresh_id
from app.db import Result, Statement, asked
from app.errors import FieldError, Invalid
from app.models import Challenge
from app.models.base import table_of
from app.schemas.auth import CaptchaAnswer, CaptchaDraft, CaptchaKind, CaptchaPurpose
from app.security.captchas import accepts, new_answer, picture, verify_work, work_challenge
from app.security.sealing import subkey
from app.service import Service
from app.workflows.accounts.limits import Limit, Window
from app.workflows.accounts.public import entered
from app.workflows.looking import Answer, as_json

LIFETIME: Final = timedelta(minutes=2)
MAKING: Final = Limit("captchas", Window(lambda settings: settings.captchas_per_network, 600))
challenges = table_of(Challenge)


class Spending(Statement):
    """Takes a captcha away and reads `beside` in the same breath: one row, its `captcha_kind` null if it was gone."""

    def __init__(self, beside: Select[Any]) -> None:
        who, gate = entered()
        spent = (
            delete(challenges)
            .where(
                gate,
                challenges.c.id == asked("captcha_id", Uuid(as_uuid=False)),
                challenges.c.purpose == asked("captcha_purpose", Text()),
                challenges.c.network == asked("captcha_network", LargeBinary()),
                challenges.c.expires_at > asked("real", DateTime(timezone=True)),
            )
            .returning(challenges.c.kind.label("captcha_kind"), challenges.c.answer.label("captcha_answer"))
            .cte("spent")
        )
        read = beside.where(gate).offset(0).lateral("read")
        super().__init__(select(*spent.c, *read.c).select_from(who.outerjoin(spent, true()).outerjoin(read, true())))


ALONE: Final = Spending(select(literal(1).label("nothing")))
"""Takes a captcha away and reads nothing."""


async def make(service: Service, draft: CaptchaDraft, network: bytes) -> Answer:
    """A new captcha for a network, or 429. The picture, which costs most, is painted once that is settled."""
    captcha, expires_at = fresh_id(), service.clock.real() + LIFETIME
    answer = new_answer(SystemRandom()) if draft.kind is CaptchaKind.IMAGE else ""
    row = {
        "id": captcha,
        "kind": draft.kind.value,
        "purpose": draft.purpose.value,
        "answer": answer,
        "network": network,
        "expires_at": expires_at,
    }
    budgets = await MAKING.count(service, "captchas", network, also=Change(inserts=(Row(challenges, row),)))
    image, work = None, None
    match draft.kind:
        case CaptchaKind.IMAGE:
            png = await asyncio.to_thread(picture, answer)
            image = f"data:image/png;base64,{b64encode(png).decode()}"
        case CaptchaKind.WORK:
            work = work_challenge(_key(service), captcha, expires_at)
    told = {"id": captcha, "kind": draft.kind, "image": image, "work": work, "expires_at": expires_at}
    return Answer(as_json(told), id=captcha, budgets=budgets)


async def spend(
    service: Service,
    given: CaptchaAnswer,
    purpose: CaptchaPurpose,
    network: bytes,
    statement: Spending = ALONE,
    values: Mapping[str, Any] | None = None,
) -> Result:
    """Take the captcha away, judge the answer (422 `captcha-wrong`), and return what `statement` read beside it."""
    asked_for = {
        "purpose": purpose.value,
        "captcha_purpose": purpose.value,
        "captcha_network": network,
        "captcha_id": given.id,
        "real": service.clock.real(),
        **(values or {}),
    }
    (row,) = await service.db.write(statement, asked_for)
    if not await _right(service, row, given):
        raise Invalid("captcha-wrong", errors=[FieldError("/body/captcha/answer", "captcha-wrong")])
    return row


async def _right(service: Service, row: Result, given: CaptchaAnswer) -> bool:
    match row.captcha_kind:
        case CaptchaKind.IMAGE:
            return accepts(row.captcha_answer, given.answer)
        case CaptchaKind.WORK:
            return await asyncio.to_thread(verify_work, _key(service), given.id, given.answer)
        case _:
            return False


def _key(service: Service) -> bytes:
    return subkey(service.settings.hmac, "captchas")
