"""Long work on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import Field

from app.schemas.base import Out, RecordId


class ProgressOut(Out):
    """How far the work is."""

    done: int
    total: Annotated[int | None, Field(description="Null until it is known.")]


class TaskProblemOut(Out):
    """Why the work failed."""

    code: Annotated[str, Field(examples=["unknown-column"])]
    title: str
    detail: str


class TaskOut(Out):
    """Work that outlives its request; it survives restarts."""

    id: RecordId
    kind: Annotated[str, Field(examples=["roster_import"])]
    status: Literal["waiting", "running", "succeeded", "failed"]
    progress: ProgressOut
    result: Annotated[
        str | None,
        Field(
            description="Where the result is, once there is one.",
            examples=["/v1/rosters/imports/01890a5d-ac96-774b-bcce-b302099a8057"],
        ),
    ]
    problem: TaskProblemOut | None
    created_at: datetime
    updated_at: datetime
