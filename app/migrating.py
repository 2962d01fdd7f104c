"""Alembic from Python: bring a database up to date, take it back, write a new migration."""

from pathlib import Path

from alembic import command
from alembic.config import Config

ROOT = Path(__file__).parent.parent


def _config(url: str) -> Config:
    config = Config(ROOT / "alembic.ini")
    config.attributes["url"] = url
    return config


def upgrade(url: str, revision: str = "head") -> None:
    """Apply migrations up to `revision`. Runs its own event loop: call it outside of one, or in a thread."""
    command.upgrade(_config(url), revision)


def downgrade(url: str, revision: str = "base") -> None:
    """Take migrations back down to `revision`."""
    command.downgrade(_config(url), revision)


def new_revision(url: str, message: str) -> None:
    """Write a migration for what differs between the models and the database, which must be up to date."""
    command.revision(_config(url), message=message, autogenerate=True)
