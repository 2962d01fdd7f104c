"""What stands on the documents of an application: its form with each level's opinion, and its certificate of dispatch.

As in `contents`: codes become names, times days in the province; nothing is decided here.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from app import codes, texts
from app.documents.contents import LEVELS, NOTHING, day, qr
from app.schemas.document import ApplicationDocument
from app.words import in_groups
from app.words.applications import ApplicationKind

FORMS: Final[Mapping[str, str]] = {
    ApplicationKind.JOB_SEEKING_SUBSIDY: "求职创业补贴申请表",
    ApplicationKind.OUTSTANDING_GRADUATE: "省级优秀毕业生登记表",
    ApplicationKind.REASSIGNMENT: "毕业生调整改派申请表",
    ApplicationKind.DEFERRED_DISPATCH: "毕业生缓派打证申请表",
    ApplicationKind.CERTIFICATE_REISSUE: "就业报到证遗失补办申请表",
    ApplicationKind.ARCHIVE_REDIRECT: "毕业生档案改寄申请表",
}
CERTIFICATES: Final[Mapping[str, tuple[str, str]]] = {
    ApplicationKind.REASSIGNMENT: ("毕业生就业报到证（改派）", "同意改派到你单位"),
    ApplicationKind.DEFERRED_DISPATCH: ("缓派毕业生就业报到通知书", "缓派期满，同意派遣到你单位"),
    ApplicationKind.CERTIFICATE_REISSUE: ("毕业生就业报到证（补办）", "原报到证遗失，同意补办"),
    ApplicationKind.ARCHIVE_REDIRECT: ("毕业生档案改寄通知书", "同意将其档案改寄到你单位"),
}
"""The title of each certificate, and what was granted."""
STATES: Final[Mapping[str, str]] = {
    "submitted": "审核中",
    "approved": "审核通过",
    "rejected": "审核未通过",
    "draft": "已退回",
    "terminated": "已终止",
}
STAGES: Final[Mapping[str, str]] = {
    "department": "院系意见",
    "school": "学校意见",
    "county": "县（市、区）人社部门意见",
    "province": "省级部门意见",
    "publicity": "公示结果",
}
DECISIONS: Final[Mapping[str, str]] = {
    "approve": "同意",
    "return": "退回修改",
    "reject": "不同意",
    "pass": "公示期满，无异议",
}
LONG: Final = (
    "statement_accepted",
    "deeds",
    "reason",
    "lost_how",
    "remarks",
    "honours",
    "posts_held",
    "archive_address",
    "unit_name",
)
"""What takes a row of its own."""


def content(row: Any, public_url: str, id_number: str | None, fields: Sequence[str]) -> dict[str, Any]:
    """Of either document: `row` as `applications.printing` reads it, and the ID number masked.

    `fields` are those of its form, in their order; files are not printed. Only a certificate has a code.
    """
    code = row.document_code if row.printed == ApplicationDocument.CERTIFICATE else None
    url, state = f"{public_url}/verify/{code}", row.decision if row.status == "reviewed" else row.status
    title, granted = CERTIFICATES.get(row.kind, (NOTHING, NOTHING))
    return {
        "title": title if code else FORMS[row.kind],
        "granted": granted,
        "number": row.number or NOTHING,
        "state": state,
        "state_text": STATES[state],
        "issued_on": day(row.issued_at),
        "submitted_on": day(row.submitted_at),
        "code": in_groups(code) if code else "",
        "url": url if code else "",
        "qr": qr(url) if code else "",
        "graduate": {
            "name": row.graduate_name,
            "school": row.school_name,
            "department": row.department_name or NOTHING,
            "major": row.major,
            "level": LEVELS[row.level],
            "cohort": f"{row.cohort}届",
            "id_number": id_number or NOTHING,
        },
        "fields": [*_fields(row.details, fields)],
        "amount": f"{row.amount:,}元" if row.amount else "",
        "opinions": [_opinion(one) for one in row.opinions or () if one["decision"] in DECISIONS],
        "dispatch": _dispatch(row),
        "steps": [],
    }


def _fields(details: Mapping[str, Any], names: Sequence[str]) -> Iterator[dict[str, Any]]:
    for name in names:
        if name != "kind" and "file_id" not in name and details.get(name) not in (None, []):
            yield {"name": _said(f"field-{name}"), "value": _HOW.get(name, str)(details[name]), "long": name in LONG}


def _said(code: str) -> str:
    return texts.title(code, "zh-CN")


def _chosen(choice: str) -> str:
    return _said(f"choice-{choice}")


def _opinion(one: Mapping[str, Any]) -> dict[str, str]:
    return {
        "level": STAGES[one["stage"]],
        "body": one["body"],
        "decision": DECISIONS[one["decision"]],
        "comment": one["comment"] or "",
        "on": day(datetime.fromisoformat(one["at"])),
    }


def _dispatch(row: Any) -> dict[str, str]:
    if not row.number:
        return {}
    return {
        "unit": row.dispatch_unit_name,
        "region": codes.place_name(row.dispatch_unit_region),
        "type": _named("dispatch_certificate_type", row.dispatch_type),
        "on": day(row.dispatched_on),
        "by": row.recorder_name,
    }


def _named(table: str, code: str) -> str:
    return codes.tables()[table].name_of(code)


def _honours(held: Sequence[Mapping[str, Any]]) -> str:
    def told(one: Mapping[str, Any]) -> str:
        return f"{one['name']}（{_chosen(one['level'])}，{day(one['awarded_on'])}）"

    return "\n".join(map(told, held))


_HOW: Final[Mapping[str, Callable[[Any], str]]] = {
    **dict.fromkeys(("category", "case", "deferral_reason", "archive_mode"), _chosen),
    **dict.fromkeys(("certificate_valid_until", "starts_on", "ends_on", "collect_on"), day),
    **dict.fromkeys(("statement_accepted", "no_discipline"), lambda _: "是"),
    "region": codes.place_name,
    "unit_nature": partial(_named, "unit_nature"),
    "unit_industry": partial(_named, "industry"),
    "posts_held": "、".join,
    "honours": _honours,
}
"""How the fields are printed that are not printed as they are."""
