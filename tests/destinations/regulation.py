"""The regulation of destinations and entered agreements, written by hand from domain.md §3 and model.md §2.

`(situation, stage, action, who) → (situation, stage)`. Whatever is not here is refused, and leaves no trace.
"""

from collections.abc import Mapping

from tests.agreements.regulation import Key, Outcome

DESTINATION_SITUATIONS = (
    ("draft", None),
    ("submitted", "department"),
    ("submitted", "school"),
    ("approved", None),
    ("rejected", None),
    ("terminated", None),
)
DESTINATION_ACTIONS = ("edit", "submit", "cancel", "withdraw", "approve", "reject", "return", "reopen")
DESTINATION: Mapping[Key, Outcome] = {
    ("draft", None, "edit", "graduate"): ("draft", None),
    ("draft", None, "submit", "graduate"): ("submitted", "department"),
    ("draft", None, "cancel", "graduate"): ("terminated", None),
    ("submitted", "department", "withdraw", "graduate"): ("terminated", None),
    ("submitted", "department", "approve", "department"): ("submitted", "school"),
    ("submitted", "department", "reject", "department"): ("rejected", None),
    ("submitted", "department", "return", "department"): ("draft", None),
    ("submitted", "school", "withdraw", "graduate"): ("terminated", None),
    ("submitted", "school", "approve", "school"): ("approved", None),
    ("submitted", "school", "reject", "school"): ("rejected", None),
    ("submitted", "school", "return", "school"): ("draft", None),
    ("submitted", "school", "reopen", "department"): ("submitted", "department"),
}

ENTERED_SITUATIONS = (
    ("draft", None),
    ("issued", None),
    ("submitted", "department"),
    ("submitted", "school"),
    ("approved", None),
    ("rejected", None),
    ("terminated", None),
)
ENTERED_ACTIONS = ("edit", "issue", "attach", "submit", "cancel", "approve", "reject", "return", "reopen")
ENTERED: Mapping[Key, Outcome] = {
    ("draft", None, "edit", "graduate"): ("draft", None),
    ("draft", None, "issue", "graduate"): ("issued", None),
    ("draft", None, "cancel", "graduate"): ("terminated", None),
    ("issued", None, "attach", "graduate"): ("issued", None),
    ("issued", None, "submit", "graduate"): ("submitted", "department"),
    ("submitted", "department", "approve", "department"): ("submitted", "school"),
    ("submitted", "department", "reject", "department"): ("rejected", None),
    ("submitted", "department", "return", "department"): ("issued", None),
    ("submitted", "school", "approve", "school"): ("approved", None),
    ("submitted", "school", "reject", "school"): ("rejected", None),
    ("submitted", "school", "return", "school"): ("issued", None),
    ("submitted", "school", "reopen", "department"): ("submitted", "department"),
}
