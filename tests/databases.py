"""Databases of a test's own, in a PostgreSQL that runs."""

import asyncio

import asyncpg

from app import migrating
from app.devdb import Cluster
from tests.world import found_the_province


async def created(cluster: Cluster, name: str, template: str = "template1") -> str:
    """The address of a database that is empty, or a copy of another."""
    line = await asyncpg.connect(cluster.url("postgres"))
    await line.execute(f"create database {name} template {template}")
    await line.close()
    return cluster.url(name)


async def migrated(cluster: Cluster, name: str) -> str:
    """The address of one with all tables and no rows."""
    url = await created(cluster, name)
    await asyncio.to_thread(migrating.upgrade, url)
    return url


async def founded(cluster: Cluster, name: str) -> str:
    """The address of one with the province founded in it: regions, bureaus, policies, calendar."""
    url = await migrated(cluster, name)
    await found_the_province(url)
    return url
