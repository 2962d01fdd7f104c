"""Each form has valid and invalid examples; the published JSON Schema and the server say the same of every one."""

from typing import Any

import jsonschema_rs
import pytest

from app.schemas.placement_forms import FORMS
from tests.destinations.forms import ENTERED, INVALID, PROOF, VALID, Case, without
from tests.destinations.given import draft, filled, opened
from tests.world import Somebody, World

FILE = "01890a5d-ac96-774b-bcce-b302099a8057"
LEVELS = ("junior_college", "bachelor", "second_degree", "master", "doctorate")


async def published(who: Somebody, kind: str, level: str) -> jsonschema_rs.Draft202012Validator:
    answer = await who.get(f"/v1/forms/{kind}", params={"cohort": "2027", "level": level})
    assert answer.status_code == 200, answer.text
    return jsonschema_rs.Draft202012Validator(answer.json()["schema"], validate_formats=True)


async def of_level(world: World, level: str) -> Somebody:
    graduate = await world.graduate()
    await world.line.execute("update app.graduates set level = $2 where id = $1", graduate.graduate, level)
    return graduate


def with_a_file(form: dict[str, Any]) -> dict[str, Any]:
    return form | ({"proof_file_ids": [FILE]} if PROOF in form.get("proof_file_ids", ()) else {})


async def accepted_by_the_server(world: World, level: str, form: dict[str, Any]) -> bool:
    """Whether a draft of it can be opened and submitted."""
    who = await of_level(world, level)
    answer = await opened(who, form)
    if answer.status_code == 422:
        return False
    assert answer.status_code == 201, answer.text
    answer = await who.move(answer.headers["Location"], "submit")
    if answer.status_code == 409:
        assert [one["code"] for one in answer.json()["unmet"]] == ["details-incomplete"]
    return answer.status_code == 201


@pytest.mark.parametrize("case", VALID, ids=lambda case: case[0])
async def test_a_valid_form_is_accepted_by_both(world: World, case: Case) -> None:
    _, level, form = case
    schema = await published(await world.graduate(), form["kind"], level)
    assert [error.message for error in schema.iter_errors(with_a_file(form))] == []
    assert await accepted_by_the_server(world, level, form)


@pytest.mark.parametrize("case", INVALID, ids=lambda case: case[0])
async def test_an_invalid_form_is_refused_by_both(world: World, case: Case) -> None:
    _, level, form = case
    schema = await published(await world.graduate(), form["kind"], level)
    assert not schema.is_valid(with_a_file(form))
    assert not await accepted_by_the_server(world, level, form)


@pytest.mark.parametrize("missing", [None, *FORMS["entered_agreement"].required])
async def test_an_entered_agreement_is_issued_when_it_is_complete(world: World, missing: str | None) -> None:
    graduate = await world.graduate()
    form = without(ENTERED, missing or "")
    assert (await published(graduate, "entered_agreement", "bachelor")).is_valid(form) == (missing is None)
    answer = await graduate.move(await draft(graduate, form), "issue")
    assert answer.status_code == (409 if missing else 201)
    if missing:
        assert f"/details/{missing}" in answer.json()["unmet"][0]["message"]


@pytest.mark.parametrize("kind", FORMS)
@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_a_form_is_told_in_the_language_asked_for(world: World, kind: str, language: str) -> None:
    for level in LEVELS:
        answer = await world.client.get(
            f"/v1/forms/{kind}", params={"cohort": 2027, "level": level}, headers={"Accept-Language": language}
        )
        if not FORMS[kind].offered_at(level):
            assert answer.status_code == 404
            continue
        assert "Accept-Language" in answer.headers["vary"]
        assert answer.headers["cache-control"].startswith("public")
        schema = answer.json()["schema"]
        jsonschema_rs.meta.validate(schema)
        for name, field in schema["properties"].items():
            assert not field["title"].startswith("field-"), name
            assert field["title"].isascii() == (language == "en"), name
            for choice in field.get("oneOf", ()):
                assert not choice["title"].startswith("choice-"), (name, choice)
        again = await world.client.get(
            answer.request.url, headers={"Accept-Language": language, "If-None-Match": answer.headers["etag"]}
        )
        assert again.status_code == 304


async def test_anything_may_be_missing_of_a_draft(world: World) -> None:
    graduate = await world.graduate()
    for kind in FORMS:
        form = {} if kind == "entered_agreement" else {"kind": kind}
        assert (await opened(graduate, form)).status_code == 201


async def test_a_proof_of_somebody_else_is_refused(world: World) -> None:
    one, other = await world.graduate(), await world.graduate()
    theirs = await filled(other, VALID[0][2])
    answer = await opened(one, theirs)
    assert [reason["code"] for reason in answer.json()["unmet"]] == ["proof-unknown"]
    assert (await opened(other, theirs)).status_code == 201, "the control: their own"
