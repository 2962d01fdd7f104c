"""The engine refuses nonsense at import, and a decision is a row of the table or a refusal, a thousand times over."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.calendar import Calendar
from app.change import Change, Update
from app.errors import Reason, Refusal
from app.models import Placement
from app.models.base import table_of
from app.policies import Actor
from app.workflows import agreements, invitations
from app.workflows.bound import NOTHING_KNOWN
from app.workflows.engine import Cells, Either, Now, Scene, Transition, Workflow
from app.workflows.situations import At

NOON = datetime(2027, 5, 4, 4, tzinfo=UTC)
CALENDAR = Calendar.of([])
GRADUATE, EMPLOYER, DEPARTMENT, SCHOOL = (f"0000000{n}-0000-7000-8000-000000000000" for n in range(1, 5))


class Do(StrEnum):
    OPEN = "open"
    GO = "go"


def anybody(_actor: Actor, _record: Any) -> bool:
    return True


def a_table(*rows: Transition) -> Workflow:
    """A workflow over two situations with these rows."""
    return Workflow(
        "test", table_of(Placement), situations=(At.DRAFT, At.SUBMITTED), situation=lambda record, _: At(record.status),
        columns=lambda at: {"status": at.value}, trail=lambda _scene, _now: (), table=rows,
    )  # fmt: skip


OPEN = Transition(Do.OPEN, (), At.DRAFT, by=anybody)
GO = Transition(Do.GO, (At.DRAFT,), At.SUBMITTED, by=anybody)


@pytest.mark.parametrize(
    "rows", [(OPEN, GO, GO), (OPEN,), (GO,)], ids=["left twice", "a situation is never reached", "never opened"]
)
def test_a_table_of_nonsense_is_refused_at_import(rows: tuple[Transition, ...]) -> None:
    with pytest.raises(ValueError, match="test: "):
        a_table(*rows)


def test_a_table_of_sense_is_taken() -> None:
    assert a_table(OPEN, GO).table == (OPEN, GO)


def test_one_row_is_not_updated_twice() -> None:
    table = table_of(Placement)
    once = Update(table, {"id": GRADUATE, "version": 1}, {"status": "draft"})
    with pytest.raises(ValueError, match="twice"):
        Change(updates=(once, once))


def an_actor(kind: str, body: str | None, roles: tuple[str, ...], *, verified: bool = True) -> Actor:
    graduate = GRADUATE if kind == "graduate" else None
    return Actor(
        "a", "s", kind, roles, body, None, graduate, graduate, NOON if verified else None, ("pwd",), NOON, None, None
    )


actors = st.builds(
    an_actor,
    st.sampled_from(["graduate", "employer", "department", "school", "county", "provincial_bureau"]),
    st.sampled_from([EMPLOYER, DEPARTMENT, SCHOOL, None]),
    st.sampled_from([("reviewer",), ("administrator",), ("reader",), ()]),
    verified=st.booleans(),
)
CHAIN = [
    {"stage": "department", "body_id": DEPARTMENT, "body_name": "d"},
    {"stage": "school", "body_id": SCHOOL, "body_name": "s"},
]


@st.composite
def an_agreement(draw: st.DrawFn) -> Now:
    status, decision = draw(
        st.sampled_from(
            [("submitted", None), ("reviewed", "approved"), ("reviewed", "rejected"), ("terminated", "approved")]
        )
    )
    turn = draw(st.sampled_from([0, 1]))
    open_one = status == "submitted"
    return Now(
        id="r", version=draw(st.integers(1, 9)), status=status, decision=decision,
        stage=CHAIN[turn]["stage"] if open_one else None, chain=CHAIN, turn=turn, cohort=2027,
        graduate_id=GRADUATE, employer_id=EMPLOYER, department_id=DEPARTMENT, school_id=SCHOOL,
        county_id=None, city_id=None,
        kind="online_agreement", number="1", graduate_name="王", school_name="校", major="专", unit_name="司",
        details={"position": "p", "salary_monthly": 1}, review_due_days=3,
        review_id="v" if open_one else None, review_body_id=CHAIN[turn]["body_id"] if open_one else None,
        review_body_name="n", claimed_by=draw(st.sampled_from([None, "a", "b"])),
        lease_until=NOON + timedelta(minutes=draw(st.integers(-5, 5))),
        review_opened_by=draw(st.sampled_from([None, "a", "b"])) if turn else None,
        opened_at=NOON, due_on=None, open_termination_id=draw(st.sampled_from([None, "t"])),
        bureau_id=None, bureau_city_id=None, ending=None,
    )  # fmt: skip


@given(an_agreement(), actors, st.sampled_from(["approve", "reject", "reopen"]))
def test_a_decision_is_a_row_of_the_table_or_a_refusal(record: Now, actor: Actor, action: str) -> None:
    move = agreements.desk.moves.validate_python(
        {"action": action} | ({"reason": "duplicate"} if action == "reject" else {})
    )
    scene = Scene(record, actor, NOON, NOON, CALENDAR, move=move, action=action, id="r")
    offered = agreements.workflow.offers(scene)[0]
    try:
        decision = agreements.workflow.decide(scene)
    except Refusal:
        assert action not in offered
    else:
        assert action in offered
        own = (
            decision.change.updates[-1]
            if decision.change.updates[0].table.name == "reviews"
            else decision.change.updates[0]
        )
        assert (own.where["id"], own.where["version"], own.where["status"]) == ("r", record.version, "submitted")
        assert decision.record.version == record.version + 1
        assert {row.table.name for row in decision.change.inserts} >= {"trail", "events"}


@given(st.integers(-10, 10), actors)
def test_an_invitation_lapses_at_reading_time(minutes: int, actor: Actor) -> None:
    record = Now(id="i", version=1, status="sent", valid_until=NOON + timedelta(minutes=minutes), graduate_id=GRADUATE,
                 employer_id=EMPLOYER, terms_version=1, other_live_id=None, timetable=None,
                 employer={"nature": "39", "name": "公司"}, **NOTHING_KNOWN)  # fmt: skip
    situation = invitations.situation(record, NOON)
    assert situation == ("expired" if minutes <= 0 else "sent")
    actions, blocked = invitations.workflow.offers(Scene(record, actor, NOON, NOON, CALENDAR))
    assert situation == "sent" or (actions, blocked) == ([], [])


def test_an_outcome_may_be_chosen_and_is_declared() -> None:
    chosen = Either((At.DRAFT, At.SUBMITTED), choose=lambda _scene: At.SUBMITTED)
    row = Transition(Do.GO, (At.DRAFT,), chosen, by=anybody, then=(lambda _scene: [Cells({"stage": "school"})],))
    record = Now(id="x", version=3, status="draft")
    decision = a_table(OPEN, row).decide(
        Scene(record, an_actor("school", SCHOOL, ()), NOON, NOON, CALENDAR, action="go")
    )
    assert (decision.to, decision.record.status, decision.record.stage, decision.record.version) == (
        "submitted",
        "submitted",
        "school",
        4,
    )


def test_every_rule_that_is_unmet_is_told_at_once() -> None:
    def never(_scene: Scene) -> Reason:
        return Reason("never", who="nobody", how="no-way")

    row = Transition(Do.GO, (At.DRAFT,), At.SUBMITTED, by=anybody, when=(never, never))
    record = Now(id="x", version=1, status="draft")
    with pytest.raises(Refusal) as refused:
        a_table(OPEN, row).decide(Scene(record, an_actor("school", SCHOOL, ()), NOON, NOON, CALENDAR, action="go"))
    assert [reason.code for reason in refused.value.unmet] == ["never", "never"]
