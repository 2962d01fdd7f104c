"""Uploaded files' bytes: a local folder, each file under its id. What is known of a file is in PostgreSQL.

folder/incoming/<id>    being written
folder/<xx>/<id>        whole, on disk; xx are the last two characters of the id
"""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from app.errors import TooLarge, Unavailable

BEGINNING: Final = 512
"""Bytes kept to tell the type by."""
_AT_ONCE: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Stored:
    """What was written."""

    size: int
    sha256: bytes
    beginning: bytes


class Storage:
    """A folder of files, made at the first upload."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, file: str) -> Path:
        """Where the file with this id is; perhaps it isn't."""
        return self._folder / file[-2:] / file

    async def put(self, file: str, chunks: AsyncIterator[bytes], limit: int) -> Stored:
        """Write a file, whole or not at all; it is on disk when this returns.

        `TooLarge` as soon as it passes `limit` bytes, `Unavailable` when the disk doesn't take it.
        """
        incoming = self._folder / "incoming" / file
        try:
            incoming.parent.mkdir(parents=True, exist_ok=True)
            stored = await _write(incoming, chunks, limit)
            await asyncio.to_thread(_keep, incoming, self.path(file))
        except OSError as error:
            raise Unavailable("storage-unavailable", retry_after=30) from error
        finally:
            incoming.unlink(missing_ok=True)
        return stored

    def remove(self, file: str) -> None:
        """Remove a file, if it is there."""
        self.path(file).unlink(missing_ok=True)

    def older_than(self, time: float) -> Iterator[Path]:
        """Files written before `time`, in seconds since the epoch, by id; left-overs of broken uploads among them."""
        return (path for path in self._folder.glob("*/????????-*") if path.stat().st_mtime < time)


async def _write(path: Path, chunks: AsyncIterator[bytes], limit: int) -> Stored:
    digest, size, beginning, waiting = sha256(), 0, b"", bytearray()
    with path.open("wb") as file:
        async for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise TooLarge(params={"limit": limit})
            digest.update(chunk)
            beginning += chunk[: BEGINNING - len(beginning)]
            waiting += chunk
            if len(waiting) >= _AT_ONCE:
                await asyncio.to_thread(file.write, bytes(waiting))
                waiting.clear()
        file.write(waiting)
        file.flush()
        await asyncio.to_thread(os.fsync, file.fileno())
    return Stored(size, digest.digest(), beginning)


def _keep(incoming: Path, path: Path) -> None:
    """Give a whole file its name, and have the folder remember it after a crash."""
    path.parent.mkdir(exist_ok=True)
    incoming.rename(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
