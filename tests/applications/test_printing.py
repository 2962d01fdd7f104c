"""Documents of applications: the form with each level's opinion, and the certificate that anybody verifies."""

import os
from pathlib import Path
from typing import Any

import pytest

from app.schemas.application_forms import APPLICATION_FORMS
from tests.agreements.given import Given
from tests.applications.forms import DEFERRED, FORMS, OUTSTANDING, SERVED, SUBSIDY
from tests.applications.given import application, carried, draft, graduate_for, over, published
from tests.documents.drawn import pages, text_of
from tests.world import World

CERTIFIED = {
    "reassignment": "毕业生就业报到证（改派）",
    "deferred_dispatch": "缓派毕业生就业报到通知书",
    "certificate_reissue": "毕业生就业报到证（补办）",
    "archive_redirect": "毕业生档案改寄通知书",
}
SAID = {
    "job_seeking_subsidy": ("城乡低保家庭", "***0128", "1,000元"),
    "outstanding_graduate": (OUTSTANDING["deeds"], "国家奖学金（国家级，2026年10月15日）", "班长"),
}
RAW = (
    "low_income", "home", "agency", "310110", "illness", "unemployed_to_employed", "national", "True", "None", "10-15",
)  # fmt: skip
"""Codes and values as they are stored: none of them is for people."""


async def text(who: Any, path: str, document: str, folder: Path) -> str:
    """What stands on it; KEEP_PDF=folder keeps it for a look."""
    answer = await who.get(f"{path}/documents/{document}")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf"), answer.text
    if kept := os.environ.get("KEEP_PDF"):
        (Path(kept) / answer.headers["content-disposition"].split('"')[1]).write_bytes(answer.content)
    return text_of(answer.content, folder)


@pytest.mark.parametrize("kind", CERTIFIED)
async def test_a_certificate_says_what_was_dispatched_and_anybody_verifies_it(
    world: World, kind: str, tmp_path: Path
) -> None:
    given, opener = await Given.everybody(world), world.client
    path = await application(given, kind, "submitted", {"archive_redirect": "school"}.get(kind, "province"))
    who, last = given.cast["graduate"], "school" if kind == "archive_redirect" else "provincial_bureau"
    assert (await who.get(f"{path}/documents/certificate")).status_code == 404, "nothing was granted yet"
    await carried(given, path, (last, "approve"))
    (held,) = (await who.get("/v1/archives?status=recorded")).json()["items"]
    before = world.service.db.trips
    printed = await text(who, path, "certificate", tmp_path)
    assert world.service.db.trips - before == 1
    for part in (CERTIFIED[kind], held["number"], held["unit_name"], "王小明", held["recorder_name"], "核验"):
        assert part in printed, part
    number = who.facts["id_number"]
    assert f"{number[0]}{'*' * 16}{number[-1]}" in printed
    assert number not in printed
    code = printed.partition("/verify/")[2][:20]
    told = (await opener.get(f"/v1/verifications/{code}")).json()
    assert told == {
        "code": code, "kind": "dispatch_certificate", "issued_at": told["issued_at"], "placement_kind": None,
        "application_kind": kind, "number": held["number"], "graduate_name": "王*明",
        "school_name": held["school_name"], "unit_name": held["unit_name"], "state": "approved", "signed_on": None,
        "approved_at": told["issued_at"], "ended_at": None, "signature": None,
    }  # fmt: skip
    page = await opener.get(f"/verify/{code}", params={"lang": "zh"})
    assert "就业报到证" in page.text
    assert "placement-" not in page.text
    assert (await given.cast["other school"].get(f"{path}/documents/certificate")).status_code == 404
    await given.cast[last].move(f"/v1/archives/{held['id']}", "void", reason="接收单位填写有误，作废。")
    assert (await who.get(f"{path}/documents/certificate")).status_code == 404, "what does not hold is not printed"
    told = (await opener.get(f"/v1/verifications/{code}")).json()
    assert (told["state"], told["ended_at"] is None) == ("terminated", False)


async def test_the_forms_of_subsidy_and_award_have_each_levels_opinion(world: World, tmp_path: Path) -> None:
    given = await Given.everybody(world)
    for kind, levels in (
        ("job_seeking_subsidy", ("department", "school", "county")),
        ("outstanding_graduate", ("department", "school", "provincial_education")),
    ):
        who = given.cast["graduate"] = await graduate_for(world, kind)
        path = await draft(who, FORMS[kind])
        assert (await who.get(f"{path}/documents/form")).status_code == 404, "a draft is printed by nobody"
        await carried(given, path, ("graduate", "submit"))
        assert "尚无审核意见" in await text(who, path, "form", tmp_path)
        for level in levels:
            if level == "provincial_education":
                await over(given, (await published(given, kind, "school")).json()["id"])
            moved = await given.cast[level].move(path, "approve", comment=f"经{level}审核，情况属实。")
            assert moved.status_code == 201, moved.text
        if kind == "job_seeking_subsidy":
            await over(given, (await published(given, kind, "county")).json()["id"])
        printed = await text(who, path, "form", tmp_path)
        for level in levels:
            assert f"同意：经{level}审核，情况属实。" in printed, level
        for part in ("院系意见", "学校意见", "公示期满，无异议", "王小明", "审核通过"):
            assert part in printed, part
        assert [one for one in RAW if one in printed] == []
        assert [one for one in SAID[kind] if one not in printed] == []
        assert SUBSIDY["bank_card"] not in printed
        assert (await who.get(f"{path}/documents/certificate")).status_code == 404
        ours, theirs = [(await one.get(f"{path}/documents/form")).content for one in (who, given.cast["school"])]
        assert ours == theirs
        assert pages(ours) == 1
        assert (await given.cast["other graduate"].get(f"{path}/documents/form")).status_code == 404


async def test_every_kind_prints_its_form_and_its_refusal(world: World, tmp_path: Path) -> None:
    given = await Given.everybody(world)
    for kind in CERTIFIED:
        path = await application(given, kind, "rejected", None)
        printed = await text(given.cast["graduate"], path, "form", tmp_path)
        assert "不同意" in printed, kind
        assert [one for one in RAW if one in printed] == [], kind
    who = given.cast["graduate"] = await graduate_for(world, "deferred_dispatch")
    path = await carried(given, await draft(who, SERVED), ("graduate", "submit"), ("school", "return"))
    printed = await text(who, path, "form", tmp_path)
    assert "退回修改：请补充材料。" in printed
    assert "大学生志愿服务西部计划" in printed
    assert "2022年8月1日" in printed
    assert set(CERTIFIED) < set(APPLICATION_FORMS)


async def test_what_could_not_be_printed_is_not_submitted_nor_said(world: World) -> None:
    given = await Given.everybody(world)
    who = given.cast["graduate"] = await graduate_for(world, "deferred_dispatch")
    path = await draft(who, DEFERRED | {"remarks": "谢谢😀"})
    assert [one["code"] for one in (await who.move(path, "submit")).json()["unmet"]] == ["glyph-missing"]
    given.cast["graduate"] = who = await graduate_for(world, "deferred_dispatch")
    path = await carried(given, await draft(who, DEFERRED | {"remarks": "谢谢㛃"}), ("graduate", "submit"))
    refused = await given.cast["school"].move(path, "approve", comment="同意😀")
    assert [one["code"] for one in refused.json()["unmet"]] == ["glyph-missing"]
    assert (await given.cast["school"].move(path, "approve", comment="同意㛃")).status_code == 201, "the control"
