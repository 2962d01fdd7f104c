"""The regulation of employers' registrations, written by hand from domain.md §1 and model.md §2.

`(situation, stage, action, who) → (situation, stage)`. Whatever is not here is refused, and leaves no trace.
"""

from collections.abc import Mapping

Key = tuple[str, str | None, str, str]
Outcome = tuple[str, str | None]

CAST = (
    "operator",
    "other operator",
    "county",
    "county reader",
    "other county",
    "city",
    "provincial_bureau",
    "provincial_education",
    "school",
    "department",
    "graduate",
    "support",
)
SITUATIONS = (
    ("draft", None),
    ("submitted", "county"),
    ("submitted", "province"),
    ("approved", None),
    ("rejected", None),
)
"""Stage province: the employer is registered outside the province."""
ACTIONS = ("edit", "attach", "submit", "approve", "reject", "return")
REGULATION: Mapping[Key, Outcome] = {
    ("draft", None, "edit", "operator"): ("draft", None),
    ("draft", None, "attach", "operator"): ("draft", None),
    ("draft", None, "submit", "operator"): ("submitted", "county"),
    ("submitted", "county", "attach", "operator"): ("submitted", "county"),
    ("submitted", "county", "approve", "county"): ("approved", None),
    ("submitted", "county", "reject", "county"): ("rejected", None),
    ("submitted", "county", "return", "county"): ("draft", None),
    ("submitted", "province", "attach", "operator"): ("submitted", "province"),
    ("submitted", "province", "approve", "provincial_bureau"): ("approved", None),
    ("submitted", "province", "reject", "provincial_bureau"): ("rejected", None),
    ("submitted", "province", "return", "provincial_bureau"): ("draft", None),
}
