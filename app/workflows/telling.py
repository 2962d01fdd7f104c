"""Messages in the inboxes of a record's sides, in the write of the move that they tell of.

Their text is `message-<kind>-<news>`: the record's kind, and what became of it if nothing else is said.
"""

from typing import Final

from app.change import Row
from app.models import Message
from app.models.base import table_of
from app.workflows.engine import Scene

_messages: Final = table_of(Message)


def to_graduate(scene: Scene, kind: str, news: str | None = None) -> Row:
    """A message to the record's graduate."""
    return _message(scene, kind, news, to_graduate_id=scene.record.graduate_id)


def to_employer(scene: Scene, kind: str, news: str | None = None, *, employer: str | None = None) -> Row:
    """A message to the record's employer, or to the one named: all its operators read it."""
    return _message(scene, kind, news, to_body_id=employer or scene.record.employer_id)


def _message(scene: Scene, kind: str, news: str | None, **to: str) -> Row:
    about = {"kind": f"{kind}-{news or scene.to}", "record_kind": kind, "record_id": scene.id, "at": scene.at}
    return Row(_messages, {"id": scene.fresh.id(), **to, **about})
