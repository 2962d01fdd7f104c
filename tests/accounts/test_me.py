"""The caller's own: who I am, verification, signing codes, messages."""

from typing import Any

from app import texts
from app.workflows.procedures import WORKFLOWS
from tests.accounts.people import enrolled, register, sign_in, traces
from tests.world import COHORT, PASSWORD, TERMS, Somebody, World


async def newcomer(world: World, *sources: str) -> Somebody:
    """A graduate who has registered and signed in, with rows in these rosters."""
    who = await enrolled(world, sources=sources or ("school", "provincial"))
    made = (await register(world, who)).json()
    tokens = (await sign_in(world, **{"as": "graduate"}, level="bachelor", phone=who.phone)).json()
    facts = {name: who.fields[name] for name in ("name", "id_number", "level", "cohort")}
    facts["phone"] = who.phone
    return Somebody(world.client, tokens["access_token"], made["account_id"], graduate=made["graduate_id"], facts=facts)


async def test_a_graduate_reads_who_they_are_with_personal_values_masked(world: World) -> None:
    graduate = await newcomer(world)
    before = world.service.db.trips
    seen = (await graduate.get("/v1/me")).json()
    assert world.service.db.trips - before == 1
    number, phone = graduate.facts["id_number"], graduate.facts["phone"]
    assert seen["kind"] == "graduate"
    assert seen["body"] is None
    assert seen["graduate"] == {
        "id": graduate.graduate,
        "name": "王小明",
        "level": "bachelor",
        "cohort": COHORT,
        "major": "计算机科学与技术",
        "school": {"id": world.bodies["school"], "name": f"第{world.serial}大学"},
        "department": {"id": world.bodies["department"], "name": "计算机学院"},
        "id_number": f"3{'*' * 16}{number[-1]}",
        "phone": f"139****{phone[-4:]}",
        "verified_at": None,
        "archive_query_only": False,
        "confirmed_at": None,
        "leave_on": "2027-06-30",
    }
    assert number not in str(seen)
    assert phone not in str(seen)


async def test_the_day_of_leaving_is_ones_own_before_the_schools_before_the_cohorts(world: World) -> None:
    graduate = await newcomer(world)
    await world.settings(["school"], "2027-06-20")
    assert (await graduate.get("/v1/me")).json()["graduate"]["leave_on"] == "2027-06-20"
    await world.line.execute("update app.graduates set leave_on = '2027-07-10' where id = $1", graduate.graduate)
    assert (await graduate.get("/v1/me")).json()["graduate"]["leave_on"] == "2027-07-10"


async def test_staff_read_for_which_body_they_act(world: World) -> None:
    seen = (await (await world.staff("county", "reviewer")).get("/v1/me")).json()
    assert (seen["kind"], seen["roles"], seen["graduate"]) == ("county", ["reviewer"], None)
    assert seen["body"] == {"id": world.bodies["county"], "code": world.region, "name": f"区县{world.serial}人社局"}
    assert seen["session"]["amr"] == ["pwd", "otp"]


async def accepted(world: World, graduate: Somebody) -> tuple[int, dict[str, Any]]:
    """What accepting an invitation says, found by a new signing code."""
    code = (await graduate.post("/v1/me/signing-codes")).json()["signing_code"]
    employer = await world.employer()
    sent = await employer.post("/v1/invitations", {"to": {"signing_code": code}, "terms": TERMS})
    assert sent.status_code == 201, sent.text
    answer = await graduate.move(sent.headers["Location"], "accept", terms_version=1, password=PASSWORD)
    return answer.status_code, answer.json()


async def test_before_verification_procedures_are_refused_with_the_way_out_and_after_it_they_are_open(
    world: World,
) -> None:
    graduate = await newcomer(world)
    status, problem = await accepted(world, graduate)
    assert (status, problem["code"]) == (403, "identity-unverified")
    assert problem["unmet"][0]["how"] == "Verify your identity first."
    verified = await graduate.post("/v1/me/identity-verification")
    assert verified.status_code == 200, verified.text
    assert (await graduate.get("/v1/me")).json()["graduate"]["verified_at"] == verified.json()["verified_at"]
    assert (await accepted(world, graduate))[0] == 201
    assert (await graduate.post("/v1/me/identity-verification")).json() == verified.json()
    digest = await world.line.fetchval("select verified_hash from app.graduates where id = $1", graduate.graduate)
    assert len(digest) == 32


