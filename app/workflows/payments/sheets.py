"""The file that goes to the bank and comes back: one row for each payment, two columns of it the bank's to fill in.

A payment is named by its number, `<application>-<version>`: the version that waits to be paid. The same attempt has the
same number in every file that it is in, so that a bank which is told it twice can refuse the second; an attempt with
another card has another number, so that no late result of the first is taken for one of the second.
"""

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum
from io import BytesIO
from typing import Any, Final, NamedTuple

from rustpy_xlsxwriter import write_csv, write_worksheet

from app.schemas.base import ID
from app.schemas.payment import SheetFormat

MEDIA_TYPES: Final[Mapping[SheetFormat, str]] = {
    SheetFormat.CSV: "text/csv; charset=utf-8",
    SheetFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_FORMULA: Final = re.compile(r"[=+\-@＝＋－＠]")
"""How a cell begins that a spreadsheet, opening a CSV file, would reckon out."""
_VERSION_DIGITS: Final = 9


class Header(StrEnum):
    """The columns, as the bank's clerk reads them."""

    NUMBER = "付款编号"
    NAME = "姓名"
    ID_NUMBER = "身份证号"
    BANK = "开户银行"
    CARD = "银行卡号"
    AMOUNT = "金额(元)"
    RESULT = "付款结果"
    REASON = "失败原因"


class PaymentNumber(NamedTuple):
    """One attempt to pay one application."""

    application: str
    version: int

    @classmethod
    def of(cls, text: str) -> "PaymentNumber | None":
        """The number that is written so; None if it is none."""
        application, _, version = text.strip().lower().rpartition("-")
        is_one = ID.fullmatch(application) and version.isascii() and version.isdecimal()
        return cls(application, int(version)) if is_one and len(version) <= _VERSION_DIGITS else None

    def __str__(self) -> str:
        return f"{self.application}-{self.version}"


def written(rows: Iterable[Mapping[Header, Any]], kind: SheetFormat) -> bytes:
    """The file. XLSX keeps every text as text; in CSV what would be a formula is led by an apostrophe."""
    file = BytesIO()
    records = [{header.value: row.get(header, "") for header in Header} for row in rows]
    if kind is SheetFormat.XLSX:
        write_worksheet(records, file, sheet_name="付款")
    else:
        write_csv([{name: _harmless(cell) for name, cell in one.items()} for one in records], file, bom=True)
    return file.getvalue()


def _harmless(cell: Any) -> Any:
    return f"'{cell}" if isinstance(cell, str) and _FORMULA.match(cell) else cell
