"""What tests draw, without a database: a row with everything on it, and a look into the PDF."""

import subprocess
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from shutil import which
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest

ISSUED = datetime(2026, 11, 26, 8, 45, tzinfo=UTC)
CODE = "7K3M9QXB2A5D8FGHJ4NP"
DETAILS: dict[str, Any] = {
    "position": "后端开发工程师",
    "occupation_category": "13",
    "salary_monthly": 8000,
    "work_region": "370102",
    "work_address": "济南市历下区经十路17703号华特广场A座1208室",
    "report_on": "2027-07-05",
    "probation_months": 3,
    "service_years": 3,
    "liquidated_damages": 5000,
    "benefits": "五险一金，免费住宿。\n带薪年假。",
    "terms": "试用期工资为月薪的80%。",
    "archive_mode": "agency",
    "archive_receiver": "济南市人才服务中心",
    "archive_address": "济南市历下区历山路157号",
    "archive_contact": "王老师",
    "archive_phone": "0531-88364000-801",
    "archive_postcode": "250013",
    "household_receiver": "济南市历下区公安局",
}


def step(seq: int, action: str, situation: str, **more: Any) -> dict[str, Any]:
    """One step of a trail, as it is read for printing."""
    beside = {"at": f"2026-11-2{seq} 10:20", "actor_kind": "graduate", "body_name": None, "comment": None}
    return {"seq": seq, "action": action, "situation": situation, **beside, **more}


STEPS = [
    step(1, "open", "submitted"),
    step(2, "approve", "submitted", body_name="计算机学院", comment="情况属实，同意。"),
    step(3, "approve", "approved", body_name="第一大学"),
]


def row(**changed: Any) -> Any:
    """A row as `workflows.documents.rows` reads it."""
    values: dict[str, Any] = {
        "kind": "online_agreement",
        "number": "2027104223112345673",
        "status": "reviewed",
        "placement_version": 3,
        "issued_at": ISSUED,
        "document_code": CODE,
        "graduate_name": "王小明",
        "school_name": "第一大学",
        "department_name": "计算机学院",
        "major": "计算机科学与技术",
        "level": "bachelor",
        "cohort": 2027,
        "roster": {"gender": "1", "ethnicity": "01", "political_status": "03", "home_region": "370102"},
        "unit_name": "山东测试科技有限公司",
        "unit_credit_code": "91370100MA6838WPG0",
        "unit_nature": "39",
        "unit_industry": "34",
        "registered_region": "370102",
        "region": "370102",
        "details": DETAILS,
        "signed_on": date(2026, 11, 24),
        "approved_at": ISSUED,
        "steps": STEPS,
    }
    return SimpleNamespace(**{**values, **changed})


def pages(pdf: bytes) -> int:
    """How many pages there are."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        return len(opened.pages)


def text_of(pdf: bytes, folder: Path) -> str:
    """The text that a reader would copy, without white space."""
    if which("pdftotext") is None:
        pytest.skip("poppler-utils is not installed: the text of a PDF cannot be read")
    (folder / "read.pdf").write_bytes(pdf)
    read = subprocess.run(["pdftotext", "read.pdf", "-"], cwd=folder, capture_output=True, check=True)
    return "".join(read.stdout.decode().split())
