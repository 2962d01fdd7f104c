"""A machine that does whatever may and may not be done with placements, against a model of the regulation.

Each example is a world of its own. After every deed the outcome is compared, and then everything that can be looked at:
each record, the one live placement, the open reviews, what is offered to whom, the trail. A failure prints its story.

`MACHINE_STEPS=20000` takes so many steps with a seed that it prints, `MACHINE_SEED=…` with that one.
"""

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import count, cycle
from random import Random, randrange
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, seed
from hypothesis import settings as stories
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app.settings import Settings
from app.workflows import destinations, invitations
from app.workflows.engine import Workflow
from tests.machine.model import CAST, EMPLOYERS, GRADUATES, PLACEMENTS, Deed, Model, Record, Row
from tests.machine.played import PROCEDURES, Played, Stage
from tests.machine.regulation import OPENINGS, REGULATION, VARIANTS, escalate, nobody

STEPS, STEPS_IN_A_STORY, STEPS_TO_A_FAULT = 600, 60, 2000
CHAINS = (("department", "school"), ("school",), ("department",))
MOVES = {
    of: sorted({row.action for row in REGULATION if row.of == of and row.sources and row.by is not nobody})
    for of in PROCEDURES
}
NEXT = (
    *["make_a_move"] * 8, *["open_a_record"] * 4, *["meet_a_rule"] * 2, *["try_something"] * 4,
    "pass_days", "pass_days", *["let_the_worker_look"] * 2, "decide_otherwise",
)  # fmt: skip
"""What a step may be, as often as it should be."""
ASIDE = {
    "annul": 1,
    **dict.fromkeys(("edit", "extend", "cancel", "withdraw", "decline", "attach", "reject", "reopen", "disown"), 3),
}
"""Moves that lead no story on are made less often than others, which weigh 24."""
ON_THEIR_OWN = ("invitation", "entered_agreement", "destination")
LOOKS = tuple((who, of) for who in CAST for of in PROCEDURES)


class Divergence(AssertionError):
    """The service is not as the model says."""


