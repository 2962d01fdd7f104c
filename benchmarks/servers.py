"""The two servers that are compared, each in a process of its own."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Final, Self

import psutil

ROOT: Final = Path(__file__).parent.parent
APP_CORE: Final = 0
"""Where the measured server runs; PostgreSQL and the load have the other cores."""
_START_SECONDS = 60


def pin(process: int, *cores: int) -> None:
    """Keep a process, and those that it will start, on these cores, where the system knows how."""
    if hasattr(psutil.Process, "cpu_affinity") and max(cores) < (os.cpu_count() or 1):
        psutil.Process(process).cpu_affinity(list(cores))


class Server:
    """One server, running for as long as the block."""

    def __init__(self, name: str, log: Path) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = int(free.getsockname()[1])
        self.name, self._log = name, log

    def __enter__(self) -> Self:
        command = [sys.executable, "-m", "benchmarks.serving", self.name, str(self.port)]
        with self._log.open("wb") as log:
            self._child = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)  # noqa: S603
        self.pid = self._child.pid
        pin(self.pid, APP_CORE)
        deadline = time.monotonic() + _START_SECONDS
        while not self._answers():
            if self._child.poll() is not None or time.monotonic() > deadline:
                self.__exit__()
                raise RuntimeError(f"{self.name} did not start:\n{self.said()}")
            time.sleep(0.05)
        return self

    def __exit__(self, *_: object) -> None:
        self._child.terminate()
        self._child.wait()

    def said(self) -> str:
        """The end of its log."""
        return self._log.read_text("utf-8")[-3000:]

    def cpu(self) -> float:
        """Seconds of processor that it has used."""
        used = psutil.Process(self.pid).cpu_times()
        return float(used.user + used.system)

    def _answers(self) -> bool:
        with socket.socket() as line:
            return line.connect_ex(("127.0.0.1", self.port)) == 0
