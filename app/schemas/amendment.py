"""Amendments on the wire, and which fields of a placement they may change."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Any, Final, Self

from pydantic import ConfigDict, Field, ValidationError, model_validator

from app.schemas.base import (
    PAGE,
    Body,
    ChangeOut,
    Created,
    NextCursor,
    Out,
    Pointer,
    ProcedureOut,
    RecordId,
    WaitingForOut,
    Word,
)
from app.schemas.conditions import faults
from app.schemas.invitation import Terms
from app.schemas.placement_forms import FORMS
from app.words import (
    Address,
    AmendmentStatus,
    Cohort,
    ContactName,
    Decision,
    EmployerName,
    OccupationCategory,
    PersonName,
    PlacementKind,
    Position,
    Postcode,
    Reason,
    SchoolName,
    SealedPhone,
    Stage,
)
from app.words.destinations import LongText, ShopUrl, ShortText
from app.words.refusal import refuse

ONLINE: Final = PlacementKind.ONLINE_AGREEMENT
_RECEIVER: Final = ("archive_address", "archive_contact", "archive_phone", "archive_postcode")
_POST: Final = ("position", "occupation_category")

AMENDABLE: Final[Mapping[str, Sequence[str]]] = {
    ONLINE: (*_POST, "work_address", *_RECEIVER),
    PlacementKind.ENTERED_AGREEMENT: (
        *_POST, "work_address", "unit_address", "contact_name", "contact_phone", *_RECEIVER,
    ),
    PlacementKind.LABOR_CONTRACT: (*_POST, "research_group", *_RECEIVER),
    PlacementKind.FLEXIBLE: ("occupation_description", "platform_or_works", *_RECEIVER),
    PlacementKind.FURTHER_STUDY: _RECEIVER,
    PlacementKind.ABROAD: _RECEIVER,
    PlacementKind.STARTUP: ("role", "shop_url", *_RECEIVER),
    PlacementKind.ENLISTMENT: ("branch", *_RECEIVER),
    PlacementKind.GRASSROOTS: _RECEIVER,
}  # fmt: skip
"""The harmless fields of each kind: whom to ask, where, and the post (domain.md §11).

Whatever decides on the code, the unit, the place, the pay, the days or the proof is not among them, nor who receives
the file: for that a placement ends and another is registered.
"""


class AmendedFields(Body):
    """The fields that are to say something else, by their names in the placement; null empties one."""

    position: Position | None = None
    occupation_category: OccupationCategory | None = None
    work_address: Address | None = None
    unit_address: Address | None = None
    contact_name: ContactName | None = None
    contact_phone: SealedPhone | None = None
    research_group: ShortText | None = None
    occupation_description: LongText | None = None
    platform_or_works: ShortText | None = None
    role: ShortText | None = None
    shop_url: ShopUrl | None = None
    branch: ShortText | None = None
    archive_address: Address | None = None
    archive_contact: ContactName | None = None
    archive_phone: SealedPhone | None = None
    archive_postcode: Postcode | None = None

    @model_validator(mode="after")
    def something_is_to_change(self) -> Self:
        """At least one field."""
        if not self.model_fields_set:
            refuse("changes-missing", "Name at least one field.")
        return self


def unfit(kind: str, details: Mapping[str, Any], level: str) -> list[str]:
    """The fields that keep such details from being what a placement of this kind says."""
    if kind != ONLINE:
        return faults(FORMS[kind], details, level)
    try:
        Terms.model_validate(details)
    except ValidationError as error:  # the archive block is judged as a whole, and has no field of its own
        return [str(one["loc"][0]) if one["loc"] else "archive_mode" for one in error.errors()]
    return []


class AmendmentDraft(Body):
    """What a placement in force is to say instead, and why."""

    placement_id: RecordId
    changes: Annotated[AmendedFields, Field(examples=[{"position": "数据库工程师"}])]
    reason: Reason


class DifferenceOut(Out):
    """One field: what the placement said when it was asked, and what it is to say."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    pointer: Annotated[Pointer, Field(examples=["/terms/position"])]
    source: Annotated[str | None, Field(alias="from", max_length=1000, examples=["后端开发工程师"])]
    to: Annotated[str | None, Field(max_length=1000, examples=["数据库工程师"])]


class AmendmentOut(ProcedureOut):
    """An amendment (变更申请): reviewed by the body alone that approved the placement."""

    placement_id: RecordId
    placement_kind: PlacementKind
    status: AmendmentStatus
    decision: Decision | None
    stage: Annotated[Stage | None, Field(description="Whose turn it is while submitted.")]
    ending: Annotated[
        Word | None, Field(description="`withdrawn`, or `moot`: the placement ended.", examples=["withdrawn"])
    ]
    asked_by: Annotated[Word, Field(examples=["graduate"])]
    diff: Annotated[list[DifferenceOut], Field(max_length=20)]
    reason: Reason
    cohort: Cohort
    graduate_id: RecordId
    graduate_name: PersonName
    school_id: RecordId
    school_name: SchoolName
    employer_id: RecordId | None
    unit_name: EmployerName | None
    submitted_at: datetime
    decided_at: datetime | None
    waiting_for: WaitingForOut | None


class AmendmentPage(Out):
    """A page of amendments, newest first."""

    items: Annotated[list[AmendmentOut], PAGE]
    next_cursor: NextCursor


class AmendmentChange(Out):
    """The answer of a move."""

    change: ChangeOut
    record: AmendmentOut
    created: Created
