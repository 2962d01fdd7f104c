"""A department approves an agreement; a graduate accepts an invitation, which draws one up."""

from collections.abc import Mapping
from datetime import UTC, datetime
from secrets import randbelow
from typing import Any, Final

from app.calendar import Calendar, seed_rows
from app.change import fresh_id
from app.models import Event, IssuedDocument, Message, Review, TrailEntry
from app.models.base import PARTIES, table_of
from app.numbers import agreement_number
from app.outbox import jobs, promise
from app.security.passwords import Passwords
from app.statements import REQUEST
from app.words import Level, new_verification_code
from app.workflows import agreements, invitations
from app.workflows.invitation_endings import SUPERSEDE_OTHERS
from app.workflows.looking import OWN_PASSWORD, as_json
from app.workflows.pre_checks import ENTRYPOINT as PRE_CHECKS
from app.workflows.reviewing import local_day
from app.workflows.unemployed_removal import CLOSE_THE_OPEN_CASE, graduates
from app.writes import write_statement
from benchmarks.floor.lines import Lines
from benchmarks.floor.reading import agreement

_HELD: Final = (("id", False), ("version", False), ("status", False))
_TURN: Final = (
    "id", "record_kind", "record_id", "turn", "stage", "body_id", "cohort", "subject", "opened_at", "opened_by",
    "due_on", *PARTIES,
)  # fmt: skip
_STEP: Final = (
    "id", "record_kind", "record_id", "seq", "action", "source", "situation", "stage", "at", "real_at", "actor_kind",
    "account_id", "body_id", "reason", "comment", "diff",
)  # fmt: skip
_EVENT: Final = ("id", "kind", "record_kind", "record_id", "record_version", "at", *PARTIES)
_DRAWN: Final = (
    "id", "version", "created_at", "updated_at", "status", "decision", "kind", "code", "number", "cohort", "level",
    "graduate_id", "employer_id", "department_id", "school_id", "graduate_name", "school_name", "major", "unit_name",
    "unit_credit_code", "unit_nature", "unit_industry", "registered_region", "region", "details", "details_sealed",
    "invitation_id", "signed_on", "submitted_at", "stage", "turn", "chain",
)  # fmt: skip
_NOTE: Final = ("id", "to_body_id", "kind", "record_kind", "record_id", "at")
_ISSUED: Final = ("id", "placement_id", "placement_version", "kind", "code", "issued_at")
_reviews, _trail, _events, _messages, _documents = (
    table_of(one) for one in (Review, TrailEntry, Event, Message, IssuedDocument)
)

APPROVE: Final = write_statement(
    (
        REQUEST,
        (
            (agreements.placements, _HELD, ("status", "decision", "stage", "turn", "chain", "updated_at")),
            (_reviews, (("id", False), ("decision", True)),
             ("decision", "reason", "comment", "decided_at", "decided_by")),
        ),
        ((_reviews, _TURN), (_trail, _STEP), (_events, _EVENT)),
        (),
    )
)  # fmt: skip
ACCEPT: Final = write_statement(
    (
        REQUEST,
        (
            (invitations.invitations, _HELD, ("status", "answered_at", "decline_reason", "updated_at")),
            (graduates, (("id", False), ("version", False)), ("unplaced_code", "updated_at")),
        ),
        (
            (_messages, _NOTE),
            (_trail, _STEP),
            (_events, _EVENT),
            (agreements.placements, _DRAWN),
            (_reviews, _TURN),
            (jobs, tuple(promise(PRE_CHECKS, {}).values)),
            (_documents, _ISSUED),
        ),
        (SUPERSEDE_OTHERS, CLOSE_THE_OPEN_CASE),
    )
)
_CALENDAR: Final = Calendar.of(seed_rows())
_EVERY_PARTY: Final = dict.fromkeys(PARTIES)


def _subject(row: Mapping[str, Any], details: Mapping[str, Any], number: str, unit: str) -> dict[str, Any]:
    return {
        "number": number,
        "graduate_name": row["graduate_name"],
        "school_name": row["school_name"],
        "major": row["major"],
        "unit_name": unit,
        "position": details["position"],
        "salary_monthly": details["salary_monthly"],
    }


