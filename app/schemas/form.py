"""Forms on the wire."""

from typing import Annotated, Any, Literal

from pydantic import Field

from app.schemas.base import Out, Word
from app.words import Cohort, Level

FormKind = Literal[
    "labor_contract",
    "flexible",
    "further_study",
    "abroad",
    "startup",
    "enlistment",
    "grassroots",
    "entered_agreement",
    "job_seeking_subsidy",
    "outstanding_graduate",
    "reassignment",
    "deferred_dispatch",
    "certificate_reissue",
    "archive_redirect",
]


class FormOut(Out):
    """What a complete form is made of."""

    kind: FormKind
    level: Level
    cohort: Cohort
    json_schema: Annotated[
        dict[str, Any],
        Field(
            alias="schema",
            description="JSON Schema 2020-12 of `details`: titles, labels in your language, required-when as if/then;"
            " `x-codes` leads to a long code table.",
            examples=[{"type": "object"}],
        ),
    ]
    editable_while: Annotated[list[Word], Field(max_length=5, examples=[["draft"]])]
