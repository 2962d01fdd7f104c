"""What to do next: what waits for the caller, the soonest deadline first. One statement.

Nobody should have to guess: a graduate's answers, an employer's answers, a reviewer's queue (domain.md §11).
"""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import DateTime, and_, or_, select

from app import texts
from app.db import Read, actor, asked
from app.models import (
    Application,
    Employer,
    Graduate,
    Invitation,
    Job,
    JobApplication,
    Message,
    Placement,
    Review,
    Termination,
    UnemployedCase,
)
from app.models.base import table_of
from app.service import Caller
from app.words import TerminationStage
from app.workflows import confirmations, entered_agreements, objection_reads
from app.workflows.applications import offers
from app.workflows.applications.reads import applicant
from app.workflows.engine import Scene
from app.workflows.facts import day_of
from app.workflows.looking import Answer, as_json, look
from app.workflows.openings import confirming, objecting
from app.workflows.own_rows import counted, listed, live_ones, mine
from app.workflows.placements import link_of

_invitations, _placements, _terminations = table_of(Invitation), table_of(Placement), table_of(Termination)
_reviews, _messages, _applications = table_of(Review), table_of(Message), table_of(Application)
_job_applications, _cases = table_of(JobApplication), table_of(UnemployedCase)
_employers, _jobs, _graduates = table_of(Employer), table_of(Job), table_of(Graduate)
_at = asked("at", DateTime(timezone=True))
_queue = select(_reviews.c.id).where(_reviews.c.body_id == actor.c.body_id, _reviews.c.decision.is_(None))

_applied = select(_job_applications.c.id).where(
    _job_applications.c.employer_id == actor.c.body_id, _job_applications.c.status == "sent"
)
_unread = select(_messages.c.id).where(
    _messages.c.read_at.is_(None),
    or_(_messages.c.to_graduate_id == actor.c.graduate_id, _messages.c.to_body_id == actor.c.body_id),
)
_to_contact = select(_cases.c.id).where(
    _cases.c.body_id == actor.c.body_id, _cases.c.status == "open", _cases.c.follow_up_due_on < day_of(_at)
)
_UNFINISHED = {"draft": "finish-the-draft", "issued": "submit-the-scan"}
_WANTING = {"failed": "name-another-card", "ready_for_collection": "collect-what-is-ready"}
"""Fulfilments that wait for the graduate."""
_waits = Read(
    select(
        listed(
            select(
                _invitations.c.id, _invitations.c.valid_until, _invitations.c.employer["name"].as_string().label("name")
            ).where(
                _invitations.c.graduate_id == actor.c.graduate_id,
                _invitations.c.status == "sent",
                _invitations.c.valid_until > _at,
            ),
            "invited",
        ).label("invitations"),
        listed(
            select(
                *(_terminations.c[name] for name in ("id", "asked_by", "stage", "reply_due_on", "placement_id"))
            ).where(mine(_terminations), _terminations.c.status == "submitted"),
            "asked",
        ).label("terminations"),
        listed(live_ones, "live").label("placements"),
        listed(
            select(_placements.c.id, _placements.c.kind, _placements.c.status, _placements.c.chain).where(
                _placements.c.graduate_id == actor.c.graduate_id, _placements.c.status.in_(("draft", "issued"))
            ),
            "unfinished",
        ).label("unfinished"),
        listed(
            select(*(_applications.c[name] for name in ("id", "kind", "chain", "fulfilment", "collect_on"))).where(
                _applications.c.graduate_id == actor.c.graduate_id,
                or_(
                    _applications.c.status == "draft",
                    and_(_applications.c.status == "reviewed", _applications.c.fulfilment.in_(_WANTING)),
                ),
            ),
            "applied",
        ).label("applications"),
        listed(confirmations.standing(), "standing").label("standing"),
        listed(
            objection_reads.standing().where(mine(_placements), _placements.c.annulment.is_not(None)), "annulled"
        ).label("annulled"),
        listed(
            select(_employers.c.id).where(_employers.c.id == actor.c.body_id, _employers.c.status == "draft"), "own"
        ).label("registrations"),
        listed(
            select(_jobs.c.id).where(_jobs.c.employer_id == actor.c.body_id, _jobs.c.status == "draft"), "drafted"
        ).label("jobs"),
        listed(
            select(_graduates.c.id).where(
                _graduates.c.id == actor.c.graduate_id,
                _graduates.c.confirmed_at.is_(None),
                _graduates.c.roster_entry_id.is_not(None),
            ),
            "unconfirmed",
        ).label("unconfirmed"),
        listed(applicant, "applying").label("applicant"),
        listed(offers.held, "dispatched").label("dispatched"),
        counted(_applied, "applied").label("applications_open"),
        counted(_queue, "waiting").label("reviews_open"),
        counted(_unread, "unread_ones").label("unread"),
        counted(_queue.where(_reviews.c.due_on < day_of(_at)), "late").label("reviews_overdue"),
        counted(_to_contact, "to_contact").label("follow_ups_overdue"),
    )
)


