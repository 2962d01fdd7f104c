"""A move repeated with its key has the answer that it had: kept, sealed, for three days, in the write of the move."""

from datetime import timedelta

import orjson

from app.change import Change, Row
from app.db import Result
from app.errors import Invalid
from app.models import Remembered
from app.models.base import table_of
from app.policies import Actor
from app.service import Caller, Once
from app.workflows.looking import Answer, as_json

_KEPT = timedelta(hours=72)


def remember(caller: Caller, once: Once, answer: Answer, who: Actor) -> Change:
    """The row that lets the same key have the same answer. A twin loses on its primary key."""
    kept = as_json({"body": answer.body.decode(), "version": answer.version, "id": answer.id}).decode()
    sealed = caller.service.sealer.seal(kept, table="remembered", column="answer", row=f"{who.account_id}/{once.key}")
    until = caller.service.clock.real() + _KEPT
    row = {
        "account_id": who.account_id,
        "key": once.key,
        "fingerprint": once.fingerprint,
        "answer": sealed,
        "until": until,
    }
    return Change(inserts=(Row(table_of(Remembered), row),))


def replayed(caller: Caller, once: Once, row: Result, who: Actor) -> Answer:
    """The answer given before, or 422 when the key came with another request."""
    if row.once_fingerprint != once.fingerprint:
        raise Invalid("idempotency-key-reused")
    place = f"{who.account_id}/{once.key}"
    kept = orjson.loads(caller.service.sealer.open(row.once_answer, table="remembered", column="answer", row=place))
    return Answer(kept["body"].encode(), kept["version"], replayed=True, id=kept["id"])
