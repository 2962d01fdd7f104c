"""The regulation of roster corrections, written by hand: (situation, stage, action, who) → (situation, stage)."""

CORRECTION = {
    ("submitted", "school", "approve", "school"): ("approved", None),
    ("submitted", "school", "reject", "school"): ("rejected", None),
    ("submitted", "school", "withdraw", "graduate"): ("terminated", None),
}
"""Of an entry in the school's own roster."""

PROVINCIAL = {
    ("submitted", "school", "approve", "school"): ("submitted", "province"),
    ("submitted", "school", "reject", "school"): ("rejected", None),
    ("submitted", "school", "withdraw", "graduate"): ("terminated", None),
    ("submitted", "province", "approve", "provincial_education"): ("approved", None),
    ("submitted", "province", "reject", "provincial_education"): ("rejected", None),
    ("submitted", "province", "withdraw", "graduate"): ("terminated", None),
}
"""Of an entry in the provincial roster."""

SITUATIONS = (
    ("submitted", "school"), ("submitted", "province"), ("approved", None), ("rejected", None), ("terminated", None),
)  # fmt: skip
ACTIONS = ("approve", "reject", "withdraw")
CAST = (
    "graduate", "other graduate", "employer", "department", "school", "school reader", "other school", "county",
    "city", "provincial_bureau", "provincial_education",
)  # fmt: skip
