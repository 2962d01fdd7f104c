"""Who found another place after leaving is offered to have their file follow it, with the form filled from there."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest

from app.clock import SHANGHAI
from tests.agreements.given import Given
from tests.applications.given import carried, filled, fit
from tests.destinations.forms import PROOF
from tests.world import Somebody, World

WANTING: dict[str, dict[str, Any]] = {
    "reassignment": {"case": "unemployed_to_employed", "reason": "毕业后落实了新单位。", "proof_file_ids": [PROOF]},
    "archive_redirect": {"reason": "毕业后落实了新单位。", "proof_file_ids": [PROOF]},
}
CODES = {"reassignment": "apply-for-reassignment", "archive_redirect": "apply-for-archive-redirect"}


async def offers(who: Somebody) -> list[dict[str, Any]]:
    """What is offered."""
    items = (await who.get("/v1/me/todo")).json()["items"]
    return [one for one in items if one["code"] in CODES.values()]


@pytest.mark.parametrize(("kind", "last"), [("reassignment", "provincial_bureau"), ("archive_redirect", "school")])
async def test_a_place_found_after_leaving_offers_what_the_cohort_has(world: World, kind: str, last: str) -> None:
    given = await Given.everybody(world)
    agreement = await given.agreement("approved", None)
    who, placement = given.cast["graduate"], agreement.rpartition("/")[2]
    assert await offers(who) == [], "approved before leaving"
    await fit(world, who, kind)
    agency = {
        "archive_mode": "agency", "archive_receiver": "浦东人才中心", "archive_address": "世纪大道1号",
        "archive_contact": "李老师", "archive_postcode": "200120", "archive_phone": "021****0000",
    }  # fmt: skip
    await world.line.execute(
        "update app.placements set region = '310110', unit_credit_code = '91370100MA6838WPG0',"
        " details = details || $2::text::jsonb where id = $1", placement, json.dumps(agency),
    )  # fmt: skip
    before = world.service.db.trips
    (offer,) = await offers(who)
    assert world.service.db.trips - before == 1
    assert (offer["code"], offer["link"]) == (CODES[kind], "/v1/applications")
    assert offer["details"]["placement_id"] == placement
    form, agreed = offer["details"]["application"], (await who.get(agreement)).json()
    assert (form["kind"], form["unit_name"], form["region"]) == (kind, agreed["unit_name"], "310110")
    assert form["old_unit"] == (await who.get("/v1/archives")).json()["items"][0]["unit_name"]
    assert (form["archive_receiver"], "archive_phone" in form) == ("浦东人才中心", False), "a mask is no number"
    opened = await who.post("/v1/applications", {"details": form})
    assert opened.status_code == 201, opened.text
    path = opened.headers["Location"]
    assert await offers(who) == [], "it is under way"
    unfinished = await who.move(path, "submit")
    assert unfinished.json()["unmet"][0]["code"] == "details-incomplete", "the reason and the proof are theirs to give"
    done = await filled(who, form | WANTING[kind] | {"archive_phone": "021-58880000"})
    assert (await who.move(path, "edit", details=done)).status_code == 201
    await carried(given, path, ("graduate", "submit"), (last, "approve"))
    assert await offers(who) == [], "the file is dispatched there"


async def test_nothing_is_offered_for_what_was_approved_before_leaving_or_is_not_approved(world: World) -> None:
    given = await Given.everybody(world)
    agreement = await given.agreement("submitted", "department")
    who, placement = given.cast["graduate"], agreement.rpartition("/")[2]
    await fit(world, who, "reassignment")
    assert await offers(who) == [], "not approved"
    for stage in ("department", "school"):
        assert (await given.cast[stage].move(agreement, "approve")).status_code == 201
    assert len(await offers(who)) == 1, "the control"
    left = datetime(2024, 11, 26, 12, tzinfo=SHANGHAI)
    approved = "update app.placements set approved_at = $2 where id = $1"
    await world.line.execute(approved, placement, left)
    assert await offers(who) == [], "on the day of leaving"
    await world.line.execute(approved, placement, left + timedelta(days=1))
    assert len(await offers(who)) == 1