class Placements(RuleBasedStateMachine):
    """One story."""

    stage: ClassVar[Stage]
    regulation: ClassVar[tuple[Row, ...]] = REGULATION
    run: ClassVar[str] = ""
    steps: ClassVar[int] = 0
    outcomes: ClassVar[Counter[tuple[str, str, str]]] = Counter()
    """How often a line of the regulation was tried, by how it came out."""

    def __init__(self) -> None:
        super().__init__()
        self.model = Model(self.regulation, CHAINS[0])
        self.played = self.stage.run(Played.made(self.stage))
        self.played.set_clock(self.model.today)
        self.story: list[str] = []
        self.hero = ""
        """The graduate whom the story is about, mostly."""
        self.allowed: list[Deed] = []
        self.blocked: list[Deed] = []
        self.looks = cycle(LOOKS)

    # -- what happens --------------------------------------------------------------------------------------------------

    @initialize(
        chain=st.sampled_from(CHAINS), hero=st.sampled_from(GRADUATES[:2]), first=st.integers(0, len(LOOKS) - 1)
    )
    def begin(self, chain: tuple[str, ...], hero: str, first: int) -> None:
        self.hero = hero
        self.decide_the_chains(chain, ("school",))
        self.looks = cycle((*LOOKS[first:], *LOOKS[:first]))

    @rule(thrown=st.integers(0, 2**32 - 1))
    def go_on(self, thrown: int) -> None:
        """One step. A single rule with dice of its own: of many, hypothesis leaves out some, and repeats its draws."""
        type(self).steps += 1
        dice = Random(f"{self.run} {thrown} in step {len(self.story)}")
        getattr(self, dice.choice(NEXT))(dice)

    def make_a_move(self, dice: Random) -> None:
        """Something that is allowed; which line of the regulation, not how many may, makes it likely."""
        lines = sorted({(one.of, one.action) for one in self.allowed})
        (line,) = dice.choices([*lines, None], [*(ASIDE.get(action, 24) for _, action in lines), 12])
        if line is None:
            self.open_a_record(dice)
        else:
            self.do(dice.choice([one for one in self.allowed if (one.of, one.action) == line]))

    def meet_a_rule(self, dice: Random) -> None:
        """Something that would be theirs to do now, but for a rule."""
        if not self.blocked:
            self.make_a_move(dice)
            return
        self.do(dice.choice(self.blocked))

    def open_a_record(self, dice: Random) -> None:
        """By whom it may be theirs, mostly; whether anything stands against it is left to chance."""
        placements = [one for one in self.model.records if one.of in PLACEMENTS]
        openings = [one for one in OPENINGS if one[0] in ON_THEIR_OWN or placements]
        of, action = dice.choice(openings)
        ground: Record | str | None = None
        match of:
            case "invitation":
                right, ground = EMPLOYERS, dice.choice((self.hero, self.hero, *GRADUATES))
            case "entered_agreement" | "destination":
                right = (self.hero, self.hero, *GRADUATES)
            case _:
                fitting = [one for one in placements if (one.ending == "annulled" if action == "object" else one.live)]
                ground = dice.choice(fitting * dice.randint(0, 2) or placements[-6:])
                right = tuple(one for one in (ground.graduate, ground.employer) if one)
        who = dice.choice((*right * 4, *CAST))
        self.do(Deed(who, of, action, ground=ground, body=dice.choice(VARIANTS[of, action])))

    def try_something(self, dice: Random) -> None:
        """Anything with one of the latest records, by anybody: half of the time what fits its situation."""
        if not self.model.records:
            self.open_a_record(dice)
            return
        record = dice.choice(self.model.records[-12:])
        parties = tuple(one for one in (record.graduate, record.employer, record.stage) if one in CAST)
        who = dice.choice((*parties * 6, *CAST))
        fitting = [row.action for row in self.model.regulation if row.of == record.of and record.at in row.sources]
        action = dice.choice(
            [one for one in fitting if one in MOVES[record.of]] * dice.randint(0, 1) or MOVES[record.of]
        )
        body = dice.choice(VARIANTS.get((record.of, action), ({},)))
        self.do(Deed(who, record.of, action, record, body=body, stale=dice.random() < 0.2))

    def pass_days(self, dice: Random) -> None:
        self.wait_until(self.model.today + timedelta(days=dice.choice((1, 1, 2, 6))))

    def let_the_worker_look(self, dice: Random) -> None:
        """Now, or when somebody has not answered in time."""
        if waiting := [one.reply_due for one in self.model.records if one.stage == "counterparty"]:
            self.wait_until(max(self.model.today, dice.choice(waiting) + timedelta(days=dice.randint(0, 1))))
        escalate(self.model)
        self.stage.run(self.played.let_the_worker_look())
        self.story.append("the worker looks")

    def wait_until(self, day: date) -> None:
        if day == self.model.today:
            return
        self.model.today = day
        self.played.set_clock(day)
        self.story.append(f"it is {day}")

    def decide_otherwise(self, dice: Random) -> None:
        self.decide_the_chains(dice.choice(CHAINS), dice.choice(CHAINS))

    def decide_the_chains(self, review: tuple[str, ...], termination: tuple[str, ...]) -> None:
        """The school reviews otherwise from now on; what is under way goes on as it began."""
        self.model.chain, self.model.termination_chain = review, termination
        self.stage.run(self.played.decide_the_chains(review, termination))
        self.story.append(f"the school reviews by {' → '.join(review)}, terminations by {' → '.join(termination)}")

    def do(self, deed: Deed) -> None:
        """Do it in both worlds and compare how it came out."""
        expected = self.model.judge(deed)
        outcome, opened = self.stage.run(self.played.do(deed))
        self.story.append(f"{self.model.today} {told(self.model, deed)}: {outcome}")
        self.agree("how it came out", outcome, expected)
        type(self).outcomes[deed.of, deed.action, expected] += 1
        if expected == "accepted":
            for record in self.model.carry_out(deed):
                record.id = opened[record.of]

    # -- what must hold ------------------------------------------------------------------------------------------------

    @invariant()
    def both_worlds_are_alike(self) -> None:
        model, played, run = self.model, self.played, self.stage.run
        known = {(one.of, one.id): one for one in model.records}
        self.agree("the records", run(played.rows()), {key: one.kept for key, one in known.items()})
        self.agree("the live placements", {1}, {1, *run(played.live())})
        self.agree("the open reviews", run(played.open_reviews()), model.open_reviews())
        self.agree(
            "the trail",
            run(played.trail(one.id for one in model.records)),
            {one.id: one.steps for one in model.records},
        )
        who, of = next(self.looks)
        there = {one.id for one in model.records if one.of == of}
        offered = run(played.offers(who, of, there))
        if offered is not None:
            seen = [one for one in model.records if one.of == of and model.sees(CAST[who], one)]
            self.agree(f"what is offered to {who}", offered, {one.id: model.offers(who, one) for one in seen})
        judged = [(one, model.judge(one)) for one in theirs_to_do(model)]
        self.allowed = [one for one, outcome in judged if outcome == "accepted"]
        self.blocked = [one for one, outcome in judged if outcome != "accepted"]

    def agree(self, what: str, found: object, expected: object) -> None:
        """Tell the story when they differ."""
        if found != expected:
            story = "\n  ".join(self.story)
            raise Divergence(
                f"{what}, by the chance of {self.run}\n  found:    {found}\n  expected: {expected}\n after\n  {story}"
            )


