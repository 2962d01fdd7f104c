"""The check of one row: every field alone, then the fields against each other."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from operator import itemgetter
from typing import Any, Generic, Literal, NamedTuple, TypeVar

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

from app.sheets.field_checks import KEPT, Kept, check_of, check_of_code, check_unused
from app.sheets.layout import Layout, Part, Placed
from app.sheets.remembered import Remembered
from app.sheets.rows import Cell, RawRow, RowError, RowErrors, SheetRow, Value
from app.words.faults import fault

V = TypeVar("V")


class _Reading(NamedTuple, Generic[V]):
    """How one field, or one column that isn't used, is read off a row."""

    key: str
    title: str
    """Its header in this file."""
    pick: Callable[[Sequence[Cell]], Any]
    """Takes its cell, or those of a code and its name, from the row."""
    checked: Remembered[Any, V | Literal[Kept.KEPT]]


class RowReader:
    """Checks the rows of the file whose header it is made with."""

    def __init__(self, layout: Layout, header: Sequence[Cell], today: date) -> None:
        """Refuse a header that isn't the layout's."""
        columns = layout.placed(header)
        self._layout = layout
        self._width = len(header)
        self._fields = [*_fields(layout, columns, today, blank=len(header))]
        self._unused = [
            _Reading(place.column.header, place.title, itemgetter(place.at), Remembered(check_unused))
            for place in columns
            if place.column.part is Part.UNUSED
        ]
        self._titles = {reading.key: reading.title for reading in self._fields}
        self._untitled = sorted({*range(len(header))} - {place.at for place in columns})

    def read(self, raw: RawRow) -> SheetRow | RowErrors:
        """The row's values, or everything that is wrong with it."""
        if isinstance(raw.cells, RowError):
            return RowErrors(raw.number, [raw.cells])
        cells = [*raw.cells[: self._width], *[""] * (self._width - len(raw.cells)), ""]
        errors: list[RowError] = []
        values = _read(self._fields, cells, errors)
        extra = _read(self._unused, cells, errors)
        wrong = {error.column for error in errors}  # a cell that was refused is not missing besides
        broken = [(self._titles.get(field, field), code) for field, code in self._layout.broken(values)]
        errors += [RowError(title, code) for title, code in broken if title not in wrong]
        if any(str(cell).strip() for cell in (*raw.cells[self._width :], *(cells[at] for at in self._untitled))):
            errors.append(RowError(None, "cell-without-column"))
        if errors:
            return RowErrors(raw.number, errors)
        return SheetRow(raw.number, {**values, **self._layout.consequences(values)}, extra)


def _read(readings: Sequence[_Reading[V]], cells: Sequence[Cell], errors: list[RowError]) -> dict[str, V]:
    """What the cells say, without those that keep; each that is refused adds an error."""
    values: dict[str, V] = {}
    for key, title, pick, checked in readings:
        try:
            value = checked[pick(cells)]
        except (PydanticCustomError, ValidationError) as error:
            errors.append(_row_error(title, error))
        else:
            if value is not KEPT:
                values[key] = value
    return values


def _fields(layout: Layout, columns: Sequence[Placed], today: date, blank: int) -> Iterator[_Reading[Value]]:
    """One for each field, in the order of the file; the cell at `blank` is empty in every row."""
    fields: dict[str, dict[Part, Placed]] = {}
    for place in columns:
        if place.column.part is not Part.UNUSED:
            fields.setdefault(place.column.field, {})[place.column.part] = place
    for field, places in fields.items():
        judge = layout.judge_of(field, today)
        if single := places.get(Part.VALUE):
            yield _Reading(field, single.title, itemgetter(single.at), Remembered(check_of(single.column, judge)))
        else:
            [shown, *_] = places.values()
            at = [places[part].at if part in places else blank for part in (Part.CODE, Part.NAME)]
            yield _Reading(field, shown.title, itemgetter(*at), Remembered(check_of_code(shown.column, judge)))


def _row_error(title: str, error: PydanticCustomError | ValidationError) -> RowError:
    """The error without the cell, in the codes that a request's fields have too."""
    if isinstance(error, ValidationError):
        found = fault("", error.errors(include_url=False, include_input=False)[0])
        return RowError(title, found.code, found.params)
    params = {name: fact for name, fact in (error.context or {}).items() if isinstance(fact, (str, int))}
    return RowError(title, error.type, params)
