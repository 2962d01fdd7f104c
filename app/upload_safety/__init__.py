"""Whether a stranger's file may be kept, and what of it: `Inspector.admit`, for every door that takes files.

Pictures and PDFs are written anew by a process of its own within 5 seconds of CPU and 256 MB, workbooks looked over;
text is kept as it is. With a scanner, everything is scanned first.
"""

import asyncio
import re
from os import cpu_count
from pathlib import Path
from typing import IO, Final

from app.confined import BEYOND, Limits, Silent, chunks, running
from app.errors import Busy, Invalid, Refusal, UnsupportedMedia
from app.upload_safety import clamd
from app.upload_safety.programs import PROGRAMS, REFUSALS, Program

__all__ = ["LIMITS", "Inspector"]

LIMITS: Final = Limits(memory_bytes=256 << 20, cpu_seconds=5, silent_seconds=30)
GROWTH: Final = 8
"""A file written anew may be larger than before, but not by more than this, with a megabyte for free."""
WAITING: Final = 20
"""Files that may wait for a process; the next one is refused as busy."""
CLEAN: Final = b"clean\n"
_VERDICT: Final = re.compile(rb"([a-z-]{1,40})(?: ([A-Za-z0-9]{1,30}))?\n?")


class Inspector:
    """Inspects files, as many at once as there are cores. `scanner` is the address of a ClamAV daemon, if any."""

    def __init__(self, scanner: str | None = None, *, limits: Limits = LIMITS, at_once: int = cpu_count() or 1) -> None:
        self._scanner, self._limits = scanner, limits
        self._free, self._waiting = asyncio.Semaphore(at_once), 0

    async def admit(self, sent: Path, media_type: str) -> Path:
        """The file to keep: `sent` itself, or the one written anew beside it. A refusal says why there is none."""
        if self._scanner:
            await clamd.scan(self._scanner, sent)
        program = PROGRAMS.get(media_type)
        if program is None:
            return sent
        if self._waiting >= WAITING:
            raise Busy("inspections-busy", retry_after=5)
        self._waiting += 1
        try:
            async with self._free:
                return await asyncio.to_thread(inspected, program, sent, self._limits)
        finally:
            self._waiting -= 1


def inspected(program: Program, sent: Path, limits: Limits) -> Path:
    """The file to keep, as the program left it. The program may have been taken over: its word is checked."""
    kept = sent.with_name(f"{sent.name}.kept")
    with running(program.path, program.arguments, sent, limits) as (child, output), kept.open("w+b") as file:
        try:
            fits = _copy(output, file, limits.silent_seconds, GROWTH * sent.stat().st_size + (1 << 20))
        except Silent:
            fits = False
        if not fits or (status := child.wait()) in BEYOND:
            raise Invalid("file-too-costly")
        if status:
            raise Invalid("file-damaged")
        file.seek(0)
        verdict = file.readline(len(CLEAN) + 80)
        if verdict != CLEAN:
            raise _refusal(verdict, program)
        if program.rewrites:
            _keep_the_rest(file)
    return kept if program.rewrites else sent


def _copy(output: IO[bytes], file: IO[bytes], silent_seconds: float, most: int) -> bool:
    """Write down what a process says, up to so many bytes; whether that was all."""
    return all(file.write(chunk) and file.tell() <= most for chunk in chunks(output, silent_seconds))


def _keep_the_rest(file: IO[bytes]) -> None:
    """Take off what has been read of a file."""
    rest = file.read()
    file.seek(0)
    file.write(rest)
    file.truncate()


def _refusal(verdict: bytes, program: Program) -> Refusal:
    """What the program has against the file; anything it should not say is a damaged file's doing."""
    word = _VERDICT.fullmatch(verdict)
    code = word[1].decode() if word else ""
    if code == "file-type-not-taken":
        return UnsupportedMedia(code, params={"types": program.media_type})
    if word is None or code not in REFUSALS:
        return Invalid("file-damaged")
    return Invalid(code, params={"what": (word[2] or b"").decode(), "most": program.most})
