"""Alembic's entry: runs migrations over asyncpg on the database whose address `migrating` hands over.

They run as the owner of everything, whoever logs in: `sql/roles.sql`.
"""

import asyncio
from pathlib import Path

import asyncpg
from alembic import context
from sqlalchemy import Connection, pool, text
from sqlalchemy.ext.asyncio import create_async_engine

from app.models import Base

ROLES = (Path(__file__).parent / "sql" / "roles.sql").read_text("utf-8")


def ours(name: str | None, kind: str, _parents: object) -> bool:
    """Whether the models say how it should be: what is in our schema, less pgqueuer's tables (sql/0001_queue.sql)."""
    return name == "app" if kind == "schema" else not str(name).startswith("pgqueuer")


def run(connection: Connection) -> None:
    """Run in one transaction; wait for no lock longer than two seconds."""
    connection.exec_driver_sql(ROLES)
    connection.execute(text("create schema if not exists app authorization employment_owner"))
    connection.execute(text("set role employment_owner"))
    connection.execute(text("set lock_timeout = '2s'"))
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        version_table_schema="app",
        include_schemas=True,
        include_name=ours,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()


async def main() -> None:
    """Connect and run."""
    url = context.config.attributes["url"]
    engine = create_async_engine(
        "postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(url), poolclass=pool.NullPool
    )
    async with engine.connect() as connection:
        await connection.run_sync(run)
    await engine.dispose()


asyncio.run(main())
