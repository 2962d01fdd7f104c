"""Publicities (公示) on the wire."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import PAGE, Body, BodyRefOut, NextCursor, Out, RecordId
from app.words import Cohort, ContactPhone, Major, SchoolName

PublishedKind = Literal["job_seeking_subsidy", "outstanding_graduate"]


class PublicityDraft(Body):
    """Publish what your body has approved and not published yet."""

    kind: PublishedKind
    cohort: Cohort
    objections_to: Annotated[ContactPhone, Field(description="Where objections are heard (异议电话).")]


class PublicityOut(Out):
    """A list that is open to everybody until its last day is over."""

    id: RecordId
    body: BodyRefOut
    kind: PublishedKind
    cohort: Cohort
    begins_on: date
    ends_on: Annotated[date, Field(description="The last day, counted in working days.")]
    objections_to: ContactPhone


class PublicityPage(Out):
    """A page of the lists that are open now, newest first."""

    items: Annotated[list[PublicityOut], PAGE]
    next_cursor: NextCursor


class PublishedOut(Out):
    """Somebody on a list, as everybody may know them."""

    graduate_name: Annotated[str, Field(max_length=50, description="Masked.", examples=["王*明"])]
    school_name: SchoolName
    major: Major


class PublishedPage(Out):
    """A page of who is on a list."""

    items: Annotated[list[PublishedOut], PAGE]
    next_cursor: NextCursor
