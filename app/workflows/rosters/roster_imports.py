"""Roster imports: a file is read into a school's or the provincial roster, asked for by whose roster it is."""

from collections.abc import Mapping
from typing import Any, Final

from app.db import actor
from app.policies import Actor
from app.schemas.file import FilePurpose
from app.schemas.roster import RosterImportDraft
from app.words import RosterSource, StaffRole
from app.workflows.imports.desk import ImportDesk

OWNERS: Final = {RosterSource.SCHOOL: "school", RosterSource.PROVINCIAL: "provincial_education"}
"""The kind of body whose roster it is."""


def owns_the_roster(who: Actor, draft: RosterImportDraft) -> bool:
    """An administrator of the body whose roster the draft names."""
    return who.kind == OWNERS[draft.source] and who.is_a(StaffRole.ADMINISTRATOR)


def _source(draft: RosterImportDraft) -> Mapping[str, Any]:
    return {"source": draft.source.value}


desk: Final = ImportDesk(
    "roster",
    FilePurpose.ROSTER,
    owns_the_roster,
    shown=("source",),
    facts=_source,
    others=actor.c.kind == "provincial_education",
)
"""The provincial education office sees those of schools too, for it settles who holds whom."""
