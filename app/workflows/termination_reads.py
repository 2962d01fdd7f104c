"""How terminations are read: to show them, to move them with the placement that they are of, to ask for one.

A termination to be moved carries the columns of its placement as `of_…`; a placement whose end is asked for carries
those of its open termination as `open_…`.
"""

from typing import Any, Final

from sqlalchemy import Date, Select, and_, select
from sqlalchemy import FromClause as From

from app.db import SYSTEM, Read, actor, asked
from app.models import Graduate, Placement, Termination
from app.models.base import table_of
from app.policies import its_parties_once_sent, to_the_caller
from app.schemas.file import FilePurpose
from app.words import TerminationStage
from app.workflows import agreements
from app.workflows.attaching import beside
from app.workflows.due import AT_ONCE
from app.workflows.engine import Now
from app.workflows.facts import Facts, bodies, its_settings, school_settings
from app.workflows.reviewing import BESIDE, reviews, with_open_review
from app.workflows.view import remembered

NO_REVIEW: Final = dict.fromkeys(column.name for column in BESIDE)
_OF, _OPEN = "of_", "open_"

terminations, placements, graduates = table_of(Termination), table_of(Placement), table_of(Graduate)
department = bodies.alias("department")
_its_review = reviews.alias("its_review")
_facts = Facts(placements.c.cohort, placements.c.registered_region)


def rows(table: From) -> Select[Any]:
    """Terminations with their open review, and what is told of the placement."""
    told = ("graduate_name", "school_name", "major", "unit_name", "number", "cohort")
    return select(
        *table.c, *BESIDE, *(placements.c[name] for name in told), placements.c.kind.label("placement_kind")
    ).select_from(with_open_review(table).outerjoin(placements, placements.c.id == table.c.placement_id))


def rows_to_move(table: From) -> Select[Any]:
    """The same, with the whole placement and its open review, for ending it, and the facts of chains and days."""
    base = rows(table)
    (source,) = base.get_final_froms()
    turn = and_(_its_review.c.record_id == placements.c.id, _its_review.c.decision.is_(None))
    whole = (column.label(f"{_OF}{column.name}") for column in placements.c)
    of_its = select(*base.selected_columns, *whole, _its_review.c.id.label(f"{_OF}review_id"))
    return _with_facts(of_its.select_from(source.outerjoin(_its_review, turn)))


def _with_facts(some: Select[Any]) -> Select[Any]:
    """These rows, placements among them, with the school's chain, the days, and the bureau of the registered place."""
    (source,) = some.get_final_froms()
    joined = source.outerjoin(school_settings, its_settings(placements)).outerjoin(
        department, department.c.id == placements.c.department_id
    )
    return _facts.beside(
        select(*some.selected_columns).select_from(joined),
        department.c.name.label("department_name"),
        _facts.review_due_days,
        _facts.answer_due_days,
        _facts.termination_chain,
        _facts.termination_review_by_school,
        *_facts.bureau,
    )


def _ground() -> Read:
    base = agreements.rows(placements)
    opened = (column.label(f"{_OPEN}{column.name}") for column in agreements.open_termination.c)
    whole = select(
        *base.selected_columns, *opened, placements.c.kind.label("placement_kind"), *beside(FilePurpose.PROOF)
    )
    found = (placements.c.id == actor.c.record_id, to_the_caller(its_parties_once_sent(placements)))
    return Read(_with_facts(whole.select_from(*base.get_final_froms())).where(*found), remembered)


ground: Final = _ground()
"""The placement that is to be ended."""


def the_open_one(ground: Any) -> Now | None:
    """The open termination of this placement as it is read to be moved, if the other side may still answer it."""
    if ground.open_stage != TerminationStage.COUNTERPARTY:
        return None
    of_it = {f"{_OF}{name}": ground[name] for name in (*(one.name for one in placements.c), "review_id")}
    own = {one.name: ground[f"{_OPEN}{one.name}"] for one in terminations.c}
    return Now({**dict(ground.items()), **of_it, **NO_REVIEW, **own})


def the_placement(record: Any) -> Now:
    """The placement of a termination that was read to be moved."""
    return Now({name.removeprefix(_OF): value for name, value in record.items() if name.startswith(_OF)})


def _unanswered() -> Read:
    base = rows_to_move(terminations)
    (source,) = base.get_final_froms()
    late = (
        terminations.c.stage == TerminationStage.COUNTERPARTY.value,
        terminations.c.reply_due_on < asked("today", Date()),
    )
    return Read(
        select(*base.selected_columns, _facts.leave_on)
        .select_from(source.outerjoin(graduates, graduates.c.id == placements.c.graduate_id))
        .where(*late)
        .order_by(terminations.c.reply_due_on)
        .limit(AT_ONCE),
        door=SYSTEM,
    )


unanswered: Final = _unanswered()
"""Terminations whose last day for an answer is over, with the day on which the graduate leaves school."""
