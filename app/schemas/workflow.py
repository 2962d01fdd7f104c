"""The published workflows: who may do what, from where, to where, when, and what then."""

from typing import Annotated

from pydantic import ConfigDict, Field

from app.schemas.base import Out, Word

WorkflowName = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$", description="A procedure.", examples=["agreement"])]
Name = Annotated[str, Field(pattern=r"^[a-z_]{1,60}$", examples=["the_reviewer_in_turn"])]
FEW = Field(max_length=20)


class TransitionOut(Out):
    """One row of the table."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    action: Annotated[Word, Field(examples=["approve"])]
    source: Annotated[
        list[Word], FEW, Field(alias="from", description="Empty: it opens a record.", examples=[["submitted"]])
    ]
    to: Annotated[
        list[Word], FEW, Field(description="Several: the chain decides.", examples=[["submitted", "approved"]])
    ]
    who: Annotated[Name, Field(description="Whose move it is.", examples=["a_reviewer_of_the_chain"])]
    provided: Annotated[list[Name], FEW, Field(description="What must hold of the person.")]
    rules: Annotated[
        list[Name], FEW, Field(description="What must hold of the record.", examples=[["it_is_their_turn"]])
    ]
    effects: Annotated[list[Name], FEW, Field(description="What happens with it.", examples=[["close_the_review"]])]
    reproof: Annotated[bool, Field(description="The caller proves the password again.")]


class WorkflowOut(Out):
    """A procedure's whole table."""

    name: WorkflowName
    situations: Annotated[list[Word], FEW, Field(examples=[["submitted", "approved", "rejected", "terminated"]])]
    transitions: Annotated[list[TransitionOut], Field(max_length=100)]


class WorkflowList(Out):
    """Every procedure."""

    items: Annotated[list[WorkflowOut], FEW]
