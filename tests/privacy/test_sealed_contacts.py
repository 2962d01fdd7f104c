"""Phones of contacts: masked for everybody, kept by their mask, printed in full, and in no column to be read."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, get_type_hints

import pytest
from pydantic import TypeAdapter

from app.models import TrailEntry
from app.schemas.amendment import AMENDABLE, AmendedFields
from app.schemas.application_forms import APPLICATION_FORMS
from app.schemas.invitation import Terms
from app.schemas.placement_forms import FORMS
from app.security import masks
from app.words import SealedPhone
from app.workflows import sealed_parts
from tests.agreements.given import BODIES, Given
from tests.amendments.given import ask, asked
from tests.applications.forms import REASSIGNMENT
from tests.applications.given import fit
from tests.applications.given import opened as applied
from tests.destinations.forms import AGENCY, CONTRACT, ENTERED
from tests.destinations.given import carried, draft, filled
from tests.documents.drawn import text_of
from tests.fire.test_row_level_security import add
from tests.privacy.canaries import Canaries, columns_with
from tests.privacy.test_data_exports import exported
from tests.privacy.test_reveals import COMMENT, accesses_of
from tests.world import TERMS, Somebody, World


def alike(serial: int) -> list[str]:
    """Mobile numbers of a world's own, with one mask."""
    return [f"139{serial % 1000:03d}{turn}0042" for turn in range(6)]


MASK = "139****0042"


async def diff_of(who: Somebody, path: str, action: str) -> Mapping[str, Any] | None:
    """What the last such step of the record tells of values before and after."""
    steps = (await who.get(f"{path}/transitions")).json()["items"]
    return [step["diff"] for step in steps if step["action"] == action][-1]  # type: ignore[no-any-return]


async def readable(world: World, *numbers: str) -> dict[str, set[str]]:
    """The columns of the whole database in which one of these numbers can be read."""
    return dict(await columns_with(world.line, Canaries({*numbers})))


async def edit(who: Somebody, path: str, form: dict[str, Any], **changed: Any) -> None:
    """Write the details as they are told, with these changes."""
    answer = await who.move(path, "edit", details={**await filled(who, form), **changed})
    assert answer.status_code == 201, answer.text


