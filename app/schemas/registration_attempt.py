"""Refused registrations, as the school sees them."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import PAGE, Body, NextCursor, Out, RecordId
from app.schemas.me import MaskedIdNumber, MaskedPhone
from app.words import AttemptOutcome, Cohort, Level, PersonName

Differing = Literal["id_number", "name", "level", "cohort", "phone"]


class RegistrationAttemptOut(Out):
    """What was typed, and what of it differs from the roster."""

    id: RecordId
    name: PersonName
    id_number: MaskedIdNumber
    level: Level
    cohort: Cohort
    phone: MaskedPhone
    differing: Annotated[
        list[Differing],
        Field(
            max_length=10,
            description="`id_number`: the school's roster has no such person; `phone`: another person's, or not the one"
            " this person has; nothing: all is equal, but there is an account already.",
            examples=[["name"]],
        ),
    ]
    created_at: datetime
    purge_at: Annotated[datetime, Field(description="When it will be forgotten.")]
    outcome: Annotated[AttemptOutcome | None, Field(description="How the school settled it.")]
    closed_at: datetime | None


class AttemptClosing(Body):
    """How the attempt is settled: `corrected` sends a message to try again."""

    outcome: AttemptOutcome


class RegistrationAttemptPage(Out):
    """A page of attempts, newest first."""

    items: Annotated[list[RegistrationAttemptOut], PAGE]
    next_cursor: NextCursor
