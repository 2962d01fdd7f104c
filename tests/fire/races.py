"""Races: thirty-two requests at once, of which one may win. Each is prepared by the API's own moves."""

import asyncio
import random
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import httpx

from tests.agreements.given import BODIES, REASON, Given
from tests.fire.state import broken_rules
from tests.world import TERMS

AT_ONCE = 32
LOST = (409, 412)


@dataclass
class Heat:
    """One trial: the requests, and how many of them won, told after they were answered."""

    rivals: list[Awaitable[httpx.Response]]
    wins: Callable[[list[httpx.Response]], Awaitable[int]]


Scenario = Callable[[Given], Awaitable[Heat]]


@dataclass
class Outcome:
    """What came of all trials."""

    name: str
    winners: Counter[int] = field(default_factory=Counter)
    """How many trials had so many winners."""
    answers: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        trials, answers = (
            ", ".join(f"{times} × {what}" for what, times in sorted(counted.items()))
            for counted in (self.winners, self.answers)
        )
        return f"{self.name}: trials × winners {trials}; answers {answers}; faults {self.faults[:3]}"


async def race(given: Given, scenario: Scenario, trials: int) -> Outcome:
    """Run a scenario so often, each time with people of its own, and look at the whole database afterwards."""
    outcome, line = Outcome(scenario.__name__), given.world.line
    earlier = await broken_rules(line)
    for _ in range(trials):
        for one in ("employer", "other employer"):
            given.cast[one] = await given.world.employer()
        await given.new_graduate()
        heat = await scenario(given)
        random.shuffle(heat.rivals)
        answers = await asyncio.gather(*heat.rivals)
        outcome.winners[await heat.wins(answers)] += 1
        for answer in answers:
            outcome.answers[_told(answer)] += 1
            if answer.status_code == 201:
                outcome.faults += await _missing(given, answer)
            elif answer.status_code not in LOST:
                outcome.faults.append(_told(answer))
    outcome.faults += sorted(await broken_rules(line) - earlier)
    return outcome


def _told(answer: httpx.Response) -> str:
    return str(answer.status_code) if answer.status_code == 201 else f"{answer.status_code} {answer.json()['code']}"


async def _missing(given: Given, answer: httpx.Response) -> list[str]:
    """An acknowledged move is a step of the trail."""
    told = answer.json()
    kept = await given.world.line.fetchval(
        "select true from app.trail where record_id = $1 and seq = $2 and action = $3",
        told["record"]["id"], told["change"]["version"], told["change"]["action"],
    )  # fmt: skip
    return [] if kept else [f"acknowledged and not there: {told['change']}"]


async def _acknowledged(answers: list[httpx.Response]) -> int:
    return sum(answer.status_code == 201 for answer in answers)


# -- the scenarios ----------------------------------------------------------------------------------------------------


async def two_invitations_are_accepted(given: Given) -> Heat:
    """One graduate, two employers: whichever is accepted first, the other is superseded."""
    first = await given.invitation("sent")
    given.cast["employer"] = given.cast["other employer"]
    both = (first, await given.invitation("sent"))
    accept = given.cast["graduate"].move
    return Heat([accept(both[n % 2], "accept", 1, **BODIES["accept"]) for n in range(AT_ONCE)], _acknowledged)


async def accept_meets_withdraw_meets_expiry(given: Given) -> Heat:
    """The graduate accepts, the employer withdraws or invites again, and meanwhile the time is over.

    A new invitation of the pair is what turns a lapsed one into an expired one; when nobody else ended it, it can.
    """
    path, graduate, employer = await given.invitation("sent"), given.cast["graduate"], given.cast["employer"]
    record, line = path.rpartition("/")[2], given.world.line
    again = {"to": graduate.facts, "terms": TERMS}

    async def time_is_over() -> httpx.Response:
        await asyncio.sleep(random.uniform(0, 0.1))
        await line.execute("update app.invitations set valid_until = now() where id = $1", record)
        return await employer.post("/v1/invitations", again)

    async def ends(_: list[httpx.Response]) -> int:
        await employer.post("/v1/invitations", again)
        ended = "select count(*) from app.trail where record_id = $1 and situation <> 'sent'"
        return await line.fetchval(ended, record)

    rivals = [
        *(graduate.move(path, "accept", 1, **BODIES["accept"]) for _ in range(12)),
        *(employer.move(path, "withdraw", 1) for _ in range(10)),
        *(employer.post("/v1/invitations", again) for _ in range(9)),
        time_is_over(),
    ]
    return Heat(rivals, ends)


async def both_sides_ask_to_end(given: Given) -> Heat:
    """Graduate and employer ask to end the same agreement: one asks, and one of the other side's agrees by asking."""
    agreement = await given.agreement("approved", None)
    draft = {"placement_id": agreement.rpartition("/")[2], "type": "mutual", "reason": REASON}
    sides = (given.cast["graduate"], given.cast["employer"])

    async def asked(answers: list[httpx.Response]) -> int:
        won = [answer.json()["change"]["action"] for answer in answers if answer.status_code == 201]
        return won.count("ask") + max(0, won.count("agree") - 1)

    return Heat([sides[n % 2].post("/v1/terminations", draft) for n in range(AT_ONCE)], asked)


async def two_reviewers_approve(given: Given) -> Heat:
    """Two colleagues approve the same turn."""
    agreement = await given.agreement("submitted", "department")
    colleagues = (given.cast["department"], await given.world.staff("department"))
    return Heat([colleagues[n % 2].move(agreement, "approve", 1) for n in range(AT_ONCE)], _acknowledged)


async def one_approves_and_one_rejects(given: Given) -> Heat:
    """Two colleagues decide the same turn differently."""
    agreement = await given.agreement("submitted", "department")
    approves, rejects = given.cast["department"], await given.world.staff("department")
    half = range(AT_ONCE // 2)
    yes = [approves.move(agreement, "approve", 1) for _ in half]
    return Heat([*yes, *(rejects.move(agreement, "reject", 1, **BODIES["reject"]) for _ in half)], _acknowledged)


SCENARIOS = (
    two_invitations_are_accepted,
    accept_meets_withdraw_meets_expiry,
    both_sides_ask_to_end,
    two_reviewers_approve,
    one_approves_and_one_rejects,
)