def _traced(
    record: str, version: int, what: tuple[str, str, str | None, str, str | None], at: datetime, row: Any
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The trail's row and the event; `what` is kind, action, source, situation, stage."""
    kind, action, source, situation, stage = what
    step = {
        "id": fresh_id(), "record_kind": kind, "record_id": record, "seq": version, "action": action, "source": source,
        "situation": situation, "stage": stage, "at": at, "real_at": at, "actor_kind": row["caller_kind"],
        "account_id": row["caller_account_id"], "body_id": row["caller_body_id"], "reason": None, "comment": None,
        "diff": None,
    }  # fmt: skip
    event = {
        "id": fresh_id(), "kind": f"{kind}.{situation}", "record_kind": kind, "record_id": record,
        "record_version": version, "at": at, **_EVERY_PARTY,
    }  # fmt: skip
    for party in PARTIES:
        event[party] = row.get(party)
    return step, event


async def approve(lines: Lines, session: str, path: str) -> bytes:
    """The department's turn, after which the school's begins."""
    at = datetime.now(UTC)
    given = {"session": session, "record": path[15:51], "at": at, "key": None, "files": []}
    (row,) = await lines.run(agreements.desk.view.to_move, given)
    turn = row["turn"] + 1
    if row["status"] != "submitted" or row["review_body_id"] != row["caller_body_id"] or row["open_termination_id"]:
        raise ValueError("not theirs to approve")
    following = row["chain"][turn]
    due_on = _CALENDAR.add_working_days(local_day(at), row["review_due_days"])
    review = {
        "id": fresh_id(), "record_kind": "agreement", "record_id": row["id"], "turn": turn, "stage": following["stage"],
        "body_id": following["body_id"], "cohort": row["cohort"],
        "subject": _subject(row, row["details"], row["number"], row["unit_name"]), "opened_at": at,
        "opened_by": row["caller_account_id"], "due_on": due_on, **{party: row[party] for party in PARTIES},
    }  # fmt: skip
    version = row["version"] + 1
    what = ("agreement", "approve", "submitted", "submitted", following["stage"])
    step, event = _traced(row["id"], version, what, at, row)
    await lines.run(
        APPROVE,
        {
            "session": session, "record": None,
            "held_0_id": row["id"], "held_0_version": row["version"], "held_0_status": "submitted",
            "new_0_status": "submitted", "new_0_decision": None, "new_0_stage": following["stage"], "new_0_turn": turn,
            "new_0_chain": row["chain"], "new_0_updated_at": at,
            "held_1_id": row["review_id"], "new_1_decision": "approve", "new_1_reason": None, "new_1_comment": None,
            "new_1_decided_at": at, "new_1_decided_by": row["caller_account_id"],
            "rows_0": [review], "rows_1": [step], "rows_2": [event],
        },
    )  # fmt: skip
    now = {
        **row, "version": version, "stage": following["stage"], "turn": turn, "updated_at": at,
        "review_id": review["id"], "review_body_id": following["body_id"], "review_body_name": following["body_name"],
        "opened_at": at, "review_opened_by": row["caller_account_id"], "due_on": due_on,
    }  # fmt: skip
    change = {"action": "approve", "from": "submitted", "to": "submitted", "version": version}
    return as_json({"change": change, "record": agreement(now, row["caller_body_id"]), "created": ()})


async def accept(lines: Lines, session: str, path: str, passwords: Passwords, password: str) -> bytes:
    """The graduate accepts: an agreement is drawn up, and other invitations are superseded."""
    at = datetime.now(UTC)
    given = {"session": session, "record": path[16:52], "at": at, "key": None, "files": []}
    (row,) = await lines.run(invitations.desk.view.to_move, given)
    if row["status"] != "sent" or row["valid_until"] <= at or row["other_live_id"] or not row["caller_verified_at"]:
        raise ValueError("not theirs to accept")
    ((hashed, *_),) = await lines.run(OWN_PASSWORD, {"session": session, "record": None})
    if not await passwords.verify(password, hashed):
        raise ValueError("wrong password")
    day, employer, drawn = local_day(at), row["employer"], fresh_id()
    level = Level(row["level"]).education_code
    number = agreement_number(day.year, row["school_code"], level, f"{randbelow(10**7):07d}")
    chain = [
        {"stage": "department", "body_id": row["department_id"], "body_name": row["department_name"]}
        if stage == "department"
        else {"stage": "school", "body_id": row["school_id"], "body_name": row["school_name"]}
        for stage in row["review_chain"]
        if row[f"{stage}_id"]
    ]
    parties = {name: row[name] for name in ("graduate_id", "employer_id", "department_id", "school_id")}
    names = {name: row[name] for name in ("graduate_name", "school_name", "major")}
    agreed = {
        "id": drawn, "version": 1, "created_at": at, "updated_at": at, "status": "submitted", "decision": None,
        "kind": agreements.KIND, "code": "10", "number": number, "cohort": row["cohort"], "level": row["level"],
        **parties, **names,
        **{f"unit_{name}": employer[name] for name in ("name", "credit_code", "nature", "industry")},
        "registered_region": employer["registered_region"], "region": employer["region"], "details": row["terms"],
        "details_sealed": None,
        "invitation_id": row["id"], "signed_on": day, "submitted_at": at, "stage": chain[0]["stage"], "turn": 0,
        "chain": chain,
    }  # fmt: skip
    review = {
        "id": fresh_id(), "record_kind": "agreement", "record_id": drawn, "turn": 0, "stage": chain[0]["stage"],
        "body_id": chain[0]["body_id"], "cohort": row["cohort"],
        "subject": _subject(row, row["terms"], number, employer["name"]), "opened_at": at,
        "opened_by": None, "due_on": _CALENDAR.add_working_days(day, row["review_due_days"]), **_EVERY_PARTY, **parties,
    }  # fmt: skip
    document = {
        "id": fresh_id(), "placement_id": drawn, "placement_version": 1, "kind": "agreement",
        "code": new_verification_code(), "issued_at": at,
    }  # fmt: skip
    opened = _traced(drawn, 1, ("agreement", "open", None, "submitted", chain[0]["stage"]), at, row)
    accepted = _traced(row["id"], row["version"] + 1, ("invitation", "accept", "sent", "accepted", None), at, row)
    note = {
        "id": fresh_id(), "to_body_id": row["employer_id"], "kind": "invitation-accept", "record_kind": "invitation",
        "record_id": row["id"], "at": at,
    }  # fmt: skip
    await lines.run(
        ACCEPT,
        {
            "session": session, "record": None,
            "set_0_at": at, "set_0_graduate_id": row["graduate_id"], "set_0_except_id": row["id"], "set_0_real": at,
            "set_1_at": at, "set_1_graduate_id": row["graduate_id"], "set_1_real": at,
            "held_0_id": row["id"], "held_0_version": row["version"], "held_0_status": "sent",
            "new_0_status": "accepted", "new_0_answered_at": at, "new_0_decline_reason": None, "new_0_updated_at": at,
            "held_1_id": row["graduate_id"], "held_1_version": row["graduate_version"],
            "new_1_unplaced_code": None, "new_1_updated_at": at,
            "rows_0": [note], "rows_1": [accepted[0], opened[0]], "rows_2": [accepted[1], opened[1]],
            "rows_3": [agreed], "rows_4": [review], "rows_6": [document],
            "rows_5": [promise(PRE_CHECKS, {"placement_id": drawn}, waits=True).values],
        },
    )  # fmt: skip
    version = row["version"] + 1
    now = {**row, "version": version, "status": "accepted", "answered_at": at, "decline_reason": None, "updated_at": at}
    shown = {**{name: now[name] for name in invitations.SHOWN}, "terms": now["terms"]}
    shown |= {"status": "accepted", "actions": (), "blocked": ()}
    change = {"action": "accept", "from": "sent", "to": "accepted", "version": version}
    return as_json({"change": change, "record": shown, "created": ({"type": "agreement", "id": drawn},)})
