"""The whole product of kind, situation, action and person: what the regulation allows happens, all else does not."""

import pytest

from tests.agreements.given import Given
from tests.agreements.regulation import CAST
from tests.applications.forms import FORMS
from tests.applications.given import BODIES, application, filled, trace
from tests.applications.regulation import ACTIONS, Key, places, regulation
from tests.world import World


@pytest.mark.parametrize("kind", FORMS)
async def test_only_the_regulation_moves_an_application(world: World, kind: str) -> None:
    given, rules, allowed = await Given.everybody(world), regulation(kind), set[Key]()
    for place in places(kind):
        path = await application(given, kind, *place)
        for action in ACTIONS:
            for who in CAST:
                key = (kind, *place, action, who)
                before = await trace(given, path)
                body = {**BODIES, "edit": {"details": await filled(given.cast["graduate"], FORMS[kind])}}
                version = before[1]["version"]
                answer = await given.cast[who].move(path, action, version, **body.get(action, {}))
                if (outcome := rules.get(key)) is None:
                    assert answer.status_code in (403, 404, 409), (key, answer.text)
                    assert await trace(given, path) == before, key
                    continue
                assert answer.status_code == 201, (key, answer.text)
                told = answer.json()
                assert (told["change"]["to"], told["record"]["stage"]) == outcome, key
                if outcome[0] != "draft" or who == "graduate":
                    assert told["record"] == (await given.cast[who].get(path)).json(), key
                allowed.add(key)
                path = await application(given, kind, *place)
    assert allowed == set(rules)
