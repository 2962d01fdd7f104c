"""Programs of ours that open what strangers sent, each in a process of its own with bounds.

Whatever a file does to such a process, the service goes on: it has no environment, no network where the system lets one
take it away, and no more memory and time than it was given. `running` starts one and hands over what it says.
"""

import os
import select
import signal
import subprocess
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final

from app.confined.child import OUT_OF_MEMORY

CHILD: Final = Path(__file__).with_name("child.py")
CHUNK_BYTES: Final = 1 << 16
ENVIRONMENT: Final = {"MALLOC_ARENA_MAX": "1"}
"""All that a child has: the C library else reserves memory for each thread, which counts as used."""
BEYOND: Final = frozenset({OUT_OF_MEMORY, -signal.SIGABRT, -signal.SIGXCPU, -signal.SIGKILL})
"""How a child ends at its bounds: its own watch, a refused allocation, its time, the system out of memory."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a child may use."""

    memory_bytes: int
    cpu_seconds: int
    silent_seconds: float
    """Without an answer; the time this process takes between two reads doesn't count."""


class Silent(Exception):
    """The child said nothing for too long."""


@contextmanager
def running(
    program: Path, arguments: Sequence[str], path: Path, limits: Limits
) -> Iterator[tuple[subprocess.Popen[bytes], IO[bytes]]]:
    """The running program and what it writes: it reads the file at `path`, and ends with the block."""
    bounds = (str(limits.memory_bytes), str(limits.cpu_seconds))
    command = [sys.executable, "-I", str(CHILD), *bounds, str(program), *arguments]
    with path.open("rb") as file:
        child = subprocess.Popen(  # noqa: S603 (our own program; no argument comes from outside)
            command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=ENVIRONMENT
        )
    with child:
        assert child.stdout is not None
        try:
            yield child, child.stdout
        finally:
            child.kill()


def chunks(output: IO[bytes], silent_seconds: float) -> Generator[bytes, None, None]:
    """What a child writes, as it comes, to the end. `Silent` when it says nothing for so long."""
    ready = select.poll()
    ready.register(output, select.POLLIN)
    while ready.poll(silent_seconds * 1000):
        chunk = os.read(output.fileno(), CHUNK_BYTES)
        if not chunk:
            return
        yield chunk
    raise Silent
