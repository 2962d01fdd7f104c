"""The whole product of kind, situation, action and person: what the regulation allows happens, all else does not."""

from itertools import product
from typing import Any

import pytest

from tests.agreements.given import Given
from tests.applications.forms import FORMS
from tests.applications.given import BODIES, application, filled, trace
from tests.applications.regulation import ACTIONS, ACTORS, BYSTANDERS, places, regulation
from tests.world import World


async def body(given: Given, kind: str, action: str) -> dict[str, Any]:
    """What an action needs beyond its name, so that only person and situation decide."""
    edit = {"details": await filled(given.cast["graduate"], FORMS[kind])}
    return edit if action == "edit" else BODIES.get(action, {})


PLACES = [(kind, *place) for kind in FORMS for place in places(kind)]


@pytest.mark.parametrize(("kind", "situation", "stage"), PLACES)
async def test_only_the_regulation_moves_an_application(
    world: World, kind: str, situation: str, stage: str | None
) -> None:
    given, rules = await Given.everybody(world), regulation(kind)
    path = await application(given, kind, situation, stage)
    before = await trace(given, path)
    for action, who in (*product(ACTIONS, ACTORS), *product(("edit", "approve", "revoke"), BYSTANDERS)):
        if (situation, stage, action, who) not in rules:
            move = await body(given, kind, action)
            answer = await given.cast[who].move(path, action, before[0]["version"], **move)
            assert answer.status_code in (403, 404, 409), (action, who, answer.text)
    assert await trace(given, path) == before
    for place, key in enumerate(one for one in rules if one[:2] == (situation, stage)):
        path = await application(given, kind, situation, stage) if place else path
        answer = await given.cast[key[3]].move(path, key[2], **await body(given, kind, key[2]))
        assert answer.status_code == 201, (key, answer.text)
        told = answer.json()
        assert (told["change"]["to"], told["record"]["stage"]) == rules[key], key
        if rules[key][0] != "draft" or key[3] == "graduate":
            assert told["record"] == (await given.cast[key[3]].get(path)).json(), key


@pytest.mark.parametrize("kind", FORMS)
def test_every_rule_of_the_regulation_is_walked(kind: str) -> None:
    assert {key[:2] for key in regulation(kind)} <= {*places(kind)}
    assert {key[3] for key in regulation(kind)} <= {*ACTORS}
