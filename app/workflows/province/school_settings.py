"""What a school decides for each of its cohorts: who reviews, who decides on terminations, when its graduates leave.

Changed by the school's administrator under the version they saw; read by the school, its departments and the province.
Without settings the cohort's policy holds.
"""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    DateTime,
    Integer,
    SmallInteger,
    Text,
    Uuid,
    and_,
    func,
    or_,
    select,
    update,
)

from app.change import Change, Row
from app.db import REQUEST, AlreadyExists, Read, Result, Statement, actor, asked, opened
from app.errors import Forbidden, NotFound, Stale, VersionRequired
from app.models import Policy, School, SchoolSettings
from app.models.base import table_of
from app.policies import PROVINCE, Actor
from app.schemas.school import SchoolSettingsDraft
from app.service import Caller
from app.workflows.looking import Answer, as_json, look

settings, schools, policies = table_of(SchoolSettings), table_of(School), table_of(Policy)

_cohort = asked("cohort", SmallInteger())
_COLUMNS: Final = ("review_chain", "termination_chain", "leave_on", "version", "updated_at")


@dataclass(frozen=True, slots=True)
class Seen:
    """What the caller decided on: a version, or that there were no settings yet."""

    version: int | None
    first: bool


def _readers() -> ColumnElement[bool]:
    theirs = and_(actor.c.kind.in_(("school", "department")), actor.c.school_id == schools.c.body_id)
    return or_(theirs, actor.c.kind.in_(PROVINCE))


_one = Read(
    select(
        schools.c.body_id.label("school_id"),
        select(policies.c.cohort).where(policies.c.cohort == _cohort).exists().label("has_policy"),
        *(settings.c[name] for name in _COLUMNS),
    )
    .select_from(
        schools.outerjoin(settings, and_(settings.c.school_id == schools.c.body_id, settings.c.cohort == _cohort))
    )
    .where(schools.c.code == asked("code", Text()), _readers())
)
"""The school and, if there are any, its settings."""


def _changing() -> Statement:
    """Changes the settings if they still are at the version held; tells the new one."""
    who = select(opened(REQUEST).c.account_id.label("account_id")).cte("actor")
    gate = select(func.count()).select_from(who).scalar_subquery() == 1
    changed = (
        update(settings)
        .where(
            gate,
            settings.c.school_id == asked("school_id", Uuid(as_uuid=False)),
            settings.c.cohort == _cohort,
            settings.c.version == asked("held", Integer()),
        )
        .values(
            review_chain=asked("review_chain", ARRAY(Text)),
            termination_chain=asked("termination_chain", ARRAY(Text)),
            leave_on=asked("leave_on", Date()),
            version=settings.c.version + 1,
            updated_at=asked("at", DateTime(timezone=True)),
        )
        .returning(settings.c.version)
        .cte("changed")
    )
    return Statement(select(changed.c.version).add_cte(who))


_CHANGING: Final = _changing()


async def one(caller: Caller, code: str, cohort: int) -> Answer:
    """A school's settings for a cohort; 404 where it has none."""
    _, found = await look(caller, _one, code=code, cohort=cohort)
    if not found or found[0].version is None:
        raise NotFound
    row = found[0]
    return _told(code, cohort, {name: row[name] for name in _COLUMNS})


async def put(caller: Caller, code: str, cohort: int, draft: SchoolSettingsDraft, seen: Seen) -> tuple[Answer, bool]:
    """Set them, for the first time or on the version that the caller saw; says whether they are new."""
    who, found = await look(caller, _one, code=code, cohort=cohort)
    if not found or not found[0].has_policy:
        raise NotFound
    _judge(who, found[0], seen)
    new = {**draft.model_dump(mode="python"), "updated_at": caller.service.clock.real()}
    if found[0].version is None:
        await _add(caller, found[0].school_id, cohort, new)
    else:
        await _change(caller, found[0], cohort, new)
    new["version"] = (found[0].version or 0) + 1
    return _told(code, cohort, new), found[0].version is None


def _judge(who: Actor, row: Result, seen: Seen) -> None:
    """Wrong person, no version named, another version than there is: in this order."""
    if who.body_id != row.school_id or not who.is_a("administrator"):
        raise Forbidden
    if seen.version is None and not seen.first:
        raise VersionRequired
    if row.version != seen.version:
        raise Stale


async def _add(caller: Caller, school: str, cohort: int, new: dict[str, Any]) -> None:
    row = Row(settings, {"school_id": school, "cohort": cohort, "version": 1, **new})
    try:
        await caller.db.apply(Change(inserts=(row,)), session=caller.session)
    except AlreadyExists as error:
        raise Stale from error


async def _change(caller: Caller, row: Result, cohort: int, new: dict[str, Any]) -> None:
    held = {
        "session": caller.session,
        "record": None,
        "school_id": row.school_id,
        "cohort": cohort,
        "held": row.version,
    }
    if not await caller.db.write(_CHANGING, {**held, **new, "at": new["updated_at"]}):
        raise Stale


def _told(code: str, cohort: int, row: dict[str, Any]) -> Answer:
    shown = {"school_code": code, "cohort": cohort, **{name: row[name] for name in _COLUMNS}}
    return Answer(as_json(shown), row["version"])
