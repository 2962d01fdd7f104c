"""What destinations and entered agreements share: they are registered by the graduate and reviewed by the school."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

from app.change import Row
from app.errors import Reason
from app.outbox import promise
from app.schemas.conditions import faults
from app.schemas.placement_forms import FORMS
from app.words.policies import WindowedService
from app.workflows import bound
from app.workflows.destination_codes import derived
from app.workflows.destination_codes import told as code_told
from app.workflows.engine import Cells, Effect, Now, Piece, Scene, Trail
from app.workflows.pre_checks import ENTRYPOINT as PRE_CHECKS
from app.workflows.reviewing import open_turn, school_chain, waiting_for
from app.workflows.sealed_parts import DETAILS, RETURNED, Part
from app.workflows.situations import At, Difference, amended, differences, trail_of
from app.workflows.telling import to_graduate
from app.workflows.windows import closed

# -- rules ------------------------------------------------------------------------------------------------------------


def kind_of(scene: Scene) -> str:
    """The kind that a move names, else the one on whose ground it stands."""
    named = getattr(getattr(scene.move, "details", None), "kind", None)
    return str(named or scene.record.kind)


def none_of_this_kind_is_under_way(scene: Scene) -> Reason | None:
    """There is one draft of a kind at most, and none beside a submitted one, which may be returned to be a draft."""
    other = (scene.record.under_way or {}).get(kind_of(scene))
    return Reason("draft-exists", who="you", how="go-on-with-the-draft", pointer=other) if other else None


def the_level_has_this_form(scene: Scene) -> Reason | None:
    """Some forms are not for every level: nobody studies on after a doctorate."""
    if FORMS[kind_of(scene)].offered_at(scene.record.level):
        return None
    return Reason("not-for-your-level", who="nobody", how="choose-another-kind", pointer="/details/kind")


def the_window_of_its_kind_is_open(scene: Scene) -> Reason | None:
    """Its own, or that of destinations as one."""
    return closed(scene.record.timetable, scene.at, kind_of(scene), WindowedService.DESTINATION)


def the_kind_is_kept(scene: Scene) -> Reason | None:
    """Another kind is another record: cancel the draft and open it."""
    if scene.move is None or kind_of(scene) == scene.record.kind:
        return None
    return Reason("kind-is-fixed", who="you", how="cancel-the-draft", pointer="/details/kind")


def the_details_are_complete(scene: Scene) -> Reason | None:
    """Everything is there that the form needs, and fits the graduate's level."""
    record = scene.record
    wanting = [f"/details/{name}" for name in faults(FORMS[record.kind], record.details, record.level)]
    if not wanting:
        return None
    params = {"fields": ", ".join(wanting)}
    return Reason("details-incomplete", who="you", how="fill-the-form", pointer=wanting[0], params=params)


# -- effects ----------------------------------------------------------------------------------------------------------

_EMPTY: Final = (
    "number", "employer_id", "county_id", "city_id", "registered_region", "invitation_id", "signed_on", "submitted_at",
    "decided_at", "approved_at", "ended_at", "ending", "annulment", "findings", "chain", "turn", "returned_at",
    "returned_details", "returned_details_sealed",
)  # fmt: skip
_BESIDE: Final = (
    "review_id", "review_body_id", "review_body_name", "opened_at", "review_opened_by", "due_on",
    "claimed_by", "lease_until", "open_termination_id",
)  # fmt: skip
_COLUMNS: Final[Mapping[str, Sequence[str]]] = {
    "unit_name": ("unit_name", "company_name", "institution", "unit_name_foreign", "institution_foreign"),
    "unit_credit_code": ("unit_credit_code", "company_credit_code"),
    "unit_nature": ("unit_nature",),
    "unit_industry": ("unit_industry",),
    "region": ("region", "enlist_region"),
}
"""The unit block, for lists and statistics: each column is the first of these fields that is there."""


def _cells(scene: Scene, kind: str) -> dict[str, Any]:
    """The row's part that a form fills: its details, the unit block and the code read off them."""
    given = scene.move.details.model_dump(mode="json", exclude_none=True, exclude={"kind"})
    details = DETAILS.said(scene, given)
    block = {
        column: next((details[name] for name in names if name in details), None) for column, names in _COLUMNS.items()
    }
    code, subcode = derived(kind, details)
    return {**DETAILS.cells(scene.sealer, scene.id, details), "code": code, "subcode": subcode, **block}


def write_the_draft(scene: Scene) -> Iterable[Piece]:
    """The draft, with who it is about."""
    ground, kind = scene.record, kind_of(scene)
    about = ("graduate_id", "department_id", "school_id", "cohort", "level", "graduate_name", "school_name", "major")
    yield Cells(
        {
            "kind": kind,
            **dict.fromkeys(_EMPTY),
            **{name: ground[name] for name in about},
            **_cells(scene, kind),
        },
        {
            **dict.fromkeys(_BESIDE),
            **{name: ground[name] for name in ("other_live_id", "timetable", *bound.NOTHING_KNOWN)},
        },
    )


