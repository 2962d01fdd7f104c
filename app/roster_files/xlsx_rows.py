"""The rows of an XLSX file, read by a child process with limits: whatever the file does to it, this process goes on."""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Literal, TypeVar

from pydantic import TypeAdapter, ValidationError

from app.roster_files.rows import Cell, RawRow, RosterFileRefused
from app.roster_files.xlsx_child import OUT_OF_MEMORY

CHILD: Final = Path(__file__).with_name("xlsx_child.py")
CHUNK_BYTES: Final = 1 << 16
MAX_LINE_BYTES: Final = 4 << 20
"""Of one row, whatever the child says."""
TOO_LARGE: Final = frozenset({OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGXCPU, -signal.SIGKILL})
"""How the child ends at its limits: its own watch, a refused allocation, its time, the system out of memory."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """What the child may use."""

    memory_bytes: int = 1 << 30
    """Enough for about 150,000 rows of the whole layout, for calamine holds the sheet; more come as CSV."""
    cpu_seconds: int = 120
    silent_seconds: float = 180
    """Without an answer; the time this process takes between two rows doesn't count."""


DEFAULT: Final = Limits()
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
            raise RosterFileRefused(first)
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
    raise RosterFileRefused("file-unreadable", reason="damaged")  # outside of the error, which quotes the line


def _answers(path: Path, limits: Limits) -> Generator[bytes, None, None]:
    """The child's lines; the file is refused when the child ends otherwise than well."""
    with _child(path, limits) as (child, output):
        rest = yield from _lines(output, limits.silent_seconds)
        if (status := child.wait()) or rest:
            raise RosterFileRefused("file-unreadable", reason="too-large" if status in TOO_LARGE else "damaged")


@contextmanager
def _child(path: Path, limits: Limits) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """The running child: it gets the open file and no environment, and ends with the block."""
    command = [sys.executable, "-I", str(CHILD), str(limits.memory_bytes), str(limits.cpu_seconds)]
    with path.open("rb") as file:
        child = subprocess.Popen(  # noqa: S603 (our own program; no argument comes from outside)
            command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}
        )
    with child:
        assert child.stdout is not None
        try:
            yield child, child.stdout
        finally:
            child.kill()


def _lines(output: IO[bytes], silent_seconds: float) -> Generator[bytes, None, bytes]:
    """Whole lines, and at last what follows the last line end: nothing, when the child ended well."""
    ready = select.poll()
    ready.register(output, select.POLLIN)
    rest = b""
    while ready.poll(silent_seconds * 1000):
        chunk = os.read(output.fileno(), CHUNK_BYTES)
        if not chunk:
            return rest
        *whole, rest = (rest + chunk).split(b"\n")
        yield from whole
        if len(rest) > MAX_LINE_BYTES:
            raise RosterFileRefused("file-unreadable", reason="damaged")
    raise RosterFileRefused("file-unreadable", reason="too-large")
