"""The published workflows: who may do what, from where, to where, when, and what then."""

from typing import Annotated

from pydantic import ConfigDict, Field

from app.schemas.base import Out

WorkflowName = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$", description="A procedure.", examples=["agreement"])]
Name = Annotated[str, Field(examples=["the_reviewer_in_turn"])]


class TransitionOut(Out):
    """One row of the table."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    action: Annotated[str, Field(examples=["approve"])]
    source: Annotated[list[str], Field(alias="from", description="Empty: it opens a record.", examples=[["submitted"]])]
    to: Annotated[list[str], Field(description="Several: the chain decides.", examples=[["submitted", "approved"]])]
    who: Annotated[Name, Field(description="Whose move it is.", examples=["a_reviewer_of_the_chain"])]
    provided: Annotated[list[Name], Field(description="What must hold of the person.")]
    rules: Annotated[list[Name], Field(description="What must hold of the record.", examples=[["it_is_their_turn"]])]
    effects: Annotated[list[Name], Field(description="What happens with it.", examples=[["close_the_review"]])]
    reproof: Annotated[bool, Field(description="The caller proves the password again.")]


class WorkflowOut(Out):
    """A procedure's whole table."""

    name: WorkflowName
    situations: Annotated[list[str], Field(examples=[["submitted", "approved", "rejected", "terminated"]])]
    transitions: list[TransitionOut]


class WorkflowList(Out):
    """Every procedure."""

    items: list[WorkflowOut]
