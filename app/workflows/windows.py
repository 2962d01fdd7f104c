"""Windows: a cohort's policy opens and closes services by the day (domain.md §10, model.md §4 "Two clocks").

A closed window stops beginning and submitting; items in flight go on, and what was returned may be submitted again for
some working days. The rules read `timetable` beside the record (`facts.timetable_of`), and `returned_at` of what may
have been returned.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from app.errors import Reason
from app.words.policies import WindowedService
from app.workflows.engine import Rule, Scene
from app.workflows.reviewing import local_day

Timetable = Mapping[str, Any]
_OPEN_END: Final = "…"


def closed(timetable: Timetable | None, at: datetime, *services: str) -> Reason | None:
    """Why a service is closed on that day. Of several the first whose window the policy names counts."""
    windows = (timetable or {}).get("windows") or {}
    window: Mapping[str, Any] = next((windows[one] for one in services if one in windows), {})
    day, opens, closes = local_day(at).isoformat(), window.get("opens_on"), window.get("closes_on")
    early, late = opens is not None and day < opens, closes is not None and day > closes
    if not (early or late):
        return None
    dates = {"opens_on": opens or _OPEN_END, "closes_on": closes or _OPEN_END}
    return Reason(
        "window-closed", who="province", how="wait-for-the-window" if early else "ask-the-province", params=dates
    )


def the_window_is_open(service: WindowedService) -> Rule:
    """The rule that the service is open to the cohort today."""

    def rule(scene: Scene) -> Reason | None:
        return closed(scene.record.timetable, scene.at, service)

    rule.__name__ = f"the_{service}_window_is_open"
    return rule


def unless_just_returned(rule: Rule) -> Rule:
    """The same rule, which a returned record need not meet for the policy's working days after its return."""

    def or_just_returned(scene: Scene) -> Reason | None:
        reason = rule(scene)
        return None if reason and _was_just_returned(scene) else reason

    or_just_returned.__name__ = f"{rule.__name__}_or_it_was_just_returned"
    return or_just_returned


def _was_just_returned(scene: Scene) -> bool:
    returned, timetable = scene.record.returned_at, scene.record.timetable
    if returned is None:
        return False
    last = scene.calendar.add_working_days(local_day(returned), timetable["returned_resubmission_days"])
    return local_day(scene.at) <= last
