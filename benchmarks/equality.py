"""Before anything is measured: both servers answer the same."""

from collections.abc import Sequence
from itertools import islice
from typing import Any

import orjson

from benchmarks.load import once
from benchmarks.operations import Operation
from benchmarks.servers import Server

COMPARED = 3


async def check(operations: Sequence[Operation], servers: Sequence[Server]) -> None:
    """Compare answers: bytes of what reads, and the names and kinds of what writes. A difference is a RuntimeError."""
    for one in operations:
        for request in islice(one.requests, COMPARED):
            writes = not request.startswith(b"GET")
            twin = next(one.requests) if writes else request
            told = [await _told(server, sent, one) for server, sent in zip(servers, (request, twin), strict=True)]
            if writes:
                told = [orjson.dumps(_form(orjson.loads(answer))) for answer in told]
            if told[0] != told[1]:
                raise RuntimeError(f"{one.name}: {told[0].decode()}\nis not\n{told[1].decode()}")


async def _told(server: Server, request: bytes, one: Operation) -> bytes:
    try:
        return await once(request, one.status, server.port)
    except RuntimeError as error:
        raise RuntimeError(f"{one.name} by {server.name}: {error}\n{server.said()}") from error


def _form(value: Any) -> Any:
    """Names and kinds, in their order, without the values."""
    if isinstance(value, dict):
        return {name: _form(part) for name, part in value.items()}
    return [_form(part) for part in value] if isinstance(value, list) else type(value).__name__
