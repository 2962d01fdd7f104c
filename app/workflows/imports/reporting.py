"""What a chunk leaves behind beside its rows: the report, the import's counts, the task's progress.

Each is a part of the statement that takes the chunk. `judged` is the part before them: `number` and `outcome` of each
row that was judged there. They ask for `refused` (JSON, `[{number, errors}]`, the rows refused before), `import`,
`position` (where the import must stand), `last` (where it stands then), `done`, `total`, `at`.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import (
    CTE,
    ColumnElement,
    DateTime,
    Integer,
    Text,
    Uuid,
    case,
    column,
    func,
    insert,
    literal,
    null,
    select,
    true,
    union_all,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB

from app.db import Statement, asked
from app.sheets import RowError
from app.workflows.imports.desk import COUNTS, import_rows, imports
from app.workflows.tasks import tasks

_import, _at = asked("import", Uuid(as_uuid=False)), asked("at", DateTime(timezone=True))


def reported(judged: CTE, errors: ColumnElement[Any] | None = None) -> CTE:
    """A row of the report for each row of the chunk; `errors` of those that were refused where they were judged."""
    refused = (
        func.jsonb_to_recordset(asked("refused", JSONB))
        .table_valued(column("number", Integer), column("errors", JSONB), name="refused")
        .render_derived(with_types=True)
    )
    rows = union_all(
        select(_import, judged.c.number, judged.c.outcome, null() if errors is None else errors),
        select(_import, refused.c.number, literal("refused"), refused.c.errors),
    )
    return insert(import_rows).from_select(["import_id", "number", "outcome", "errors"], rows).cte("reported")


def counted(judged: CTE) -> CTE:
    """The counts of the import, if it still stands where it stood: two workers never report on one row.

    It returns one row then, else none: the statement is to fail.
    """
    counts = {outcome: imports.c[outcome] + count(judged, judged.c.outcome == outcome) for outcome in COUNTS}
    counts["refused"] += func.jsonb_array_length(asked("refused", JSONB))
    return (
        update(imports)
        .where(imports.c.id == _import, imports.c.position == asked("position", Integer()))
        .values(**counts, position=asked("last", Integer()))
        .returning(imports.c.id)
        .cte("counted")
    )


def progressed() -> CTE:
    """The task, so many rows further."""
    progress = {"done": tasks.c.done + asked("done", Integer()), "total": asked("total", Integer())}
    running = update(tasks).where(tasks.c.id == _import).values(**progress, status="running", updated_at=_at)
    return running.cte("progressed")


def count(part: CTE, where: ColumnElement[bool] = true()) -> ColumnElement[int]:  # noqa: B008 (a constant of SQLAlchemy)
    """How many rows of a part this is true of."""
    return select(func.count()).select_from(part).where(where).scalar_subquery()


def _report() -> Statement:
    """The report alone, for a kind whose rows are judged here and written by their own procedure: asks for `rows`."""
    rows = (
        func.jsonb_to_recordset(asked("rows", JSONB))
        .table_valued(column("number", Integer), column("outcome", Text), name="row")
        .render_derived(with_types=True)
    )
    judged = select(*rows.c).cte("judged")
    counts = counted(judged)
    done = case((count(counts) == 1, 1), else_=func.app.refuse("stale", type_=Integer))
    return Statement(select(done.label("done")).add_cte(judged, reported(judged), counts, progressed()))


REPORT: Final = _report()


def told(refused: Iterable[tuple[int, Sequence[RowError]]]) -> list[dict[str, Any]]:
    """Rows with their errors, as the report keeps them."""
    return [
        {
            "number": number,
            "errors": [{"column": one.column, "code": one.code, "params": dict(one.params)} for one in errors],
        }
        for number, errors in refused
    ]
