"""A copy of all that is kept of a person, for themselves (副本): promised upon the password, made by the worker.

The file is sealed where it lies, may be fetched by the account that asked, and is forgotten after seven days.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import DateTime, Select, literal, select

from app.change import Row
from app.db import Read, actor, asked
from app.errors import Forbidden, NotFound
from app.models import DataExport
from app.models.base import table_of
from app.schemas.data_export import DataExportDraft
from app.service import Caller, Once
from app.workflows.looking import Answer, look, reprove
from app.workflows.promised_tasks import beside_a_twin, promised
from app.workflows.repeating import replayed
from app.workflows.view import remembered

ENTRYPOINT: Final = "data_export"
KEPT: Final = timedelta(days=7)

exports = table_of(DataExport)

_GROUND: Final = Read(select(literal(1).label("here")), remembered)


def _file() -> Select[Any]:
    """The caller's own file, while it may be fetched."""
    mine = (exports.c.id == actor.c.record_id, exports.c.account_id == actor.c.account_id)
    return select(exports.c.id, exports.c.sealed).where(
        *mine, exports.c.expires_at > asked("real", DateTime(timezone=True))
    )


_FILE: Final = Read(_file())


async def begin(caller: Caller, draft: DataExportDraft, once: Once | None) -> Answer:
    """Promise the copy; the answer is its task. For graduates, who prove their password again."""
    return await beside_a_twin(lambda: _begin(caller, draft, once), once)


async def _begin(caller: Caller, draft: DataExportDraft, once: Once | None) -> Answer:
    who, (ground,) = await look(caller, _GROUND, key=once and once.key)
    if once and ground.once_fingerprint is not None:
        return replayed(caller, once, ground, who)
    if who.person_id is None:
        raise Forbidden
    await reprove(caller, draft.password)

    def row(one: str, at: datetime) -> Row:
        whose = {"account_id": who.account_id, "person_id": who.person_id}
        return Row(exports, {"id": one, **whose, "sealed": None, "created_at": at, "expires_at": None})

    answer, _ = await promised(caller, who, once, ENTRYPOINT, row)
    return answer


async def file(caller: Caller, export: str) -> Answer:
    """The file itself; 404 for anybody else, before it is made, and after seven days."""
    _, found = await look(caller, _FILE, record=export, real=caller.service.clock.real())
    if not found:
        raise NotFound
    (row,) = found
    text = caller.service.sealer.open(row.sealed, table=exports.name, column="sealed", row=row.id)
    return Answer(text.encode(), id=row.id)
