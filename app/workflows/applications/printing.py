"""Documents of an application for those who see it, drawn on demand: the form, and the certificate of its dispatch.

The form is there once it was submitted; the certificate as long as application and dispatch hold.
"""

from typing import Any, Final

from sqlalchemy import Select, and_, func, literal, select

from app.db import Read, actor
from app.documents.application_contents import content
from app.errors import NotFound
from app.models import Body, Person, Review
from app.models.base import table_of
from app.policies import to_the_caller
from app.schemas.application_forms import APPLICATION_FORMS
from app.schemas.document import ApplicationDocument
from app.service import Caller
from app.workflows.applications.eligibility import applications
from app.workflows.applications.reads import department, visible
from app.workflows.archives import dispatches
from app.workflows.documents.issuing import documents
from app.workflows.documents.serving import Printed
from app.workflows.looking import look
from app.workflows.rosters.roster_persons import shown_id_number

persons, reviews, bodies = table_of(Person), table_of(Review), table_of(Body)
TEMPLATES: Final = {
    ApplicationDocument.FORM: "application_form",
    ApplicationDocument.CERTIFICATE: "dispatch_certificate",
}


def _opinions() -> Any:
    """What each level has decided, in turn; who withdraws decides nothing."""
    told = {
        "stage": reviews.c.stage,
        "body": bodies.c.name,
        "decision": reviews.c.decision,
        "comment": reviews.c.comment,
        "at": reviews.c.decided_at,
    }
    one = func.jsonb_build_object(*(part for name, cell in told.items() for part in (literal(name), cell)))
    return (
        select(func.jsonb_agg(one.op("order by")(reviews.c.opened_at)))
        .select_from(reviews.join(bodies, bodies.c.id == reviews.c.body_id))
        .where(reviews.c.record_id == applications.c.id, reviews.c.decision.is_not(None))
        .correlate(applications)
        .scalar_subquery()
    )


def _rows(document: ApplicationDocument) -> Select[Any]:
    """An application with what is printed of it; whoever may not see the graduate's own rows prints no ID number."""
    joined: Any = (
        applications.outerjoin(persons, persons.c.id == applications.c.person_id)
        .outerjoin(department, department.c.id == applications.c.department_id)
        .outerjoin(documents, documents.c.application_id == applications.c.id)
        .outerjoin(dispatches, dispatches.c.id == applications.c.dispatch_id)
    )
    return (
        select(
            *applications.c,
            literal(document.value).label("printed"),
            func.coalesce(documents.c.issued_at, applications.c.updated_at).label("issued_at"),
            documents.c.code.label("document_code"),
            department.c.name.label("department_name"),
            persons.c.id_sealed,
            dispatches.c.number,
            dispatches.c.type.label("dispatch_type"),
            dispatches.c.unit_name.label("dispatch_unit_name"),
            dispatches.c.unit_region.label("dispatch_unit_region"),
            dispatches.c.dispatched_on,
            dispatches.c.recorder_name,
            _opinions().label("opinions"),
        )
        .select_from(joined)
        .where(applications.c.id == actor.c.record_id, to_the_caller(visible(applications)))
    )


_granted = and_(applications.c.decision == "approved", applications.c.status == "reviewed")
_READS: Final = {
    ApplicationDocument.FORM: Read(_rows(ApplicationDocument.FORM).where(applications.c.submitted_at.is_not(None))),
    ApplicationDocument.CERTIFICATE: Read(
        _rows(ApplicationDocument.CERTIFICATE).where(_granted, dispatches.c.status == "recorded")
    ),
}


async def pdf(caller: Caller, document: ApplicationDocument, record: str) -> Printed:
    """The document as a PDF, the same bytes for whoever sees the same; 404 while there is none."""
    _, found = await look(caller, _READS[document], record=record)
    if not found:
        raise NotFound
    row, service = found[0], caller.service
    number = shown_id_number(service, row)
    shown = content(row, service.settings.public_url, number, [*APPLICATION_FORMS[row.kind].model_fields])
    body = await service.printer.print(TEMPLATES[document], shown, row.issued_at)
    return Printed(body, f"{row.kind.replace('_', '-')}-{document}-{row.number or row.id}.pdf")
