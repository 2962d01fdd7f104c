"""Uploaded files' bytes: in a local folder, or in a bucket of S3. What is known of a file is in PostgreSQL.

<area>/<xx>/<id>    a file; xx are the last two characters of its id

Both are reached through obstore. A file is written once, whole or not at all, before the row that says it is there.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import file_digest, sha256
from pathlib import Path
from shutil import rmtree
from tempfile import TemporaryDirectory
from typing import Any, Final

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from app.errors import TooLarge, Unavailable
from app.settings import Settings

BEGINNING: Final = 512
"""Bytes kept to tell the type by."""
AT_ONCE: Final = 1 << 18
"""Bytes handed on at a time."""
PATIENCE: Final = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Received:
    """A file as it came."""

    path: Path
    size: int
    sha256: bytes
    beginning: bytes


class Storage:
    """Where files of one area are kept. `folder` is the place of those under way and, without a bucket, of all."""

    def __init__(self, store: LocalStore | S3Store, folder: Path, area: str = "files") -> None:
        self._store, self._folder, self._area = store, folder, area
        self._local = isinstance(store, LocalStore)

    @classmethod
    def of(cls, settings: Settings, area: str = "files") -> "Storage":
        """The storage that the settings name."""
        folder = settings.data_dir / area
        if not settings.s3_bucket:
            folder.mkdir(parents=True, exist_ok=True)
            return cls(LocalStore(folder), settings.data_dir, area)
        store = S3Store(
            settings.s3_bucket,
            prefix=area,
            region=settings.s3_region,
            endpoint=settings.s3_endpoint or f"https://s3.{settings.s3_region}.amazonaws.com",
            access_key_id=settings.s3_access_key_id,
            secret_access_key=settings.s3_secret_access_key.get_secret_value(),
            client_options={"allow_http": settings.s3_endpoint.startswith("http:"), "timeout": PATIENCE},
            retry_config={"max_retries": 2, "retry_timeout": PATIENCE},
        )
        return cls(store, settings.data_dir, area)

    @contextmanager
    def room(self) -> Iterator[Path]:
        """A folder for files under way, of nobody else's; it goes with the block."""
        with _translated():
            incoming = self._folder / "incoming"
            incoming.mkdir(parents=True, exist_ok=True)
            room = TemporaryDirectory(dir=incoming)
        with room as path:
            yield Path(path)

    async def put(self, file: str, content: Path | bytes) -> None:
        """Keep these bytes, or what is at this path, under this id; they are there for good when this returns."""
        with _translated():
            await obstore.put_async(self._store, _key(file), content)
            if self._local:
                await asyncio.to_thread(self._to_disk, file)

    async def read(self, file: str) -> AsyncIterator[bytes]:
        """A file, a piece at a time; the first is asked for before this returns. `Unavailable` when it isn't there."""
        with _translated():
            found = await obstore.get_async(self._store, _key(file))
        return _pieces(found)

    @asynccontextmanager
    async def at_hand(self, file: str) -> AsyncIterator[Path]:
        """A file as a path, for programs that want one."""
        if self._local:
            yield self._folder / self._area / _key(file)
            return
        with self.room() as room:
            with (room / file).open("wb") as copy:
                async for piece in await self.read(file):
                    copy.write(piece)
            yield room / file

    async def remove(self, files: Collection[str]) -> None:
        """Remove files, as far as they are there."""
        for file in files:
            with _translated():
                try:
                    await obstore.delete_async(self._store, _key(file))
                except FileNotFoundError:
                    continue

    async def older_than(self, time: datetime) -> AsyncIterator[list[str]]:
        """The ids of files written before a time, a page after another."""
        with _translated():
            async for page in obstore.list(self._store, chunk_size=1000):
                yield [one["path"].rpartition("/")[2] for one in page if one["last_modified"] < time]

    def clear(self, before: datetime) -> None:
        """Remove the rooms of uploads that a crash cut off before a time."""
        for room in (self._folder / "incoming").glob("*"):
            if room.stat().st_mtime < before.timestamp():
                rmtree(room, ignore_errors=True)

    def _to_disk(self, file: str) -> None:
        """Have the disk remember a file and its name after a crash."""
        path = self._folder / self._area / _key(file)
        for place in (path, path.parent):
            opened = os.open(place, os.O_RDONLY)
            try:
                os.fsync(opened)
            finally:
                os.close(opened)


def _key(file: str) -> str:
    return f"{file[-2:]}/{file}"


async def _pieces(found: Any) -> AsyncIterator[bytes]:
    async for piece in found.stream(AT_ONCE):
        yield bytes(piece)


@contextmanager
def _translated() -> Iterator[None]:
    """What a storage cannot do at the moment is `Unavailable`."""
    try:
        yield
    except (OSError, BaseError) as error:
        raise Unavailable("storage-unavailable", retry_after=30) from error


async def receive(chunks: AsyncIterator[bytes], path: Path, limit: int) -> Received:
    """Write down what is sent. `TooLarge` as soon as it passes `limit` bytes."""
    digest, size, beginning, waiting = sha256(), 0, b"", bytearray()
    with _translated(), path.open("wb") as file:
        async for chunk in chunks:
            size += len(chunk)
            if size > limit:
                raise TooLarge(params={"limit": limit})
            digest.update(chunk)
            beginning += chunk[: BEGINNING - len(beginning)]
            waiting += chunk
            if len(waiting) >= AT_ONCE:
                await asyncio.to_thread(file.write, bytes(waiting))
                waiting.clear()
        file.write(waiting)
    return Received(path, size, digest.digest(), beginning)


def digest_of(path: Path) -> tuple[int, bytes]:
    """Size and SHA-256 of a file."""
    with path.open("rb") as file:
        return path.stat().st_size, file_digest(file, "sha256").digest()
