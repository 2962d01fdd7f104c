"""What a new place leads to (model.md §4): who found one after leaving is offered to have their file follow it.

Cohorts with dispatch certificates are offered a reassignment, later ones an archive redirect: whichever the procedure's
own rules let the graduate open. The form comes filled from the placement, and from the dispatch that stands.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from app.db import actor
from app.schemas.application_forms import APPLICATION_FORMS, PLACE
from app.schemas.placement_forms import UNIT, Archived
from app.workflows import archives
from app.workflows.applications.eligibility import REASSIGNMENT, REDIRECT
from app.workflows.applications.procedure import Do, workflow
from app.workflows.archives import dispatches
from app.workflows.engine import Now, Scene
from app.workflows.grounds import graduates
from app.workflows.reviewing import local_day
from app.workflows.sealed_parts import FIELDS

Row = Mapping[str, Any]
OFFERED: Final = (REASSIGNMENT, REDIRECT)
_COLUMNS: Final = tuple(dict.fromkeys((*UNIT, *PLACE)))
_BLOCK: Final = tuple(name for name in Archived.model_fields if name not in (*FIELDS, "remarks"))
"""What is sealed is shown as a mask, which stands for nothing in a form of its own."""

held: Final = (
    select(dispatches.c.number, dispatches.c.unit_name)
    .select_from(dispatches.join(graduates, archives.held(graduates)))
    .where(graduates.c.id == actor.c.graduate_id)
    .order_by(dispatches.c.id.desc())
)
"""The caller's dispatches that hold, the newest first."""


def grounds(scene: Scene, applicant: Row) -> Iterator[Scene]:
    """The ground of each kind of application, as the procedure judges its opening."""
    left = applicant["leave_on"] and date.fromisoformat(applicant["leave_on"])
    for kind in APPLICATION_FORMS:
        yield replace(scene, record=Now({**applicant, "kind": kind, "leave_on": left, "uploads": ()}))


def offered(scene: Scene, applicants: Sequence[Row], placements: Sequence[Row], held: Sequence[Row]) -> Iterator[Row]:
    """`{kind, placement_id, details}` of each offer; `details` are what a draft may be opened with."""
    for ground in (one for applicant in applicants for one in grounds(scene, applicant)):
        if ground.record.kind in OFFERED and workflow.opening(ground, Do.OPEN)[0]:
            for placement in placements:
                if _leads_elsewhere(placement, ground.record.leave_on, held):
                    yield {
                        "kind": ground.record.kind,
                        "placement_id": placement["id"],
                        "details": _filled(ground.record.kind, placement, held),
                    }


def _leads_elsewhere(placement: Row, left: date, held: Sequence[Row]) -> bool:
    """Approved after leaving, and the file is not dispatched there."""
    unit, approved = placement["unit_name"], placement["status"] == "reviewed" and placement["approved_at"]
    if not unit or not approved or unit in {one["unit_name"] for one in held}:
        return False
    return local_day(datetime.fromisoformat(approved)) > left


def _filled(kind: str, placement: Row, held: Sequence[Row]) -> dict[str, Any]:
    known = {name: placement["details"].get(name) for name in _BLOCK} | {name: placement[name] for name in _COLUMNS}
    if held:
        known |= {"old_unit": held[0]["unit_name"], "old_certificate_number": held[0]["number"]}
    fields = APPLICATION_FORMS[kind].model_fields
    return {"kind": kind, **{name: value for name, value in known.items() if name in fields and value is not None}}
