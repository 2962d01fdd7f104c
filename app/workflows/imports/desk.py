"""Where imports of one kind are asked for, and their reports shown."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, false, literal, or_, select

from app.change import Row
from app.db import Read, actor
from app.errors import FieldError, Forbidden, Invalid, NotFound
from app.models import Import, ImportRow
from app.models.base import table_of
from app.policies import Actor
from app.schemas.file import FilePurpose
from app.service import Caller, Once
from app.workflows.attaching import named_file
from app.workflows.imports.rows import page, report
from app.workflows.looking import Answer, as_json, look
from app.workflows.promised_tasks import beside_a_twin, promised
from app.workflows.repeating import replayed
from app.workflows.view import remembered

COUNTS: Final = ("added", "changed", "unchanged", "refused")
"""The outcomes of a row, and an import's counts of them."""

imports, import_rows = table_of(Import), table_of(ImportRow)

_NO_MORE: Final[Mapping[str, Any]] = {"source": None}


class ImportDesk:
    """Imports of one kind, each for the body that asks."""

    def __init__(
        self,
        kind: str,
        purpose: FilePurpose,
        may: Callable[[Actor, Any], bool],
        *,
        shown: Sequence[str] = (),
        facts: Callable[[Any], Mapping[str, Any]] = lambda _: _NO_MORE,
        others: ColumnElement[bool] = false(),  # noqa: B008 (a constant of SQLAlchemy)
    ) -> None:
        """`may(who, draft)` ask; `facts(draft)` are kept besides, of which `shown` are told.

        The body that asked sees the import, and whoever `others` is true of.
        """
        self.kind, self.entrypoint = kind, f"{kind}_import"
        self._may, self._facts = may, facts
        self._shown = ("id", "file_id", *shown, "dry_run", *COUNTS, "created_at")
        found = and_(
            imports.c.id == actor.c.record_id, imports.c.kind == kind, or_(imports.c.body_id == actor.c.body_id, others)
        )
        self._ground = Read(select(literal(1).label("here")), named_file(purpose), remembered)
        self._one = Read(select(*imports.c).where(found))
        self._rows = report(imports, import_rows, found)

    async def begin(self, caller: Caller, draft: Any, once: Once | None) -> Answer:
        """Promise the import; the answer is its task."""
        return await beside_a_twin(lambda: self._begin(caller, draft, once), once)

    async def _begin(self, caller: Caller, draft: Any, once: Once | None) -> Answer:
        who, (ground,) = await look(caller, self._ground, file=draft.file_id, key=once and once.key)
        if once and ground.once_fingerprint is not None:
            return replayed(caller, once, ground, who)
        if not self._may(who, draft):
            raise Forbidden
        if ground.file_id is None:
            raise Invalid(errors=[FieldError("/body/file_id", "file-unknown")])

        def row(one: str, at: datetime) -> Row:
            counts = dict.fromkeys((*COUNTS, "position"), 0)
            asked_for = {"file_id": draft.file_id, "body_id": who.body_id, "dry_run": draft.dry_run}
            return Row(
                imports, {"id": one, "kind": self.kind, **asked_for, **self._facts(draft), **counts, "created_at": at}
            )

        answer, _ = await promised(caller, who, once, self.entrypoint, row)
        return answer

    async def one(self, caller: Caller, asked_for: str) -> Answer:
        """An import and its counts."""
        _, found = await look(caller, self._one, record=asked_for)
        if not found:
            raise NotFound
        return Answer(as_json({name: found[0][name] for name in self._shown}))

    async def rows(self, caller: Caller, asked_for: str, limit: int, after: str | None, outcome: str | None) -> Answer:
        """A page of the report on an import's rows; `after` is the last row of the page before."""
        return await page(caller, self._rows, asked_for, limit, after, outcome)
