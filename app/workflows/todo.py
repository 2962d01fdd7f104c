"""What to do next: what waits for the caller, with deadlines, and what the caller may open. One statement each.

Nobody should have to guess: a graduate's answers, an employer's answers, a reviewer's queue (domain.md §11).
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, DateTime, FromClause, Select, and_, func, literal_column, or_, select

from app import texts
from app.db import Read, actor, asked
from app.models import (
    Amendment,
    Application,
    Employer,
    Graduate,
    Invitation,
    JobApplication,
    Message,
    Placement,
    Review,
    RosterCorrection,
    RosterEntry,
    Termination,
    UnemployedCase,
)
from app.models.base import table_of
from app.service import Caller
from app.words import TerminationStage
from app.words.destinations import DESTINATION_KINDS
from app.workflows import (
    amendments,
    confirmations,
    destinations,
    entered_agreements,
    invitations,
    objection_reads,
    objections,
    terminations,
    unemployed_registrations,
)
from app.workflows.applications import offers
from app.workflows.applications import procedure as applications
from app.workflows.applications.reads import applicant
from app.workflows.desk import Answer, as_json, look
from app.workflows.engine import Now, Scene
from app.workflows.facts import day_of, timetable_of
from app.workflows.live_placements import is_live
from app.workflows.market import jobs
from app.workflows.placing import GROUND_COLUMNS, school
from app.workflows.rosters import correction_requests

SHOWN = 20
"""Of each thing, at most so many are listed; counts stop at COUNTED."""
COUNTED = 1000

_invitations, _placements, _terminations = table_of(Invitation), table_of(Placement), table_of(Termination)
_reviews, _employers, _messages = table_of(Review), table_of(Employer), table_of(Message)
_amendments = table_of(Amendment)
_applications = table_of(Application)
_graduates, _entries, _corrections = table_of(Graduate), table_of(RosterEntry), table_of(RosterCorrection)
_job_applications = table_of(JobApplication)
_open_correction = and_(_corrections.c.entry_id == _entries.c.id, _corrections.c.status == "submitted")
_at = asked("at", DateTime(timezone=True))


def _listed(rows: Select[Any], name: str) -> ColumnElement[Any]:
    """These rows as one JSON array."""
    part = rows.limit(SHOWN).correlate(actor).subquery(name)
    row = func.to_jsonb(literal_column(f"{name}.*"))
    return select(func.coalesce(func.jsonb_agg(row), literal_column("'[]'::jsonb"))).select_from(part).scalar_subquery()


def _counted(rows: Select[Any], name: str) -> ColumnElement[int]:
    """How many there are, as far as it matters."""
    return select(func.count()).select_from(rows.limit(COUNTED).correlate(actor).subquery(name)).scalar_subquery()


def _mine(table: FromClause) -> ColumnElement[bool]:
    return or_(table.c.graduate_id == actor.c.graduate_id, table.c.employer_id == actor.c.body_id)


_queue = select(_reviews.c.id).where(_reviews.c.body_id == actor.c.body_id, _reviews.c.decision.is_(None))

_applied = select(_job_applications.c.id).where(
    _job_applications.c.employer_id == actor.c.body_id, _job_applications.c.status == "sent"
)
_unread = select(_messages.c.id).where(
    _messages.c.read_at.is_(None),
    or_(_messages.c.to_graduate_id == actor.c.graduate_id, _messages.c.to_body_id == actor.c.body_id),
)
_cases = table_of(UnemployedCase)
_to_contact = select(_cases.c.id).where(
    _cases.c.body_id == actor.c.body_id, _cases.c.status == "open", _cases.c.follow_up_due_on < day_of(_at)
)
_UNFINISHED = {"draft": "finish-the-draft", "issued": "submit-the-scan"}
_WANTING = {"failed": "name-another-card", "ready_for_collection": "collect-what-is-ready"}
"""Fulfilments that wait for the graduate."""
_graduate = (
    select(*GROUND_COLUMNS)
    .select_from(_graduates.join(school, school.c.id == _graduates.c.school_id))
    .where(_graduates.c.id == actor.c.graduate_id)
)

_facts = Read(
    select(
        _listed(
            select(
                _invitations.c.id, _invitations.c.valid_until, _invitations.c.employer["name"].as_string().label("name")
            ).where(
                _invitations.c.graduate_id == actor.c.graduate_id,
                _invitations.c.status == "sent",
                _invitations.c.valid_until > _at,
            ),
            "invited",
        ).label("invitations"),
        _listed(
            select(
                *(_terminations.c[name] for name in ("id", "asked_by", "stage", "reply_due_on", "placement_id"))
            ).where(_mine(_terminations), _terminations.c.status == "submitted"),
            "asked",
        ).label("terminations"),
        _listed(
            select(_amendments.c.id, _amendments.c.placement_id).where(
                _amendments.c.graduate_id == actor.c.graduate_id, _amendments.c.status == "submitted"
            ),
            "amended",
        ).label("amendments"),
        _listed(
            select(*_placements.c, timetable_of(_placements.c.cohort)).where(
                _placements.c.graduate_id == actor.c.graduate_id, is_live(_placements)
            ),
            "live",
        ).label("placements"),
        _listed(
            objection_reads.standing().where(
                _mine(_placements), or_(is_live(_placements), _placements.c.annulment.is_not(None))
            ),
            "objectionable",
        ).label("objectionable"),
        _listed(
            select(
                _entries.c.id, _entries.c.person_id, _entries.c.source, _corrections.c.id.label("open_correction_id")
            )
            .select_from(_entries.outerjoin(_corrections, _open_correction))
            .where(_entries.c.person_id == actor.c.person_id),
            "listed",
        ).label("roster_entries"),
        _listed(
            select(_placements.c.id, _placements.c.kind, _placements.c.status, _placements.c.chain).where(
                _placements.c.graduate_id == actor.c.graduate_id, _placements.c.status.in_(("draft", "issued"))
            ),
            "unfinished",
        ).label("unfinished"),
        _listed(
            select(*(_applications.c[name] for name in ("id", "kind", "chain", "fulfilment", "collect_on"))).where(
                _applications.c.graduate_id == actor.c.graduate_id,
                or_(
                    _applications.c.status == "draft",
                    and_(_applications.c.status == "reviewed", _applications.c.fulfilment.in_(_WANTING)),
                ),
            ),
            "applied",
        ).label("applications"),
        _listed(_graduate, "self").label("graduate"),
        _listed(confirmations.standing(), "standing").label("standing"),
        _listed(applicant, "applying").label("applicant"),
        _listed(offers.held, "dispatched").label("dispatched"),
        _listed(select(_employers).where(_employers.c.id == actor.c.body_id), "own").label("employer"),
        _counted(_applied, "applied").label("applications_open"),
        _counted(_queue, "waiting").label("reviews_open"),
        _counted(_unread, "unread_ones").label("unread"),
        _counted(_queue.where(_reviews.c.due_on < func.date(_at)), "late").label("reviews_overdue"),
        _counted(_to_contact, "to_contact").label("follow_ups_overdue"),
    )
)


async def todo(caller: Caller) -> Answer:
    """What waits for the caller, the soonest deadline first."""
    who, found = await look(caller, _facts)
    clock = caller.service.clock
    scene = Scene(None, who, clock.now(), clock.real(), caller.service.calendar)
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
    for _, _, _, placement, blocked in _confirming(scene, facts):
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


async def options(caller: Caller) -> Answer:
    """Which procedures the caller may open now, and which are theirs but blocked, with the reason and the way out."""
    who, found = await look(caller, _facts)
    clock = caller.service.clock
    scene = Scene(None, who, clock.now(), clock.real(), caller.service.calendar)
    items = [
        {
            "procedure": procedure,
            "action": action,
            "kind": kind,
            "about": about,
            "blocked": reason and texts.blocked(action, reason, caller.language),
        }
        for procedure, action, kind, about, reason in _openings(scene, found[0])
    ]
    return Answer(as_json({"items": items}))


Opening = tuple[str, str, str | None, str | None, Any]
"""(procedure, action, kind, ground's id, what blocks it)."""


def _openings(scene: Scene, facts: Any) -> Iterator[Opening]:
    """Each opening whose ground the caller stands on: (procedure, action, kind, ground's id, what blocks it)."""
    for row in facts.employer:
        ground = Now({**row, "employer": row, "employer_decision": row["decision"]})
        yield from _opening(invitations.workflow, invitations.Do.SEND, scene, ground, None)
        yield from _opening(jobs.workflow, jobs.Do.OPEN, scene, ground, None)
    if scene.actor.archive_query_only:
        yield invitations.workflow.name, invitations.Do.ACCEPT, None, None, invitations.identity_is_verified(scene)
    for row in facts.roster_entries:
        ground = Now({**row, "wrong": [], "differing": set(), "registered": True})
        yield from _opening(correction_requests.workflow, correction_requests.Do.ASK, scene, ground, row["id"])
    for row in facts.graduate:
        if reason := invitations.the_window(replace(scene, record=Now(row))):
            yield invitations.workflow.name, invitations.Do.ACCEPT, None, None, reason
        for kind in DESTINATION_KINDS:
            ground = Now({**row, "kind": kind, "uploads": ()})
            yield from _opening(destinations.workflow, destinations.Do.OPEN, scene, ground, None)
        ground = Now({**row, "kind": entered_agreements.KIND})
        yield from _opening(entered_agreements.workflow, entered_agreements.Do.OPEN, scene, ground, None)
        live = next((one["id"] for one in facts.placements), None)
        ground = Now({**row, "other_live_id": live})
        yield from _opening(unemployed_registrations.workflow, unemployed_registrations.Do.DECLARE, scene, ground, None)
    yield from _confirming(scene, facts)
    for row in facts.objectionable:
        do = objections.Do.OBJECT if row["annulment"] else objections.Do.DISOWN
        ground = Now({**row, "kind": None})
        yield from _opening(objections.workflow, do, replace(scene, action=do), ground, row["id"])
    yield from _applying(scene, facts)
    yield from _about_placements(scene, facts)


def _applying(scene: Scene, facts: Any) -> Iterator[Opening]:
    for row in facts.applicant:
        for ground in offers.grounds(scene, row):
            yield from _opening(applications.workflow, applications.Do.OPEN, scene, ground.record, None)


def _about_placements(scene: Scene, facts: Any) -> Iterator[Opening]:
    asked_for = {one["placement_id"]: one["id"] for one in facts.terminations}
    amended = {one["placement_id"]: one["id"] for one in facts.amendments}
    for row in facts.placements:
        open_ones = {"open_termination_id": asked_for.get(row["id"]), "open_amendment_id": amended.get(row["id"])}
        ground = Now({**row, **open_ones})
        yield from _opening(amendments.workflow, amendments.Do.ASK, scene, ground, row["id"])
        yield from _opening(terminations.workflow, terminations.Do.ASK, scene, ground, row["id"])


def _confirming(scene: Scene, facts: Any) -> Iterator[Opening]:
    for row in facts.standing:
        leave_on = row["leave_on"] and date.fromisoformat(row["leave_on"])
        about = row["placement_id"] if row["live"] else None
        ground = Now({**row, "leave_on": leave_on})
        yield from _opening(confirmations.workflow, confirmations.Do.CONFIRM, scene, ground, about)


def _opening(workflow: Any, action: str, scene: Scene, ground: Now, about: str | None) -> Iterator[Opening]:
    kind = ground.get("kind")
    actions, blocked = workflow.opening(replace(scene, record=ground), action)
    for one in actions:
        yield workflow.name, one, kind, about, None
    for one, reason in blocked:
        yield workflow.name, one, kind, about, reason
