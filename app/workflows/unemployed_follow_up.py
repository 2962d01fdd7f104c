"""What a bureau does for a graduate whom it follows up, each logged once it is done: contacts, services, policies."""

from collections.abc import Iterable
from typing import Any, Final

from app.change import Row
from app.errors import Reason
from app.policies import Actor
from app.words.unemployed import REACHED
from app.workflows.engine import Cells, Now, Piece, Scene
from app.workflows.reviewing import local_day
from app.workflows.situations import Difference
from app.workflows.unemployed_declarations import whose
from app.workflows.unemployed_reads import contacts

GIVEN: Final = ("service", "policy")
"""What a move names of what was given; the timeline repeats it."""


def the_bureau(actor: Actor, record: Any) -> bool:
    """Who works on cases (as reviewers do on reviews) in the bureau that follows this one up."""
    return actor.is_a("reviewer") and actor.body_id == record.body_id


def what_was_given(scene: Scene, _now: Now) -> Difference:
    """For the timeline, whose steps say when each service and policy was given, and so how often."""
    given = {name: getattr(scene.move, name, None) for name in GIVEN}
    return {name: [None, one] for name, one in given.items() if one is not None} or None


# -- rules ------------------------------------------------------------------------------------------------------------


def the_contact_has_happened(scene: Scene) -> Reason | None:
    """What is logged lies between the opening of the case and today."""
    if scene.move is None or local_day(scene.record.created_at) <= scene.move.contacted_on <= local_day(scene.at):
        return None
    return Reason("contact-outside-the-case", who="you", how="correct-the-field", pointer="/contacted_on")


def the_next_one_is_to_come(scene: Scene) -> Reason | None:
    """The graduate is asked again on a later day than today."""
    if scene.move is None or scene.move.next_on > local_day(scene.at):
        return None
    return Reason("follow-up-not-later", who="you", how="correct-the-field", pointer="/next_on")


def somebody_tried(scene: Scene) -> Reason | None:
    """Nobody is out of reach whom nobody tried to reach."""
    return None if scene.record.contacts else Reason("never-contacted", who="you", how="log-a-contact")


def another_bureau_is_meant(scene: Scene) -> Reason | None:
    """Where the graduate lives now, another bureau follows up."""
    if scene.move is None or whose(scene.record) != scene.record.body_id:
        return None
    return Reason("same-bureau", who="you", how="correct-the-field", pointer="/residence_region")


# -- effects ----------------------------------------------------------------------------------------------------------


def write_the_contact(scene: Scene) -> Iterable[Piece]:
    """The attempt, when to try again, and the first day on which the graduate was spoken with."""
    record, move = scene.record, scene.move
    first = record.reached_on or (move.contacted_on if move.result in REACHED else None)
    yield Cells({"contacts": record.contacts + 1, "follow_up_due_on": move.next_on, "reached_on": first})
    by = {"case_id": record.id, "body_id": scene.actor.body_id, "account_id": scene.actor.account_id}
    told = {name: getattr(move, name) for name in ("contacted_on", "channel", "result", "comment", "next_on")}
    yield Row(contacts, {"id": scene.fresh.id(), **by, **told, "logged_at": scene.at})


def write_the_service(scene: Scene) -> Iterable[Piece]:
    """What was given, each once."""
    yield Cells({"services_given": sorted({*scene.record.services_given, scene.move.service})})


def write_the_policy(scene: Scene) -> Iterable[Piece]:
    """What the graduate has had, each once."""
    yield Cells({"policies_used": sorted({*scene.record.policies_used, scene.move.policy})})
