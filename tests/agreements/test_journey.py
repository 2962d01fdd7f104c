"""One agreement from invitation to its end, over HTTP, as its people see it."""

from tests.world import PASSWORD, TERMS, World


async def test_an_invitation_becomes_an_agreement_that_is_reviewed_and_ended(world: World) -> None:
    graduate, employer = await world.graduate(), await world.employer()
    department, school, county = (
        await world.staff("department"),
        await world.staff("school"),
        await world.staff("county"),
    )

    sent = await employer.post("/v1/invitations", {"to": graduate.facts, "terms": TERMS, "valid_days": 5})
    assert sent.status_code == 201, sent.text
    invitation = sent.headers["Location"]
    seen = (await graduate.get(invitation)).json()
    assert seen["actions"] == ["decline", "accept"]

    accepted = await graduate.move(invitation, "accept", 1, terms_version=1, password=PASSWORD)
    assert accepted.status_code == 201, accepted.text
    (created,) = accepted.json()["created"]
    agreement = f"/v1/agreements/{created['id']}"
    assert (await department.get(agreement)).json()["actions"] == ["approve", "reject"]
    assert (await school.get(agreement)).json()["blocked"][0]["code"] == "not-your-turn"
    assert (await county.get(agreement)).status_code == 404

    assert (await department.move(agreement, "approve")).json()["record"]["stage"] == "school"
    approved = (await school.move(agreement, "approve")).json()["record"]
    assert (approved["status"], approved["decision"], approved["waiting_for"]) == ("reviewed", "approved", None)
    assert (await county.get(agreement)).json()["number"] == approved["number"]

    asked = await employer.post(
        "/v1/terminations", {"placement_id": created["id"], "type": "mutual", "reason": "双方协商一致，同意解除协议。"}
    )
    assert asked.status_code == 201, asked.text
    todo = (await graduate.get("/v1/me/todo")).json()["items"]
    assert [item["code"] for item in todo] == ["answer-the-termination", "confirm-your-roster", "read-your-messages"]
    agreed = await graduate.move(asked.headers["Location"], "agree")
    assert agreed.json()["change"]["to"] == "agreed"

    ended = (await graduate.get(agreement)).json()
    assert (ended["status"], ended["ending"], ended["decision"]) == ("terminated", "mutual", "approved")
    steps = (await graduate.get(f"{agreement}/transitions")).json()["items"]
    assert [step["action"] for step in steps] == ["open", "approve", "approve", "ask_termination", "end"]
    assert await world.line.fetch("select * from app.broken_trail()") == []


async def test_a_school_without_settings_reviews_as_the_policy_of_the_cohort_says(world: World) -> None:
    await world.line.execute("delete from app.school_settings where school_id = $1", world.bodies["school"])
    graduate, employer = await world.graduate(), await world.employer()
    sent = await employer.post("/v1/invitations", {"to": graduate.facts, "terms": TERMS})
    accepted = await graduate.move(sent.headers["Location"], "accept", terms_version=1, password=PASSWORD)
    assert accepted.status_code == 201, accepted.text
    agreement = await graduate.get(f"/v1/agreements/{accepted.json()['created'][0]['id']}")
    assert agreement.json()["stage"] == "department"
