"""What the bank gives back, read into rows: which payment, paid or not, and why not. It knows no database."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from pydantic import TypeAdapter, ValidationError

from app.sheets import Column, Part, RawRow, RowError, RowErrors, SheetRefused, placed, raw_rows
from app.words import Comment
from app.words.faults import fault
from app.workflows.applications.standing import At
from app.workflows.payments.sheets import Header, PaymentNumber

REQUIRED: Final = (Header.NUMBER, Header.RESULT)
"""The others may be left out; what is no column of the file refuses it."""
_COLUMNS: Final = tuple(Column(one, one, Part.VALUE, "", one in REQUIRED) for one in Header)
RESULTS: Final[Mapping[str, At]] = {"成功": At.PAID, "paid": At.PAID, "失败": At.FAILED, "failed": At.FAILED}
_reason: Final = TypeAdapter[str](Comment)


@dataclass(frozen=True, slots=True)
class PaymentResult:
    """What the bank says of one payment."""

    number: int
    """Of the row, as a spreadsheet counts."""
    payment: PaymentNumber
    to: At
    """`paid` or `failed`."""
    amount: Decimal | None
    """In yuan, if the file states it."""
    reason: str | None


def read_results(path: Path) -> list[PaymentResult | RowErrors]:
    """Every row that isn't blank, in the order of the file; `SheetRefused` for what is wrong with all of it."""
    _, rows = raw_rows(path)
    with closing(rows):
        header = next(rows, None)
        if header is None:
            raise SheetRefused("empty-file")
        if isinstance(header.cells, RowError):
            raise SheetRefused("header-missing")
        places = {Header(one.column.header): one.at for one in placed(_COLUMNS, header.cells)}
        return [*_without_repeats([_read(row, places) for row in rows])]


def _read(row: RawRow, places: Mapping[Header, int]) -> PaymentResult | RowErrors:
    if isinstance(row.cells, RowError):
        return RowErrors(row.number, [row.cells])
    cells: Sequence[object] = row.cells
    text = {one: str(cells[at]).strip() if at < len(cells) else "" for one, at in places.items()}
    payment, to = PaymentNumber.of(text[Header.NUMBER]), RESULTS.get(text[Header.RESULT].casefold())
    amount, errors = _amount(text.get(Header.AMOUNT, "")), list[RowError]()
    reason: str | RowError | None = _why(text.get(Header.REASON, "")) if to is At.FAILED else None
    if payment is None:
        errors.append(RowError(Header.NUMBER, "payment-number-malformed"))
    if to is None:
        errors.append(RowError(Header.RESULT, "payment-result-unknown"))
    errors += [one for one in (amount, reason) if isinstance(one, RowError)]
    if payment is None or to is None or isinstance(amount, RowError) or isinstance(reason, RowError):
        return RowErrors(row.number, errors)
    return PaymentResult(row.number, payment, to, amount, reason)


def _amount(text: str) -> Decimal | RowError | None:
    try:
        return Decimal(text) if text else None
    except InvalidOperation:
        return RowError(Header.AMOUNT, "wrong-form")


def _why(text: str) -> str | RowError:
    if not text:
        return RowError(Header.REASON, "required")
    try:
        return _reason.validate_python(text)
    except ValidationError as error:
        found = fault("", error.errors(include_url=False, include_input=False)[0])
        return RowError(Header.REASON, found.code, found.params)


def _without_repeats(rows: Sequence[PaymentResult | RowErrors]) -> Iterator[PaymentResult | RowErrors]:
    """A payment that stands in the file twice counts once; if it is said to be both, not at all: the bank knows."""
    said: dict[PaymentNumber, list[PaymentResult]] = {}
    for row in rows:
        if isinstance(row, PaymentResult):
            said.setdefault(row.payment, []).append(row)
    for row in rows:
        alike = said[row.payment] if isinstance(row, PaymentResult) else []
        disputed = len({one.to for one in alike}) > 1
        others = [one.number for one in alike if one is not row]
        if others and (disputed or others[0] < row.number):
            yield RowErrors(row.number, [RowError(Header.NUMBER, "payment-repeated", {"row": others[0]})])
        else:
            yield row
