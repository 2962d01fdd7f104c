"""The same proof in other hands: files with the very bytes of a record's own, attached to records of other owners.

For the checks made after a submission (`pre_checks`). It looks further than any party may see, and so is a job of the
system's; a match is a hint for a reviewer, never a refusal.
"""

from typing import Final

from sqlalchemy import Uuid, func, select

from app.db import SYSTEM, Read, Result, asked
from app.service import Service
from app.workflows.attaching import attachments, files

_own, _other = files.alias("own_file"), files.alias("other_file")
_here, _there = attachments.alias("here"), attachments.alias("there")

_SAME: Final = Read(
    select(_there.c.record_id, _there.c.record_kind, _there.c.purpose, _there.c.attached_at, _here.c.file_id)
    .select_from(
        _here.join(_own, _own.c.id == _here.c.file_id)
        .join(_other, _other.c.sha256 == _own.c.sha256)
        .join(_there, _there.c.file_id == _other.c.id)
    )
    .where(
        _here.c.record_id == asked("of", Uuid(as_uuid=False)),
        func.coalesce(_other.c.body_id, _other.c.account_id) != func.coalesce(_own.c.body_id, _own.c.account_id),
    )
    .order_by(_there.c.attached_at, _there.c.record_id),
    door=SYSTEM,
)


async def used_elsewhere(service: Service, record: str) -> list[Result]:
    """The records of other owners that a file of this record is attached to as well, oldest first.

    Each with `record_kind`, `record_id`, `purpose`, `attached_at`, and `file_id`, this record's own.
    """
    rows = await service.db.rows(_SAME, {"job": "pre_checks", "body": None, "of": record})
    return [row for row in rows if row.record_id is not None]
