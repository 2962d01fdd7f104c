"""For each kind an approved form, examples of what may be amended of it, and of what may not."""

from typing import Any

from tests.destinations.forms import AGENCY, COMPANY, CONTRACT, ENLISTED, ENTERED, FREELANCE, STUDY, WEST, WORK_ABROAD

RECEIVER = {
    "archive_address": "济南市市中区英雄山路1号",
    "archive_contact": "赵老师",
    "archive_phone": "0531-82900000",
    "archive_postcode": "250002",
}
POST = {"position": "数据库工程师", "occupation_category": "24"}
VALID: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "entered_agreement": (
        ENTERED,
        POST | RECEIVER | {"work_address": "上海市徐汇区漕溪路1号", "unit_address": "上海市静安区南京西路1号",
                           "contact_name": "孙经理", "contact_phone": "021-62170000"},
    ),
    "labor_contract": (CONTRACT, POST | RECEIVER | {"research_group": "数据库课题组"}),
    "flexible": (FREELANCE, RECEIVER | {"occupation_description": "插画师", "platform_or_works": "《青山》"}),
    "further_study": (STUDY, RECEIVER),
    "abroad": (WORK_ABROAD, RECEIVER),
    "startup": (COMPANY, RECEIVER | {"role": "总经理", "shop_url": "https://shop.example.cn/99"}),
    "enlistment": (ENLISTED, RECEIVER | {"branch": "海军"}),
    "grassroots": (WEST, RECEIVER),
}  # fmt: skip
"""(form, one value for each field that may be amended)."""
ONLINE = POST | RECEIVER | {"work_address": "济南市历下区解放路1号"}

MALFORMED: list[tuple[str, dict[str, Any], str, str]] = [
    ("nothing", {}, "/body/changes", "changes-missing"),
    ("an unknown field", {"code": "11"}, "/body/changes/code", "unknown-field"),
    ("what decides the code", {"form": "freelance"}, "/body/changes/form", "unknown-field"),
    ("the unit", {"unit_name": "另一家公司"}, "/body/changes/unit_name", "unknown-field"),
    ("the pay", {"salary_monthly": 9000}, "/body/changes/salary_monthly", "unknown-field"),
    ("the proof", {"proof_file_ids": []}, "/body/changes/proof_file_ids", "unknown-field"),
    ("a phone in words", {"archive_phone": "电话"}, "/body/changes/archive_phone", "phone-invalid"),
    ("a postcode of five", {"archive_postcode": "25001"}, "/body/changes/archive_postcode", "wrong-form"),
    ("an unknown occupation", {"occupation_category": "00"}, "/body/changes/occupation_category", "unknown-code"),
    ("a post of two lines", {"position": "工程师\n主管"}, "/body/changes/position", "control-character"),
    ("a number for a name", {"archive_contact": 7}, "/body/changes/archive_contact", "wrong-type"),
]
FOREIGN: list[tuple[str, dict[str, Any], str]] = [
    ("labor_contract", {"shop_url": "https://shop.example.cn/99"}, "/changes/shop_url"),
    ("further_study", {"position": "助教"}, "/changes/position"),
    ("enlistment", {"work_address": "青岛市市南区1号"}, "/changes/work_address"),
]
"""Fields of other kinds' lists."""
HELD_AT_AN_AGENCY = CONTRACT | AGENCY
