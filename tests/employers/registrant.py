"""An employer that registers as anybody would: a phone proven by a code, then the registration, then the licence."""

from dataclasses import dataclass
from itertools import count
from typing import Any

import httpx
from stdnum.cn import uscc

from app import codes
from app.change import fresh_id
from tests.accounts.people import captcha, messages_to, post
from tests.files.given import PDF
from tests.world import PASSWORD, Somebody, World

_serial = count(1)
OUTSIDE = "110105"
"""A district of Beijing."""
PLACES = [county.code for county in codes.counties() if county.code.startswith(("3701", "3702", "3703"))]
LICENCE = PDF


@dataclass
class Registrant:
    """Who registers, and what they type."""

    employer: dict[str, Any]
    operator: dict[str, Any]

    @classmethod
    def new(cls, region: str, **other: Any) -> "Registrant":
        """A new employer of a region, with other values where given."""
        serial = next(_serial)
        employer = {
            "credit_code": credit_code(serial),
            "name": f"山东示例科技{serial}有限公司",
            "nature": "39",
            "industry": "34",
            "registered_region": region,
            "region": region,
            "address": "经十路17703号",
            "contact_name": "李经理",
            "contact_phone": "0531-88364000",
        }
        return cls(employer | other, {"name": "李建国", "phone": f"137{serial:08d}", "password": PASSWORD})

    async def register(self, world: World, **other: Any) -> httpx.Response:
        """Register, with a fresh code."""
        phone = self.operator["phone"]
        body = {"employer": self.employer, "operator": self.operator, "code": await code_for(world, phone)}
        return await post(world, "/v1/employers", body | other)

    async def signed_in(self, world: World, employer: str) -> Somebody:
        """The operator, signed in."""
        account = await world.line.fetchval("select id::text from app.accounts where body_id = $1", employer)
        return Somebody(world.client, await world.session(account), account, body=employer)


def credit_code(serial: int) -> str:
    """A valid credit code that no other test has."""
    first = f"91370100MA{serial:07d}"
    return first + str(uscc.calc_check_digit(first))


async def code_for(world: World, phone: str) -> str:
    """The code that proves a phone for the registration of an employer; limits are forgotten."""
    await world.line.execute("delete from app.buckets")
    body = {"purpose": "employer_registration", "phone": phone, "captcha": await captcha(world, "phone_code")}
    sent = await post(world, "/v1/auth/phone-codes", body)
    assert sent.status_code == 202, sent.text
    return str((await messages_to(world, phone))[-1].params["code"])


async def county_of(world: World) -> tuple[str, str]:
    """A real county of the province and the id of its bureau, under this world's city."""
    region = PLACES[world.serial % len(PLACES)]
    line = world.line
    await line.execute(
        "insert into app.bodies (id, kind, code, name, parent_id, created_at)"
        " values ($1, 'county', $2, '区县人社局', $3, now()) on conflict do nothing",
        fresh_id(), region, world.bodies["city"],
    )  # fmt: skip
    bureau = await line.fetchval("select id::text from app.bodies where kind = 'county' and code = $1", region)
    return await world.bureau_of(region, bureau), bureau


async def licence_of(operator: Somebody, content: bytes = LICENCE) -> str:
    """A licence that the operator has uploaded."""
    answer = await operator.client.post(
        "/v1/files",
        params={"name": "营业执照.pdf", "purpose": "licence"},
        content=content,
        headers=operator.headers({"Content-Type": "application/octet-stream"}),
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])
