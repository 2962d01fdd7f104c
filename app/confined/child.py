"""Runs another program of ours within limits. It imports nothing of the service and gets none of its environment.

python -I child.py MEMORY_BYTES CPU_SECONDS PROGRAM [ARGUMENT ...] < file
"""

import ctypes
import os
import resource
import runpy
import sys
import threading
import time
from contextlib import suppress
from typing import Final

WATCH_SECONDS: Final = 0.02
STACK_BYTES: Final = 256 * 1024
OUT_OF_MEMORY: Final = 3
"""The exit status."""
_NEW_USER, _NEW_NETWORK = 0x10000000, 0x40000000
"""Of unshare(2)."""


def leave_the_network() -> None:
    """Enter a network without devices, where Linux lets anybody do so."""
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).unshare(_NEW_USER | _NEW_NETWORK)


def limit(memory_bytes: int, cpu_seconds: int) -> None:
    """Bound this process. Beyond the first limit of time comes a signal, beyond the second the end."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_seconds, cpu_seconds + 1))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))  # it answers through a pipe, and writes no file
    bound_memory(memory_bytes)


def bound_memory(memory_bytes: int) -> None:
    """Bound the address space, and, for systems that cannot (macOS), watch the memory held."""
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_AS, (memory_bytes, memory_bytes))
    threading.stack_size(STACK_BYTES)
    threading.Thread(target=_watch, args=(memory_bytes,), daemon=True).start()


def _watch(memory_bytes: int) -> None:
    """End the process once it holds more; the libraries that read files let other threads run meanwhile."""
    bound = max(memory_bytes, _peak_bytes())  # Linux begins with the peak of the process that started this one
    while _peak_bytes() <= bound:
        time.sleep(WATCH_SECONDS)
    os._exit(OUT_OF_MEMORY)


def _peak_bytes() -> int:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def main() -> None:
    """Run the program named, within the limits given before it."""
    memory_bytes, cpu_seconds, program, *arguments = sys.argv[1:]
    leave_the_network()
    limit(int(memory_bytes), int(cpu_seconds))
    sys.argv = [program, *arguments]
    try:
        runpy.run_path(program, run_name="__main__")
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


if __name__ == "__main__":
    main()
