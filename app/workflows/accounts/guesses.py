"""How often passwords may be guessed: three budgets of wrong ones, counted before the password is judged.

| of | wrong passwords | stops |
|---|---|---|
| a name in a network | 10 in 15 minutes | somebody who guesses at a person |
| a network | a setting, 300 in 15 minutes | somebody who tries many names |
| a name, from networks that are strange to it | 100 in 15 minutes | somebody who has many networks |

Whoever guesses uses up budgets of their own network first: the owner of the name, elsewhere, still gets in. Only the
third one is shared with strangers, and the owner has a way past it: a network from which the name signed in during the
last 90 days is familiar to it, and not held to it. From a strange network the owner is held while many networks guess,
and no longer than 15 minutes after. Whoever shares a network with somebody who guesses at many names waits likewise.
So nobody can lock a person out for good, and a name is guessed at no more than 9,600 times a day from strange
networks, and 960 times from each familiar one.

A right password counts from zero again in its own network, and takes back its own try from the others: a campus behind
one address is not held for signing in. A name that nobody has is counted like any other.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, DateTime, LargeBinary, select
from sqlalchemy.dialects.postgresql import insert

from app.budgets import Budget
from app.change import SetOf, SetStatement
from app.db import asked
from app.models import FamiliarNetwork
from app.models.base import table_of
from app.service import Service
from app.workflows.accounts.limits import Limit, Subject, Try, Window, count

TRYING: Final = Limit("logins", Window(10, 900))
FROM: Final = Limit("logins_from", Window(lambda settings: settings.logins_per_network, 900))
UPON: Final = Limit("logins_upon", Window(100, 900), told=False)
"""Not told: it would tell one caller what others do."""
FAMILIAR: Final = timedelta(days=90)

networks = table_of(FamiliarNetwork)
IS_FAMILIAR: Final = (
    select(networks.c.key)
    .where(
        networks.c.key == asked("familiar", LargeBinary()), networks.c.until > asked("real", DateTime(timezone=True))
    )
    .exists()
    .label("is_familiar")
)
"""A column for what reads the account; it asks for `Guess.familiar`."""


def _remembered(asked: Any, gate: ColumnElement[bool]) -> list[CTE]:
    key, until = asked("key", LargeBinary()), asked("until", DateTime(timezone=True))
    put = insert(networks).from_select(["key", "until"], select(key, until).where(gate))
    put = put.on_conflict_do_update(index_elements=["key"], set_={"until": put.excluded.until})
    return [put.returning(networks.c.key).cte("familiar")]


REMEMBERING: Final = SetStatement("remember_network", _remembered)


@dataclass(frozen=True, slots=True)
class Guess:
    """One password for one name, from one network. `name` is what names the account, keyed or not."""

    name: tuple[Subject, ...]
    network: bytes

    def familiar(self, service: Service) -> bytes:
        """The key of this name in this network."""
        return service.fingerprint.of("familiar-network", *self.name, self.network)

    async def count(self, service: Service, *, familiar: bool) -> tuple[Budget, ...]:
        """Count it as wrong, before it is judged, or raise `TooMany`."""
        tries: tuple[Try, ...] = (TRYING.of(*self.name, self.network), FROM.of(self.network))
        return await count(service, "login", *tries, *(() if familiar else (UPON.of(*self.name),)))

    def right(self, service: Service, *, familiar: bool) -> tuple[SetOf, ...]:
        """It was right: none of those that are counted, and the network is familiar from now on."""
        until = service.clock.real() + FAMILIAR
        return (
            TRYING.forgotten(service, *self.name, self.network),
            FROM.returned(service, self.network),
            *(() if familiar else (UPON.returned(service, *self.name),)),
            SetOf(REMEMBERING, {"key": self.familiar(service), "until": until}),
        )