def told(model: Model, deed: Deed) -> str:
    """A deed as a line of a story."""
    on = deed.record or deed.ground
    name = f"{on.of} {model.records.index(on)} ({on.at}, v{on.version})" if isinstance(on, Record) else on or ""
    body = f" {dict(deed.body)}" if deed.body else ""
    return f"{deed.who} {deed.action}s {deed.of} {name}{body}{' of old' if deed.stale else ''}"


def theirs_to_do(model: Model) -> Iterator[Deed]:
    """Every move from a record's present situation, by those whose it may be."""
    for record in model.records:
        at = model.at(record)
        for row in model.regulation:
            if row.of != record.of or at not in row.sources:
                continue
            for who in CAST:
                if row.by(model, CAST[who], Deed(who, row.of, row.action, record)):
                    yield from (
                        Deed(who, row.of, row.action, record, body=body)
                        for body in VARIANTS.get((row.of, row.action), ({},))
                    )


@pytest.fixture(scope="module")
def stage(settings: Settings, database_url: str) -> Iterator[Stage]:
    built = Stage.built(settings, database_url)
    yield built
    built.struck()


def played_out(stage: Stage, steps: int, chance: int, phases: Sequence[Phase] = (Phase.generate,)) -> type[Placements]:
    """At least so many steps, in runs of few stories: later ones hypothesis would make of pieces of those before."""
    machine = type("Placements", (Placements,), {"stage": stage, "outcomes": Counter()})
    how = stories(
        max_examples=10,
        stateful_step_count=STEPS_IN_A_STORY,
        database=None,
        deadline=None,
        phases=phases,
        suppress_health_check=list(HealthCheck),
    )
    for run in count():
        if machine.steps >= steps:
            return machine
        machine.run = f"{chance}/{run}"
        run_state_machine_as_test(seed(machine.run)(machine), settings=how)
    raise AssertionError


@pytest.mark.slow
def test_the_service_does_what_the_regulation_says(stage: Stage, capsys: pytest.CaptureFixture[str]) -> None:
    asked = os.environ.get("MACHINE_STEPS")
    chance = int(os.environ.get("MACHINE_SEED", randrange(2**32) if asked else 1))
    machine = played_out(stage, int(asked or STEPS), chance)
    if asked:
        with capsys.disabled():
            for line, times in sorted(machine.outcomes.items()):
                print(f"{times:6}", *line)  # noqa: T201
            print(f"seed {chance}: {machine.steps} steps, 0 divergences")  # noqa: T201


def planted(patch: pytest.MonkeyPatch, workflow: Workflow, action: str, **otherwise: Any) -> None:
    """Changes a row of the application's table, for this test."""
    table = [replace(row, **otherwise) if row.action == action else row for row in workflow.table]
    patch.setattr(
        workflow, "_by_action", {one: tuple(row for row in table if row.action == one) for one in workflow._by_action}
    )
    leaving = {at: tuple(row for row in table if at in row.sources) for at in workflow.situations}
    patch.setattr(workflow, "_leaving", leaving)


FAULTS: dict[str, tuple[Workflow, str, dict[str, Any]]] = {
    "any reviewer of the chain may approve": (destinations.workflow, "approve", {"when": ()}),
    "the other invitations stay open": (
        invitations.workflow, "accept",
        {"then": (invitations.date_the_answer, invitations.open_the_agreement, invitations.tell_the_employer)},
    ),
    "only the database keeps a second placement out": (destinations.workflow, "submit", {"when": ()}),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("workflow", "action", "otherwise"), FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_is_found(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, workflow: Workflow, action: str, otherwise: dict[str, Any]
) -> None:
    """The negative control. Most chances find each of these within a thousand steps, this one within 500."""
    planted(monkeypatch, workflow, action, **otherwise)
    with pytest.raises(Divergence):
        played_out(stage, STEPS_TO_A_FAULT, 4)
