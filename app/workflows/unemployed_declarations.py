"""What a graduate without a placement declares: what it counts as, who follows it up, and how it is kept."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

from app.change import Update
from app.schemas.unemployed_registration import Declaration
from app.words.unemployed import Situation
from app.workflows.engine import Cells, Piece, Scene
from app.workflows.reviewing import local_day
from app.workflows.unemployed_removal import graduates

FOLLOW_UP_DAYS: Final = 10
"""Working days after a case is opened until the graduate is to be contacted."""
UNPLACED: Final[Mapping[str, str]] = {Situation.UNEMPLOYED: "70", Situation.NO_INTENTION: "72"}
"""The destination code of a situation that a bureau follows up."""
STUDIES: Final = "71"
"""That of who wants no work because of studies to come (不就业拟升学)."""
DECLARED: Final = (*Declaration.model_fields,)
ABOUT: Final = (
    "graduate_id", "department_id", "school_id", "cohort", "level", "graduate_name", "school_name", "major",
)  # fmt: skip


class At(StrEnum):
    """Where a registration stands: with a bureau, or closed for one of four reasons."""

    OPEN = "open"
    PLACED = "placed"
    DECLARED = "declared"
    UNREACHABLE = "unreachable"
    MOVED = "moved"


def unplaced_code(record: Mapping[str, Any]) -> str | None:
    """What a declaration counts as; null for who says that they are placed."""
    code = UNPLACED.get(record["situation"])
    return STUDIES if record["situation"] == Situation.NO_INTENTION and record["plans_to_study"] else code


def whose(record: Any) -> str:
    """The body that follows up who lives in the region read: its county's bureau, else the provincial one."""
    return str(record.bureau_id or record.province_id)


# -- outcomes ---------------------------------------------------------------------------------------------------------


def followed_up_or_not(scene: Scene) -> StrEnum:
    """Open, if the situation is one that a bureau follows up."""
    return At.OPEN if scene.move.situation in UNPLACED else At.DECLARED


def followed_up_here_or_elsewhere(scene: Scene) -> StrEnum:
    """The same for an open case: it stays, ends, or ends here and is opened where the graduate lives now."""
    at = followed_up_or_not(scene)
    return At.MOVED if at == At.OPEN and whose(scene.record) != scene.record.body_id else at


# -- effects ----------------------------------------------------------------------------------------------------------


def said(scene: Scene) -> dict[str, Any]:
    """The declaration as it is from now on: what the move says of it, and the rest as it was."""
    given = scene.move.model_dump(mode="json", include={*DECLARED})
    return {**{name: scene.record.get(name) for name in DECLARED}, **given}


def write_the_declaration(scene: Scene) -> Iterable[Piece]:
    """Who declares what; if it is to be followed up, with the bureau, to be contacted soon."""
    record = scene.record
    cells = {
        **{name: record[name] for name in ABOUT},
        **said(scene),
        **dict.fromkeys(("employer_id", "county_id", "city_id", "body_id", "follow_up_due_on", "reached_on")),
        "services_given": [],
        "policies_used": [],
        "contacts": 0,
        "closed_at": None if scene.to == At.OPEN else scene.at,
    }
    if scene.to == At.OPEN:
        cells |= {"county_id": record.bureau_id, "city_id": record.bureau_city_id, "body_id": whose(record)}
        cells["follow_up_due_on"] = scene.calendar.add_working_days(local_day(scene.at), FOLLOW_UP_DAYS)
    name = (record.bureau_name or record.province_name) if scene.to == At.OPEN else None
    yield Cells(cells, {"body_name": name})


def rewrite_the_declaration(scene: Scene) -> Iterable[Piece]:
    """What holds from now on; a case that is opened elsewhere keeps what was said here."""
    if scene.to != At.MOVED:
        yield Cells(said(scene))


def count_the_graduate_as(scene: Scene) -> Iterable[Piece]:
    """The code of the situation, on the graduate; a declaration that a placement outruns is judged again."""
    held = {"id": scene.record.graduate_id}
    if scene.source is None:
        held["version"] = scene.record.graduate_version
    yield Update(graduates, held, {"unplaced_code": unplaced_code(said(scene)), "updated_at": scene.at})
