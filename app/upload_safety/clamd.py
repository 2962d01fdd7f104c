r"""A client of ClamAV's daemon: INSTREAM, the file in pieces, each after its length; then one line of an answer.

clamd.c: `zINSTREAM\0`, then `<length as 4 bytes, big-endian><bytes>`…, then a length of 0; `stream: OK\0` or
`stream: <name> FOUND\0`. Anything else, and a daemon that is not there, is `Unavailable`: nothing passes unseen.
"""

import asyncio
from pathlib import Path
from struct import pack
from typing import Final
from urllib.parse import urlsplit

from app.errors import Invalid, Unavailable

PIECE: Final = 1 << 16
PORT: Final = 3310
SECONDS: Final = 60.0


async def scan(url: str, path: Path, *, seconds: float = SECONDS) -> None:
    """Have a file looked at, at `tcp://host:port` or `unix:///path`; `Invalid("file-infected")` when it is known."""
    try:
        async with asyncio.timeout(seconds):
            said = await _asked(url, path)
    except (OSError, TimeoutError, EOFError, ValueError) as error:
        raise Unavailable("scanner-unavailable", retry_after=30) from error
    if said.endswith(b" FOUND"):
        raise Invalid("file-infected")
    if said != b"stream: OK":
        raise Unavailable("scanner-unavailable", retry_after=30)


async def _asked(url: str, path: Path) -> bytes:
    place = urlsplit(url)
    if place.scheme == "unix":
        reader, writer = await asyncio.open_unix_connection(place.path)
    else:
        reader, writer = await asyncio.open_connection(place.hostname, place.port or PORT)
    try:
        writer.write(b"zINSTREAM\0")
        with path.open("rb") as file:
            while piece := await asyncio.to_thread(file.read, PIECE):
                writer.write(pack(">I", len(piece)) + piece)
                await writer.drain()
        writer.write(pack(">I", 0))
        await writer.drain()
        return (await reader.readuntil(b"\0"))[:-1]
    finally:
        writer.close()
