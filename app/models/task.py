"""Long work (tasks), and imports with a report for each row."""

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, Document, Id, Key, Time


class Task(Base):
    """Work that outlives its request. It survives a restart: a worker takes it up where it stopped."""

    __tablename__ = "tasks"
    __table_args__ = (
        CheckConstraint("status in ('waiting','running','succeeded','failed')", name="status_is_known"),
        Index("ix_tasks_account_id", "account_id", "id"),
        Index("ix_tasks_body_id", "body_id", "id"),
    )

    id: Mapped[Key]
    kind: Mapped[str]
    account_id: Mapped[Id]
    body_id: Mapped[Id | None]
    status: Mapped[str]
    done: Mapped[int]
    total: Mapped[int | None]
    problem: Mapped[Document | None]
    created_at: Mapped[Time]
    updated_at: Mapped[Time]


class Import(Base):
    """One file read in; `id` is its task's."""

    __tablename__ = "imports"
    __table_args__ = (
        CheckConstraint("kind in ('roster','archive')", name="kind_is_known"),
        CheckConstraint("(kind = 'roster') = (source is not null)", name="rosters_have_a_source"),
        Index("ix_imports_body_id", "body_id", "id"),
    )

    id: Mapped[Key]
    kind: Mapped[str]
    file_id: Mapped[Id] = mapped_column(ForeignKey("app.files.id"))
    source: Mapped[str | None]
    body_id: Mapped[Id] = mapped_column(ForeignKey("app.bodies.id"))
    """Whose rows they become: the body that asked."""
    dry_run: Mapped[bool]
    added: Mapped[int]
    changed: Mapped[int]
    unchanged: Mapped[int]
    refused: Mapped[int]
    position: Mapped[int]
    """The last row of the file that is reported; the work goes on after it."""
    created_at: Mapped[Time]


class ImportRow(Base):
    """What became of one row of a file: added, changed, unchanged or refused, with its errors."""

    __tablename__ = "import_rows"

    import_id: Mapped[Id] = mapped_column(ForeignKey("app.imports.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    outcome: Mapped[str]
    errors: Mapped[Document | None]
    """`[{column, code, params}]`; never a sensitive value."""
