"""A graduate signs in: the captcha is spent and the account read, the try is counted, the session begins."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from types import SimpleNamespace
from typing import Any, Final

from app.change import SetOf, fresh_id
from app.clock import Clock
from app.models import Account, Session
from app.models.base import table_of
from app.schemas.auth import GraduateLogin
from app.security.passwords import Passwords
from app.security.sealing import BlindIndex, Fingerprint
from app.security.tokens import Tokens
from app.settings import Settings
from app.statements import PUBLIC
from app.workflows.accounts.guesses import FROM, REMEMBERING, TRYING, UPON, Guess
from app.workflows.accounts.logins import FOUND_BY
from app.workflows.looking import as_json
from app.writes import write_statement
from benchmarks.floor.lines import Lines

_SPEND: Final = FOUND_BY[GraduateLogin]
_SESSION: Final = ("id", "account_id", "graduate_id", "amr", "auth_at", "device", "refresh_hash", "expires_at")
_COUNTING: Final = tuple(one._counting for one in (TRYING, FROM, UPON))  # noqa: SLF001 (the very statements)
_RIGHT: Final = (TRYING._forgetting, FROM._returning, UPON._returning, REMEMBERING)  # noqa: SLF001
COUNT: Final = write_statement((PUBLIC, (), (), _COUNTING))
_HELD: Final = ((table_of(Account), (("id", False), ("password_hash", False)), ("password_hash",)),)
BEGIN: Final = write_statement((PUBLIC, _HELD, ((table_of(Session), _SESSION),), _RIGHT))
_LASTING: Final = timedelta(hours=12)


class Entrance:
    """What a login needs."""

    def __init__(self, settings: Settings, tokens: Tokens, passwords: Passwords) -> None:
        self._index, self._fingerprint = BlindIndex(settings.blind_index), Fingerprint(settings.hmac)
        self._tokens, self._passwords, self._seconds = tokens, passwords, settings.access_token_seconds
        self._network = self._fingerprint.of("network", "127.0.0.0/24")
        self._counts: Any = SimpleNamespace(fingerprint=self._fingerprint, clock=Clock(), settings=settings)
        """What of a service the limits need."""

    async def sign_in(self, lines: Lines, body: Mapping[str, Any]) -> bytes:
        """Tokens of a new session."""
        at = datetime.now(UTC)
        phone = self._index.of("phone", body["phone"])
        guess = Guess(("graduate", body["level"], phone, None), self._network)
        named = {"level": body["level"], "cohort": None, "phone_bidx": phone, "id_bidx": None}
        named["familiar"] = guess.familiar(self._counts)
        captcha = {"captcha_id": body["captcha"]["id"], "captcha_purpose": "login", "real": at}
        captcha["captcha_network"] = self._network
        (row,) = await lines.run(_SPEND, {"purpose": "login", **captcha, **named})
        if row["captcha_answer"] != body["captcha"]["answer"]:
            raise ValueError("wrong captcha")
        tries = (TRYING.of(*guess.name, self._network), FROM.of(self._network), UPON.of(*guess.name))
        counted = [one.limit.a_try(self._counts, *one.subject) for one in tries]
        await lines.run(COUNT, {"purpose": "login", **_numbered(counted)})
        if not await self._passwords.verify(body["password"], row["password_hash"]):
            raise ValueError("wrong password")
        session, secret = fresh_id(), token_urlsafe(32)
        begun = {
            "id": session,
            "account_id": row["id"],
            "graduate_id": row["graduate_id"],
            "amr": ["pwd"],
            "auth_at": at,
            "device": None,
            "refresh_hash": self._fingerprint.of("refresh-hash", session, secret),
            "expires_at": at + _LASTING,
        }
        right = _numbered(guess.right(self._counts, familiar=False))
        proof = {
            "held_0_id": row["id"],
            **dict.fromkeys(("held_0_password_hash", "new_0_password_hash"), row["password_hash"]),
        }
        await lines.run(BEGIN, {"purpose": "login", "rows_0": [begun], **right, **proof})
        told = {
            "access_token": self._tokens.issue(session, row["id"], at),
            "token_type": "Bearer",
            "expires_in": self._seconds,
            "refresh_token": f"{session}.{secret}",
            "session": {"id": session, "amr": ["pwd"], "auth_at": at},
        }
        return as_json(told)


def _numbered(sets: Iterable[SetOf]) -> dict[str, Any]:
    """The values of set statements as their write asks for them."""
    return {f"set_{place}_{name}": value for place, one in enumerate(sets) for name, value in one.values.items()}
