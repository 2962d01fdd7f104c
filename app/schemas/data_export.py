"""A person's copy of their data, on the wire."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from app.schemas.base import Body, Out
from app.words import IdNumber, Phone, PresentedPassword


class DataExportDraft(Body):
    """Asks for the copy: prove your password again."""

    password: PresentedPassword


class PersonOut(Out):
    """Who you are, unmasked: this file is yours alone."""

    id_number: IdNumber
    phone: Phone | None
    phone_proven_at: datetime | None


Records = Annotated[
    list[dict[str, Any]],
    Field(
        max_length=100_000, description="Rows as they are kept.", examples=[[{"created_at": "2027-06-01T08:00:00Z"}]]
    ),
]


class DataExportOut(Out):
    """All that is kept of you: by kind, each row as it stands, without what proves and without names of staff."""

    made_at: datetime
    person: PersonOut
    graduates: Records
    roster_entries: Records
    roster_corrections: Records
    accounts: Records
    sessions: Records
    invitations: Records
    job_applications: Records
    placements: Records
    terminations: Records
    amendments: Records
    objections: Records
    confirmations: Records
    applications: Records
    unemployed_cases: Records
    contacts: Annotated[Records, Field(description="How a bureau tried to reach you while you were unemployed.")]
    recoveries: Annotated[Records, Field(description="Ways back into an account that were asked for.")]
    phone_claims: Annotated[Records, Field(description="Claims on numbers that somebody else held.")]
    steps: Annotated[Records, Field(description="The timelines of these records.")]
    messages: Records
    accesses: Annotated[Records, Field(description="Who saw your data.")]
    files: Annotated[Records, Field(description="What you uploaded, by name.")]
