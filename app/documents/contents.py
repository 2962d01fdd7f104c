"""What stands on a document: a placement's row, with what is read beside it, as the plain values of a template.

Codes become names, times days in the province; nothing is drawn here, and nothing decided.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final

import segno

from app import codes
from app.clock import SHANGHAI
from app.words import ArchiveMode, Level, PlacementKind, in_groups

KINDS: Final[Mapping[str, str]] = {
    PlacementKind.ONLINE_AGREEMENT: "网签就业协议",
    PlacementKind.ENTERED_AGREEMENT: "录入就业协议",
    PlacementKind.LABOR_CONTRACT: "签订劳动合同",
    PlacementKind.FLEXIBLE: "灵活就业",
    PlacementKind.FURTHER_STUDY: "境内升学",
    PlacementKind.ABROAD: "出国（境）",
    PlacementKind.STARTUP: "自主创业",
    PlacementKind.ENLISTMENT: "应征入伍",
    PlacementKind.GRASSROOTS: "基层项目",
}
LEVELS: Final[Mapping[str, str]] = {
    Level.DOCTORATE: "博士研究生",
    Level.MASTER: "硕士研究生",
    Level.SECOND_DEGREE: "第二学士学位",
    Level.BACHELOR: "本科",
    Level.JUNIOR_COLLEGE: "专科",
}
ARCHIVES: Final[Mapping[str, str]] = {
    ArchiveMode.UNIT: "转至用人单位",
    ArchiveMode.AGENCY: "转至档案代理机构",
    ArchiveMode.HOME: "转回生源地",
}
STATES: Final[Mapping[str, str]] = {
    "draft": "草稿",
    "issued": "已签发，待审核",
    "submitted": "待审核",
    "approved": "审核通过，已生效",
    "rejected": "审核未通过",
    "terminated": "已终止",
}
_STEPS: Final[Mapping[str, str]] = {
    "open": "签约并提交",
    "issue": "签发",
    "submit": "提交审核",
    "approve": "审核通过",
    "return": "退回修改",
    "reject": "审核未通过",
    "end": "终止",
    "amend": "信息变更",
}
NOTHING: Final = "—"


def content(row: Any, public_url: str, id_number: str | None) -> dict[str, Any]:
    """The content of a document: `row` as `workflows.documents.rows` reads it, and the ID number, masked.

    Without a code (nothing was issued yet) there is nothing to verify, and no QR code.
    """
    steps, url = printed_steps(row), f"{public_url}/verify/{row.document_code}"
    return {
        "kind": KINDS[row.kind],
        "number": row.number or NOTHING,
        "state": (state := steps[-1]["situation"] if steps else row.status),
        "state_text": STATES[state],
        "issued_on": day(row.issued_at),
        "code": in_groups(row.document_code) if row.document_code else "",
        "url": url if row.document_code else "",
        "qr": qr(url) if row.document_code else "",
        "graduate": _graduate(row, id_number),
        "unit": _unit(row),
        "terms": _terms(row.details),
        "archive": _archive(row.details),
        "signed_on": day(row.signed_on),
        "approved_on": day(row.approved_at),
        "steps": [_step(one) for one in steps if one["action"] in _STEPS],
    }


def printed_steps(row: Any) -> Sequence[Mapping[str, Any]]:
    """The steps that stand on it. What was issued with an approval stays as it was then, whatever came later."""
    frozen = [step for step in row.steps or () if step["seq"] <= (row.placement_version or 0)]
    return frozen if frozen and frozen[-1]["situation"] == "approved" else row.steps or ()


def qr(url: str) -> str:
    """The QR code of an address, as SVG."""
    drawn = BytesIO()
    segno.make_qr(url, error="m").save(drawn, kind="svg", border=0, xmldecl=False)
    return drawn.getvalue().decode()


def day(at: date | datetime | str | None) -> str:
    """A day as documents write it: 2027年6月30日."""
    if isinstance(at, str):
        at = date.fromisoformat(at)
    if isinstance(at, datetime):
        at = at.astimezone(SHANGHAI).date()
    return f"{at.year}年{at.month}月{at.day}日" if at else NOTHING


def _named(table: str, code: str | None) -> str:
    known = codes.tables()[table].rows.get(code or "")
    return known.name if known else NOTHING


def _place(code: str | None) -> str:
    return codes.place_name(code) if code else NOTHING


def _graduate(row: Any, id_number: str | None) -> dict[str, str]:
    roster = row.roster or {}
    return {
        "name": row.graduate_name,
        "school": row.school_name,
        "department": row.department_name or NOTHING,
        "major": row.major,
        "level": LEVELS[row.level],
        "cohort": f"{row.cohort}届",
        "id_number": id_number or NOTHING,
        "gender": _named("gender", roster.get("gender")),
        "ethnicity": _named("ethnicity", roster.get("ethnicity")),
        "political_status": _named("political_status", roster.get("political_status")),
        "home": _place(roster.get("home_region")),
        "student_number": roster.get("student_number") or NOTHING,
    }


def _unit(row: Any) -> dict[str, str]:
    return {
        "name": row.unit_name or NOTHING,
        "credit_code": row.unit_credit_code or NOTHING,
        "nature": _named("unit_nature", row.unit_nature),
        "industry": _named("industry", row.unit_industry),
        "registered_region": _place(row.registered_region),
        "region": _place(row.region),
    }


def _terms(details: Mapping[str, Any]) -> dict[str, str]:
    def measured(name: str, unit: str) -> str:
        return NOTHING if details.get(name) is None else f"{details[name]:,}{unit}"

    return {
        "position": details.get("position") or NOTHING,
        "occupation": _named("occupation_category", details.get("occupation_category")),
        "salary": measured("salary_monthly", "元/月（税前）"),
        "work_region": _place(details.get("work_region")),
        "work_address": details.get("work_address") or NOTHING,
        "report_on": day(details.get("report_on")),
        "probation": measured("probation_months", "个月"),
        "service": measured("service_years", "年"),
        "damages": measured("liquidated_damages", "元"),
        "benefits": details.get("benefits") or NOTHING,
        "more": details.get("terms") or NOTHING,
    }


def _archive(details: Mapping[str, Any]) -> dict[str, str]:
    names = ("receiver", "address", "contact", "phone", "postcode")
    return {
        "mode": ARCHIVES.get(details.get("archive_mode", ""), NOTHING),
        **{name: details.get(f"archive_{name}") or NOTHING for name in names},
        "household": details.get("household_receiver") or NOTHING,
        "party": details.get("party_receiver") or NOTHING,
    }


def _step(one: Mapping[str, Any]) -> dict[str, str]:
    by = {"graduate": "毕业生", "employer": "用人单位"}
    return {
        "at": one["at"],
        "by": one["body_name"] or by.get(one["actor_kind"], NOTHING),
        "what": _STEPS[one["action"]],
        "comment": one["comment"] or "",
    }
