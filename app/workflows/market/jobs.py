"""Jobs (招聘职位): posted by an approved employer, reviewed by the bureau of its registered place (domain.md §7).

A job ends at reading time: published, and its last day is over. An edit of a published one that changes more than its
end, headcount or contact goes to the bureau again, and is off the market until it is approved.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

from app.errors import Reason
from app.policies import a_reviewer_of_the_chain, an_employer, the_employer
from app.schemas.employer import Return
from app.schemas.job import Edit, JobDraft, JobTerms
from app.service import Caller, Once
from app.words import JobEnding
from app.workflows.desk import Desk
from app.workflows.employers import REVIEW_DUE_DAYS
from app.workflows.engine import Cells, Effect, Either, Now, Piece, Scene, Transition, Workflow
from app.workflows.looking import Answer
from app.workflows.market import job_search
from app.workflows.market.job_index import facets, grams, search_text
from app.workflows.market.job_view import ground, its_readers, jobs, rows, rows_to_move, situation, told
from app.workflows.reviewing import (
    Approve,
    Reject,
    bureau_chain,
    close_the_review,
    it_is_their_turn,
    local_day,
    nobody_else_claimed_it,
    open_turn,
    other_reasons_are_told,
)
from app.workflows.situations import At, columns, trail_of
from app.workflows.telling import to_employer
from app.workflows.view import View

HARMLESS: Final = ("end_on", "headcount", "contact_name", "contact_email")
"""Terms that may change without another review."""


class Do(StrEnum):
    """What may be done with a job."""

    OPEN = "open"
    EDIT = "edit"
    SUBMIT = "submit"
    APPROVE = "approve"
    REJECT = "reject"
    RETURN = "return"
    CLOSE = "close"
    TAKE_DOWN = "take_down"


# -- rules and outcomes -----------------------------------------------------------------------------------------------


def the_employer_may_post(scene: Scene) -> Reason | None:
    """The bureau of its registered place has approved the employer, and it is active."""
    if scene.record.employer_decision == "approved" and scene.record.standing == "active":
        return None
    return Reason("employer-may-not-post", who="bureau", how="wait-for-the-approval")


def its_last_day_is_to_come(scene: Scene) -> Reason | None:
    """The last day is not over."""
    return _not_over(scene, scene.record)


def the_last_day_named_is_to_come(scene: Scene) -> Reason | None:
    """The last day that the terms name is not over."""
    return _not_over(scene, scene.move.terms) if scene.move else None


def _not_over(scene: Scene, dated: Any) -> Reason | None:
    if dated.end_on >= local_day(scene.at):
        return None
    return Reason("job-end-is-past", who="employer", how="name-a-later-day", pointer="/terms/end_on")


def submitted_if_its_substance_changes(scene: Scene) -> At:
    """Submitted again, unless the terms differ in harmless ones alone."""
    old, new = scene.record.terms, scene.move.terms.model_dump(mode="json")
    changed = {name for name, value in new.items() if value != old[name]}
    return At.SUBMITTED if changed.difference(HARMLESS) else At.APPROVED


# -- effects ----------------------------------------------------------------------------------------------------------


def written(terms: JobTerms, employer: Mapping[str, Any]) -> dict[str, Any]:
    """The row's part that the terms fill: themselves, and what a search finds them by."""
    kept = terms.model_dump(mode="json")
    text, narrowed_by = search_text(kept, employer["name"]), facets(kept, employer["industry"])
    found_by = {"search_text": text, "grams": grams(text) + narrowed_by, "facets": narrowed_by}
    return {"terms": kept, "end_on": terms.end_on, "salary_to": terms.salary_to, **found_by}


def write_the_draft(scene: Scene) -> Iterable[Piece]:
    """The draft of the employer as it stands."""
    record = scene.record
    nothing = dict.fromkeys(("county_id", "city_id", "ending", "chain", "turn", "submitted_at", "decided_at"))
    own = {"employer_id": record.employer_id, "employer": record.employer}
    yield Cells({**own, **nothing, **written(scene.move.terms, record.employer)}, {"review_id": None})


def rewrite_it(scene: Scene) -> Iterable[Piece]:
    """The terms as they are now."""
    yield Cells(written(scene.move.terms, scene.record.employer))