async def todo(caller: Caller) -> Answer:
    """What waits for the caller, the soonest deadline first."""
    who, found = await look(caller, _waits)
    scene = Scene.now(caller.service, who, None)
    items = sorted(_waiting(scene, found[0]), key=lambda item: str(item["due"] or "9999"))
    for item in items:
        item["title"] = texts.title(item["code"], caller.language)
    return Answer(as_json({"items": items}))


def _waiting(scene: Scene, facts: Any) -> Iterator[dict[str, Any]]:
    who = scene.actor
    if who.kind == "graduate" and who.verified_at is None:
        yield _item("verify-your-identity")
    for one in facts.invitations:
        yield _item(
            "answer-the-invitation", due=one["valid_until"], kind="invitation", record=one["id"], name=one["name"]
        )
    for one in facts.terminations:
        if one["asked_by"] != who.kind and one["stage"] == TerminationStage.COUNTERPARTY:
            yield _item("answer-the-termination", due=one["reply_due_on"], kind="termination", record=one["id"])
    for one in facts.annulled:
        if any(reason is None for *_, reason in objecting(scene, one)):
            link, until = link_of(one["kind"], one["id"]), one["annulment"]["object_until"]
            yield _item("object-to-the-annulment", due=until, link=link, placement_id=one["id"])
    for one in facts.registrations:
        yield _item("submit-your-registration", kind="employer", record=one["id"])
    for one in facts.jobs:
        yield _item("finish-the-job", kind="job", record=one["id"])
    yield from _their_own(scene, facts)
    yield from _in_lists(scene, facts)


def _their_own(scene: Scene, facts: Any) -> Iterator[dict[str, Any]]:
    """What a graduate has begun, or has yet to confirm."""
    for one in facts.unfinished:
        kind = "entered-agreement" if one["kind"] == entered_agreements.KIND else "destination"
        code = "correct-what-was-returned" if one["chain"] else _UNFINISHED[one["status"]]
        yield _item(code, kind=kind, record=one["id"], placement_kind=one["kind"])
    for one in facts.applications:
        draft = "correct-the-application" if one["chain"] else "finish-the-application"
        code, due = _WANTING.get(one["fulfilment"], draft), one["collect_on"]
        yield _item(code, due=due, kind="application", record=one["id"], application_kind=one["kind"])
    for one in offers.offered(scene, facts.applicant, facts.placements, facts.dispatched):
        code = f"apply-for-{one['kind'].replace('_', '-')}"
        yield _item(code, link="/v1/applications", placement_id=one["placement_id"], application=one["details"])
    if facts.unconfirmed:
        yield _item("confirm-your-roster", link="/v1/me/roster-confirmation")
    for _, _, _, placement, blocked in confirming(scene, facts):
        if not blocked:
            yield _item("confirm-your-destination", link="/v1/confirmations", placement_id=placement)


def _in_lists(scene: Scene, facts: Any) -> Iterator[dict[str, Any]]:
    """What waits in a list of its own, as one item."""
    who = scene.actor
    if facts.applications_open and who.kind == "employer":
        link = "/v1/job-applications?status=sent"
        yield _item("answer-the-applications", link=link, count=facts.applications_open)
    if facts.reviews_open and who.is_a("reviewer"):
        yield _item("review-what-waits", count=facts.reviews_open, overdue=facts.reviews_overdue)
    if facts.follow_ups_overdue and who.is_a("reviewer"):
        link = "/v1/unemployed-registrations?overdue=true"
        yield _item("follow-up-the-unemployed", link=link, count=facts.follow_ups_overdue)
    if facts.unread:
        yield _item("read-your-messages", link="/v1/me/messages", count=facts.unread)


def _item(
    code: str,
    *,
    due: str | None = None,
    kind: str | None = None,
    record: str | None = None,
    link: str | None = None,
    **more: Any,
) -> dict[str, Any]:
    link = f"/v1/{kind}s/{record}" if kind else link
    return {"code": code, "due": due, "link": link, "details": more}
