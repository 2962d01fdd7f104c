"""One folder, one process that runs its server."""

import fcntl
import os
from pathlib import Path

from app.devdb.refusal import ClusterError


def lock(folder: Path) -> int:
    """Make the folder and lock it; the lock ends when the returned descriptor is closed, or its process dies."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(folder, os.O_RDONLY)
    except PermissionError as refusal:
        raise ClusterError(
            f"{folder} belongs to another user. Run as that user, remove it, or choose another DATA_DIR."
        ) from refusal
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as refusal:
        os.close(descriptor)
        raise ClusterError(
            f"Another process is running the database in {folder}. Stop it, or choose another DATA_DIR."
        ) from refusal
    return descriptor
