"""A graduate signs in: the captcha is spent and the account read, the try is counted, the session begins."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe
from typing import Any, Final

from app.change import fresh_id
from app.models import Session
from app.models.base import table_of
from app.schemas.auth import GraduateLogin
from app.security.passwords import Passwords
from app.security.sealing import BlindIndex, Fingerprint
from app.security.tokens import Tokens
from app.settings import Settings
from app.statements import PUBLIC
from app.workflows.accounts.logins import FOUND_BY, TRYING
from app.workflows.desk import as_json
from app.writes import write_statement
from benchmarks.floor.lines import Lines

_SPEND: Final = FOUND_BY[GraduateLogin]
_SESSION: Final = ("id", "account_id", "graduate_id", "amr", "auth_at", "refresh_hash", "expires_at")
COUNT: Final = write_statement((PUBLIC, (), (), (TRYING._counting,)))  # noqa: SLF001 (the very statement)
BEGIN: Final = write_statement((PUBLIC, (), ((table_of(Session), _SESSION),), (TRYING._forgetting,)))  # noqa: SLF001
_WINDOW: Final = timedelta(seconds=900)
_LASTING: Final = timedelta(hours=12)


class Entrance:
    """What a login needs."""

    def __init__(self, settings: Settings, tokens: Tokens, passwords: Passwords) -> None:
        self._index, self._fingerprint = BlindIndex(settings.blind_index), Fingerprint(settings.hmac)
        self._tokens, self._passwords, self._seconds = tokens, passwords, settings.access_token_seconds

    async def sign_in(self, lines: Lines, body: Mapping[str, Any]) -> bytes:
        """Tokens of a new session."""
        at = datetime.now(UTC)
        phone = self._index.of("phone", body["phone"])
        named = {"level": body["level"], "cohort": None, "phone_bidx": phone, "id_bidx": None}
        captcha = {"captcha_id": body["captcha"]["id"], "captcha_purpose": "login", "real": at}
        (row,) = await lines.run(_SPEND, {"purpose": "login", **captcha, **named})
        if row["captcha_answer"] != body["captcha"]["answer"]:
            raise ValueError("wrong captcha")
        key = {"set_0_key_0": self._fingerprint.of("bucket", "logins", "900", "graduate", body["level"], phone, None)}
        await lines.run(COUNT, {"purpose": "login", "set_0_real": at, "set_0_until_0": at + _WINDOW, **key})
        if not await self._passwords.verify(body["password"], row["password_hash"]):
            raise ValueError("wrong password")
        session, secret = fresh_id(), token_urlsafe(32)
        begun = {
            "id": session,
            "account_id": row["id"],
            "graduate_id": row["graduate_id"],
            "amr": ["pwd"],
            "auth_at": at,
            "refresh_hash": self._fingerprint.of("refresh-hash", session, secret),
            "expires_at": at + _LASTING,
        }
        await lines.run(BEGIN, {"purpose": "login", "rows_0": [begun], **key})
        told = {
            "access_token": self._tokens.issue(session, row["id"], at),
            "token_type": "Bearer",
            "expires_in": self._seconds,
            "refresh_token": f"{session}.{secret}",
            "session": {"id": session, "amr": ["pwd"], "auth_at": at},
        }
        return as_json(told)
