"""What is read to print a document: the placement, the document issued of it, the steps, and who the graduate is."""

from typing import Any

from sqlalchemy import FromClause, Select, func, literal, select, true

from app.db import Result
from app.documents.contents import content
from app.models import Body, Graduate, Person, Placement, RosterEntry, TrailEntry
from app.models.base import table_of
from app.security import masks
from app.service import Service
from app.words import DocumentKind
from app.workflows.documents.issuing import documents
from app.workflows.engine import Now
from app.workflows.sealed_parts import DETAILS

placements, graduates, persons = table_of(Placement), table_of(Graduate), table_of(Person)
departments, roster, trail = table_of(Body).alias("department"), table_of(RosterEntry), table_of(TrailEntry)
_steps_by = table_of(Body).alias("steps_by")


def latest(kind: DocumentKind) -> FromClause:
    """The document of this kind that was issued last of a placement."""
    of_it = documents.c.placement_id == placements.c.id, documents.c.kind == kind.value
    return (
        select(*documents.c)
        .where(*of_it)
        .order_by(documents.c.placement_version.desc())
        .limit(1)
        .correlate(placements)
        .lateral("document")
    )


def rows(document: FromClause, source: FromClause) -> Select[Any]:
    """Documents with what is printed on them; `source` joins placements and `document`.

    Whoever may not see the graduate's own rows reads nulls for them; agreements print nothing of those.
    """
    joined = (
        source.outerjoin(departments, departments.c.id == placements.c.department_id)
        .outerjoin(graduates, graduates.c.id == placements.c.graduate_id)
        .outerjoin(roster, roster.c.id == graduates.c.roster_entry_id)
        .outerjoin(persons, persons.c.id == graduates.c.person_id)
    )
    issued_at = func.coalesce(document.c.issued_at, placements.c.updated_at)
    return select(
        *placements.c,
        document.c.id.label("document_id"),
        document.c.kind.label("document_kind"),
        document.c.placement_version,
        document.c.code.label("document_code"),
        document.c.sha256,
        issued_at.label("issued_at"),
        departments.c.name.label("department_name"),
        roster.c.details.label("roster"),
        persons.c.id.label("person_id"),
        persons.c.id_sealed,
        _steps().label("steps"),
    ).select_from(joined)


def of_placement(kind: DocumentKind) -> Select[Any]:
    """Placements, each with its latest document of this kind, or none."""
    document = latest(kind)
    return rows(document, placements.outerjoin(document, true()))


async def printed(service: Service, kind: str, row: Result) -> bytes:
    """The PDF of a row: the same bytes whoever prints it, until the templates or the fonts change."""
    number = None
    if row.id_sealed is not None:
        opened = service.sealer.open(row.id_sealed, table="persons", column="id_sealed", row=row.person_id)
        number = masks.id_number(opened)
    whole = Now({**dict(row.items()), "details": DETAILS.whole(service.sealer, row)})
    shown = content(whole, service.settings.public_url, number)
    return await service.printer.print(kind, shown, row.issued_at)


def _steps() -> Any:
    """The trail of a placement as documents show it, oldest first; times as they were in the province."""
    named = {
        "seq": trail.c.seq,
        "action": trail.c.action,
        "situation": trail.c.situation,
        "at": func.to_char(func.timezone("Asia/Shanghai", trail.c.at), "YYYY-MM-DD HH24:MI"),
        "actor_kind": trail.c.actor_kind,
        "body_name": _steps_by.c.name,
        "comment": trail.c.comment,
    }
    step = func.jsonb_build_object(*(part for name, cell in named.items() for part in (literal(name), cell)))
    return (
        select(func.jsonb_agg(step.op("order by")(trail.c.seq)))
        .select_from(trail.outerjoin(_steps_by, _steps_by.c.id == trail.c.body_id))
        .where(trail.c.record_id == placements.c.id)
        .correlate(placements)
        .scalar_subquery()
    )
