"""People who have no account yet, and what they do to get in."""

import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
import orjson

from app.change import fresh_id
from app.workflows.sms import TextMessage, deliver
from tests.world import COHORT, PASSWORD, World, id_number

_serial = count(1)


def phone() -> str:
    """A mobile number that no other test has."""
    return f"139{next(_serial):08d}"


@dataclass
class Enrolled:
    """Somebody in a school's roster, with what they would type."""

    person: str
    fields: dict[str, Any]
    phone: str = field(default_factory=phone)


async def enrolled(
    world: World,
    *,
    name: str = "王小明",
    level: str = "bachelor",
    cohort: int = COHORT,
    person: Enrolled | None = None,
    sources: tuple[str, ...] = ("school", "provincial"),
) -> Enrolled:
    """A row in the rosters of this world's school, of a new person or of one who is there."""
    number = person.fields["id_number"] if person else await world._unused(id_number(next(_serial), "20031109"))
    owner = person.person if person else fresh_id()
    seal, index = world.service.sealer.seal, world.service.blind_index.of
    if person is None:
        await world.line.execute(
            "insert into app.persons values ($1, $2, $3, now())",
            owner, index("id_number", number), seal(number, table="persons", column="id_sealed", row=owner),
        )  # fmt: skip
    for source in sources:
        await world.line.execute(
            "insert into app.roster_entries (id, version, created_at, updated_at, source, school_id, department_id,"
            " person_id, name, level, cohort, completed, details, extra)"
            " values ($1, 1, now(), now(), $2, $3, $4, $5, $6, $7, $8, true, $9, '{}')",
            fresh_id(), source, world.bodies["school"], world.bodies["department"] if source == "school" else None,
            owner, name, level, cohort, json.dumps({"major": "计算机科学与技术"}),
        )  # fmt: skip
    typed = {"name": name, "id_number": number, "level": level, "cohort": cohort, "school_code": world.school_code}
    return Enrolled(owner, typed, person.phone if person else phone())


async def post(world: World, path: str, body: Any) -> httpx.Response:
    """POST as nobody."""
    return await world.client.post(path, json=body, headers={"Accept-Language": "en"})


async def captcha(world: World, purpose: str = "login") -> dict[str, str]:
    """A captcha with its right answer."""
    made = (await post(world, "/v1/auth/captchas", {"kind": "image", "purpose": purpose})).json()
    answer = (await world.client.get(f"/v1/sandbox/captchas/{made['id']}")).json()["answer"]
    return {"id": made["id"], "answer": answer.lower()}


class Telephone:
    """A gateway that keeps what it is given."""

    def __init__(self) -> None:
        self.messages: list[TextMessage] = []

    async def send(self, message: TextMessage) -> None:
        """Keep it."""
        self.messages.append(message)


async def messages_to(world: World, number: str) -> list[TextMessage]:
    """The text messages promised to a number, oldest first."""
    telephone = Telephone()
    for row in await world.line.fetch("select payload from app.pgqueuer where entrypoint = 'sms' order by id"):
        await deliver(telephone, world.service, orjson.loads(row["payload"]))
    return [message for message in telephone.messages if message.phone == number]


async def ask_for_a_code(world: World, number: str) -> httpx.Response:
    """Ask for a code that proves the phone for registration."""
    given = {"purpose": "registration", "phone": number, "captcha": await captcha(world, "phone_code")}
    return await post(world, "/v1/auth/phone-codes", given)


async def code_for(world: World, number: str) -> str:
    """The code that was sent to a phone for registration; the limits of the phone are forgotten."""
    await world.line.execute("delete from app.buckets")
    sent = await ask_for_a_code(world, number)
    assert sent.status_code == 202, sent.text
    return str((await messages_to(world, number))[-1].params["code"])


async def register(world: World, who: Enrolled, **other: Any) -> httpx.Response:
    """Register with a fresh code, with other values where given."""
    given = {**who.fields, "phone": who.phone, "password": PASSWORD, **other}
    return await post(world, "/v1/auth/registrations", {"code": await code_for(world, given["phone"]), **given})


async def sign_in(world: World, **given: Any) -> httpx.Response:
    """Sign in with a fresh captcha."""
    return await post(world, "/v1/auth/tokens", {"password": PASSWORD, "captcha": await captcha(world), **given})


TABLES = (
    "persons", "phones", "graduates", "accounts", "sessions", "registration_attempts", "messages", "one_time_codes",
    "challenges", "buckets", "pgqueuer",
)  # fmt: skip


async def traces(world: World) -> dict[str, int]:
    """How many rows there are, by table."""
    return {table: await world.line.fetchval(f"select count(*) from app.{table}") for table in TABLES}  # noqa: S608
