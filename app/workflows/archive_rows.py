"""One archive record of a file: judged by the procedure's own table, as if it came alone.

A dispatch is known by its certificate's number, a leg by its dispatch, sender, receiver, day and state. What is on
record already is `unchanged`; what contradicts it is refused, for a record is never rewritten: it is voided.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import chain
from typing import Any, Final

import asyncpg

from app.archive_files import header_of
from app.change import Change, fresh_id
from app.db import SYSTEM, Result, apply_in
from app.errors import RuleNotMet
from app.policies import Actor
from app.schemas.archive import DispatchDraft, Leg
from app.service import Service
from app.sheets import RowError, RowErrors, SheetRow, Value
from app.workflows.archives import LEG, Do, a_keeper_on_its_way, workflow
from app.workflows.engine import Decision, Now, Scene

SAME: Final = ("person_id", "level", "cohort", "type", "unit_name", "unit_region", "dispatched_on")
"""What a dispatch on record and a row of its number must both say."""
KEY: Final = ("sender", "receiver", "moved_on", "state")
"""What makes a leg that leg: a file may be sent, and come, on one day."""
NO_BUREAU: Final[Mapping[str, Any]] = {"bureau_id": None, "bureau_parent_id": None}

Row = SheetRow | RowErrors
Values = Mapping[str, Value]


class Wrong(Exception):
    """A row that cannot be taken, and why."""

    def __init__(self, *errors: RowError) -> None:
        super().__init__()
        self.errors = errors


class Rows:
    """Judges the rows of one chunk one after the other, and holds what they change."""

    def __init__(
        self,
        service: Service,
        actor: Actor,
        importer: Mapping[str, Any],
        owners: Mapping[int, Result],
        bureaus: Mapping[str, Result],
        recorded: dict[str, Now],
    ) -> None:
        """`owners` by row, `bureaus` by region, `recorded` by number: what holds, as the rows leave it."""
        self._service, self._actor, self._importer = service, actor, importer
        self._owners, self._bureaus, self.recorded = owners, bureaus, recorded
        self._openings, self._legs = list[Change](), list[Change]()

    def judge(self, rows: Sequence[Row]) -> tuple[dict[int, str], dict[int, Sequence[RowError]]]:
        """The outcome of each row that is taken, and the errors of each that is not."""
        outcomes, refused = dict[int, str](), dict[int, Sequence[RowError]]()
        for row in rows:
            try:
                outcomes[row.number] = self._taken(row)
            except Wrong as wrong:
                refused[row.number] = wrong.errors
        return outcomes, refused

    async def write(self, line: asyncpg.Connection, job: str) -> None:
        """Write what the rows change: the new dispatches together, then each leg on the version it was judged on."""
        door = {"job": job, "body": self._actor.body_id}
        if self._openings:
            rows = chain.from_iterable(one.inserts for one in self._openings)
            await apply_in(line, Change(inserts=tuple(rows)), SYSTEM, **door)
        for one in self._legs:
            await apply_in(line, one, SYSTEM, **door)

    def _taken(self, row: Row) -> str:
        """What becomes of a row; raises `Wrong`, and then nothing of it is kept."""
        if isinstance(row, RowErrors):
            raise Wrong(*row.errors)
        owner = self._owners.get(row.number)
        if owner is None:
            raise Wrong(RowError(None, "nobody-of-yours"))
        values, number = row.values, str(row.values["number"])
        opening = None if number in self.recorded else self._opened(owner, values)
        record = opening.record if opening else self._confirmed(self.recorded[number], owner, values)
        leg = self._moved(record, values) if values.get("sender") else None
        if opening:
            self._openings.append(opening.change)
        if leg:
            self._legs.append(leg.change)
        self.recorded[number] = leg.record if leg else record
        return "added" if opening else "changed" if leg else "unchanged"

    def _opened(self, owner: Result, values: Values) -> Decision:
        """The record of a dispatch whose number is not on record."""
        bureau = self._bureaus.get(str(values["unit_region"]), NO_BUREAU)
        ground = Now({**dict(owner.items()), **self._importer, **dict(bureau.items())})
        draft = DispatchDraft.model_construct(**_of(values, DispatchDraft.model_fields))
        return _decided(workflow.decide_opening, self._scene(ground, Do.RECORD, draft, fresh_id()))

    def _confirmed(self, record: Now, owner: Result, values: Values) -> Now:
        """The dispatch on record, if it is the row's."""
        if not a_keeper_on_its_way(self._actor, record):
            raise Wrong(RowError(header_of("number"), "dispatch-recorded"))
        said = {**dict(owner.items()), **values}
        if any(record[name] != said[name] for name in SAME):
            raise Wrong(RowError(header_of("number"), "dispatch-differs"))
        return record

    def _moved(self, record: Now, values: Values) -> Decision | None:
        """The leg that the row tells of; None if it is on record."""
        for leg in record.movements:
            if all(str(leg[name]) == str(values[name]) for name in KEY):
                if any(values.get(name) not in (None, leg[name]) for name in LEG if name not in KEY):
                    raise Wrong(RowError(None, "movement-differs"))
                return None
        bureau = self._bureaus.get(str(values.get("receiver_region")), NO_BUREAU)
        move = Leg.model_construct(**_of(values, LEG))
        scene = self._scene(Now({**record, "bureau_id": bureau["bureau_id"]}), Do.FORWARD, move, record.id)
        return _decided(workflow.decide, scene)

    def _scene(self, record: Now, action: Do, move: Any, one: str) -> Scene:
        return Scene.now(self._service, self._actor, record, move=move, action=action, id=one)


def _of(values: Values, names: Iterable[str]) -> dict[str, Any]:
    """These values, which the sheet has judged by the same words; null where the row says nothing."""
    return {name: values.get(name) for name in names}


def _decided(decide: Callable[[Scene], Decision], scene: Scene) -> Decision:
    """The decision; raises `Wrong` with the rules that are unmet, each at its column."""
    try:
        return decide(scene)
    except RuleNotMet as refusal:
        at = ((one, header_of(one.pointer.removeprefix("/")) if one.pointer else None) for one in refusal.unmet)
        raise Wrong(*(RowError(column, one.code, one.params) for one, column in at)) from None
