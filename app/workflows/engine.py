"""The transition table of a procedure, and the one way to judge by it.

A table says what may be done, from where, to where, by whom, when, and what then. Everything else (the allowed
actions, the refusals, the trail, `actions` and `blocked`, the published workflow, its diagram) is read off it.
`decide` is pure: no session, no clock, no I/O.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import reduce
from itertools import chain
from operator import or_
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, create_model
from sqlalchemy import Table

from app.calendar import Calendar
from app.change import Change, Row, SetOf, Update, fresh_id
from app.documents.glyphs import EVERY_GLYPH, Glyphs
from app.errors import Forbidden, Reason, RuleNotMet, TransitionRefused
from app.numbers import fresh_digits
from app.policies import Actor
from app.security.sealing import NO_KEYS, Sealer
from app.service import Service
from app.words import new_verification_code


class Bare(BaseModel):
    """A move that needs no more than its name."""

    model_config = ConfigDict(extra="forbid")


@dataclass(frozen=True, slots=True)
class Cells:
    """New values of the record itself: of its row, and of what is shown beside it (`beside`, read by a join)."""

    values: Mapping[str, Any] = field(default_factory=dict)
    beside: Mapping[str, Any] = field(default_factory=dict)


class Now(dict[str, Any]):
    """A record as it will read after the change: the same attributes as the row that was read."""

    def __getattr__(self, name: str) -> Any:
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name) from None


@dataclass(frozen=True, slots=True)
class Fresh:
    """Ids and random numbers, made outside so that a decision stays pure."""

    id: Callable[[], str] = fresh_id
    digits: Callable[[], str] = fresh_digits
    """Of a number that must reveal no volume."""
    code: Callable[[], str] = new_verification_code
    """The code of an issued document."""


@dataclass(frozen=True, slots=True)
class Scene:
    """All that a rule or an effect may look at. Lists judge without a `move`; effects also see `source` and `to`."""

    record: Any
    actor: Actor
    at: datetime
    """By the service's clock, which rules go by."""
    real: datetime
    """By the wall clock, which leases and the trail go by."""
    calendar: Calendar
    move: Any = None
    action: str = ""
    fresh: Fresh = field(default_factory=Fresh)
    source: StrEnum | None = None
    to: StrEnum | None = None
    id: str = ""
    """The record's id: its own, or the new one in an opening."""
    glyphs: Glyphs = EVERY_GLYPH
    """What the fonts of documents can print."""
    sealer: Sealer = NO_KEYS
    """Seals and opens what of a record's typed part is personal (`sealed_parts`)."""

    @classmethod
    def now(cls, service: Service, who: Actor, record: Any, **more: Any) -> "Scene":
        """A record, or its ground, before an actor at this moment, with what the service holds."""
        return cls(
            record,
            who,
            service.clock.now(),
            service.clock.real(),
            service.calendar,
            glyphs=service.printer.glyphs,
            sealer=service.sealer,
            **more,
        )

    def opening(self, action: str) -> "Scene":
        """The same ground, for opening another procedure's record in this decision."""
        return replace(self, action=action, id=self.fresh.id())

    def of(self, record: Any, action: str, move: Any) -> "Scene":
        """Another procedure's record, for moving it in this decision."""
        return replace(self, record=record, action=action, move=move, id=record.id)


Who = Callable[[Actor, Any], bool]
Rule = Callable[[Scene], Reason | None]
Piece = Cells | Update | Row | SetOf | Change
Effect = Callable[[Scene], Iterable[Piece]]
Trail = Callable[["Scene", Now], Iterable[Row]]
Blocked = tuple[StrEnum, Reason]


@dataclass(frozen=True, slots=True)
class Either:
    """One of several declared outcomes, chosen by a named function of the scene."""

    outcomes: tuple[StrEnum, ...]
    choose: Callable[[Scene], StrEnum]


