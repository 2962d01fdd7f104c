"""Finished forms, written by hand from fields.md; `PROOF` stands for a file that the graduate has uploaded."""

from typing import Any

PROOF = "PROOF"
UNIT = {
    "unit_name": "上海远山科技有限公司",
    "unit_credit_code": "91350100M000100Y43",
    "unit_nature": "39",
    "unit_industry": "34",
}
HOME = {"archive_mode": "home"}
AGENCY = {
    "archive_mode": "agency",
    "archive_receiver": "济南市人才服务中心",
    "archive_address": "济南市历下区经十路17703号",
    "archive_contact": "李老师",
    "archive_phone": "0531-88364000",
    "archive_postcode": "250011",
}
PROVEN = {"proof_file_ids": [PROOF]}
HERE = {"region": "370102", **HOME, **PROVEN}


def as_told(form: dict[str, Any]) -> dict[str, Any]:
    """What is told of a form: a landline is hidden whole."""
    return {name: "*" * len(value) if name.endswith("_phone") else value for name, value in form.items()}


CONTRACT = {
    "kind": "labor_contract",
    "form": "employee",
    **UNIT,
    "occupation_category": "13",
    "contract_from": "2027-07-05",
    "salary_monthly": 8000,
    **HERE,
}
OTHERWISE = {
    "kind": "flexible",
    "form": "employed_otherwise",
    "started_on": "2027-07-05",
    **UNIT,
    "salary_monthly": 5000,
    **HERE,
}
FREELANCE = {
    "kind": "flexible",
    "form": "freelance",
    "started_on": "2027-07-05",
    "occupation_description": "自由撰稿人",
    "monthly_income": 6000,
    **HERE,
}
STUDY = {
    "kind": "further_study",
    "study_level": "master",
    "institution_code": "10246",
    "institution": "复旦大学",
    "major": "计算机科学与技术",
    "admission_mode": "examination",
    "full_time": True,
    "region": "310110",
    **HOME,
    **PROVEN,
}
STUDY_ABROAD = {
    "kind": "abroad",
    "purpose": "study",
    "country": "DEU",
    "institution_foreign": "Technische Universität München",
    "starts_on": "2027-10-01",
    **HOME,
    **PROVEN,
}
WORK_ABROAD = {
    "kind": "abroad",
    "purpose": "work",
    "country": "JPN",
    "contract_form": "contract",
    "unit_name_foreign": "Yamada KK",
    "unit_name": "山田株式会社",
    "starts_on": "2027-10-01",
    **HOME,
    **PROVEN,
}
COMPANY = {
    "kind": "startup",
    "form": "company",
    "started_on": "2027-07-05",
    "company_name": "济南青山科技有限公司",
    "company_credit_code": "91370100MA6838WPG0",
    "registered_on": "2027-06-01",
    "unit_industry": "34",
    "role": "法定代表人",
    **HERE,
}
SHOP = {
    "kind": "startup",
    "form": "e_commerce",
    "started_on": "2027-07-05",
    "shop_url": "https://shop.example.cn/88",
    "monthly_income": 900,
    **HERE,
}
ENLISTED = {"kind": "enlistment", "enlist_region": "370102", **HOME, **PROVEN}
WEST = {
    "kind": "grassroots",
    "level": "national",
    "programme": "503",
    "unit_name": "共青团喀什地委",
    "service_region": "653101",
    "starts_on": "2027-08-01",
    "ends_on": "2029-07-31",
    "region": "653101",
    **HOME,
}
ENTERED = {
    **UNIT,
    "region": "310115",
    "unit_address": "上海市浦东新区世纪大道1号",
    "contact_name": "王经理",
    "contact_phone": "021-58880000",
    "position": "后端开发工程师",
    "occupation_category": "13",
    "salary_monthly": 12000,
    "work_region": "310115",
    "work_address": "上海市浦东新区世纪大道1号",
    "report_on": "2027-07-05",
    **HOME,
}


