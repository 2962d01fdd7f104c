"""The HTTP gateway of text messages: one signed JSON request for each, for the carrier's own adapter to take.

    POST SMS_URL
    Content-Type: application/json
    Idempotency-Key: <id of the message>                     the same message again has the same key
    X-Timestamp: 1795561800                                  seconds since 1970
    X-Signature: v1=<hex of HMAC-SHA-256(SMS_SECRET, timestamp + "." + body)>

    {"id": "…", "phone": "13800138000", "template": "one-time-code", "params": {"code": "…", "minutes": 5}, "text": "…"}

2xx is taken. 4xx will never be taken: the job is parked at once for an operator, but for 408, 425 and 429, which ask
to wait. Those, whatever else is answered, and no answer in time, are asked again by the worker, later and later.
"""

import hmac
import time
from typing import Final

import httpx
import orjson

from app.outbox import Hopeless
from app.settings import Settings
from app.workflows.sms import TextMessage

_WAIT: Final = {408, 425, 429}


class NotTaken(Exception):
    """The gateway did not take a message; another time it may. Tells the status, and nothing of the message."""


class HttpGateway:
    """Hands messages over. Redirects are not followed: who is asked is the operator's word alone."""

    def __init__(self, url: str, secret: str, timeout: float) -> None:
        self._url, self._secret = url, secret.encode()
        self._client = httpx.AsyncClient(timeout=timeout, trust_env=False)

    @classmethod
    def of(cls, settings: Settings) -> "HttpGateway | None":
        """The gateway that the operator names, if there is one."""
        secret = settings.sms_secret.get_secret_value()
        return cls(settings.sms_url, secret, settings.sms_timeout_seconds) if settings.sms_url else None

    async def send(self, message: TextMessage) -> None:
        """Hand one over. Raises `Hopeless` or `NotTaken`; nothing that they say or rest on quotes the message."""
        body = orjson.dumps(
            {
                "id": message.id,
                "phone": message.phone,
                "template": message.kind,
                "params": message.params,
                "text": message.text,
            }
        )
        try:
            answer = await self._client.post(self._url, content=body, headers=self._signed(message.id, body))
        except httpx.HTTPError as error:
            raise NotTaken(type(error).__name__) from None
        if answer.is_client_error and answer.status_code not in _WAIT:
            raise Hopeless(f"status {answer.status_code}")
        if not answer.is_success:
            raise NotTaken(f"status {answer.status_code}")

    async def close(self) -> None:
        """End its lines."""
        await self._client.aclose()

    def _signed(self, id: str, body: bytes) -> dict[str, str]:
        at = str(int(time.time()))
        signature = hmac.digest(self._secret, at.encode() + b"." + body, "sha256").hex()
        return {
            "Content-Type": "application/json",
            "Idempotency-Key": id,
            "X-Timestamp": at,
            "X-Signature": f"v1={signature}",
        }
