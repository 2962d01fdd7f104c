"""The sandbox's own instruments: a clock that can be moved, messages and captcha answers that can be read."""

from datetime import timedelta
from typing import Final

import orjson
from sqlalchemy import Interval, LargeBinary, Uuid, literal, select
from sqlalchemy.dialects.postgresql import insert

from app.change import Change
from app.db import PUBLIC, Read, Statement, asked
from app.errors import NotFound
from app.models import Challenge, ClockOffset, SandboxMessage
from app.models.base import table_of
from app.outbox import promise
from app.schemas.sandbox import ClockMove
from app.service import Service
from app.workflows.looking import Answer, as_json
from app.workflows.sms import TextMessage

SHOWN: Final = 50
CLOCK_MOVED: Final = "clock-moved"
"""The job that does what has become due."""
_PURPOSE: Final = {"purpose": "sandbox"}

_messages, _offset, _challenges = table_of(SandboxMessage), table_of(ClockOffset), table_of(Challenge)
_by = asked("by", Interval())

_move = Statement(
    insert(_offset)
    .values(only_row=literal(True), by=_by)  # noqa: FBT003 (a value of SQL)
    .on_conflict_do_update(index_elements=["only_row"], set_={"by": _by})
)
_of_phone = Read(
    select(_messages.c.id, _messages.c.sealed, _messages.c.delivered_at)
    .where(_messages.c.phone_bidx == asked("phone_bidx", LargeBinary()))
    .order_by(_messages.c.id.desc())
    .limit(SHOWN),
    door=PUBLIC,
)
_captcha = Read(
    select(_challenges.c.id, _challenges.c.answer).where(
        _challenges.c.id == asked("challenge", Uuid(as_uuid=False)), _challenges.c.kind == "image"
    ),
    door=PUBLIC,
)


def clock(service: Service) -> Answer:
    """What the clock says."""
    one = service.clock
    return Answer(
        as_json(
            {
                "now": one.now(),
                "real": one.real(),
                "offset_seconds": one.offset.total_seconds(),
                "today": one.today(),
            }
        )
    )


async def move_clock(service: Service, move: ClockMove) -> Answer:
    """Move the clock, now and after the next start; the worker does at once what has become due."""
    by = move.now - service.clock.real() if move.now else timedelta(seconds=move.offset_seconds or 0)
    await service.db.write(_move, {"by": by})
    service.clock.move(by)
    await service.db.apply(Change(inserts=(promise(CLOCK_MOVED, {}),)), PUBLIC, **_PURPOSE)
    return clock(service)


async def messages(service: Service, phone: str) -> Answer:
    """The messages to a phone, newest first."""
    given = {**_PURPOSE, "phone_bidx": service.blind_index.of("phone", phone)}
    items = []
    for row in await service.db.rows(_of_phone, given):
        if row.id is None:
            continue
        opened = service.sealer.open(row.sealed, table="sandbox_messages", column="sealed", row=row.id)
        message = TextMessage(**orjson.loads(opened))
        items.append(
            {
                "id": row.id,
                "kind": message.kind,
                "text": message.text,
                "code": message.params.get("code"),
                "params": message.params,
                "delivered_at": row.delivered_at,
            }
        )
    return Answer(as_json({"items": items}))


async def captcha(service: Service, challenge: str) -> Answer:
    """The answer to a captcha that is still open."""
    [row] = await service.db.rows(_captcha, {**_PURPOSE, "challenge": challenge})
    if row.id is None:
        raise NotFound
    return Answer(as_json({"id": row.id, "answer": row.answer}))
