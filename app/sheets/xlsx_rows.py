"""The rows of an XLSX file, read by a child process with limits: whatever the file does to it, this process goes on."""

from collections.abc import Generator
from contextlib import ExitStack, closing, suppress
from pathlib import Path
from typing import IO, Final, Literal, TypeVar

from pydantic import TypeAdapter, ValidationError

from app.confined import BEYOND, Limits, Silent, chunks, running
from app.sheets.rows import Cell, RawRow, SheetRefused

CHILD: Final = Path(__file__).with_name("xlsx_child.py")
MAX_LINE_BYTES: Final = 4 << 20
"""Of one row, whatever the child says."""

T = TypeVar("T")


DEFAULT: Final = Limits(memory_bytes=1 << 30, cpu_seconds=120, silent_seconds=180)
"""The memory is enough for about 150,000 rows of the whole layout, for calamine holds the sheet; more come as CSV."""
_FIRST: Final[TypeAdapter[int | str]] = TypeAdapter(int | Literal["empty-file", "several-sheets", "too-many-columns"])
"""What the child says first: the number of the last row, or why it doesn't read on."""
_ROW: Final = TypeAdapter(list[Cell])


def xlsx_rows(path: Path, limits: Limits = DEFAULT) -> tuple[int, Generator[RawRow, None, None]]:
    """The number of the last row, and every row that isn't blank, the header first. Closing them ends the child."""
    answers = _answers(path, limits)
    with ExitStack() as unless_read:
        unless_read.callback(answers.close)
        first = _parsed(_FIRST, next(answers, b""))
        if isinstance(first, str):
            raise SheetRefused(first)
        unless_read.pop_all()
        return first, _rows(answers)


def _rows(answers: Generator[bytes, None, None]) -> Generator[RawRow, None, None]:
    with closing(answers):
        for number, line in enumerate(answers, start=1):
            cells = _parsed(_ROW, line)
            if any(isinstance(cell, float) or cell.strip() for cell in cells):
                yield RawRow(number, cells)


def _parsed(shape: TypeAdapter[T], line: bytes) -> T:
    """What the child says; it may have been taken over, so nothing but the agreed shape passes."""
    with suppress(ValidationError):
        return shape.validate_json(line)
    raise SheetRefused("file-unreadable", reason="damaged")  # outside of the error, which quotes the line


def _answers(path: Path, limits: Limits) -> Generator[bytes, None, None]:
    """The child's lines; the file is refused when the child ends otherwise than well."""
    with running(CHILD, (), path, limits) as (child, output):
        rest = yield from _lines(output, limits.silent_seconds)
        if (status := child.wait()) or rest:
            raise SheetRefused("file-unreadable", reason="too-large" if status in BEYOND else "damaged")


def _lines(output: IO[bytes], silent_seconds: float) -> Generator[bytes, None, bytes]:
    """Whole lines, and at last what follows the last line end: nothing, when the child ended well."""
    rest = b""
    try:
        for chunk in chunks(output, silent_seconds):
            *whole, rest = (rest + chunk).split(b"\n")
            yield from whole
            if len(rest) > MAX_LINE_BYTES:
                raise SheetRefused("file-unreadable", reason="damaged")
    except Silent:
        raise SheetRefused("file-unreadable", reason="too-large") from None
    return rest
