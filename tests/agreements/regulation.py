"""The regulation of invitations, agreements and terminations, written by hand from domain.md §3 and model.md §2.

`(situation, stage, action, who) → (situation, stage)`. Whatever is not here is refused, and leaves no trace.
Not derived from the tables of the application: that would test nothing.
"""

from collections.abc import Mapping

Key = tuple[str, str | None, str, str]
Outcome = tuple[str, str | None]

CAST = (
    "graduate",
    "other graduate",
    "employer",
    "other employer",
    "department",
    "department reader",
    "school",
    "other school",
    "county",
    "city",
    "provincial_bureau",
    "provincial_education",
)

INVITATION_SITUATIONS = ("sent", "lapsed", "accepted", "declined", "withdrawn", "superseded")
INVITATION_ACTIONS = ("edit", "extend", "withdraw", "decline", "accept")
INVITATION: Mapping[Key, Outcome] = {
    ("sent", None, "edit", "employer"): ("sent", None),
    ("sent", None, "extend", "employer"): ("sent", None),
    ("sent", None, "withdraw", "employer"): ("withdrawn", None),
    ("sent", None, "decline", "graduate"): ("declined", None),
    ("sent", None, "accept", "graduate"): ("accepted", None),
}

AGREEMENT_SITUATIONS = (
    ("submitted", "department"),
    ("submitted", "school"),
    ("submitted", "county"),
    ("approved", None),
    ("rejected", None),
    ("terminated", None),
)
AGREEMENT_ACTIONS = ("approve", "reject", "reopen")
AGREEMENT: Mapping[Key, Outcome] = {
    ("submitted", "department", "approve", "department"): ("submitted", "school"),
    ("submitted", "department", "reject", "department"): ("rejected", None),
    ("submitted", "school", "approve", "school"): ("approved", None),
    ("submitted", "school", "reject", "school"): ("rejected", None),
    ("submitted", "school", "reopen", "department"): ("submitted", "department"),
    ("submitted", "county", "approve", "county"): ("approved", None),
    ("submitted", "county", "reject", "county"): ("rejected", None),
}

TERMINATION_SITUATIONS = (
    ("submitted", "graduate"),
    ("submitted", "employer"),
    ("agreed", None),
    ("refused", None),
    ("withdrawn", None),
)
"""For a submitted termination the second part says who asked."""
TERMINATION_ACTIONS = ("agree", "refuse", "withdraw", "approve", "reject")
TERMINATION: Mapping[Key, Outcome] = {
    ("submitted", "graduate", "agree", "employer"): ("agreed", None),
    ("submitted", "graduate", "refuse", "employer"): ("refused", None),
    ("submitted", "graduate", "withdraw", "graduate"): ("withdrawn", None),
    ("submitted", "employer", "agree", "graduate"): ("agreed", None),
    ("submitted", "employer", "refuse", "graduate"): ("refused", None),
    ("submitted", "employer", "withdraw", "employer"): ("withdrawn", None),
}
