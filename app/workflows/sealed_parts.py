"""What of a record's typed part is personal: the phones of contacts stand sealed beside the part (ADR 22).

A part is a JSON column. In it stands what may be shown of a sealed field; the values themselves are JSON, sealed for
the column beside it (`details`, `details_sealed`). So whatever reads a part without the key reads masks: answers,
queues, timelines. A part that was written before this, and not sealed since (`keys.sealing_plain`), is plain.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any, Final, Generic, TypeVar

import orjson
from sqlalchemy import ColumnElement, and_, cast, func, literal
from sqlalchemy.dialects.postgresql import JSONPATH

from app.errors import Reason
from app.models import Amendment, Application, Base, Invitation, Placement
from app.models.base import table_of
from app.security import masks
from app.security.sealing import Sealer
from app.workflows.engine import Scene

FIELDS: Final[Mapping[str, Callable[[str], str]]] = {"archive_phone": masks.phone, "contact_phone": masks.phone}
"""The sealed fields, in whatever part they stand, and what is shown of each; showing twice changes nothing."""

Fields = Mapping[str, Any]
T = TypeVar("T")


def shown(name: str, value: Any) -> Any:
    """What is shown of the value of a field."""
    return FIELDS[name](value) if value is not None and name in FIELDS else value


def shown_in(diff: Fields) -> dict[str, Any]:
    """What is shown of a step's `{field: [before, after]}`: one of the release before has it plain for good."""
    return {name: [shown(name, one) for one in both] if name in FIELDS else both for name, both in diff.items()}


def kept(given: Fields, had: Fields) -> dict[str, Any]:
    """What was given, where each mask stands for the value that it is shown for."""
    stands = {name for name in FIELDS if given.get(name) is not None and given[name] == shown(name, had.get(name))}
    return {name: had[name] if name in stands else value for name, value in given.items()}


class Sealing(ABC, Generic[T]):
    """A part, with the column beside it. `T` is what it is in Python; `_personal`, `_filled`, `seen` know its shape."""

    plain_path: str
    """Finds in the JSON what is not to stand there in clear, whether or not it does (jsonpath)."""

    def __init__(self, model: type[Base], name: str) -> None:
        self.table, self.name = table_of(model), name
        self.column, self.beside = self.table.c[name], self.table.c[f"{name}_sealed"]

    def whole(self, sealer: Sealer, record: Any) -> T:
        """The part of a record with its sealed fields open; `SealBroken` when they don't."""
        part, sealed = record.get(self.name), record.get(self.beside.name)
        return self._filled(part, orjson.loads(sealer.open(sealed, **self._place(record["id"]))) if sealed else {})

    def cells(self, sealer: Sealer, row: str, whole: T) -> dict[str, Any]:
        """Both columns of the row with this id."""
        personal = self._personal(whole)
        sealed = sealer.seal(orjson.dumps(personal).decode(), **self._place(row)) if personal else None
        return {self.name: self.seen(whole), self.beside.name: sealed}

    @property
    def plain(self) -> ColumnElement[bool]:
        """Whether a row was written before its fields were sealed."""
        path = cast(literal(self.plain_path), JSONPATH)
        return and_(self.beside.is_(None), func.jsonb_path_exists(self.column, path))

    @abstractmethod
    def seen(self, whole: T) -> T:
        """What may be shown of it."""

    @abstractmethod
    def _personal(self, whole: T) -> Fields:
        """The values of its sealed fields."""

    @abstractmethod
    def _filled(self, part: T | None, personal: Fields) -> T:
        """The part with these values in place of what is shown."""

    def _place(self, row: str) -> dict[str, str]:
        return {"table": self.table.name, "column": self.beside.name, "row": row}


class Part(Sealing[dict[str, Any]]):
    """A part that is a form: `{field: value}`."""

    plain_path = f"$ ? ({' || '.join(f'@.{name} != null' for name in FIELDS)})"

    def said(self, scene: Scene, given: Fields) -> dict[str, Any]:
        """The whole part as a move gives it."""
        return kept(given, self.whole(scene.sealer, scene.record))

    def every_mask_stands_for_a_number(self, scene: Scene) -> Reason | None:
        """The rule of whatever writes the part."""
        if scene.move is None:
            return None
        given = getattr(scene.move, self.name).model_dump()
        return strange_mask(given, self.whole(scene.sealer, scene.record), self.name)

    def seen(self, whole: Fields) -> dict[str, Any]:
        """The form with masks."""
        return {name: shown(name, value) for name, value in whole.items()}

    def _personal(self, whole: Fields) -> Fields:
        return {name: whole[name] for name in FIELDS if whole.get(name) is not None}

    def _filled(self, part: Fields | None, personal: Fields) -> dict[str, Any]:
        return {**(part or {}), **personal}


class Differing(Sealing[list[dict[str, Any]]]):
    """A part that is a list of differences: `[{pointer, from, to}, …]`."""

    plain_path = f'$[*].pointer ? (@ like_regex "/({"|".join(FIELDS)})$")'

    def seen(self, whole: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The differences between masks."""
        return [{**one, **{side: shown(field_of(one), one[side]) for side in ("from", "to")}} for one in whole]

    def _personal(self, whole: list[dict[str, Any]]) -> Fields:
        return {one["pointer"]: {"from": one["from"], "to": one["to"]} for one in whole if field_of(one) in FIELDS}

    def _filled(self, part: list[dict[str, Any]] | None, personal: Fields) -> list[dict[str, Any]]:
        return [{**one, **personal.get(one["pointer"], {})} for one in part or ()]


def field_of(difference: Fields) -> str:
    """The name of the field that differs."""
    return str(difference["pointer"].rpartition("/")[2])


TERMS: Final = Part(Invitation, "terms")
DETAILS: Final = Part(Placement, "details")
RETURNED: Final = Part(Placement, "returned_details")
APPLIED: Final = Part(Application, "details")
APPLIED_RETURNED: Final = Part(Application, "returned_details")
AMENDED: Final = Differing(Amendment, "diff")
PARTS: Final[tuple[Sealing[Any], ...]] = (TERMS, DETAILS, RETURNED, APPLIED, APPLIED_RETURNED, AMENDED)
"""All of them."""


def strange_mask(given: Fields, had: Fields, place: str) -> Reason | None:
    """Why what was given, at this place, can't be: it has a mask that isn't shown for what the part had."""
    strange = (name for name in FIELDS if "*" in (kept(given, had).get(name) or ""))
    if (name := next(strange, None)) is None:
        return None
    return Reason("mask-unknown", who="you", how="write-the-number", pointer=f"/{place}/{name}")
