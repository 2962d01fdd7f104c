"""What the caller may open: which procedures are theirs now, and which are blocked, with the reason. One statement."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import and_, or_, select

from app import texts
from app.db import Read, actor
from app.models import Amendment, Employer, Placement, RosterCorrection, RosterEntry, Termination
from app.models.base import table_of
from app.service import Caller
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
from app.workflows.engine import Now, Scene
from app.workflows.grounds import at_their_school, graduates
from app.workflows.live_placements import is_live
from app.workflows.looking import Answer, as_json, look
from app.workflows.market import jobs
from app.workflows.own_rows import listed, live_ones, mine
from app.workflows.placing_reads import GROUND_COLUMNS
from app.workflows.rosters import correction_requests

_placements, _terminations, _amendments = table_of(Placement), table_of(Termination), table_of(Amendment)
_entries, _corrections = table_of(RosterEntry), table_of(RosterCorrection)
_employers = table_of(Employer)
_open_correction = and_(_corrections.c.entry_id == _entries.c.id, _corrections.c.status == "submitted")
_graduate = select(*GROUND_COLUMNS).select_from(at_their_school).where(graduates.c.id == actor.c.graduate_id)

_grounds = Read(
    select(
        listed(
            select(
                *(_terminations.c[name] for name in ("id", "asked_by", "stage", "reply_due_on", "placement_id"))
            ).where(mine(_terminations), _terminations.c.status == "submitted"),
            "asked",
        ).label("terminations"),
        listed(
            select(_amendments.c.id, _amendments.c.placement_id).where(
                _amendments.c.graduate_id == actor.c.graduate_id, _amendments.c.status == "submitted"
            ),
            "amended",
        ).label("amendments"),
        listed(live_ones, "live").label("placements"),
        listed(
            objection_reads.standing().where(
                mine(_placements), or_(is_live(_placements), _placements.c.annulment.is_not(None))
            ),
            "objectionable",
        ).label("objectionable"),
        listed(
            select(
                _entries.c.id, _entries.c.person_id, _entries.c.source, _corrections.c.id.label("open_correction_id")
            )
            .select_from(_entries.outerjoin(_corrections, _open_correction))
            .where(_entries.c.person_id == actor.c.person_id),
            "listed",
        ).label("roster_entries"),
        listed(_graduate, "self").label("graduate"),
        listed(confirmations.standing(), "standing").label("standing"),
        listed(applicant, "applying").label("applicant"),
        listed(select(_employers).where(_employers.c.id == actor.c.body_id), "own").label("employer"),
    )
)


async def options(caller: Caller) -> Answer:
    """Which procedures the caller may open now, and which are theirs but blocked, with the reason and the way out."""
    who, found = await look(caller, _grounds)
    scene = Scene.now(caller.service, who, None)
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
    yield from confirming(scene, facts)
    for row in facts.objectionable:
        yield from objecting(scene, row)
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


def objecting(scene: Scene, placement: Mapping[str, Any]) -> Iterator[Opening]:
    """Whether the caller may object to the annulment of a placement, or to the placement itself."""
    do = objections.Do.OBJECT if placement["annulment"] else objections.Do.DISOWN
    ground = Now({**placement, "kind": None})
    yield from _opening(objections.workflow, do, replace(scene, action=do), ground, placement["id"])


def confirming(scene: Scene, facts: Any) -> Iterator[Opening]:
    """Whether the graduate may confirm where they went, by the `standing` that was read."""
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