def without(form: dict[str, Any], *names: str) -> dict[str, Any]:
    """The form less these fields."""
    return {name: value for name, value in form.items() if name not in names}


Case = tuple[str, str, dict[str, Any]]

VALID: list[Case] = [
    ("a contract", "bachelor", CONTRACT),
    ("a contract with its file at an agency", "bachelor", CONTRACT | AGENCY),
    ("a research assistant", "bachelor", CONTRACT | {"form": "research_assistant", "research_group": "智能系统课题组"}),
    ("employed otherwise", "bachelor", OTHERWISE),
    ("freelance", "bachelor", FREELANCE),
    ("a master's degree", "bachelor", STUDY),
    ("a second degree", "bachelor", STUDY | {"study_level": "second_degree"}),
    ("an upgrade", "junior_college", STUDY | {"study_level": "bachelor", "admission_mode": "upgrade"}),
    ("study abroad", "bachelor", STUDY_ABROAD),
    ("work abroad", "bachelor", WORK_ABROAD),
    ("a company", "bachelor", COMPANY),
    ("a shop on the net without a wage floor", "bachelor", SHOP),
    ("enlistment", "bachelor", ENLISTED),
    ("the western service without a proof", "bachelor", WEST),
    ("a local programme", "bachelor", WEST | {"level": "local", "programme": "512"}),
]

INVALID: list[Case] = [
    ("no unit", "bachelor", without(CONTRACT, "unit_name")),
    ("no salary", "bachelor", without(CONTRACT, "salary_monthly")),
    ("no proof", "bachelor", without(CONTRACT, "proof_file_ids")),
    ("an empty list of proofs", "bachelor", CONTRACT | {"proof_file_ids": []}),
    ("an assistant without a group", "bachelor", CONTRACT | {"form": "research_assistant"}),
    ("an agency without an address", "bachelor", without(CONTRACT | AGENCY, "archive_address")),
    ("no form", "bachelor", without(CONTRACT, "form")),
    ("a form of another kind", "bachelor", CONTRACT | {"form": "freelance"}),
    ("an unknown field", "bachelor", CONTRACT | {"code": "11"}),
    ("an unknown industry", "bachelor", CONTRACT | {"unit_industry": "00"}),
    ("a negative salary", "bachelor", CONTRACT | {"salary_monthly": -1}),
    ("a salary in words", "bachelor", CONTRACT | {"salary_monthly": "8000"}),
    ("employed otherwise without a wage", "bachelor", without(OTHERWISE, "salary_monthly")),
    ("freelance without an occupation", "bachelor", without(FREELANCE, "occupation_description")),
    ("freelance without an income", "bachelor", without(FREELANCE, "monthly_income")),
    ("a bachelor's after a bachelor's", "bachelor", STUDY | {"study_level": "bachelor"}),
    ("a master's after college", "junior_college", STUDY),
    ("a second degree after college", "junior_college", STUDY | {"study_level": "second_degree"}),
    ("no institution", "bachelor", without(STUDY, "institution")),
    ("abroad for nothing", "bachelor", without(STUDY_ABROAD, "purpose")),
    ("study abroad nowhere", "bachelor", without(STUDY_ABROAD, "institution_foreign")),
    ("work abroad without a form", "bachelor", without(WORK_ABROAD, "contract_form")),
    ("a country in words", "bachelor", WORK_ABROAD | {"country": "Japan"}),
    ("a company without a code", "bachelor", without(COMPANY, "company_credit_code")),
    ("a shop without an address", "bachelor", without(SHOP, "shop_url")),
    ("enlistment nowhere", "bachelor", without(ENLISTED, "enlist_region")),
    ("enlistment without the notice", "bachelor", without(ENLISTED, "proof_file_ids")),
    ("a local programme at the national level", "bachelor", WEST | {"programme": "512"}),
    ("a programme without an end", "bachelor", without(WEST, "ends_on")),
]
