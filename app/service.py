"""What a running service holds, made once at start-up and handed down; and who is calling it."""

from dataclasses import dataclass

from app.calendar import Calendar
from app.clock import Clock
from app.db import Database
from app.documents.printer import Printer
from app.documents.signing import Signer
from app.permissions import Permission
from app.security.passwords import Passwords
from app.security.sealing import BlindIndex, Fingerprint, Sealer
from app.security.throttle import Throttle
from app.security.tokens import Tokens
from app.settings import Settings
from app.storage import Storage
from app.upload_safety import Inspector


@dataclass(slots=True)
class Service:
    """The parts that requests and jobs need. Only `calendar` is ever replaced: when the province imports one."""

    settings: Settings
    db: Database
    clock: Clock
    calendar: Calendar
    sealer: Sealer
    blind_index: BlindIndex
    fingerprint: Fingerprint
    passwords: Passwords
    tokens: Tokens
    sessions_throttle: Throttle
    networks_throttle: Throttle
    storage: Storage
    inspector: Inspector
    printer: Printer
    signer: Signer


@dataclass(frozen=True, slots=True)
class Caller:
    """A request's sender: a session that the first statement will check, and a language for the answer."""

    service: Service
    session: str
    language: str
    permission: Permission
    """Of the operation that they ask for."""

    @property
    def db(self) -> Database:
        """The database."""
        return self.service.db


@dataclass(frozen=True, slots=True)
class Once:
    """An Idempotency-Key and the keyed digest of the request that it came with."""

    key: str
    fingerprint: bytes
