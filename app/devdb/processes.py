"""Telling a server's processes, and ending them."""

import signal
import time

import psutil

STOP_SECONDS = 60.0


def find(pid: int) -> psutil.Process | None:
    """The living process of this number."""
    try:
        return psutil.Process(pid)
    except psutil.NoSuchProcess:
        return None


def runs_with(process: psutil.Process, argument: str) -> bool:
    """Whether a process was started with this argument. Of another user's process nobody may know: no."""
    try:
        return argument in process.cmdline()
    except psutil.Error:
        return False


def shut_down(postmaster: psutil.Process) -> None:
    """Ask for a clean end; when that takes too long, for an immediate one, from which the next start recovers."""
    for wish in (signal.SIGINT, signal.SIGQUIT, signal.SIGKILL):
        try:
            postmaster.send_signal(wish)
            postmaster.wait(STOP_SECONDS)
        except psutil.TimeoutExpired:
            continue
        except psutil.NoSuchProcess:
            pass
        return


def kill(postmaster: psutil.Process) -> None:
    """SIGKILL to every process at once; back when all of them are dead."""
    postmaster.suspend()  # it starts no further process
    others = postmaster.children(recursive=True)
    for process in (*others, postmaster):
        process.kill()
    while not all(map(_is_dead, others)):
        time.sleep(0.001)


def _is_dead(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE  # nothing is left of it but a line for its parent to read
    except psutil.NoSuchProcess:
        return True
