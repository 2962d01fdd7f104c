"""Where the API's processor time goes, by package: what py-spy sees while an operation is loaded."""

import asyncio
import re
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Final

from benchmarks.load import Run, put
from benchmarks.operations import Operation
from benchmarks.servers import Server

SHOWN: Final = 12
_PACKAGE: Final = re.compile(r"\((?:.*/site-packages/)?([^/:]+(?:/[^:]+)?)")


async def profile(server: Server, operation: Operation, seconds: float) -> str:
    """Self time by package in percent; of our own code by module."""
    with tempfile.TemporaryDirectory() as folder:
        stacks = Path(folder) / "stacks"
        command = ("record", "--threads", "--format", "raw", "--rate", "400", "--duration", str(int(seconds)))
        spy = await asyncio.create_subprocess_exec(
            Path(sys.executable).parent / "py-spy", *command, "--output", stacks, "--pid", str(server.pid),
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        await put(Run(operation.requests, operation.status), server.port, seconds)
        await spy.wait()
        return _summed(stacks.read_text("utf-8"))


def _summed(stacks: str) -> str:
    seen: Counter[str] = Counter()
    for line in stacks.splitlines():
        frames, _, count = line.rpartition(" ")
        if "MainThread" not in frames.partition(";")[0]:
            continue  # threads that hash passwords, or wait
        seen[_owner(frames.rpartition(";")[2])] += int(count)
    total = sum(seen.values()) or 1
    return ", ".join(f"{owner} {100 * count / total:.0f}" for owner, count in seen.most_common(SHOWN))


def _owner(frame: str) -> str:
    found = _PACKAGE.search(frame)
    if found is None:
        return frame
    first, _, rest = found[1].partition("/")
    return f"{first}/{rest}" if first == "app" else first
