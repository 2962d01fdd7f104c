"""Callers at other addresses."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx

from tests.world import World


@asynccontextmanager
async def at(world: World, address: str, **headers: str) -> AsyncIterator[World]:
    """The same world, seen from an address; header names with underscores for dashes."""
    within = world.client._transport
    assert isinstance(within, httpx.ASGITransport)
    transport = httpx.ASGITransport(within.app, client=(address, 40000))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with httpx.AsyncClient(
        transport=transport, base_url="http://test", headers=named, event_hooks=world.client.event_hooks
    ) as client:
        yield replace(world, client=client)