def open_the_review(scene: Scene) -> Iterable[Piece]:
    """The turn of the bureau of the registered place; none when the post stays published."""
    if scene.to == At.SUBMITTED:
        record = scene.record
        terms = scene.move.terms.model_dump(mode="json") if scene.action == Do.EDIT else record.terms
        place = {"county_id": record.bureau_id, "city_id": record.bureau_city_id}
        more = {"cohort": None, "review_due_days": REVIEW_DUE_DAYS, "terms": terms}
        yield Cells({**place, "submitted_at": scene.at, "decided_at": None})
        submitted = Now({**dict(record.items()), **place, **more})
        yield from open_turn(scene, "job", submitted, bureau_chain(record), 0, subject)


def date_the_decision(scene: Scene) -> Iterable[Piece]:
    """When it was published, or refused for good."""
    yield Cells({"decided_at": scene.at})


def end_it(ending: JobEnding) -> Effect:
    """How it came to an end."""

    def effect(_scene: Scene) -> Iterable[Piece]:
        yield Cells({"ending": ending.value})

    effect.__name__ = f"mark_it_{ending}"
    return effect


def tell_the_employer(scene: Scene) -> Iterable[Piece]:
    """A message in the employer's inbox."""
    outcome = scene.to if scene.action in (Do.APPROVE, Do.REJECT) else scene.action
    yield to_employer(scene, "job", outcome)


def subject(record: Any) -> Mapping[str, Any]:
    """What the queue shows of a job."""
    terms = record["terms"]
    shown = {name: terms[name] for name in ("title", "regions", "salary_from", "salary_to", "end_on")}
    return {"employer_name": record["employer"]["name"], **shown}


# -- the table --------------------------------------------------------------------------------------------------------

in_turn = (it_is_their_turn, nobody_else_claimed_it)

# fmt: off
workflow = Workflow(
    "job",
    jobs,
    situations=(At.DRAFT, At.SUBMITTED, At.APPROVED, At.REJECTED, At.TERMINATED),
    situation=situation,
    columns=columns,
    trail=trail_of("job"),
    table=[
        Transition(
            Do.OPEN, (), At.DRAFT, by=an_employer,
            when=(the_employer_may_post, the_last_day_named_is_to_come),
            then=(write_the_draft,),
        ),
        Transition(
            Do.EDIT, (At.DRAFT,), At.DRAFT, by=the_employer, takes=Edit,
            when=(the_last_day_named_is_to_come,),
            then=(rewrite_it,),
        ),
        Transition(
            Do.EDIT, (At.APPROVED,), Either((At.APPROVED, At.SUBMITTED), submitted_if_its_substance_changes),
            by=the_employer, takes=Edit,
            when=(the_last_day_named_is_to_come,),
            then=(rewrite_it, open_the_review),
        ),
        Transition(
            Do.SUBMIT, (At.DRAFT,), At.SUBMITTED, by=the_employer,
            when=(its_last_day_is_to_come,),
            then=(open_the_review,),
        ),
        Transition(
            Do.APPROVE, (At.SUBMITTED,), At.APPROVED, by=a_reviewer_of_the_chain, takes=Approve,
            when=(*in_turn, its_last_day_is_to_come),
            then=(close_the_review, date_the_decision, tell_the_employer),
        ),
        Transition(
            Do.REJECT, (At.SUBMITTED,), At.REJECTED, by=a_reviewer_of_the_chain, takes=Reject,
            when=(*in_turn, other_reasons_are_told),
            then=(close_the_review, date_the_decision, tell_the_employer),
        ),
        Transition(
            Do.RETURN, (At.SUBMITTED,), At.DRAFT, by=a_reviewer_of_the_chain, takes=Return,
            when=in_turn,
            then=(close_the_review, tell_the_employer),
        ),
        Transition(
            Do.CLOSE, (At.DRAFT, At.SUBMITTED, At.APPROVED), At.TERMINATED, by=the_employer,
            then=(close_the_review, end_it(JobEnding.CLOSED)),
        ),
        Transition(
            Do.TAKE_DOWN, (At.APPROVED,), At.TERMINATED, by=a_reviewer_of_the_chain, takes=Reject,
            when=(other_reasons_are_told,),
            then=(end_it(JobEnding.TAKEN_DOWN), tell_the_employer),
        ),
    ],
)
# fmt: on


# -- the desk ---------------------------------------------------------------------------------------------------------

desk = Desk(workflow, View(jobs, its_readers, rows, more=rows_to_move), told)


async def post(caller: Caller, draft: JobDraft, once: Once | None) -> Answer:
    """Open a draft."""
    return await desk.open(caller, ground, {}, Do.OPEN, draft, once)


async def page(caller: Caller, limit: int, after: str | None, filters: Mapping[str, Any]) -> Answer:
    """A page of the jobs that the caller sees, searched and narrowed."""
    return await job_search.page(desk, caller, limit, after, filters)
