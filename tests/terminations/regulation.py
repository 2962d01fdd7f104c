"""The regulation of terminations that a body decides, written by hand from domain.md §3 and model.md §2 and §4.

`(of what, stage, action, who) → (situation, stage)`. Whatever is not here is refused, and leaves no trace. What the
sides settle between themselves is in `tests/agreements/regulation.py`.
"""

from collections.abc import Mapping

from tests.agreements.regulation import CAST, TERMINATION_ACTIONS, Key, Outcome

__all__ = ["ACTIONS", "ASKED", "CAST", "PLACES", "REGULATION"]

ACTIONS = TERMINATION_ACTIONS
PLACES = (
    ("entered agreement", "school"),
    ("destination", "department"),
    ("destination", "school"),
    ("agreement, silent employer, before leaving", "school"),
    ("agreement, silent graduate, after leaving", "county"),
    ("agreement, employer elsewhere, after leaving", "province"),
    ("agreement, agreed, reviewed by the school", "school"),
)
"""Of what, and whose turn it is."""
REGULATION: Mapping[Key, Outcome] = {
    ("entered agreement", "school", "approve", "school"): ("agreed", None),
    ("entered agreement", "school", "reject", "school"): ("refused", None),
    ("entered agreement", "school", "withdraw", "graduate"): ("withdrawn", None),
    ("destination", "department", "approve", "department"): ("submitted", "school"),
    ("destination", "department", "reject", "department"): ("refused", None),
    ("destination", "department", "withdraw", "graduate"): ("withdrawn", None),
    ("destination", "school", "approve", "school"): ("agreed", None),
    ("destination", "school", "reject", "school"): ("refused", None),
    ("destination", "school", "withdraw", "graduate"): ("withdrawn", None),
    ("agreement, silent employer, before leaving", "school", "approve", "school"): ("agreed", None),
    ("agreement, silent employer, before leaving", "school", "reject", "school"): ("refused", None),
    ("agreement, silent employer, before leaving", "school", "withdraw", "graduate"): ("withdrawn", None),
    ("agreement, silent graduate, after leaving", "county", "approve", "county"): ("agreed", None),
    ("agreement, silent graduate, after leaving", "county", "reject", "county"): ("refused", None),
    ("agreement, silent graduate, after leaving", "county", "withdraw", "employer"): ("withdrawn", None),
    ("agreement, employer elsewhere, after leaving", "province", "approve", "provincial_bureau"): ("agreed", None),
    ("agreement, employer elsewhere, after leaving", "province", "reject", "provincial_bureau"): ("refused", None),
    ("agreement, employer elsewhere, after leaving", "province", "withdraw", "graduate"): ("withdrawn", None),
    ("agreement, agreed, reviewed by the school", "school", "approve", "school"): ("agreed", None),
    ("agreement, agreed, reviewed by the school", "school", "reject", "school"): ("refused", None),
    ("agreement, agreed, reviewed by the school", "school", "withdraw", "graduate"): ("withdrawn", None),
}

ASKED: Mapping[tuple[str, str, str | None, str], str | None] = {
    ("agreement", "submitted", "department", "graduate"): None,
    ("agreement", "submitted", "department", "employer"): None,
    ("agreement", "approved", None, "graduate"): None,
    ("agreement", "approved", None, "employer"): None,
    ("agreement", "rejected", None, "graduate"): "agreement-not-live",
    ("agreement", "terminated", None, "employer"): "agreement-not-live",
    ("entered agreement", "draft", None, "graduate"): "placement-not-binding",
    ("entered agreement", "issued", None, "graduate"): None,
    ("entered agreement", "submitted", "school", "graduate"): None,
    ("entered agreement", "approved", None, "graduate"): None,
    ("entered agreement", "rejected", None, "graduate"): "agreement-not-live",
    ("entered agreement", "terminated", None, "graduate"): "agreement-not-live",
    ("destination", "draft", None, "graduate"): "placement-not-binding",
    ("destination", "submitted", "department", "graduate"): "placement-not-binding",
    ("destination", "approved", None, "graduate"): None,
    ("destination", "rejected", None, "graduate"): "agreement-not-live",
    ("destination", "terminated", None, "graduate"): "agreement-not-live",
}
"""(kind, situation, stage, who asks) → why it is refused; None: it is asked. Everybody else is refused, by their kind
(403) or because there is nothing for them to see (404)."""
