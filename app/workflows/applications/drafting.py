"""Drafts of applications, and what becomes of them when they are submitted: rules of the form, cells of the row."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from app.errors import Reason
from app.models.base import PARTIES
from app.schemas.application_forms import APPLICATION_FORMS
from app.schemas.conditions import faults
from app.workflows.applications.chains import chain_of
from app.workflows.applications.eligibility import FACTS, applications
from app.workflows.engine import Cells, Now, Piece, Scene
from app.workflows.placing import NOTHING_RETURNED, kind_of
from app.workflows.reviewing import local_day, open_turn
from app.workflows.sealed_parts import APPLIED

KIND: Final = "application"

# -- rules ------------------------------------------------------------------------------------------------------------


def none_of_this_kind_is_open(scene: Scene) -> Reason | None:
    """One application of a kind at a time."""
    other = (scene.record.open_ones or {}).get(kind_of(scene))
    return Reason("application-open", who="you", how="go-on-with-the-application", pointer=other) if other else None


def the_form_is_complete(scene: Scene) -> Reason | None:
    """Everything is there that the form needs."""
    record = scene.record
    wanting = [f"/details/{name}" for name in faults(APPLICATION_FORMS[record.kind], record.details, record.level)]
    if not wanting:
        return None
    params = {"fields": ", ".join(wanting)}
    return Reason("details-incomplete", who="you", how="fill-the-form", pointer=wanting[0], params=params)


def the_rank_is_possible(scene: Scene) -> Reason | None:
    """Nobody is 5th of 3."""
    details = scene.record.details
    if details.get("rank", 0) <= details.get("rank_of", details.get("rank", 0)):
        return None
    return Reason("rank-impossible", who="you", how="correct-the-field", pointer="/details/rank")


# -- effects ----------------------------------------------------------------------------------------------------------

_EMPTY: Final = (
    *PARTIES, "chain", "turn", "submitted_at", "decided_at", "amount", "fulfilment", "dispatch_id", "collect_on",
    "ended_at", "ending", "findings", "bank_card_sealed", *NOTHING_RETURNED,
)  # fmt: skip
_BESIDE: Final = (
    "review_id", "review_body_id", "review_body_name", "opened_at", "due_on", "claimed_by", "lease_until",
    "places_left", "held",
)  # fmt: skip
_ABOUT: Final = (
    "graduate_id", "department_id", "school_id", "person_id", "cohort", "level", "graduate_name", "school_name",
    "major",
)  # fmt: skip


def write_the_draft(scene: Scene) -> Iterable[Piece]:
    """The draft, with who it is about."""
    ground, form = scene.record, scene.move.details
    about = {name: ground[name] for name in _ABOUT}
    cells = {**dict.fromkeys(_EMPTY), **about, "kind": form.kind, **_cells(scene, {})}
    yield Cells(cells, {**dict.fromkeys(_BESIDE), **{name: ground[name] for name in FACTS}})


def rewrite_the_draft(scene: Scene) -> Iterable[Piece]:
    """The details as they are now: what is not named is no longer there, but for the bank card."""
    yield Cells(_cells(scene, scene.record.details))


def _cells(scene: Scene, before: Mapping[str, Any]) -> dict[str, Any]:
    details = APPLIED.said(scene, scene.move.details.model_dump(mode="json", exclude_none=True, exclude={"kind"}))
    card = sealed_card(scene, details["bank_card"]) if "bank_card" in details else {}
    if card:
        details["bank_card"] = masked(details["bank_card"])
    elif "bank_card" in before:
        details["bank_card"] = before["bank_card"]
    return {**APPLIED.cells(scene.sealer, scene.id, details), **card}


def masked(card: str) -> str:
    """A bank card's last four digits."""
    return "*" * (len(card) - 4) + card[-4:]


def sealed_card(scene: Scene, card: str) -> dict[str, bytes]:
    """The cell that keeps it."""
    place = {"table": applications.name, "column": "bank_card_sealed", "row": scene.id}
    return {"bank_card_sealed": scene.sealer.seal(card, **place)}


def open_first_review(scene: Scene) -> Iterable[Piece]:
    """The chain as it is now begins; a graduate who has changed departments goes to the new one."""
    record, place = scene.record, {"department_id": scene.record.present_department_id}
    here = {**place, "department_name": record.present_department_name}
    chain = chain_of(Now({**dict(record.items()), **here}))
    if any(turn["stage"] == "county" for turn in chain):
        place |= {"county_id": record.bureau_id, "city_id": record.bureau_city_id}
    cells = {"county_id": None, "city_id": None, **place, "findings": [*_found(scene)]}
    yield Cells({**cells, "submitted_at": scene.at, "decided_at": None, **NOTHING_RETURNED})
    yield from open_turn(scene, KIND, Now({**dict(record.items()), **cells}), chain, 0, subject)


def _found(scene: Scene) -> Iterator[str]:
    """The automatic pre-checks that found something (domain.md §8)."""
    details = scene.record.details
    if details.get("starts_on") and details.get("ends_on") and details["starts_on"] > details["ends_on"]:
        yield "dates-disordered"
    number, held = details.get("old_certificate_number"), scene.record.held or ()
    if number and held and number not in {one["number"] for one in held}:
        yield "certificate-number-differs"
    if details.get("certificate_valid_until", "9999") < local_day(scene.at).isoformat():
        yield "certificate-expired"


def subject(record: Any) -> Mapping[str, Any]:
    """What the queue shows of an application."""
    names = ("kind", "graduate_name", "school_name", "major", "findings")
    return {name: record[name] for name in names}
