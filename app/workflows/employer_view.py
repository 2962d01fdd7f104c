"""Employers as rows and as they are told: what is read beside them, who sees them, how their details are kept."""

from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, Select, select, true

from app.db import actor
from app.policies import Visible
from app.schemas.employer import EmployerDetails
from app.schemas.file import FilePurpose
from app.security import masks
from app.service import Service
from app.workflows.attaching import beside
from app.workflows.engine import Scene
from app.workflows.facts import bodies, bureaus
from app.workflows.reviewing import BESIDE, waiting_for, with_open_review

bureau, province = bodies.alias("bureau"), bodies.alias("province")
BUREAU: Final = (
    bureau.c.id.label("bureau_id"),
    bureau.c.name.label("bureau_name"),
    bureau.c.parent_id.label("bureau_city_id"),
    province.c.id.label("province_id"),
    province.c.name.label("province_name"),
)
"""Who reviews: the county bureau of the registered place, or for want of one the provincial bureau."""

SHOWN = (
    "id", "version", "status", "decision", "stage", "standing", "credit_code", "name", "nature", "industry",
    "registered_region", "region", "address", "contact_name", "founded_on", "licence_file_id", "submitted_at",
    "decided_at", "created_at", "updated_at",
)  # fmt: skip
OPTIONAL = (
    "affiliation", "postcode", "email", "fax", "scale", "registered_capital", "legal_representative",
    "archive_capacity",
)  # fmt: skip
MASKED = "contact_phone_masked"


def its_bureaus(table: FromClause) -> Visible:
    """The employer itself, the bureaus of its registered place, the province."""
    return {
        "employer": table.c.id == actor.c.body_id,
        "county": table.c.county_id == actor.c.body_id,
        "city": table.c.city_id == actor.c.body_id,
        "provincial_bureau": true(),
        "provincial_education": true(),
    }


def told(scene: Scene) -> dict[str, Any]:
    """An employer as itself and its bureaus see it."""
    record = scene.record
    shown = {name: record[name] for name in SHOWN}
    shown |= {name: record["details"].get(name) for name in (*OPTIONAL, MASKED)}
    shown["waiting_for"] = waiting_for(record)
    return shown


def cells_of(service: Service, employer: str, details: EmployerDetails) -> dict[str, Any]:
    """The details as the employer's row has them: the contact's number sealed, and masked for showing."""
    plain = details.model_dump(mode="json", exclude={*OPTIONAL, "contact_phone"})
    optional = details.model_dump(mode="json", include=set(OPTIONAL), exclude_none=True)
    phone = details.contact_phone
    return {
        **plain,
        "founded_on": details.founded_on,
        "contact_phone_sealed": service.sealer.seal(
            phone, table="employers", column="contact_phone_sealed", row=employer
        ),
        "details": {**optional, MASKED: masks.phone(phone)},
    }


def rows(table: FromClause) -> Select[Any]:
    """Employers with their open review beside them."""
    return select(*table.c, *BESIDE, table.c.id.label("employer_id")).select_from(with_open_review(table))


def rows_to_move(table: FromClause) -> Select[Any]:
    """The same, with the bureau of the registered place and the licence that the move names."""
    base = rows(table)
    (source,) = base.get_final_froms()
    licence = beside(FilePurpose.LICENCE, record=table.c.id)
    return select(*base.selected_columns, *BUREAU, *licence).select_from(with_bureau(source, table.c.registered_region))


def with_bureau(source: FromClause, registered_region: ColumnElement[str]) -> FromClause:
    """These rows with the county bureau of a place, if it has one, and the provincial bureau beside them."""
    return (
        source.outerjoin(bureaus, bureaus.c.region == registered_region)
        .outerjoin(bureau, bureau.c.id == bureaus.c.body_id)
        .outerjoin(province, province.c.kind == "provincial_bureau")
    )