async def test_a_destination_goes_all_its_way_and_its_phone_is_told_masked_and_printed(
    world: World, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    given = await Given.everybody(world)
    graduate, school = given.cast["graduate"], given.cast["school"]
    first, second, third, plain, *_ = alike(world.serial)
    form = CONTRACT | AGENCY | {"archive_phone": first}
    path = await draft(graduate, form)
    assert (await graduate.get(path)).json()["details"]["archive_phone"] == MASK
    await edit(graduate, path, form, archive_phone=MASK, position="后端工程师")
    await carried(given, path, ("graduate", "submit"), ("department", "return"))
    await edit(graduate, path, form, archive_phone=MASK)
    await carried(given, path, ("graduate", "submit"))
    assert await diff_of(graduate, path, "submit") == {"position": ["后端工程师", None]}, "the mask kept the number"
    await carried(given, path, ("department", "return"))
    await edit(graduate, path, form, archive_phone=second)
    await carried(given, path, ("graduate", "submit"), ("department", "approve"), ("school", "approve"))
    assert await diff_of(graduate, path, "submit") == {"archive_phone": [MASK, MASK]}, "another number, the same mask"

    change = await asked(graduate, path, {"archive_phone": third})
    shown = [{"pointer": "/details/archive_phone", "from": MASK, "to": MASK}]
    assert (await school.get(change)).json()["diff"] == shown
    (item,) = (await school.get("/v1/reviews?kind=amendment")).json()["items"]
    assert item["subject"]["diff"] == shown
    assert (await school.move(change, "approve")).status_code == 201
    assert await diff_of(graduate, path, "amend") == {"archive_phone": [MASK, MASK]}
    assert (await school.get(path)).json()["details"]["archive_phone"] == MASK
    nothing = await ask(graduate, path, {"archive_phone": MASK})
    assert [one["code"] for one in nothing.json()["unmet"]] == ["nothing-differs"]

    asking = {"placement_id": path.rpartition("/")[2], "reason": "archive", "comment": COMMENT}
    wish = asking | {"fields": ["archive_phone", "contact_phone"]}
    for who, status in (("other school", 404), ("county", 404), ("graduate", 404), ("school", 200)):
        assert (await given.cast[who].post("/v1/reveals", wish)).status_code == status, who
    told = (await school.post("/v1/reveals", asking | {"fields": ["archive_phone"]})).json()
    assert {name: told[name] for name in ("archive_phone", "contact_phone", "phone")} == {
        "archive_phone": third, "contact_phone": None, "phone": None,
    }  # fmt: skip
    assert [row["fields"] for row in await accesses_of(world, graduate)] == [[*wish["fields"]], ["archive_phone"]]
    wrong = await school.post("/v1/reveals", asking | {"fields": ["phone"]})
    assert [one["code"] for one in wrong.json()["errors"]] == ["no-such-field"]

    copy = (await graduate.get(await exported(world, graduate))).json()
    assert copy["placements"][0]["details"]["archive_phone"] == third
    assert copy["amendments"][0]["diff"] == [{"pointer": shown[0]["pointer"], "from": second, "to": third}]
    assert await readable(world, first, second, third) == {}
    monkeypatch.setattr(sealed_parts, "FIELDS", {})
    await draft(given.cast["other graduate"], CONTRACT | AGENCY | {"archive_phone": plain})
    assert (await readable(world, first, second, third, plain)).keys() == {"placements.details"}, "the control"
    monkeypatch.undo()
    sheet = await graduate.get("/v1/me/information-sheet")
    assert third in text_of(sheet.content, tmp_path)


async def test_an_invitations_terms_keep_the_number_and_the_agreement_prints_it(world: World, tmp_path: Path) -> None:
    given = await Given.everybody(world)
    graduate, employer = given.cast["graduate"], given.cast["employer"]
    first, second, *_ = alike(world.serial)
    terms = TERMS | AGENCY | {"archive_phone": first}
    masked = await employer.post("/v1/invitations", {"to": graduate.facts, "terms": terms | {"archive_phone": MASK}})
    assert [(one["code"], one["pointer"]) for one in masked.json()["unmet"]] == [
        ("mask-unknown", "/terms/archive_phone")
    ]
    sent = await employer.post("/v1/invitations", {"to": graduate.facts, "terms": terms}, Idempotency_Key="sent")
    path = sent.headers["Location"]
    assert sent.json()["record"]["terms"]["archive_phone"] == MASK
    for changed, differing in (
        ({"archive_phone": MASK, "salary_monthly": 9000}, {"salary_monthly": [8000, 9000]}),
        ({"archive_phone": second, "salary_monthly": 9000}, {"archive_phone": [MASK, MASK]}),
    ):
        answer = await employer.move(path, "edit", terms=terms | changed)
        assert answer.json()["record"]["terms"]["archive_phone"] == MASK
        assert await diff_of(graduate, path, "edit") == differing
    accepted = await graduate.move(path, "accept", **BODIES["accept"] | {"terms_version": 3})
    agreement = f"/v1/agreements/{accepted.json()['created'][0]['id']}"
    for who in ("graduate", "employer", "department"):
        assert (await given.cast[who].get(agreement)).json()["terms"]["archive_phone"] == MASK
    assert await readable(world, first, second) == {}
    assert second in text_of((await employer.get(f"{agreement}/document")).content, tmp_path)
    before = json.dumps({"archive_phone": [first, None], "position": ["实习生", "工程师"]})
    step = {
        "record_kind": "invitation",
        "record_id": path.rpartition("/")[2],
        "seq": 9,
        "action": "old",
        "situation": "sent",
    }
    await add(world, TrailEntry, **step, diff=before, actor_kind="system")
    assert await diff_of(graduate, path, "old") == {"archive_phone": [MASK, None], "position": ["实习生", "工程师"]}


async def test_drafts_of_the_other_forms_keep_the_number_by_its_mask_alone(world: World) -> None:
    given = await Given.everybody(world)
    graduate = given.cast["graduate"]
    first, second, *_ = alike(world.serial)
    path = await draft(graduate, ENTERED | {"contact_phone": first})
    other = "138****0042"
    strange = await graduate.move(path, "edit", details=ENTERED | {"contact_phone": other})
    assert [(one["code"], one["pointer"]) for one in strange.json()["unmet"]] == [
        ("mask-unknown", "/details/contact_phone")
    ]
    assert other not in strange.text
    await edit(graduate, path, ENTERED | {"contact_phone": MASK})
    assert (await graduate.get(path)).json()["details"]["contact_phone"] == MASK
    await edit(graduate, path, {name: value for name, value in ENTERED.items() if name != "contact_phone"})
    assert (await graduate.get(path)).json()["details"]["contact_phone"] is None, "what is not named is gone"
    sealed = "select details_sealed from app.placements where id = $1"
    assert await world.line.fetchval(sealed, path.rpartition("/")[2]) is None

    await given.new_graduate()
    graduate = given.cast["graduate"]
    await fit(world, graduate, "reassignment")
    opened = await applied(graduate, REASSIGNMENT | AGENCY | {"archive_phone": first})
    path, form = opened.headers["Location"], opened.json()["record"]["details"]
    assert form["archive_phone"] == MASK
    await carried(given, path, ("graduate", "submit"), ("provincial_bureau", "return"))
    for number, differing in ((MASK, None), (second, {"archive_phone": [MASK, MASK]})):
        answer = await graduate.move(path, "edit", details=form | {"archive_phone": number})
        assert answer.status_code == 201, answer.text
        await carried(given, path, ("graduate", "submit"))
        assert await diff_of(graduate, path, "submit") == differing
        await carried(given, path, ("provincial_bureau", "return"))
    assert await readable(world, first, second) == {}


def test_every_field_of_that_word_is_sealed_and_no_other() -> None:
    """Of all that is kept in a part; what may be amended is of the same words."""
    found = {
        name
        for form in (Terms, *FORMS.values(), *APPLICATION_FORMS.values(), AmendedFields)
        for name, kind in get_type_hints(form, include_extras=True).items()
        if kind == SealedPhone | None
    }
    assert found == sealed_parts.FIELDS.keys()
    assert found <= {name for names in AMENDABLE.values() for name in names}


@pytest.mark.parametrize(
    "number", ["13912345678", "0531-88364000", "0531-88364000-801", "4008123123", "010-62770000-12"]
)
def test_a_mask_is_taken_back_and_shown_as_it_is(number: str) -> None:
    shown = masks.phone(number)
    assert TypeAdapter(SealedPhone).validate_python(shown) == shown == masks.phone(shown)
