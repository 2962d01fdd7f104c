"""Long work on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import Count, Out, RecordId, Said, Word


class ProgressOut(Out):
    """How far the work is."""

    done: Count
    total: Annotated[Count | None, Field(description="Null until it is known.")]


class TaskProblemOut(Out):
    """Why the work failed."""

    code: Annotated[Word, Field(examples=["unknown-column"])]
    title: Annotated[Said, Field(examples=["有未知的列"])]
    detail: Annotated[Said, Field(examples=["第一行里有不认识的列名。"])]


class TaskOut(Out):
    """Work that outlives its request; it survives restarts."""

    id: RecordId
    kind: Annotated[Word, Field(examples=["roster_import"])]
    status: Literal["waiting", "running", "succeeded", "failed"]
    progress: ProgressOut
    result: Annotated[
        str | None,
        Field(
            max_length=200,
            description="Where the result is, once there is one.",
            examples=["/v1/rosters/imports/01890a5d-ac96-774b-bcce-b302099a8057"],
        ),
    ]
    problem: TaskProblemOut | None
    created_at: datetime
    updated_at: datetime
