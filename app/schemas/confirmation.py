"""Confirmations of where graduates went, on the wire."""

from datetime import datetime
from typing import Annotated, Self

from pydantic import Field, model_validator

from app.schemas.base import PAGE, Body, ChangeOut, Created, NextCursor, Out, ProcedureOut, RecordId, Version
from app.words import Cohort, ConfirmationState, EmployerName, Level, PersonName, PlacementKind
from app.words.refusal import refuse

SeenVersion = Annotated[Version | None, Field(description="The placement's version as you read it.")]


class DestinationConfirmationDraft(Body):
    """Where you went: the placement in force, in the version that you read; or both null, that there is none."""

    placement_id: RecordId | None
    placement_version: SeenVersion

    @model_validator(mode="after")
    def both_or_neither(self) -> Self:
        """A placement is named with its version."""
        if (self.placement_id is None) != (self.placement_version is None):
            refuse("required", "Name the placement with its version.")
        return self


class DestinationConfirmationOut(ProcedureOut):
    """One confirmation (去向确认). It stays as it was given; a later one may stand beside it."""

    graduate_id: RecordId
    placement_id: Annotated[
        RecordId | None, Field(description="One that had ended means that there was none. Null: there never was one.")
    ]
    placement_version: Version | None


class DestinationConfirmationChange(Out):
    """The answer to confirming."""

    change: ChangeOut
    record: DestinationConfirmationOut
    created: Created


class StandingPlacementOut(Out):
    """The live placement in short."""

    id: RecordId
    version: Version
    kind: PlacementKind
    in_force: bool
    unit_name: EmployerName | None
    link: Annotated[str, Field(max_length=100, examples=["/v1/destinations/01890a5d-ac96-774b-bcce-b302099a8057"])]


class StandingOut(Out):
    """One graduate: where they go, and whether they have confirmed it."""

    graduate_id: RecordId
    graduate_name: PersonName
    school_id: RecordId
    department_id: RecordId | None
    cohort: Cohort
    level: Level
    state: ConfirmationState
    placement: StandingPlacementOut | None
    confirmation_id: Annotated[RecordId | None, Field(description="The latest confirmation, stale or not.")]
    confirmed_at: datetime | None
    open_objection_id: RecordId | None


class StandingPage(Out):
    """A page of graduates, newest first."""

    items: Annotated[list[StandingOut], PAGE]
    next_cursor: NextCursor
