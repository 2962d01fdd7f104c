"""Re-routing: an open turn goes with its graduate to another department, with its employer to another bureau.

A job of the system, promised in the very commit that changes the department or the region (model.md §4, Reviews): it
looks further than whoever made that change may see, and it serves a correction, an import that merges departments, and
an edit alike. It compares what is with what should be, and so is done once however often it runs.

The turn keeps its place in the queue and its due date: nobody waits longer because a roster was put right. Turns that
are decided stay with who decided them. A department sees all that hangs on its graduates, so a live placement names
the present one, decided or not.
"""

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    LargeBinary,
    Select,
    Table,
    Text,
    Uuid,
    and_,
    case,
    cast,
    func,
    insert,
    literal,
    literal_column,
    null,
    or_,
    select,
    update,
)

from app.change import Row
from app.db import SYSTEM, Statement, asked, run
from app.models import Amendment, Employer, Event, Graduate, Message, Placement, Review, Termination, TrailEntry
from app.models.base import PARTIES, table_of
from app.outbox import jobs, promise
from app.service import Service
from app.workflows.facts import bodies, bureaus

ENTRYPOINT: Final = "reroute"

placements, amendments, terminations = table_of(Placement), table_of(Amendment), table_of(Termination)
reviews = table_of(Review)
graduates, employers = table_of(Graduate), table_of(Employer)
trail, events, messages = table_of(TrailEntry), table_of(Event), table_of(Message)
_bureau, _province = bodies.alias("bureau"), bodies.alias("province")
_ID: Final = Uuid(as_uuid=False)
_at, _real = asked("at", DateTime(timezone=True)), asked("real", DateTime(timezone=True))


def _word(word: str) -> ColumnElement[str]:
    """A word in the text: SQLAlchemy does not reach the values of what an UPDATE reads from, to write them there."""
    return literal_column(f"'{word}'", Text)


# -- which turns ------------------------------------------------------------------------------------------------------


def _standing(table: Table) -> tuple[ColumnElement[Any], ...]:
    """A record and its open turn, as they are."""
    before = func.jsonb_extract_path_text(table.c.chain, cast(reviews.c.turn, Text), _word("body_name"))
    turn = (reviews.c.id.label("review_id"), reviews.c.record_kind, reviews.c.turn)
    return table.c.id, table.c.version, *turn, before.label("former_name")


def _open(table: Table) -> ColumnElement[bool]:
    return and_(reviews.c.record_id == table.c.id, reviews.c.decision.is_(None), table.c.status == _word("submitted"))


def _of_another_department(table: Table) -> Select[Any]:
    """Turns of a department that is not the graduate's any more."""
    return (
        select(
            *_standing(table),
            bodies.c.id.label("body_id"),
            bodies.c.name.label("body_name"),
            reviews.c.stage,
            bodies.c.id.label("department_id"),
        )
        .select_from(
            table.join(graduates, graduates.c.id == table.c.graduate_id)
            .join(bodies, bodies.c.id == graduates.c.department_id)
            .join(reviews, _open(table))
        )
        .where(
            table.c.graduate_id == func.any(asked("graduates", ARRAY(_ID))),
            reviews.c.stage == _word("department"),
            reviews.c.body_id != bodies.c.id,
        )
    )


def _of_another_bureau(table: Table) -> Select[Any]:
    """Turns of a bureau in whose region the employer is not registered any more; where none is, the province's."""
    right = func.coalesce(_bureau.c.id, _province.c.id, type_=_ID)
    return (
        select(
            *_standing(table),
            right.label("body_id"),
            func.coalesce(_bureau.c.name, _province.c.name).label("body_name"),
            case((_bureau.c.id.is_(None), _word("province")), else_=_word("county")).label("stage"),
            employers.c.registered_region,
            _bureau.c.id.label("county_id"),
            _bureau.c.parent_id.label("city_id"),
        )
        .select_from(
            table.join(employers, employers.c.id == table.c.employer_id)
            .join(_province, _province.c.kind == _word("provincial_bureau"))
            .outerjoin(bureaus, bureaus.c.region == employers.c.registered_region)
            .outerjoin(_bureau, _bureau.c.id == bureaus.c.body_id)
            .join(reviews, _open(table))
        )
        .where(
            table.c.employer_id == asked("employer", _ID),
            or_(reviews.c.stage == _word("county"), reviews.c.stage == _word("province")),
            reviews.c.body_id != right,
        )
    )


# -- moving them ------------------------------------------------------------------------------------------------------


