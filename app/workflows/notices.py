"""Notices: a message of the inbox that goes to the graduate's phone as well, as a text message of the same kind.

What a payload names is the message alone: number and words are looked up when it is sent.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Uuid, select

from app.db import SYSTEM, Read, asked
from app.models import Graduate, Message, Phone
from app.models.base import table_of
from app.service import Service
from app.workflows.accounts.phones import number
from app.workflows.sms import SmsGateway, TextMessage

ENTRYPOINT: Final = "notice"
messages, graduates, phones = table_of(Message), table_of(Graduate), table_of(Phone)

_TO: Final = Read(
    select(messages.c.id, messages.c.kind, phones.c.sealed, phones.c.person_id)
    .join_from(messages, graduates, graduates.c.id == messages.c.to_graduate_id)
    .join(phones, phones.c.person_id == graduates.c.person_id)
    .where(messages.c.id == asked("message", Uuid(as_uuid=False)), messages.c.read_at.is_(None)),
    door=SYSTEM,
)


async def send(gateway: SmsGateway, service: Service, payload: Mapping[str, Any]) -> None:
    """Send what the message says, unless it was read or there is no phone. Its id lets a gateway drop a second one."""
    given = {"job": ENTRYPOINT, "body": None, "message": payload["message"]}
    for row in await service.db.rows(_TO, given):
        if row.id is not None:
            phone = number(service, row.sealed, row.person_id)
            await gateway.send(TextMessage(row.id, phone, row.kind, {}))
