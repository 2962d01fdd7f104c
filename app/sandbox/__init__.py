"""The sandbox: a synthetic province, the same at each start. Nobody in it exists."""

from app.sandbox.personas import personas
from app.sandbox.settling import settle

__all__ = ["personas", "settle"]