@dataclass(frozen=True, slots=True)
class Transition:
    """One row of a table. Without `sources` it opens a record, judged on its ground: the parent's facts."""

    action: StrEnum
    sources: tuple[StrEnum, ...]
    to: StrEnum | Either
    by: Who
    provided: tuple[Rule, ...] = ()
    """What must hold of the person, whatever the record: unmet is 403."""
    when: tuple[Rule, ...] = ()
    """What must hold of the record: unmet is 409 `rule-not-met`."""
    then: tuple[Effect, ...] = ()
    takes: type[BaseModel] = Bare
    reproof: bool = False
    """The caller proves the password again."""

    @property
    def outcomes(self) -> tuple[StrEnum, ...]:
        """Every situation this row may lead to."""
        return self.to.outcomes if isinstance(self.to, Either) else (self.to,)


@dataclass(frozen=True, slots=True)
class Decision:
    """A change, and the record as it will read once the change is applied."""

    change: Change
    record: Now
    action: str
    source: StrEnum | None
    to: StrEnum
    reproof: bool


class Workflow:
    """A procedure's table. Refuses nonsense when it is made, which is at import.

    `situation(record, at)` reads the situation off a record; `columns(situation)` is the way back; `trail` is the
    effect that every row has: who did what, when; `by_others` are situations that time or another record brings about.
    """

    def __init__(
        self,
        name: str,
        records: Table,
        *,
        situations: Sequence[StrEnum],
        situation: Callable[[Any, datetime], StrEnum],
        columns: Callable[[StrEnum], Mapping[str, Any]],
        trail: Trail,
        table: Sequence[Transition],
        by_others: Sequence[StrEnum] = (),
    ) -> None:
        self.name, self.records, self.situations, self.situation = name, records, situations, situation
        self.table = tuple(table)
        self._columns, self._trail = columns, trail
        self._refuse_nonsense(by_others)
        self._by_action: dict[str, tuple[Transition, ...]] = {}
        for row in self.table:
            self._by_action[row.action] = (*self._by_action.get(row.action, ()), row)
        self._leaving = {one: tuple(row for row in self.table if one in row.sources) for one in situations}

    def _refuse_nonsense(self, by_others: Sequence[StrEnum]) -> None:
        left = [(source, row.action) for row in self.table for source in row.sources]
        twice = {pair for pair in left if left.count(pair) > 1}
        unreached = set(self.situations) - set(by_others) - {outcome for row in self.table for outcome in row.outcomes}
        if twice or unreached or all(row.sources for row in self.table):
            message = f"{self.name}: left twice {twice}, never reached {unreached}, or never opened"
            raise ValueError(message)

    # -- asking --------------------------------------------------------------------------------------------------------

    def offers(self, scene: Scene) -> tuple[list[StrEnum], list[Blocked]]:
        """What the actor may do now with the record, and what would be theirs to do but is blocked, with the reason."""
        scene = scene if scene.move is None else replace(scene, move=None)
        actions: list[StrEnum] = []
        blocked: list[Blocked] = []
        for row in self._leaving[self.situation(scene.record, scene.at)]:
            if row.by(scene.actor, scene.record):
                reasons = (rule(scene) for rule in (*row.provided, *row.when))
                reason = next((found for found in reasons if found), None)
                if reason is None:
                    actions.append(row.action)
                else:
                    blocked.append((row.action, reason))
        return actions, blocked

    def opening(self, scene: Scene, action: str) -> tuple[list[StrEnum], list[Blocked]]:
        """The same for opening a record on the ground of this scene."""
        row = self._opening(action)
        if not row.by(scene.actor, scene.record):
            return [], []
        reasons = (rule(scene) for rule in (*row.provided, *row.when))
        reason = next((found for found in reasons if found), None)
        return ([row.action], []) if reason is None else ([], [(row.action, reason)])

    def moves(self) -> Any:
        """The type of a move's body: a union over the actions of the table, discriminated on `action`.

        `Bare`, which takes no action, for a record that is opened and never moved.
        """
        title = _title(self.name)
        bodies = tuple(
            _move(f"{title}{_title(action)}", rows[0].takes, action)
            for action, rows in self._by_action.items()
            if rows[0].sources and rows[0].by is not the_procedure
        )
        if not bodies[1:]:
            return bodies[0] if bodies else Bare
        return Annotated[reduce(or_, bodies), Field(discriminator="action")]

    # -- deciding ------------------------------------------------------------------------------------------------------

    def permit(self, scene: Scene) -> tuple[Transition, ...]:
        """The rows that are this person's. Whose move this never is, in any situation, is refused (403)."""
        rows = self._by_action.get(scene.action, ())
        theirs = tuple(row for row in rows if row.by(scene.actor, scene.record))
        if not theirs:
            raise Forbidden("role-missing")
        for rule in theirs[0].provided:
            if reason := rule(scene):
                raise Forbidden(reason.code, reason=reason)
        return theirs

    def decide(self, scene: Scene, theirs: tuple[Transition, ...] | None = None) -> Decision:
        """Judge a move on a record and say what it changes: wrong person, wrong situation, then unmet rules.

        `theirs` is what `permit` has said already of this scene.
        """
        return self._carry_out(self._judged(scene, theirs or self.permit(scene)), scene)

    def decide_opening(self, scene: Scene) -> Decision:
        """Judge the opening of a record on its ground and say what it adds."""
        self.permit(scene)
        row = self._opening(scene.action)
        self._demand(row, scene)
        return self._carry_out(row, scene)

    def cascade(self, scene: Scene) -> Decision:
        """A move inside another procedure's decision, which has already judged the person."""
        return self._carry_out(self._judged(scene, self._by_action[scene.action]), scene)

    def cascade_opening(self, scene: Scene) -> Decision:
        """An opening inside another procedure's decision, which has already judged the person."""
        row = self._opening(scene.action)
        self._demand(row, scene)
        return self._carry_out(row, scene)

    def _opening(self, action: str) -> Transition:
        return next(row for row in self._by_action[action] if not row.sources)

    def _judged(self, scene: Scene, rows: tuple[Transition, ...]) -> Transition:
        source = self.situation(scene.record, scene.at)
        row = next((one for one in rows if source in one.sources), None)
        if row is None:
            actions, blocked = self.offers(scene)
            raise TransitionRefused(action=scene.action, situation=source, actions=actions, blocked=blocked)
        self._demand(row, scene)
        return row

    def _demand(self, row: Transition, scene: Scene) -> None:
        if unmet := [reason for rule in row.when if (reason := rule(scene))]:
            actions, blocked = self.offers(scene) if row.sources else ([], [])
            raise RuleNotMet(unmet, actions=actions, blocked=blocked)

    def _carry_out(self, row: Transition, scene: Scene) -> Decision:
        to = row.to.choose(scene) if isinstance(row.to, Either) else row.to
        source = self.situation(scene.record, scene.at) if row.sources else None
        scene = replace(scene, to=to, source=source, id=scene.record.id if row.sources else scene.id)
        cells, beside = dict(self._columns(to)), dict[str, Any]()
        pieces, others = list[Update | Row | SetOf](), list[Change]()
        for piece in chain.from_iterable(effect(scene) for effect in row.then):
            match piece:
                case Cells():
                    cells.update(piece.values)
                    beside.update(piece.beside)
                case Change():
                    others.append(piece)
                case _:
                    pieces.append(piece)
        own, now = self._written(row, scene, cells)
        now.update(beside)
        created = () if row.sources else ((self.name, scene.id),)
        change = Change.of((own, *pieces, *self._trail(scene, now)), created)
        return Decision(reduce(Change.and_also, others, change), now, row.action, source, to, row.reproof)

    def _written(self, row: Transition, scene: Scene, cells: dict[str, Any]) -> tuple[Update | Row, Now]:
        if not row.sources:
            cells = {"id": scene.id, "version": 1, "created_at": scene.at, "updated_at": scene.at, **cells}
            return Row(self.records, cells), Now(cells)
        cells["updated_at"] = scene.at
        record = scene.record
        held = {"id": record.id, "version": record.version, "status": record.status}
        now = Now({**dict(record.items()), **cells, "version": record.version + 1})
        return Update(self.records, held, cells), now


def the_procedure(_actor: Actor, _record: Any) -> bool:
    """No person: only another procedure's decision does this, as its cascade."""
    return False


def _move(name: str, takes: type[BaseModel], action: str) -> type[BaseModel]:
    """The body of one action: what it takes, and its name."""
    named: Any = Literal[action]
    return create_model(
        name, __base__=takes, __doc__=takes.__doc__, action=(named, Field(description="What to do.", examples=[action]))
    )


def _title(snake: str) -> str:
    return "".join(part.title() for part in snake.split("_"))
