"""What to do next: what waits for the caller, with deadlines, and what the caller may open. One statement each.

Nobody should have to guess: a graduate's answers, an employer's answers, a reviewer's queue (domain.md §11).
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, DateTime, FromClause, Select, and_, func, literal_column, or_, select

from app import texts
from app.db import Read, actor, asked
from app.models import (
    Employer,
    Graduate,
    Invitation,
    Message,
    Placement,
    Review,
    RosterCorrection,
    RosterEntry,
    Termination,
    UnemployedCase,
)
from app.models.base import table_of
from app.policies import Actor
from app.service import Caller
from app.words import TerminationStage
from app.words.destinations import DESTINATION_KINDS
from app.workflows import destinations, entered_agreements, invitations, terminations, unemployed_registrations
from app.workflows.desk import Answer, as_json, look
from app.workflows.engine import Now, Scene
from app.workflows.placing import GROUND_COLUMNS, school
from app.workflows.rosters import correction_requests

SHOWN = 20
"""Of each thing, at most so many are listed; counts stop at COUNTED."""
COUNTED = 1000

_invitations, _placements, _terminations = table_of(Invitation), table_of(Placement), table_of(Termination)
_reviews, _employers, _messages = table_of(Review), table_of(Employer), table_of(Message)
_graduates, _entries, _corrections = table_of(Graduate), table_of(RosterEntry), table_of(RosterCorrection)
_open_correction = and_(_corrections.c.entry_id == _entries.c.id, _corrections.c.status == "submitted")
_at = asked("at", DateTime(timezone=True))


def _listed(rows: Select[Any], name: str) -> ColumnElement[Any]:
    """These rows as one JSON array."""
    part = rows.limit(SHOWN).subquery(name)
    row = func.to_jsonb(literal_column(f"{name}.*"))
    return select(func.coalesce(func.jsonb_agg(row), literal_column("'[]'::jsonb"))).select_from(part).scalar_subquery()


def _counted(rows: Select[Any], name: str) -> ColumnElement[int]:
    """How many there are, as far as it matters."""
    return select(func.count()).select_from(rows.limit(COUNTED).subquery(name)).scalar_subquery()


def _mine(table: FromClause) -> ColumnElement[bool]:
    return or_(table.c.graduate_id == actor.c.graduate_id, table.c.employer_id == actor.c.body_id)


def _live(table: FromClause) -> ColumnElement[bool]:
    return or_(
        table.c.status.in_(("issued", "submitted")), and_(table.c.status == "reviewed", table.c.decision == "approved")
    )


_queue = select(_reviews.c.id).where(_reviews.c.body_id == actor.c.body_id, _reviews.c.decision.is_(None))

_unread = select(_messages.c.id).where(
    _messages.c.read_at.is_(None),
    or_(_messages.c.to_graduate_id == actor.c.graduate_id, _messages.c.to_body_id == actor.c.body_id),
)
_cases = table_of(UnemployedCase)
_to_contact = select(_cases.c.id).where(
    _cases.c.body_id == actor.c.body_id, _cases.c.status == "open", _cases.c.follow_up_due_on < func.date(_at)
)
_UNFINISHED = {"draft": "finish-the-draft", "issued": "submit-the-scan"}
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
            select(_placements).where(_placements.c.graduate_id == actor.c.graduate_id, _live(_placements)), "live"
        ).label("placements"),
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
        _listed(_graduate, "self").label("graduate"),
        _listed(select(_employers).where(_employers.c.id == actor.c.body_id), "own").label("employer"),
        _counted(_queue, "waiting").label("reviews_open"),
        _counted(_unread, "unread_ones").label("unread"),
        _counted(_queue.where(_reviews.c.due_on < func.date(_at)), "late").label("reviews_overdue"),
        _counted(_to_contact, "to_contact").label("follow_ups_overdue"),
    )
)


async def todo(caller: Caller) -> Answer:
    """What waits for the caller, the soonest deadline first."""
    who, found = await look(caller, _facts)
    items = sorted(_waiting(who, found[0]), key=lambda item: str(item["due"] or "9999"))
    for item in items:
        item["title"] = texts.title(item["code"], caller.language)
    return Answer(as_json({"items": items}))


def _waiting(who: Actor, facts: Any) -> Iterator[dict[str, Any]]:
    if who.kind == "graduate" and who.verified_at is None:
        yield _item("verify-your-identity")
    for one in facts.invitations:
        yield _item(
            "answer-the-invitation", due=one["valid_until"], kind="invitation", record=one["id"], name=one["name"]
        )
    for one in facts.terminations:
        if one["asked_by"] != who.kind and one["stage"] == TerminationStage.COUNTERPARTY:
            yield _item("answer-the-termination", due=one["reply_due_on"], kind="termination", record=one["id"])
    for one in facts.unfinished:
        kind = "entered-agreement" if one["kind"] == entered_agreements.KIND else "destination"
        code = "correct-what-was-returned" if one["chain"] else _UNFINISHED[one["status"]]
        yield _item(code, kind=kind, record=one["id"], placement_kind=one["kind"])
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


def _openings(scene: Scene, facts: Any) -> Iterator[tuple[str, str, str | None, str | None, Any]]:
    """Each opening whose ground the caller stands on: (procedure, action, kind, ground's id, what blocks it)."""
    for row in facts.employer:
        ground = Now({**row, "employer": row, "employer_decision": row["decision"]})
        yield from _opening(invitations.workflow, invitations.Do.SEND, scene, ground, None)
    if scene.actor.archive_query_only:
        yield invitations.workflow.name, invitations.Do.ACCEPT, None, None, invitations.identity_is_verified(scene)
    for row in facts.roster_entries:
        ground = Now({**row, "wrong": [], "differing": set(), "registered": True})
        yield from _opening(correction_requests.workflow, correction_requests.Do.ASK, scene, ground, row["id"])
    for row in facts.graduate:
        for kind in DESTINATION_KINDS:
            ground = Now({**row, "kind": kind, "uploads": ()})
            yield from _opening(destinations.workflow, destinations.Do.OPEN, scene, ground, None)
        ground = Now({**row, "kind": entered_agreements.KIND})
        yield from _opening(entered_agreements.workflow, entered_agreements.Do.OPEN, scene, ground, None)
        live = next((one["id"] for one in facts.placements), None)
        ground = Now({**row, "other_live_id": live})
        yield from _opening(unemployed_registrations.workflow, unemployed_registrations.Do.DECLARE, scene, ground, None)
    asked_for = {one["placement_id"]: one["id"] for one in facts.terminations}
    for row in facts.placements:
        ground = Now({**row, "open_termination_id": asked_for.get(row["id"])})
        yield from _opening(terminations.workflow, terminations.Do.ASK, scene, ground, row["id"])


def _opening(
    workflow: Any, action: str, scene: Scene, ground: Now, about: str | None
) -> Iterator[tuple[str, str, str | None, str | None, Any]]:
    kind = ground.get("kind")
    actions, blocked = workflow.opening(replace(scene, record=ground), action)
    for one in actions:
        yield workflow.name, one, kind, about, None
    for one, reason in blocked:
        yield workflow.name, one, kind, about, reason
