"""A person at the API: signs in like everybody else, moves records, and says what went wrong."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import httpx
import pyotp

Json = dict[str, Any]
_STEP = 30
"""Seconds that a TOTP code is good for; a code works once."""
_last_step: dict[str, int] = {}


class Refused(Exception):
    """The API said no where the journey expects a yes."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__(f"{answer.request.method} {answer.request.url.path}: {answer.status_code} {answer.text[:600]}")


def expect(answer: httpx.Response, *statuses: int) -> Json:
    """The JSON of an answer that has one of these statuses, any 2xx if none is named."""
    if not (answer.status_code in statuses if statuses else answer.is_success):
        raise Refused(answer)
    told: Json = answer.json() if answer.content else {}
    return told


async def captcha(api: httpx.AsyncClient, purpose: str) -> Json:
    """A solved captcha: the sandbox tells the letters of the picture."""
    made = expect(await api.post("/v1/auth/captchas", json={"kind": "image", "purpose": purpose}))
    told = expect(await api.get(f"/v1/sandbox/captchas/{made['id']}"))
    return {"id": made["id"], "answer": told["answer"]}


async def phone_code(api: httpx.AsyncClient, purpose: str, phone: str) -> str:
    """A one-time code: asked for, delivered by the worker, read in the sandbox."""
    known = len(await codes_at(api, phone))
    body = {"purpose": purpose, "phone": phone, "captcha": await captcha(api, "phone_code")}
    expect(await api.post("/v1/auth/phone-codes", json=body))
    return await next_code(api, phone, known)


async def codes_at(api: httpx.AsyncClient, phone: str) -> list[str]:
    """The codes that have come to a phone, the newest first."""
    told = expect(await api.post("/v1/sandbox/messages/search", json={"phone": phone}))
    return [str(one["code"]) for one in told["items"] if one["code"]]


async def next_code(api: httpx.AsyncClient, phone: str, known: int) -> str:
    """The code that comes after so many."""
    for _ in range(100):
        if len(codes := await codes_at(api, phone)) > known:
            return codes[0]
        await asyncio.sleep(0.1)
    message = f"no code came to {phone}"
    raise TimeoutError(message)


async def totp(secret: str) -> str:
    """A code that was not used yet; when it was, the next one, as soon as it is taken: a step before its time."""
    step = max(int(time.time()) // _STEP, _last_step.get(secret, 0) + 1)
    await asyncio.sleep(max(0.0, (step - 1) * _STEP - time.time()))
    _last_step[secret] = step
    return pyotp.TOTP(secret).at(step * _STEP)


@dataclass
class Person:
    """Somebody signed in."""

    name: str
    api: httpx.AsyncClient
    token: str
    facts: Json = field(default_factory=dict)

    @classmethod
    async def sign_in(
        cls, name: str, api: httpx.AsyncClient, login: Json, *, totp_secret: str | None = None
    ) -> "Person":
        """Sign in with a captcha, and with the second factor where there is one."""
        answer = await cls._proven(api, login, totp_secret)
        if totp_secret and answer.status_code == httpx.codes.UNAUTHORIZED:  # a walk before this one has used its codes
            _last_step[totp_secret] += 1
            answer = await cls._proven(api, login, totp_secret)
        return cls(name, api, expect(answer)["access_token"], login)

    @staticmethod
    async def _proven(api: httpx.AsyncClient, login: Json, totp_secret: str | None) -> httpx.Response:
        body = {**login, "captcha": await captcha(api, "login")}
        if totp_secret:
            body["totp"] = await totp(totp_secret)
        return await api.post("/v1/auth/tokens", json=body)

    async def get(self, path: str) -> Json:
        """What is at a path."""
        return expect(await self.api.get(path, headers=self._headers()))

    async def post(self, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """Send something; the answer as it is."""
        return await self.api.post(path, json=body, headers=self._headers(**headers))

    async def fetch(self, path: str) -> httpx.Response:
        """What is at a path, as it is."""
        return await self.api.get(path, headers=self._headers())

    async def put(self, path: str) -> Json:
        """Take what is at a path."""
        return expect(await self.api.put(path, headers=self._headers()))

    async def move(self, path: str, action: str, **body: Any) -> httpx.Response:
        """Move a record on its present version; the answer as it is."""
        version = (await self.get(path))["version"]
        body = {"action": action, **body}
        return await self.post(
            f"{path}/transitions",
            body,
            **{"If-Match": f'"{version}"', "Idempotency-Key": f"{path[-12:]}-{action}-{version}"},
        )

    async def upload(self, name: str, purpose: str, content: bytes) -> str:
        """Upload a file; its id."""
        answer = await self.api.post(
            "/v1/files", params={"name": name, "purpose": purpose}, content=content,
            headers=self._headers(**{"Content-Type": "application/octet-stream"}),
        )  # fmt: skip
        return str(expect(answer)["id"])

    async def finished(self, task: str) -> Json:
        """A task when it is done."""
        for _ in range(600):
            told = await self.get(task)
            if told["status"] in ("succeeded", "failed"):
                return told
            await asyncio.sleep(0.1)
        message = f"{task} is not done"
        raise TimeoutError(message)

    def _headers(self, **more: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": "en", **more}
