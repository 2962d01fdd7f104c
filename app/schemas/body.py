"""Bodies on the wire."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.schemas.base import PAGE, NextCursor, Out, RecordId
from app.words import BodyCode, BodyName, Region


class OfficialKind(StrEnum):
    """Kinds of bodies that everybody may know of: all but employers, which are a resource of their own."""

    DEPARTMENT = "department"
    SCHOOL = "school"
    COUNTY = "county"
    CITY = "city"
    PROVINCIAL_BUREAU = "provincial_bureau"
    PROVINCIAL_EDUCATION = "provincial_education"
    SUPPORT = "support"


class BodyOut(Out):
    """A body (机构): a school, a department, a bureau, an office."""

    id: RecordId
    kind: OfficialKind
    code: BodyCode
    name: BodyName
    parent_id: Annotated[RecordId | None, Field(description="The body above it.")]
    region: Annotated[Region | None, Field(description="Where it is, or what it answers for.")]


class BodyPage(Out):
    """A page of bodies, in the order in which they were founded."""

    items: Annotated[list[BodyOut], PAGE]
    next_cursor: NextCursor