async def test_an_identity_that_the_province_does_not_know_so_is_not_verified(world: World) -> None:
    graduates = [await newcomer(world, "school")]
    other = world.bodies["provincial_bureau"]
    for differing in ("name = '王小鸣'", "cohort = 2026", "level = 'master'", f"school_id = '{other}'"):
        graduates.append(graduate := await newcomer(world))
        person = await world.line.fetchval("select person_id from app.graduates where id = $1", graduate.graduate)
        await world.line.execute(
            f"update app.roster_entries set {differing} where person_id = $1 and source = 'provincial'",  # noqa: S608
            person,
        )
    for graduate in graduates:
        before = await traces(world)
        answer = await graduate.post("/v1/me/identity-verification")
        assert (answer.status_code, answer.json()["code"]) == (403, "identity-not-matched")
        (reason,) = answer.json()["unmet"]
        assert (reason["who"], reason["how"][:15]) == ("school", "Ask your school")
        assert await traces(world) == before | {"buckets": before["buckets"] + 1}
        assert (await graduate.get("/v1/me")).json()["graduate"]["verified_at"] is None


async def test_only_graduates_verify_and_mint(world: World) -> None:
    for who in (await world.staff("school"), await world.employer()):
        for path in ("/v1/me/identity-verification", "/v1/me/signing-codes"):
            answer = await who.post(path)
            assert (answer.status_code, answer.json()["code"]) == (403, "role-missing")


async def test_a_new_signing_code_replaces_the_former_and_lasts_seven_days(world: World) -> None:
    graduate, employer = await world.graduate(), await world.employer()
    first, second = [(await graduate.post("/v1/me/signing-codes")).json() for _ in range(2)]
    assert len(second["signing_code"]) == 8
    assert second["valid_until"].endswith("T16:00:00Z")

    async def invite(code: str) -> int:
        draft = {"to": {"signing_code": code}, "terms": TERMS}
        return (await employer.post("/v1/invitations", draft)).status_code

    assert await invite(first["signing_code"]) == 404
    assert await invite(second["signing_code"].lower()) == 201
    await world.line.execute(
        "update app.graduates set signing_code_until = now() - interval '1 second' where id = $1", graduate.graduate
    )
    assert await invite(second["signing_code"]) == 404


async def test_a_repeated_key_repeats_the_signing_code(world: World) -> None:
    graduate = await world.graduate()
    first = await graduate.post("/v1/me/signing-codes", Idempotency_Key="code-1")
    again = await graduate.post("/v1/me/signing-codes", Idempotency_Key="code-1")
    assert (again.status_code, again.headers["Idempotent-Replayed"]) == (201, "true")
    assert again.json() == first.json()
    assert (await graduate.post("/v1/me/signing-codes", Idempotency_Key="code-2")).json() != first.json()


async def test_messages_come_in_pages_newest_first_and_to_nobody_else(world: World) -> None:
    graduate, other = await world.graduate(), await world.graduate()
    employers = [await world.employer() for _ in range(3)]
    paths = []
    for employer in employers:
        sent = await employer.post("/v1/invitations", {"to": graduate.facts, "terms": TERMS})
        paths.append(sent.headers["Location"])
    first = await graduate.get("/v1/me/messages?limit=2")
    rest = await graduate.get(first.links["next"]["url"])
    told = first.json()["items"] + rest.json()["items"]
    assert [f"/v1/invitations/{item['record']['id']}" for item in told] == paths[::-1]
    assert {item["text"] for item in told} == {"An employer has invited you. Answer before it lapses."}
    assert rest.json()["next_cursor"] is None
    assert (await other.get("/v1/me/messages")).json()["items"] == []
    await graduate.move(paths[0], "decline")
    (heard,) = (await employers[0].get("/v1/me/messages")).json()["items"]
    assert heard["kind"] == "invitation-decline"


def test_whatever_a_procedure_tells_has_a_text() -> None:
    for workflow in WORKFLOWS.values():
        for row in workflow.table:
            if any(effect.__name__.startswith("tell_") for effect in row.then):
                codes = {f"message-{workflow.name}-{word}" for word in (row.action, *row.outcomes)}
                assert codes & set(texts.catalog()), codes
