"""Notes in a graduate's inbox about their own account."""

from app.change import Row, fresh_id
from app.models import Message
from app.models.base import table_of
from app.service import Service

messages = table_of(Message)


def note(service: Service, graduate: str, kind: str) -> Row:
    """A note of this kind, whose text is `message-<kind>`."""
    about = {"kind": kind, "record_kind": "graduate", "record_id": graduate}
    return Row(messages, {"id": fresh_id(), "to_graduate_id": graduate, **about, "at": service.clock.now()})
