"""Archives on the wire: dispatches of personal files, and their movements."""

from datetime import date, datetime
from typing import Annotated, Final, Literal

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

TIMELINE_STEPS: Final = 1000
"""Of one person, at most."""


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
    receiver_region: Annotated[
        Region | None, Field(description="Where the receiver is: the bureau of that county sees the file, too.")
    ] = None
    address: Address | None = None
    carrier: Carrier | None = None
    tracking_number: TrackingNumber | None = None
    moved_on: MovedOn
    state: MovementState


class Void(Body):
    """Why the record does not hold."""

    reason: Reason


class ArchiveImportDraft(Body):
    """A file of archive records to read in. With `dry_run` only the report is written."""

    file_id: Annotated[RecordId, Field(description="An uploaded file of purpose `archives`.")]
    dry_run: bool = False


class ArchiveImportOut(Out):
    """One file of archive records read in; its id is its task's."""

    id: RecordId
    file_id: RecordId
    dry_run: bool
    added: Annotated[Count, Field(description="Rows whose dispatch was not recorded.")]
    changed: Annotated[Count, Field(description="Rows that added a leg to the way of a dispatch on record.")]
    unchanged: Annotated[Count, Field(description="Rows of which all was on record.")]
    refused: Annotated[Count, Field(description="Rows with errors; none of them stopped another.")]
    created_at: datetime


class ArchiveMovementOut(Out):
    """One leg of the file's way (档案转递)."""

    seq: Count
    sender: ArchiveSender
    receiver: ArchiveReceiver
    receiver_region: Region | None
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


class DispatchBrief(Out):
    """A dispatch, where a step of its way is told."""

    id: RecordId
    number: DispatchNumber
    status: DispatchStatus
    type: DispatchType
    unit_name: EmployerName
    unit_region: Region
    recorder_name: Annotated[BodyName, Field(description="The body that recorded it.")]


class ArchiveStepOut(Out):
    """One day on the way of a personal file: that it was dispatched, or a leg."""

    on: Annotated[date, Field(description="The day of it.", examples=["2026-06-30"])]
    step: Literal["dispatched", "sent", "received", "returned"]
    dispatch: DispatchBrief
    movement: ArchiveMovementOut | None


class ArchiveTimelineOut(Out):
    """The way of a person's file over all its dispatches, the oldest first; voided ones are told as such."""

    items: Annotated[list[ArchiveStepOut], Field(max_length=TIMELINE_STEPS)]
