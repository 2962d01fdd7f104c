"""The regulation of jobs and of applications for them, written by hand from domain.md §7 and model.md §2.

`(situation, stage, action, who) → (situation, stage)`. Whatever is not here is refused, and leaves no trace.
"""

from collections.abc import Mapping

Key = tuple[str, str | None, str, str]
Outcome = tuple[str, str | None]

CAST = (
    "employer",
    "other employer",
    "graduate",
    "other graduate",
    "county",
    "county reader",
    "other county",
    "city",
    "provincial_bureau",
    "provincial_education",
    "school",
    "support",
)
JOB_SITUATIONS = (
    ("draft", None),
    ("submitted", "county"),
    ("submitted", "province"),
    ("approved", None),
    ("rejected", None),
    ("closed", None),
    ("expired", None),
    ("taken_down", None),
)
"""Stage province: the employer is registered outside the province."""
JOB_ACTIONS = ("edit", "edit its end", "submit", "approve", "reject", "return", "take_down", "close")
"""`edit` changes the substance; `edit its end` an end, headcount or contact alone."""
JOB: Mapping[Key, Outcome] = {
    ("draft", None, "edit", "employer"): ("draft", None),
    ("draft", None, "edit its end", "employer"): ("draft", None),
    ("draft", None, "submit", "employer"): ("submitted", "county"),
    ("draft", None, "close", "employer"): ("terminated", None),
    ("submitted", "county", "approve", "county"): ("approved", None),
    ("submitted", "county", "reject", "county"): ("rejected", None),
    ("submitted", "county", "return", "county"): ("draft", None),
    ("submitted", "county", "close", "employer"): ("terminated", None),
    ("submitted", "province", "approve", "provincial_bureau"): ("approved", None),
    ("submitted", "province", "reject", "provincial_bureau"): ("rejected", None),
    ("submitted", "province", "return", "provincial_bureau"): ("draft", None),
    ("submitted", "province", "close", "employer"): ("terminated", None),
    ("approved", None, "edit", "employer"): ("submitted", "county"),
    ("approved", None, "edit its end", "employer"): ("approved", None),
    ("approved", None, "close", "employer"): ("terminated", None),
    ("approved", None, "take_down", "county"): ("terminated", None),
}

APPLICATION_SITUATIONS = ("sent", "viewed", "declined", "invited", "withdrawn")
APPLICATION_ACTIONS = ("view", "decline", "withdraw", "invite")
"""`invite` is an invitation that names the application."""
APPLICATION: Mapping[Key, Outcome] = {
    ("sent", None, "view", "employer"): ("viewed", None),
    ("sent", None, "decline", "employer"): ("declined", None),
    ("sent", None, "invite", "employer"): ("invited", None),
    ("sent", None, "withdraw", "graduate"): ("withdrawn", None),
    ("viewed", None, "decline", "employer"): ("declined", None),
    ("viewed", None, "invite", "employer"): ("invited", None),
    ("viewed", None, "withdraw", "graduate"): ("withdrawn", None),
}
