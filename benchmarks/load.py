"""Load: so many connections, each sending its next request when the last one is answered. Raw HTTP/1.1, no library."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final, cast

CONNECTIONS: Final = 32
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)


@dataclass
class Run:
    """What is sent, and what came of it: `seconds` of each answer of the status expected."""

    requests: Iterator[bytes]
    status: bytes
    until: float = 0.0
    seconds: list[float] = field(default_factory=list)
    wrong: list[bytes] = field(default_factory=list)
    """Answers of another status, and lines that broke."""

    def next(self) -> bytes | None:
        """The next request, unless time or requests are over."""
        return next(self.requests, None) if perf_counter() < self.until else None


class Client(asyncio.Protocol):
    """One connection."""

    def __init__(self, run: Run) -> None:
        self._run, self._answer, self._length = run, b"", 0
        self._began = 0.0
        self.over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin."""
        self._transport = cast("asyncio.Transport", transport)
        self._send()

    def connection_lost(self, error: Exception | None) -> None:
        """Count a line that the server has cut."""
        if not self.over.done():
            self._run.wrong.append(f"line lost: {error}".encode())
            self.over.set_result(None)

    def data_received(self, data: bytes) -> None:
        """Take a part of an answer; once it is whole, send the next request."""
        self._answer += data
        if not self._length:
            head = self._answer.find(b"\r\n\r\n")
            if head < 0:
                return
            length = _LENGTH.search(self._answer, 0, head)
            self._length = head + 4 + (int(length[1]) if length else 0)
        if len(self._answer) >= self._length:
            if self._answer[9:12] == self._run.status:
                self._run.seconds.append(perf_counter() - self._began)
            else:
                self._run.wrong.append(self._answer)
            self._send()

    def _send(self) -> None:
        request = self._run.next()
        if request is None:
            self.over.set_result(None)
            self._transport.close()
            return
        self._answer, self._length, self._began = b"", 0, perf_counter()
        self._transport.write(request)


async def put(run: Run, port: int, seconds: float, connections: int = CONNECTIONS) -> None:
    """Load the server at this port for so many seconds."""
    run.until = perf_counter() + seconds
    loop = asyncio.get_running_loop()
    clients = [await loop.create_connection(lambda: Client(run), "127.0.0.1", port) for _ in range(connections)]
    await asyncio.gather(*(client.over for _, client in clients))


async def once(request: bytes, status: bytes, port: int) -> bytes:
    """The body of the answer to one request; another status is a RuntimeError."""
    run, kept = Run(iter((request,)), status), bytearray()

    class Keeping(Client):
        def data_received(self, data: bytes) -> None:
            kept.extend(data)
            super().data_received(data)

    run.until = perf_counter() + 5
    _, client = await asyncio.get_running_loop().create_connection(lambda: Keeping(run), "127.0.0.1", port)
    await client.over
    if run.wrong:
        raise RuntimeError(run.wrong[0].decode(errors="replace"))
    return bytes(kept).partition(b"\r\n\r\n")[2]
