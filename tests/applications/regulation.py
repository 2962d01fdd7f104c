"""The regulation of applications, written by hand from domain.md §4 and model.md §2.

`(situation, stage, action, who) → (situation, stage)`. Whatever is not here is refused, and leaves no trace.
"""

from collections.abc import Iterator, Mapping

_SCHOOL = (("department", "department"), ("school", "school"))
CHAINS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "job_seeking_subsidy": (*_SCHOOL, ("county", "county"), ("publicity", "county")),
    "outstanding_graduate": (*_SCHOOL, ("publicity", "school"), ("province", "provincial_education")),
    "reassignment": (("province", "provincial_bureau"),),
    "deferred_dispatch": (("school", "school"), ("province", "provincial_bureau")),
    "certificate_reissue": (("province", "provincial_bureau"),),
    "archive_redirect": (("school", "school"),),
}
"""(stage, who) of each turn; the new unit of the reassignment here is outside the province."""
GRANT = {
    "job_seeking_subsidy": "to_pay",
    "outstanding_graduate": "approved",
    "reassignment": "to_print",
    "deferred_dispatch": "to_print",
    "certificate_reissue": "ready_for_collection",
    "archive_redirect": "approved",
}
FULFILMENT: Mapping[tuple[str, str, str], str] = {
    ("to_pay", "pay", "bureau"): "paid",
    ("to_pay", "fail", "bureau"): "failed",
    ("failed", "name_card", "graduate"): "to_pay",
    ("to_print", "print", "bureau"): "printed",
    ("ready_for_collection", "book", "graduate"): "ready_for_collection",
    ("ready_for_collection", "collect", "bureau"): "collected",
    ("ready_for_collection", "lapse", "bureau"): "lapsed",
}
"""`(situation, action, who) → situation`; the bureau is the body whose turn is the last."""
REACHED = {
    "job_seeking_subsidy": ("to_pay", "paid", "failed"),
    "outstanding_graduate": ("approved",),
    "reassignment": ("to_print", "printed"),
    "deferred_dispatch": ("to_print", "printed"),
    "certificate_reissue": ("ready_for_collection", "collected", "lapsed"),
    "archive_redirect": ("approved",),
}
ACTIONS = (
    "edit", "submit", "withdraw", "approve", "reject", "return", "revoke", "pay", "fail", "name_card", "print", "book",
    "collect", "lapse",
)  # fmt: skip
Place = tuple[str, str | None]
Key = tuple[str, str | None, str, str]
ACTORS = ("graduate", "department", "school", "county", "provincial_bureau", "provincial_education")
BYSTANDERS = ("other graduate", "employer", "department reader", "other school", "city")


def places(kind: str) -> Iterator[Place]:
    """Every situation of a kind."""
    yield "draft", None
    yield from (("submitted", stage) for stage, _ in CHAINS[kind])
    yield from ((situation, None) for situation in (*REACHED[kind], "rejected", "terminated"))


def regulation(kind: str) -> Mapping[Key, Place]:
    """What is allowed."""
    chain = CHAINS[kind]
    rules: dict[Key, Place] = {
        ("draft", None, "edit", "graduate"): ("draft", None),
        ("draft", None, "submit", "graduate"): ("submitted", chain[0][0]),
        ("draft", None, "withdraw", "graduate"): ("terminated", None),
    }
    for situation in REACHED[kind]:
        rules[situation, None, "revoke", chain[-1][1]] = ("terminated", None)
    for (situation, action, who), then in FULFILMENT.items():
        if situation in REACHED[kind]:
            rules[situation, None, action, chain[-1][1] if who == "bureau" else who] = (then, None)
    for place, (stage, who) in enumerate(chain):
        after: Place = ("submitted", chain[place + 1][0]) if place + 1 < len(chain) else (GRANT[kind], None)
        rules |= {
            ("submitted", stage, "reject", who): ("rejected", None),
            ("submitted", stage, "return", who): ("draft", None),
            ("submitted", stage, "withdraw", "graduate"): ("terminated", None),
        }
        if stage != "publicity":  # which passes by itself
            rules["submitted", stage, "approve", who] = after
    return rules
