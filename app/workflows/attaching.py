"""Attaching uploaded files to a record, inside the move that names them.

A body that names files lists them as `named_files`; the desk hands them to the read, which finds the caller's own of
the right purpose among them (`beside`); a rule refuses the others (`theirs`); an effect attaches them (`attach`).
Proofs have both ready-made.
From then on a file is as visible as its record, and is never changed or removed.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    Boolean,
    ColumnElement,
    Label,
    Select,
    Text,
    Uuid,
    cast,
    exists,
    func,
    literal_column,
    or_,
    select,
)

from app.change import Row
from app.db import actor, asked
from app.errors import Reason
from app.models import Attachment, StoredFile
from app.models.base import table_of
from app.schemas.file import FilePurpose
from app.workflows.engine import Effect, Piece, Scene

files, attachments = table_of(StoredFile), table_of(Attachment)

_NONE: Final[ColumnElement[Any]] = literal_column("'{}'::text[]", ARRAY(Text))


def mine() -> ColumnElement[bool]:
    """Files that the caller or somebody of their body uploaded."""
    return or_(files.c.account_id == actor.c.account_id, files.c.body_id == actor.c.body_id)


def named_file(purpose: FilePurpose) -> Select[Any]:
    """The `file` that a caller names, if it is theirs to use for this purpose: `file_id`."""
    named = files.c.id == asked("file", Uuid(as_uuid=False))
    return select(files.c.id.label("file_id")).where(named, files.c.purpose == purpose.value, mine())


def visible() -> ColumnElement[bool]:
    """Files that are the caller's, or attached to a record that they see."""
    seen = func.app.sees_record(attachments.c.record_kind, attachments.c.record_id, type_=Boolean)
    return or_(mine(), exists().where(attachments.c.file_id == files.c.id, seen))


def beside(*purposes: FilePurpose, record: ColumnElement[Any] | None = None) -> tuple[Label[Any], Label[Any]]:
    """What a move reads of the files it names: `uploads`, the caller's own; `attached`, to the record already."""
    named = asked("files", ARRAY(Uuid(as_uuid=False)))
    own = select(func.array_agg(cast(files.c.id, Text))).where(
        files.c.id == func.any(named), files.c.purpose.in_([one.value for one in purposes]), mine()
    )
    there: ColumnElement[Any] = _NONE
    if record is not None:
        held = select(func.array_agg(cast(attachments.c.file_id, Text))).where(
            attachments.c.record_id == record, attachments.c.file_id == func.any(named)
        )
        there = func.coalesce(held.scalar_subquery(), _NONE)
    return func.coalesce(own.correlate(actor).scalar_subquery(), _NONE).label("uploads"), there.label("attached")


def theirs(scene: Scene, file: str | None) -> bool:
    """Whether a file that the move names may be attached: the caller's own, or attached before; none is fine."""
    return file is None or file in scene.record.uploads or file in scene.record.attached


def attach(scene: Scene, kind: str, purpose: FilePurpose, named: Iterable[str | None]) -> Iterator[Row]:
    """Attach files to the record of this kind that the move is about; those attached before stay as they are."""
    for file in dict.fromkeys(named):
        if file is not None and file not in scene.record.attached:
            cells = {"record_id": scene.id, "file_id": file, "record_kind": kind, "purpose": purpose.value}
            yield Row(attachments, {**cells, "attached_at": scene.real})


def the_proofs_are_theirs(scene: Scene) -> Reason | None:
    """The files named were uploaded as proofs by who makes the move, or are attached already."""
    move = scene.move
    if move is None or all(theirs(scene, one) for one in move.named_files):
        return None
    place = "/details" if "details" in type(move).model_fields else ""
    return Reason("proof-unknown", who="you", how="upload-the-proof", pointer=f"{place}/proof_file_ids")


def attach_the_proofs(kind: str) -> Effect:
    """The files named are as visible as the record, of this kind, from now on."""

    def attach_the_proofs(scene: Scene) -> Iterable[Piece]:
        yield from attach(scene, kind, FilePurpose.PROOF, scene.move.named_files)

    return attach_the_proofs
