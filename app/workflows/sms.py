"""Text messages: promised with the change that causes them, handed to a gateway by the worker.

A message may be handed over twice (the worker may die in between): its id lets a gateway drop the second.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final, Protocol

import orjson

from app import texts
from app.change import Change, Row, fresh_id
from app.db import SYSTEM, AlreadyExists
from app.models import SandboxMessage
from app.models.base import table_of
from app.outbox import promise
from app.security.sealing import Sealer
from app.service import Service

ENTRYPOINT: Final = "sms"
_messages = table_of(SandboxMessage)


@dataclass(frozen=True, slots=True)
class TextMessage:
    """What is sent: the text `sms-<kind>` of data/texts with these parameters, in Chinese."""

    id: str
    phone: str
    """A mainland mobile number, 11 digits."""
    kind: str
    params: Mapping[str, Any]

    @property
    def text(self) -> str:
        """The words that arrive."""
        return texts.detail(f"sms-{self.kind}", "zh-CN", self.params)


class SmsGateway(Protocol):
    """Whatever sends text messages."""

    async def send(self, message: TextMessage) -> None:
        """Take the message over; one with an id that was taken before is the same one. Raises to be asked again."""


def text_message(sealer: Sealer, phone: str, kind: str, **params: str | int) -> Row:
    """The promise of a text message, sealed: neither number nor code can be read in the queue."""
    message = TextMessage(fresh_id(), phone, kind, params)
    sealed = sealer.seal(_as_text(message), table="jobs", column="sms", row=message.id)
    return promise(ENTRYPOINT, {"id": message.id, "sealed": b64encode(sealed).decode()})


def sealed_in(payload: Mapping[str, Any]) -> bytes:
    """The sealed message in a payload of `text_message`."""
    return b64decode(payload["sealed"])


async def deliver(gateway: SmsGateway, service: Service, payload: Mapping[str, Any]) -> None:
    """Do what `text_message` promised."""
    opened = service.sealer.open(sealed_in(payload), table="jobs", column="sms", row=payload["id"])
    await gateway.send(TextMessage(**orjson.loads(opened)))


class SandboxTelephone:
    """The sandbox's gateway: keeps messages, sealed, for the sandbox's own endpoint to show."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def send(self, message: TextMessage) -> None:
        """Keep a message."""
        service = self._service
        row = {
            "id": message.id,
            "phone_bidx": service.blind_index.of("phone", message.phone),
            "sealed": service.sealer.seal(_as_text(message), table="sandbox_messages", column="sealed", row=message.id),
            "delivered_at": service.clock.real(),
        }
        try:
            await service.db.apply(Change(inserts=(Row(_messages, row),)), SYSTEM, job=ENTRYPOINT, body=None)
        except AlreadyExists:
            return


def _as_text(message: TextMessage) -> str:
    return orjson.dumps(asdict(message)).decode()
