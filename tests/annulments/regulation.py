"""The regulation of annulments and objections, written by hand from domain.md §3, §11 and model.md §2, §4.

`(situation, stage, action, who) → (situation, stage)`. Whatever is not here is refused, and leaves no trace.
"""

from collections.abc import Mapping

from tests.agreements.regulation import Key, Outcome

SITUATIONS = (("submitted", "department"), ("submitted", "school"), ("approved", None), ("rejected", None),
              ("terminated", None), ("annulled", None))  # fmt: skip
ACTIONS = ("annul",)
ANNULMENT: Mapping[Key, Outcome] = {
    ("approved", None, "annul", "school"): ("terminated", None),
    ("approved", None, "annul", "provincial_bureau"): ("terminated", None),
    ("approved", None, "annul", "provincial_education"): ("terminated", None),
}
"""After the school approved; the same for the three kinds of placements."""

CASCADES = ("disown", "reinstate")
"""What only an objection that is upheld does to a placement: nobody may ask for it."""

BY_THE_LAST_TURN = {
    "department": {"department", "school"},
    "school": {"school", "provincial_bureau", "provincial_education"},
    "county": {"county", "provincial_bureau"},
}
"""Who may annul what this body approved last: itself and the level above; a city reads only."""

OBJECTION_SITUATIONS = (
    ("submitted", "school"),
    ("submitted", "province"),
    ("upheld", None),
    ("dismissed", "school"),
    ("dismissed", "province"),
    ("withdrawn", None),
)
OBJECTION_ACTIONS = ("uphold", "dismiss", "escalate", "withdraw")
OBJECTION: Mapping[Key, Outcome] = {
    ("submitted", "school", "uphold", "school"): ("upheld", None),
    ("submitted", "school", "dismiss", "school"): ("dismissed", None),
    ("submitted", "school", "withdraw", "graduate"): ("withdrawn", None),
    ("submitted", "province", "uphold", "provincial_education"): ("upheld", None),
    ("submitted", "province", "dismiss", "provincial_education"): ("dismissed", None),
    ("submitted", "province", "withdraw", "graduate"): ("withdrawn", None),
    ("dismissed", "school", "escalate", "graduate"): ("submitted", "province"),
}
"""Of a graduate's “not mine”."""
