"""Each form has valid and invalid examples; the published JSON Schema and the server say the same of every one."""

from typing import Any

import jsonschema_rs
import pytest

from tests.applications.forms import FORMS, INVALID, OUTSTANDING, VALID
from tests.applications.given import filled, graduate_for, opened
from tests.destinations.test_forms import published
from tests.world import World


async def accepted_by_the_server(world: World, form: dict[str, Any]) -> bool:
    """Whether a draft of it can be opened and submitted."""
    who = await graduate_for(world, form["kind"])
    answer = await opened(who, form)
    if answer.status_code == 422:
        assert "6222021234567890128" not in answer.text, "a refusal never repeats the value"
        return False
    assert answer.status_code == 201, answer.text
    answer = await who.move(answer.headers["Location"], "submit")
    if answer.status_code == 409:
        assert [one["code"] for one in answer.json()["unmet"]] == ["details-incomplete"]
    return answer.status_code == 201


@pytest.mark.parametrize("right", [True, False])
async def test_schema_and_server_agree_on_every_form(world: World, *, right: bool) -> None:
    wrong = []
    for name, form in VALID if right else INVALID:
        who = await graduate_for(world, form["kind"])
        schema = await published(who, form["kind"], "bachelor")
        valid = schema.is_valid(await filled(who, form))
        if (valid, await accepted_by_the_server(world, form)) != (right, right):
            wrong.append(name)
    assert wrong == []


async def test_a_rank_beyond_the_ranked_is_refused(world: World) -> None:
    who = await graduate_for(world, "outstanding_graduate")
    path = (await opened(who, OUTSTANDING | {"rank": 121})).headers["Location"]
    refused = await who.move(path, "submit")
    assert [one["code"] for one in refused.json()["unmet"]] == ["rank-impossible"]
    await who.move(path, "edit", details=await filled(who, OUTSTANDING | {"rank": 120}))
    assert (await who.move(path, "submit")).status_code == 201, "the control: the last of them"


@pytest.mark.parametrize("language", ["zh-CN", "en"])
async def test_a_form_is_told_in_the_language_asked_for(world: World, language: str) -> None:
    for kind in FORMS:
        answer = await world.client.get(
            f"/v1/forms/{kind}", params={"cohort": 2027, "level": "bachelor"}, headers={"Accept-Language": language}
        )
        schema = answer.json()["schema"]
        jsonschema_rs.meta.validate(schema)
        parts = schema["properties"].get("honours", {}).get("items", {}).get("properties", {})
        for name, field in (schema["properties"] | parts).items():
            assert not field["title"].startswith("field-"), name
            assert field["title"].isascii() == (language == "en"), name
            for choice in field.get("oneOf", ()):
                assert not choice["title"].startswith("choice-"), (name, choice)
