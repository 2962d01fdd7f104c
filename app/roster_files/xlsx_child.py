"""Reads the one sheet of an XLSX file on standard input and writes its rows to standard output, as lines of JSON.

Runs as a program of its own, started by `xlsx_rows`, because the file may be hostile: a few kilobytes can make the
reader ask for any amount of memory, and it then aborts the process. It imports nothing of the service and gets none of
its environment. The first line is the number of the last row or a refusal, each other line one row as a list.

    python -I xlsx_child.py MEMORY_BYTES CPU_SECONDS < file.xlsx
"""

import os
import resource
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime
from typing import BinaryIO, Final

MAX_COLUMNS: Final = 200
MAX_CHARACTERS: Final = 2000
"""Of one cell: more than any column takes, so the check refuses a cell that was cut."""
MAX_EXACT: Final = 10**15
"""Excel keeps 15 digits of a number."""
WATCH_SECONDS: Final = 0.02
OUT_OF_MEMORY: Final = 3
"""The exit status."""


def limit(memory_bytes: int, cpu_seconds: int) -> None:
    """Bound this process. Beyond the first limit of time comes a signal, beyond the second the end."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    bound_memory(memory_bytes)


def bound_memory(memory_bytes: int) -> None:
    """Bound the address space, and, for systems that cannot (macOS), watch the memory held."""
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    threading.Thread(target=_watch, args=(memory_bytes,), daemon=True).start()


def _watch(memory_bytes: int) -> None:
    """End the process once it holds more; calamine lets other threads run while it reads."""
    bound = max(memory_bytes, _peak_bytes())  # Linux begins with the peak of the process that started this one
    while _peak_bytes() <= bound:
        time.sleep(WATCH_SECONDS)
    os._exit(OUT_OF_MEMORY)


def _peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def answers(file: BinaryIO) -> Iterator[int | str | list[str | float]]:
    """What is written, line by line. Hidden sheets are lists for drop-downs; of the others only one may have rows."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum  # noqa: PLC0415 (within the limits)

    with CalamineWorkbook.from_filelike(file) as workbook:
        visible = [
            sheet.name
            for sheet in workbook.sheets_metadata
            if sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible
        ]
        filled = [(sheet, sheet.end) for sheet in map(workbook.get_sheet_by_name, visible) if sheet.end is not None]
    if len(filled) != 1:
        yield "several-sheets" if filled else "empty-file"
        return
    [(sheet, (last_row, last_column))] = filled
    if last_column >= MAX_COLUMNS:
        yield "too-many-columns"
        return
    yield last_row + 1
    for row in sheet.iter_rows():
        yield [text(cell) for cell in row]


def text(cell: object) -> str | float:
    """A cell as one would read it; a number that may have lost digits stays a number."""
    if isinstance(cell, str):
        return cell[:MAX_CHARACTERS]
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if not abs(cell) < MAX_EXACT:  # nor is infinity, which JSON doesn't know
            return float(MAX_EXACT)
        return str(int(cell)) if cell == int(cell) else str(cell)
    if isinstance(cell, datetime) and not (cell.hour or cell.minute or cell.second):
        return date.isoformat(cell)
    return str(cell)


def main() -> None:
    """Read, within the limits given as arguments."""
    memory_bytes, cpu_seconds = map(int, sys.argv[1:])
    limit(memory_bytes, cpu_seconds)
    import orjson  # noqa: PLC0415 (within the limits)

    for answer in answers(sys.stdin.buffer):
        sys.stdout.buffer.write(orjson.dumps(answer, option=orjson.OPT_APPEND_NEWLINE))


if __name__ == "__main__":
    main()
