"""Finished forms of applications, written by hand from fields.md; `PROOF` stands for an uploaded file."""

from typing import Any

from tests.destinations.forms import AGENCY, HOME, PROOF, UNIT, without

CARD = "6222021234567890128"
PROVEN = {"proof_file_ids": [PROOF]}

SUBSIDY: dict[str, Any] = {
    "kind": "job_seeking_subsidy",
    "category": "low_income",
    "certificate_number": "鲁低保370102001",
    "issuer": "济南市历下区民政局",
    "certificate_valid_until": "2031-12-31",
    "bank": "中国工商银行济南历下支行",
    "bank_card": CARD,
    "statement_accepted": True,
    **PROVEN,
}
LOAN = without(SUBSIDY, "certificate_number", "issuer", "certificate_valid_until") | {
    "category": "student_loan",
    "loan_contract_number": "20230901370102",
    "loan_bank": "国家开发银行",
}
OUTSTANDING: dict[str, Any] = {
    "kind": "outstanding_graduate",
    "rank": 3,
    "rank_of": 120,
    "average_score": 91.5,
    "posts_held": ["班长"],
    "honours": [{"name": "国家奖学金", "level": "national", "awarded_on": "2026-10-15", "proof_file_id": PROOF}],
    "deeds": "连续三年专业第一，组织支教活动。",
    "no_discipline": True,
    "photo_file_id": PROOF,
}
REASSIGNMENT: dict[str, Any] = {
    "kind": "reassignment",
    "case": "unemployed_to_employed",
    **UNIT,
    "region": "310110",
    "reason": "毕业后已在上海就业，申请改派至现单位。",
    **HOME,
    **PROVEN,
}
CHANGED = REASSIGNMENT | {
    "case": "changed_employer",
    "old_unit": "济南青山科技有限公司",
    "old_certificate_number": "202237001234",
    "release_letter_file_id": PROOF,
}
TO_HOME = {"unit_name": "济南市人力资源和社会保障局", "region": "370102", **HOME}
DEFERRED: dict[str, Any] = {"kind": "deferred_dispatch", "deferral_reason": "illness", **TO_HOME, **PROVEN}
SERVED = DEFERRED | {
    "deferral_reason": "service_project",
    "project": "大学生志愿服务西部计划",
    "starts_on": "2022-08-01",
    "ends_on": "2024-07-31",
}
REISSUE: dict[str, Any] = {
    "kind": "certificate_reissue",
    "lost_how": "搬家时遗失。",
    "collect_at": "省人社厅服务大厅3号窗口",
    **PROVEN,
}
REDIRECT: dict[str, Any] = {
    "kind": "archive_redirect",
    "old_unit": "济南青山科技有限公司",
    "unit_name": "上海测试科技有限公司",
    "region": "310110",
    "reason": "毕业后已到上海工作，申请将档案改寄至现单位。",
    **AGENCY,
    **PROVEN,
}
FORMS: dict[str, dict[str, Any]] = {
    form["kind"]: form for form in (SUBSIDY, OUTSTANDING, REASSIGNMENT, DEFERRED, REISSUE, REDIRECT)
}

VALID: list[tuple[str, dict[str, Any]]] = [
    ("low income", SUBSIDY),
    ("a student loan", LOAN),
    ("outstanding", OUTSTANDING),
    ("outstanding without honours", without(OUTSTANDING, "honours", "posts_held", "average_score")),
    ("employed at last", REASSIGNMENT),
    ("another employer", CHANGED),
    ("a file at an agency", REASSIGNMENT | AGENCY),
    ("ill", DEFERRED),
    ("served in the west", SERVED),
    ("lost", REISSUE),
    ("lost, with an appointment", REISSUE | {"collect_on": "2027-07-12"}),
    ("sent on to an agency", REDIRECT),
    ("sent on home", without(REDIRECT, "old_unit", *AGENCY) | HOME),
]
INVALID: list[tuple[str, dict[str, Any]]] = [
    ("no category", without(SUBSIDY, "category")),
    ("two categories", SUBSIDY | {"category": ["low_income", "orphan"]}),
    ("an unknown category", SUBSIDY | {"category": "rich"}),
    ("no certificate", without(SUBSIDY, "certificate_number")),
    ("no card", without(SUBSIDY, "bank_card")),
    ("a statement not accepted", SUBSIDY | {"statement_accepted": False}),
    ("a statement that is a number", SUBSIDY | {"statement_accepted": 1}),
    ("no statement", without(SUBSIDY, "statement_accepted")),
    ("no proof", SUBSIDY | {"proof_file_ids": []}),
    ("a loan without a contract", without(LOAN, "loan_contract_number")),
    ("no rank", without(OUTSTANDING, "rank")),
    ("rank nought", OUTSTANDING | {"rank": 0}),
    ("no photo", without(OUTSTANDING, "photo_file_id")),
    ("deeds without end", OUTSTANDING | {"deeds": "长" * 1501}),
    ("an honour without a proof", OUTSTANDING | {"honours": [without(OUTSTANDING["honours"][0], "proof_file_id")]}),
    ("an honour of the universe", OUTSTANDING | {"honours": [OUTSTANDING["honours"][0] | {"level": "universe"}]}),
    ("disciplined", OUTSTANDING | {"no_discipline": False}),
    ("no case", without(REASSIGNMENT, "case")),
    ("no unit", without(REASSIGNMENT, "unit_name")),
    ("no reason", without(REASSIGNMENT, "reason")),
    ("another employer without a release", without(CHANGED, "release_letter_file_id")),
    ("another employer than none", without(CHANGED, "old_unit")),
    ("an agency without an address", without(REASSIGNMENT | AGENCY, "archive_address")),
    ("no cause", without(DEFERRED, "deferral_reason")),
    ("a service without a project", without(SERVED, "project")),
    ("a service without an end", without(SERVED, "ends_on")),
    ("dispatched nowhere", without(DEFERRED, "region")),
    ("lost somehow", without(REISSUE, "lost_how")),
    ("sent on to nobody", without(REDIRECT, "unit_name")),
    ("sent on for no reason", without(REDIRECT, "reason")),
    ("sent on to an agency without an address", without(REDIRECT, "archive_address")),
    ("collected nowhere", without(REISSUE, "collect_at")),
    ("an unknown field", REISSUE | {"certificate": "1"}),
]