def rewrite_the_draft(scene: Scene) -> Iterable[Piece]:
    """The details as they are now: what is not named is no longer there."""
    yield Cells(_cells(scene, scene.record.kind))


def open_first_review(
    kind: str,
    subject: Callable[[Any], Mapping[str, Any]],
    stages: Callable[[Any], Sequence[str]],
    findings: Callable[[Scene], list[str]],
) -> Effect:
    """The school's chain as it is now begins; a graduate who has changed departments goes to the new one.

    `findings` are those that the record itself shows; what only a wider look finds comes after (`pre_checks`).
    """

    def open_the_first_review(scene: Scene) -> Iterable[Piece]:
        record = scene.record
        place = {
            "department_id": record.present_department_id,
            "department_name": record.present_department_name,
            "findings": findings(scene),
        }
        submitted = Now({**dict(record.items()), **place})
        cells = {"department_id": place["department_id"], "findings": place["findings"], "submitted_at": scene.at}
        yield Cells({**cells, "decided_at": None, **NOTHING_RETURNED})
        yield from open_turn(scene, kind, submitted, school_chain(submitted, stages(record)), 0, subject)
        yield promise(PRE_CHECKS, {"placement_id": scene.id}, waits=True)

    return open_the_first_review


def keep(details: Part, returned: Part) -> Effect:
    """When it was given back, and what it said: for the days that it may be resubmitted in, and for the trail."""

    def keep_what_was_returned(scene: Scene) -> Iterable[Piece]:
        said = details.whole(scene.sealer, scene.record)
        yield Cells({"returned_at": scene.at, **returned.cells(scene.sealer, scene.id, said)})

    return keep_what_was_returned


keep_what_was_returned: Final = keep(DETAILS, RETURNED)
NOTHING_RETURNED: Final = dict.fromkeys(("returned_at", "returned_details", "returned_details_sealed"))
"""The cells of what is submitted."""


def date_the_decision(scene: Scene) -> Iterable[Piece]:
    """When it came into force, or was refused for good."""
    if scene.to in (At.APPROVED, At.REJECTED):
        yield Cells({"decided_at": scene.at, "approved_at": scene.at if scene.to == At.APPROVED else None})


def end_it(ending: str) -> Effect:
    """The graduate's own ending of what is not in force."""

    def effect(scene: Scene) -> Iterable[Piece]:
        yield Cells({"ending": ending, "ended_at": scene.at})

    effect.__name__ = f"mark_it_{ending}"
    return effect


def tell_the_graduate(kind: str) -> Effect:
    """Decisions, returns and endings reach the graduate's inbox."""

    def tell_the_graduate(scene: Scene) -> Iterable[Piece]:
        outcome = scene.action if scene.action == "return" else scene.to
        if outcome != At.SUBMITTED:
            yield to_graduate(scene, kind, outcome)

    return tell_the_graduate


def trail_without_drafts(kind: str, details: Part = DETAILS, returned: Part = RETURNED) -> Trail:
    """Every move is trailed but the edits of a draft: it may be saved as often as wanted.

    What came of them since it was returned, the resubmission tells.
    """
    whole = trail_of(kind, lambda scene, now: since_the_return(scene, details, returned) or amended(scene, now))

    def write(scene: Scene, now: Now) -> Iterable[Row]:
        return () if scene.action == "edit" else whole(scene, now)

    return write


def since_the_return(scene: Scene, details: Part, returned: Part) -> Difference:
    """What a resubmission has changed of what was given back; nothing for other moves, nor for the first."""
    if scene.action != "submit" or scene.record.returned_at is None:
        return None
    sealer, record = scene.sealer, scene.record
    return differences(returned.whole(sealer, record), details.whole(sealer, record))


# -- showing -----------------------------------------------------------------------------------------------------------

SHOWN: Final = (
    "id", "version", "status", "decision", "stage", "cohort", "level", "graduate_id", "graduate_name", "school_id",
    "school_name", "department_id", "major", "unit_name", "unit_credit_code", "region", "submitted_at", "decided_at",
    "approved_at", "returned_at", "ended_at", "ending", "annulment", "created_at", "updated_at",
)  # fmt: skip


def told(scene: Scene) -> dict[str, Any]:
    """What graduates and their school see of both; findings are for those who review."""
    record = scene.record
    shown = {name: record[name] for name in SHOWN}
    shown["details"] = {**dict.fromkeys(FORMS[record["kind"]].model_fields), **DETAILS.seen(record["details"])}
    shown["code"] = code_told(record)
    shown["findings"] = None if scene.actor.kind == "graduate" else record["findings"]
    shown["returned"] = record["chain"] is not None and record["status"] in ("draft", "issued")
    shown["waiting_for"] = waiting_for(record)
    shown["open_termination_id"] = record["open_termination_id"]
    return shown
