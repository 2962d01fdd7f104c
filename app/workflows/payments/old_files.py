"""What a bank gave back is forgotten after a day, imported or not: like the file that it was given, it has cards in it.

The row goes, and is counted off; the bytes go with the sweep of files that no row knows (`forgetting`).
"""

from datetime import timedelta
from typing import Final

from sqlalchemy import DateTime, exists, func, select, update

from app.db import Statement, asked
from app.models import FileUsage
from app.models.base import table_of
from app.schemas.file import FilePurpose
from app.workflows.attaching import files
from app.workflows.payments.imports import imports
from app.workflows.promised_tasks import OPEN
from app.workflows.tasks import tasks

KEPT: Final = timedelta(days=1)
usage = table_of(FileUsage)


def _forgetting() -> Statement:
    """Files of results that came before `at`, but for those that are being imported."""
    under_way = exists().where(imports.c.file_id == files.c.id, tasks.c.id == imports.c.id, tasks.c.status.in_(OPEN))
    old = (
        files.c.purpose == FilePurpose.PAYMENT_RESULTS.value,
        files.c.created_at < asked("at", DateTime(timezone=True)),
    )
    owner = func.coalesce(files.c.body_id, files.c.account_id).label("owner_id")
    size = func.greatest(files.c.size, files.c.kept_size).label("bytes")
    gone = files.delete().where(*old, ~under_way).returning(owner, size).cte("gone")
    each = (
        select(gone.c.owner_id, func.count().label("files"), func.sum(gone.c.bytes).label("bytes"))
        .group_by(gone.c.owner_id)
        .cte("of_each_owner")
    )
    return Statement(
        update(usage)
        .where(usage.c.owner_id == each.c.owner_id)
        .values(files=usage.c.files - each.c.files, bytes=usage.c.bytes - each.c.bytes)
    )


FORGET: Final = _forgetting()
