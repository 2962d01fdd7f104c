"""What approvals do to the archive flow (model.md §4): the new dispatch, and the end of those that stood before it.

Both are moves of the archives' own table, as cascades of the approving write: all of it happens, or nothing. Each
dispatch that stood is held at the version that was read: if somebody moves or voids it meanwhile, the desk looks again.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, and_, func, literal_column, select
from sqlalchemy.dialects.postgresql import JSONB

from app.errors import Reason
from app.numbers import dispatch_number
from app.words import ArchiveMode
from app.words.applications import ApplicationKind
from app.workflows import archives
from app.workflows.applications.standing import GRANTED
from app.workflows.archives import OWNER, dispatches
from app.workflows.documents.issuing import issue_the_certificate
from app.workflows.engine import Cells, Now, Piece, Scene
from app.workflows.reviewing import local_day

REISSUE: Final = ApplicationKind.CERTIFICATE_REISSUE
KINDS: Final = (
    ApplicationKind.REASSIGNMENT, ApplicationKind.DEFERRED_DISPATCH, REISSUE, ApplicationKind.ARCHIVE_REDIRECT,
)  # fmt: skip
"""Approved, they are a dispatch."""
TYPES: Final[Mapping[str, str]] = {ArchiveMode.UNIT: "1", ArchiveMode.HOME: "2", ArchiveMode.AGENCY: "3"}
"""Kind of dispatch (`codes/dispatch_certificate_type.csv`), by where the file goes."""


@dataclass(frozen=True, slots=True)
class Issued:
    """What a new dispatch says, in the place of a keeper's draft."""

    number: str
    type: str
    unit_name: str
    unit_region: str
    dispatched_on: date


def held_dispatches(table: FromClause) -> ColumnElement[Any]:
    """The dispatches that hold of the study of each application, the newest first; null for kinds that make none."""
    these = and_(archives.held(table), table.c.kind.in_([one.value for one in KINDS]))
    held = select(dispatches).where(these).correlate(table).subquery("held")
    listed = func.jsonb_agg(literal_column("to_jsonb(held.*) order by held.id desc"), type_=JSONB)
    return select(listed).select_from(held).scalar_subquery().label("held")


# -- rules ------------------------------------------------------------------------------------------------------------


def the_lost_one_is_on_record(scene: Scene) -> Reason | None:
    """Another certificate says what the lost one said, so that one must be known."""
    if scene.record.kind != REISSUE or scene.record.held:
        return None
    return Reason("dispatch-unknown", who="school", how="record-the-dispatch")


# -- effects ----------------------------------------------------------------------------------------------------------


def issue_the_dispatch(scene: Scene) -> Iterable[Piece]:
    """The last approval records the dispatch that it grants, issues its certificate, and voids those that stood."""
    if scene.record.kind not in KINDS or scene.to not in GRANTED:
        return
    opening = replace(scene.opening(archives.Do.ISSUE), record=_ground(scene), move=_issued(scene))
    issued = archives.workflow.cascade_opening(opening)
    yield Cells({"dispatch_id": issued.record.id})
    yield issued.change
    yield from issue_the_certificate(scene)
    yield from replace_what_stood(scene, issued.record)


def replace_what_stood(scene: Scene, issued: Now) -> Iterable[Piece]:
    """None of the dispatches that held before holds beside the new one."""
    for one in scene.record.held or ():
        yield archives.workflow.cascade(scene.of(Now(one), archives.Do.REPLACE, issued)).change


def void_the_dispatch(scene: Scene) -> Iterable[Piece]:
    """What is revoked was never dispatched. Those that stood before stay void: who keeps the file records it anew."""
    for one in scene.record.held or ():
        if one["id"] == scene.record.dispatch_id:
            yield archives.workflow.cascade(scene.of(Now(one), archives.Do.VOID, scene.move)).change


def _ground(scene: Scene) -> Now:
    """Whose file it is, the approving body, and the bureau of the place it goes to."""
    record = scene.record
    lost = record.held[0] if record.kind == REISSUE else None
    return Now(
        {
            **{name: record[name] for name in OWNER},
            "recorder_name": record.review_body_name,
            "recorder_kind": scene.actor.kind,
            "bureau_id": lost["county_id"] if lost else record.bureau_id,
            "bureau_parent_id": lost["city_id"] if lost else record.bureau_city_id,
        }
    )


def _issued(scene: Scene) -> Issued:
    record, day = scene.record, local_day(scene.at)
    number = dispatch_number(day.year, record.school_code, scene.fresh.digits())
    if record.kind == REISSUE:
        lost = record.held[0]
        return Issued(number, lost["type"], lost["unit_name"], lost["unit_region"], day)
    said = record.details
    return Issued(number, TYPES[said["archive_mode"]], said["unit_name"], said["region"], day)
