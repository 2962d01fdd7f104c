"""Archives on the wire: dispatches of personal files, and their movements."""

from datetime import datetime
from typing import Annotated

from pydantic import Field

from app.schemas.base import PAGE, Body, ChangeOut, Count, Created, NextCursor, Out, ProcedureOut, RecordId
from app.words import (
    Address,
    ArchiveReceiver,
    BodyName,
    Cohort,
    EmployerName,
    IdNumber,
    Level,
    PersonName,
    Reason,
    Region,
    SchoolName,
)
from app.words.archives import (
    ArchiveSender,
    Carrier,
    DispatchedOn,
    DispatchNumber,
    DispatchStatus,
    DispatchType,
    MovedOn,
    MovementState,
    TrackingNumber,
)


class DispatchDraft(Body):
    """A dispatch, and whose file it is: four fields that must all be equal to the roster's."""

    name: PersonName
    id_number: IdNumber
    level: Level
    cohort: Cohort
    number: DispatchNumber
    type: DispatchType
    unit_name: EmployerName
    unit_region: Region
    dispatched_on: DispatchedOn


class Leg(Body):
    """One leg of the file's way."""

    sender: ArchiveSender
    receiver: ArchiveReceiver
    address: Address | None = None
    carrier: Carrier | None = None
    tracking_number: TrackingNumber | None = None
    moved_on: MovedOn
    state: MovementState


class Void(Body):
    """Why the record does not hold."""

    reason: Reason


class ArchiveMovementOut(Out):
    """One leg of the file's way (档案转递)."""

    seq: Count
    sender: ArchiveSender
    receiver: ArchiveReceiver
    address: Address | None
    carrier: Carrier | None
    tracking_number: TrackingNumber | None
    moved_on: MovedOn
    state: MovementState


class ArchiveOut(ProcedureOut):
    """The dispatch of a personal file (档案流向), with its way so far."""

    status: DispatchStatus
    number: DispatchNumber
    type: DispatchType
    unit_name: EmployerName
    unit_region: Region
    dispatched_on: DispatchedOn
    graduate_name: PersonName
    level: Level
    cohort: Cohort
    school_id: RecordId
    school_name: SchoolName
    recorder_name: Annotated[BodyName, Field(description="The body that recorded it.")]
    voided_by: Annotated[RecordId | None, Field(description="The dispatch that an approval recorded in its place.")]
    movements: Annotated[list[ArchiveMovementOut], Field(max_length=1000, description="Oldest first.")]
    created_at: datetime


class ArchivePage(Out):
    """A page of dispatches, newest first."""

    items: Annotated[list[ArchiveOut], PAGE]
    next_cursor: NextCursor


class ArchiveChange(Out):
    """The answer of a move."""

    change: ChangeOut
    record: ArchiveOut
    created: Created
