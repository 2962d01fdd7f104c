"""A supervised PostgreSQL server in a folder.

    folder/                 locked (flock) by the process that runs the server
        postgresql-18/      its data: one for each major version, so that another PG_BIN finds its own
        postgresql-18.log   what the server said since it was last started
        .s.PGSQL.5432       the socket; in a short folder below /tmp when this path is too long or not plain ASCII

It listens on that socket alone, which only its own user and root can open, and asks for no password there.
"""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Self
from urllib.parse import quote

import psutil

from app.devdb.account import Account, account_for, leash
from app.devdb.binaries import find_binaries, major_version
from app.devdb.lock import lock
from app.devdb.processes import find, kill, runs_with, shut_down
from app.devdb.refusal import ClusterError

PORT = 5432
SOCKET_PATH_BYTES = 80
"""The system allows 103 (macOS) or 107 (Linux) for the whole path of a socket, and PostgreSQL adds its name."""
PLAIN = re.compile(r"[A-Za-z0-9/._-]+")
START_SECONDS = 60.0
POSTMASTER_FILE = "postmaster.pid"
READY_LINE = 7
"""Of that file: process, data, start, port, socket, host, shared memory, and then `ready`."""


class Cluster:
    """The server of one folder, from `start` to `stop`; a ClusterError says why it cannot run.

    Start it from a thread that lives as long as it is needed: Linux takes the end of that thread for our death.
    """

    def __init__(self, folder: Path, *, pg_bin: Path | None, settings: Mapping[str, str] | None = None) -> None:
        """Nothing is started yet. The folder is the server's alone; `settings` are PostgreSQL's own, by name."""
        self._binaries = find_binaries(pg_bin)
        self._folder = folder.resolve()
        self._data = self._folder / f"postgresql-{major_version(self._binaries)}"
        self._log = self._data.with_suffix(".log")
        self._settings = {"listen_addresses": "", "unix_socket_permissions": "0700", "timezone": "UTC"}
        self._settings |= settings or {}
        self._sockets: Path | None = None
        self._lock: int | None = None
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int:
        """Of the postmaster, the first process of the server."""
        if self._process is None:
            raise ClusterError(f"The database in {self._folder} is not running.")
        return self._process.pid

    def url(self, database: str) -> str:
        """An address for asyncpg and libpq, as the superuser."""
        host = quote(str(self._sockets or self._folder), safe="")
        return f"postgresql://postgres@/{quote(database, safe='')}?host={host}&port={PORT}"

    def start(self) -> str:
        """Make the data when there is none, start the server, wait until it answers; the URL of `postgres`."""
        self._lock = lock(self._folder)
        try:
            self._stop_left_over()
            account = account_for(self._folder, self._binaries)
            account.give(self._folder)
            if not self._data.exists():
                self._make_data(account)
            self._open(account)
        except BaseException:
            self.kill()
            raise
        return self.url("postgres")

    def stop(self) -> None:
        """End every session and shut down cleanly. Does nothing when the server is not running."""
        if self._process and self._process.poll() is None:
            shut_down(psutil.Process(self._process.pid))
        self._release()

    def kill(self) -> None:
        """SIGKILL to every process of the server, as a loss of power would: nothing is flushed, nobody is told."""
        if self._process and self._process.poll() is None:
            kill(psutil.Process(self._process.pid))
        self._release()

    def _release(self) -> None:
        if self._process:
            self._process.wait()
        self._process = None
        if self._sockets and self._sockets != self._folder:
            shutil.rmtree(self._sockets)
        self._sockets = None
        if self._lock is not None:
            os.close(self._lock)
        self._lock = None

    def _stop_left_over(self) -> None:
        """A server whose starter was killed, where the system could not tell it, or is not done shutting down."""
        lines = self._postmaster_file()
        if not lines or not (process := find(int(lines[0]))):
            return
        if runs_with(process, str(self._data)):
            shut_down(process)
        else:  # a stranger has the number by now, and PostgreSQL would take him for its server
            (self._data / POSTMASTER_FILE).unlink(missing_ok=True)
            (self._folder / f".s.PGSQL.{PORT}.lock").unlink(missing_ok=True)

    def _make_data(self, account: Account) -> None:
        """In one step as seen from outside: an interrupted attempt is thrown away by the next."""
        fresh = self._data.with_suffix(".new")
        shutil.rmtree(fresh, ignore_errors=True)
        making = account.popen(
            self._binaries / "initdb",
            "--pgdata",
            fresh,
            "--username=postgres",
            "--auth=trust",
            "--encoding=UTF8",
            "--locale=C",
            output=subprocess.PIPE,
        )
        said, _ = making.communicate()
        if making.returncode != 0:
            raise ClusterError(f"The database could not be made in {self._folder}:\n{said.decode(errors='replace')}")
        fresh.rename(self._data)

    def _open(self, account: Account) -> None:
        self._sockets = self._place_for_sockets(account)
        command = [*leash(), str(self._binaries / "postgres"), "-D", str(self._data), "-k", str(self._sockets)]
        settings = [f"-c{name}={value}" for name, value in (self._settings | {"port": str(PORT)}).items()]
        with self._log.open("wb") as log:
            self._process = account.popen(*command, *settings, output=log.fileno())
        deadline = time.monotonic() + START_SECONDS
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                said = self._log.read_text(errors="replace")[-2000:]
                raise ClusterError(f"PostgreSQL did not start in {self._folder}. It said:\n{said}")
            time.sleep(0.01)

    def _place_for_sockets(self, account: Account) -> Path:
        path = str(self._folder)
        if len(path) <= SOCKET_PATH_BYTES and PLAIN.fullmatch(path):
            return self._folder
        short = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))  # TMPDIR may be as long
        account.give(short)
        return short

    def _is_ready(self) -> bool:
        lines = self._postmaster_file()
        return len(lines) > READY_LINE and lines[0] == str(self.pid) and lines[READY_LINE].strip() == "ready"

    def _postmaster_file(self) -> list[str]:
        try:
            return (self._data / POSTMASTER_FILE).read_text(errors="replace").splitlines()
        except FileNotFoundError:
            return []
