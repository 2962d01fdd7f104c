"""The storage keeps the same promises in a folder and in a bucket of S3."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import pytest
from pydantic import SecretStr, ValidationError

from app.change import fresh_id
from app.errors import Unavailable
from app.settings import Settings
from app.storage import Storage

KEYS: dict[str, Any] = {"s3_access_key_id": "someone", "s3_secret_access_key": SecretStr("a secret")}


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """A server that speaks S3, with the bucket `files`."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = f"from moto.server import main; main(['-H', '127.0.0.1', '-p', '{port}'])"
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as one:
        url, deadline = f"http://127.0.0.1:{port}", time.monotonic() + 60
        while True:
            try:
                urlopen(Request(f"{url}/files", method="PUT")).close()  # noqa: S310 (the server above)
                break
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.1)
        yield url
        one.kill()


@pytest.fixture(params=["folder", "bucket"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """Each of the two."""
    if request.param == "folder":
        return Storage.of(Settings(data_dir=tmp_path))
    return Storage.of(Settings(data_dir=tmp_path, s3_bucket="files", s3_endpoint=request.getfixturevalue("s3"), **KEYS))


async def put(storage: Storage, content: bytes, path: Path) -> str:
    """The id of a file that is kept."""
    file = fresh_id()
    await asyncio.to_thread(path.write_bytes, content)
    await storage.put(file, path)
    return file


async def content_of(storage: Storage, file: str) -> bytes:
    return b"".join([piece async for piece in await storage.read(file)])


@pytest.mark.parametrize("size", [0, 1, 12 << 20], ids=["empty", "little", "in parts"])
async def test_a_file_is_read_as_it_was_put(storage: Storage, tmp_path: Path, size: int) -> None:
    content = os.urandom(size)
    file = await put(storage, content, tmp_path / "sent")
    assert await content_of(storage, file) == content
    async with storage.at_hand(file) as path:
        assert path.read_bytes() == content


async def test_a_removed_file_is_gone_and_removing_it_again_is_fine(storage: Storage, tmp_path: Path) -> None:
    file, other = [await put(storage, b"x", tmp_path / "sent") for _ in range(2)]
    await storage.remove([file])
    await storage.remove([file])
    with pytest.raises(Unavailable):
        await storage.read(file)
    assert await content_of(storage, other) == b"x"


async def test_files_are_listed_by_their_age(storage: Storage, tmp_path: Path) -> None:
    files = {await put(storage, b"x", tmp_path / "sent") for _ in range(3)}
    now = datetime.now(UTC)

    async def older(time: datetime) -> set[str]:
        return {file async for page in storage.older_than(time) for file in page}

    assert files <= await older(now + timedelta(seconds=5))
    assert not files & await older(now - timedelta(hours=1))


async def test_a_room_is_gone_with_its_block(storage: Storage, tmp_path: Path) -> None:
    with storage.room() as room:
        (room / "sent").write_bytes(b"x")
        assert room.is_relative_to(tmp_path)
    assert not room.exists()


async def test_a_storage_that_is_not_there_is_unavailable(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        nobody = f"http://127.0.0.1:{free.getsockname()[1]}"
    storage = Storage.of(Settings(data_dir=tmp_path, s3_bucket="files", s3_endpoint=nobody, **KEYS))
    with pytest.raises(Unavailable, match="storage-unavailable"):
        await put(storage, b"x", tmp_path / "sent")


@pytest.mark.parametrize(
    "half",
    [
        {"s3_bucket": "files"},
        {"s3_bucket": "files", "s3_access_key_id": "someone"},
        {"s3_secret_access_key": SecretStr("a secret")},
        {"s3_endpoint": "http://127.0.0.1:9000"},
        KEYS,
    ],
)
def test_half_a_bucket_is_refused_without_its_secret(half: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match=r"S3_[A-Z_]+ is missing") as refused:
        Settings(**half)
    assert "a secret" not in str(refused.value)


@pytest.mark.parametrize("url", ["clamd", "http://127.0.0.1", "tcp://", "unix://tmp"])
def test_the_address_of_a_scanner_is_one(url: str) -> None:
    with pytest.raises(ValidationError, match="clamd_url"):
        Settings(clamd_url=url)