def _rerouting(table: Table, found: Select[Any], *following: str) -> Statement:
    """Moves these turns, each whose record is still as it was: record, review, trail, event, message.

    `following` are the record's columns that follow; those that are parties, the review has too.
    """
    turn = {name: found.selected_columns[name] for name in ("stage", "body_id", "body_name")}
    named = func.jsonb_build_object(*(part for name, cell in turn.items() for part in (_word(name), cell)))
    place = func.string_to_array(cast(reviews.c.turn, Text), _word(","))
    wrong = found.add_columns(func.jsonb_set(table.c.chain, place, named).label("chain")).cte("wrong")
    moved = (
        update(table)
        .where(table.c.id == wrong.c.id, table.c.version == wrong.c.version)
        .values(
            version=table.c.version + 1,
            updated_at=_at,
            **{name: wrong.c[name] for name in ("chain", "stage", *following)},
        )
        .returning(
            *(table.c[name] for name in ("id", "version", *PARTIES)),
            *(wrong.c[name] for name in ("review_id", "record_kind", "former_name", *turn)),
        )
        .cte("moved")
    )
    parties = {name: moved.c[name] for name in following if name in PARTIES}
    turned = (
        update(reviews)
        .where(reviews.c.id == moved.c.review_id, reviews.c.decision.is_(None))
        .values(body_id=moved.c.body_id, stage=moved.c.stage, claimed_by=null(), lease_until=null(), **parties)
    )
    step = {
        "id": func.app.fresh_id(),
        "record_kind": moved.c.record_kind,
        "record_id": moved.c.id,
        "seq": moved.c.version,
        "action": literal("reroute"),
        "source": literal("submitted"),
        "situation": literal("submitted"),
        "stage": moved.c.stage,
        "at": _at,
        "real_at": _real,
        "actor_kind": literal("system"),
        "diff": func.jsonb_build_object(
            literal("waiting_for"), func.jsonb_build_array(moved.c.former_name, moved.c.body_name)
        ),
    }
    event = {
        "id": func.app.fresh_id(),
        "kind": moved.c.record_kind.concat(".rerouted"),
        "record_kind": moved.c.record_kind,
        "record_id": moved.c.id,
        "record_version": moved.c.version,
        "at": _at,
        **{party: moved.c[party] for party in PARTIES},
    }
    message = {
        "id": func.app.fresh_id(),
        "to_graduate_id": moved.c.graduate_id,
        "kind": moved.c.record_kind.concat("-rerouted"),
        "record_kind": moved.c.record_kind,
        "record_id": moved.c.id,
        "at": _at,
    }
    added = ((trail, step), (events, event), (messages, message))
    rows = (
        insert(into).from_select([*cells], select(*cells.values())).cte(f"{into.name}_added") for into, cells in added
    )
    return Statement(select(moved.c.id).add_cte(turned.cte("turned"), *rows))


def _following() -> Statement:
    """Live placements name the department that their graduate is in, whoever reviewed them: no step of the record."""
    place = graduates.c.department_id
    return Statement(
        update(placements)
        .where(
            placements.c.graduate_id == func.any(asked("graduates", ARRAY(_ID))),
            placements.c.graduate_id == graduates.c.id,
            placements.c.status.in_(("issued", "submitted", "reviewed")),
            placements.c.department_id.is_distinct_from(place),
        )
        .values(department_id=place)
    )


_OF_GRADUATES: Final = (
    *(
        _rerouting(table, _of_another_department(table), "department_id")
        for table in (placements, amendments, terminations)
    ),
    _following(),
)
_OF_EMPLOYER: Final = (
    _rerouting(placements, _of_another_bureau(placements), "registered_region", "county_id", "city_id"),
    _rerouting(terminations, _of_another_bureau(terminations), "county_id", "city_id"),
)
"""An amendment stays with the bureau that approved the agreement."""


async def reroute(service: Service, payload: Mapping[str, Any]) -> None:
    """Put the open turns of these graduates, or of this employer, where they belong now."""
    given = {**payload, "at": service.clock.now(), "real": service.clock.real()}
    async with service.db.transaction(SYSTEM, job=ENTRYPOINT, body=None) as line:
        for one in _OF_GRADUATES if "graduates" in payload else _OF_EMPLOYER:
            await run(line, one, **given)


# -- the promise ------------------------------------------------------------------------------------------------------


def of_graduate(graduate: str) -> Row:
    """Promised in the write that gives the graduate another department."""
    return promise(ENTRYPOINT, {"graduates": [graduate]})


def of_employer(employer: str) -> Row:
    """Promised in the write that registers the employer in another region."""
    return promise(ENTRYPOINT, {"employer": employer})


def of_those(moved: Any) -> Any:
    """The same for all graduates whose ids these rows have, as a part of the statement that moves them."""
    named = select(func.json_agg(moved.c.id)).scalar_subquery()
    payload = func.convert_to(cast(func.json_build_object("graduates", named), Text), "UTF8", type_=LargeBinary)
    row: Any = select(literal(0), literal_column("'queued'::app.pgqueuer_status"), literal(ENTRYPOINT), payload)
    some = select(moved.c.id).exists()
    return insert(jobs).from_select(["priority", "status", "entrypoint", "payload"], row.where(some)).cte("promised")
