"""The regulation of amendments, written by hand from domain.md §3 and §11 and model.md §2.

`(situation, who asked, action, who) → situation`. Whatever is not here is refused, and leaves no trace. The
agreement was approved by the school, whose review came last: nobody else reviews.
"""

from collections.abc import Mapping

SITUATIONS = (
    ("submitted", "graduate"),
    ("submitted", "employer"),
    ("approved", "graduate"),
    ("rejected", "graduate"),
    ("terminated", "employer"),
)
ACTIONS = ("approve", "reject", "withdraw")
AMENDMENT: Mapping[tuple[str, str, str, str], str] = {
    ("submitted", "graduate", "approve", "school"): "approved",
    ("submitted", "graduate", "reject", "school"): "rejected",
    ("submitted", "graduate", "withdraw", "graduate"): "terminated",
    ("submitted", "employer", "approve", "school"): "approved",
    ("submitted", "employer", "reject", "school"): "rejected",
    ("submitted", "employer", "withdraw", "employer"): "terminated",
}

HARMLESS: Mapping[str, set[str]] = {
    "online_agreement": {
        "position", "occupation_category", "work_address", "archive_address", "archive_contact", "archive_phone",
        "archive_postcode",
    },
    "entered_agreement": {
        "position", "occupation_category", "work_address", "unit_address", "contact_name", "contact_phone",
        "archive_address", "archive_contact", "archive_phone", "archive_postcode",
    },
    "labor_contract": {
        "position", "occupation_category", "research_group", "archive_address", "archive_contact", "archive_phone",
        "archive_postcode",
    },
    "flexible": {
        "occupation_description", "platform_or_works", "archive_address", "archive_contact", "archive_phone",
        "archive_postcode",
    },
    "further_study": {"archive_address", "archive_contact", "archive_phone", "archive_postcode"},
    "abroad": {"archive_address", "archive_contact", "archive_phone", "archive_postcode"},
    "startup": {"role", "shop_url", "archive_address", "archive_contact", "archive_phone", "archive_postcode"},
    "enlistment": {"branch", "archive_address", "archive_contact", "archive_phone", "archive_postcode"},
    "grassroots": {"archive_address", "archive_contact", "archive_phone", "archive_postcode"},
}  # fmt: skip
"""What may be amended of each kind, written again: contacts, addresses, the post."""
