"""Minimum wages (最低工资标准): of a county, else of its city, else of its province, each from a day on.

Read by everybody; entered, and corrected under the version seen, by the provincial bureau's administrator. What holds
follows from the clock: pre-checks and answers ask for the day, and nothing is kept in between.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import CTE, ColumnElement, Date, Integer, Text, and_, func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert

from app.change import Change, SetOf, SetStatement
from app.db import AlreadyExists, Read, actor, asked
from app.errors import Stale, VersionRequired
from app.models import MinimumWage
from app.models.base import table_of
from app.schemas.minimum_wage import MinimumWageDraft
from app.service import Caller, Service
from app.workflows.facts import bodies
from app.workflows.looking import Answer, as_json, look, page_of
from app.workflows.province.recording import recorded
from app.workflows.province.reference import OpenRead, rows_of
from app.workflows.province.school_settings import Seen

_KEY: Final = ("region", "effective_from")
_SAID: Final = ("monthly", "source")
_SHOWN: Final = (*_KEY, *_SAID, "version")
_MOST: Final = 600
"""Rows of a county, its city and its province: they change every second year or so."""

wages = table_of(MinimumWage)
_own, _columns = wages.alias("own"), [wages.c[name] for name in _SHOWN]
_region, _day, _today = asked("region", Text()), asked("effective_from", Date()), asked("today", Date())


def _present(region: ColumnElement[str]) -> ColumnElement[date]:
    """The first day of what a region has of its own today; null for nothing."""
    found = select(func.max(_own.c.effective_from)).where(_own.c.region == region, _own.c.effective_from <= _today)
    return found.scalar_subquery()


_page = OpenRead(
    select(*_columns, wages.c.effective_from.label("present"))
    .where(wages.c.region > asked("after", Text()), wages.c.effective_from <= _today)
    .order_by(wages.c.region, wages.c.effective_from.desc())
    .ext(distinct_on(wages.c.region))
    .limit(asked("limit", Integer()))
)
_nearest = func.app.minimum_wage_in(_region, _today).table_valued(*(wages.c[name] for name in _KEY), name="nearest")
_applies = select(_nearest.c.region).where(*(_nearest.c[name] == wages.c[name] for name in _KEY)).exists()
_around = (_region, func.concat(func.left(_region, 4), "00"), func.concat(func.left(_region, 2), "0000"))
_of_region = OpenRead(
    select(*_columns, _present(wages.c.region).label("present"), _applies.label("applies"))
    .where(wages.c.region.in_(_around))
    .order_by(wages.c.effective_from.desc())
    .limit(_MOST)
)
_ground = Read(
    select(bodies.c.id, _present(_region).label("present"), *(wages.c[name] for name in (*_SAID, "version")))
    .select_from(bodies.outerjoin(wages, and_(wages.c.region == _region, wages.c.effective_from == _day)))
    .where(bodies.c.id == actor.c.body_id)
)
"""The body that speaks, and what the region has from that day on."""


def _put(asked: Any, gate: ColumnElement[bool]) -> Sequence[CTE]:
    """What holds from a day on, in its next version."""
    new = insert(wages).from_select(
        [*_SHOWN], select(*(asked(name, wages.c[name].type) for name in _SHOWN)).where(gate)
    )
    over = {name: new.excluded[name] for name in (*_SAID, "version")}
    return [new.on_conflict_do_update(index_elements=[*_KEY], set_=over).returning(wages.c.region).cte("put")]


_PUT: Final = SetStatement("put_minimum_wage", _put)


async def page(service: Service, limit: int, after: str | None) -> Answer:
    """What each region has of its own today; `after` is the last region of the page before."""
    found = await rows_of(service, _page, limit=limit + 1, after=after or "", today=service.clock.today())
    return page_of([_told(row) for row in found[:limit]], found[limit - 1].region if len(found) > limit else None)


async def of_region(service: Service, region: str) -> Answer:
    """What holds in a place today, and all that it has of its own, the newest first."""
    found = await rows_of(service, _of_region, region=region, today=service.clock.today())
    applies = next((_told(row) for row in found if row.applies), None)
    own = [_told(row) for row in found if row.region == region]
    return Answer(as_json({"region": region, "applies": applies, "items": own}))


async def put(caller: Caller, region: str, day: date, draft: MinimumWageDraft, seen: Seen) -> tuple[Answer, bool]:
    """Say what holds in a region from a day on; says whether it is new. 403, 428, 412.

    Where all is as the draft says, no version is asked after, as with a year of the calendar.
    """
    today = caller.service.clock.today()
    who, (row,) = await look(caller, _ground, region=region, effective_from=day, today=today)
    if seen.version is None and not seen.first:
        raise VersionRequired
    said, before = draft.model_dump(), {name: row[name] for name in _SAID}
    key = {"region": region, "effective_from": day}
    if said == before:
        return _answered({**key, **said, "version": row.version, "present": row.present}), False
    if row.version != seen.version:
        raise Stale
    version = (row.version or 0) + 1
    step = recorded(
        caller.service,
        who,
        f"/v1/minimum-wages/{region}/{day}",
        "minimum_wage",
        version=version,
        action="put",
        comment=draft.source,
        diff={name: [before[name], said[name]] for name in _SAID if before[name] != said[name]},
    )
    change = Change(inserts=(step,), sets=(SetOf(_PUT, {**key, **said, "version": version}),))
    try:
        await caller.db.apply(change, session=caller.session)
    except AlreadyExists as error:  # the trail has one step for a version
        raise Stale from error
    present = max((one for one in (row.present, day) if one and one <= today), default=None)
    return _answered({**key, **said, "version": version, "present": present}), row.version is None


def _answered(row: Any) -> Answer:
    return Answer(as_json(_told(row)), row["version"])


def _told(row: Any) -> dict[str, Any]:
    return {**{name: row[name] for name in _SHOWN}, "holds": row["effective_from"] == row["present"]}
