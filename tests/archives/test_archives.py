"""Where personal files went: who records it, who reads it, and what a record never does."""

import asyncio
from itertools import product

from tests.archives.given import BODIES, LEG, REASON, Archives, draft
from tests.world import World, id_number

CAST = ("graduate", "another", "department", "school", "county", "city", "provincial_bureau")
REGULATION = {
    ("recorded", "forward", "school"): "recorded",
    ("recorded", "forward", "county"): "recorded",
    ("recorded", "void", "county"): "voided",
}
"""Of a dispatch that the county recorded: who moves it. (situation, action, who) → situation."""
READERS = {"graduate", "department", "school", "county", "city", "provincial_bureau"}
"""Who sees it."""


async def test_only_the_regulation_moves_a_dispatch(world: World) -> None:
    given = await Archives.made(world)
    for situation in ("recorded", "voided"):
        path = await given.dispatch(situation, "county")
        version = 2 if situation == "voided" else 1
        allowed = {key for key in REGULATION if key[0] == situation}
        before = await given.trace(path)
        for action, who in product(BODIES, CAST):
            if (situation, action, who) not in allowed:
                answer = await given.move(who, path, action, version)
                assert answer.status_code in (403, 404, 409), (action, who, answer.text)
                assert await given.trace(path) == before, (action, who)
        for _, action, who in allowed:
            fresh = await given.dispatch(situation, "county")
            answer = await given.move(who, fresh, action, version)
            assert answer.status_code == 201, answer.text
            assert answer.json()["change"]["to"] == REGULATION[situation, action, who]
            assert await given.trace(fresh) != before


async def test_only_keepers_record_and_only_files_on_their_rosters(world: World) -> None:
    given = await Archives.made(world)
    graduate = given.cast["graduate"]
    for who in CAST:
        answer = await given.cast[who].post("/v1/archives", draft(graduate))
        assert answer.status_code == (201 if who in ("school", "county", "provincial_bureau") else 403), who
    reader = await world.staff("school", "reader")
    assert (await reader.post("/v1/archives", draft(graduate))).status_code == 403
    other = await World.made(world.service, world.client, world.line)
    foreign = await other.staff("school")
    assert (await foreign.post("/v1/archives", draft(graduate))).status_code == 404


async def test_any_difference_in_the_four_fields_is_the_same_404(world: World) -> None:
    given = await Archives.made(world)
    answers = [
        await given.cast["school"].post("/v1/archives", draft(given.cast["graduate"], **wrong))
        for wrong in ({"name": "王大明"}, {"level": "master"}, {"cohort": 2026}, {"id_number": id_number(997)})
    ]
    told = [{k: v for k, v in one.json().items() if k not in ("request_id", "instance")} for one in answers]
    assert [one.status_code for one in answers] == [404] * 4
    assert all(one == told[0] for one in told)


async def test_who_is_a_party_sees_a_dispatch_and_nobody_else(world: World) -> None:
    given = await Archives.made(world)
    path = await given.dispatch("recorded", "county")
    for who in CAST:
        sees = who in READERS
        assert (await given.cast[who].get(path)).status_code == (200 if sees else 404), who
        assert (await given.cast[who].get(f"{path}/transitions")).status_code == (200 if sees else 404), who
        listed = [one["id"] for one in (await given.cast[who].get("/v1/archives")).json()["items"]]
        assert (path.rpartition("/")[2] in listed) is sees, who
    other = await World.made(world.service, world.client, world.line)
    for kind in ("department", "school", "county", "city"):
        stranger = await other.staff(kind)
        assert (await stranger.get(path)).status_code == 404
        assert (await stranger.get("/v1/archives")).json()["items"] == []


async def test_the_counties_that_sent_or_received_a_file_see_it_with_their_cities_and_a_third_does_not(
    world: World,
) -> None:
    """One county records it, another is where the unit is, a third where a leg ends; a fourth is on no way of it."""
    given, counties = await Archives.made(world), list[World]()
    for _ in range(3):
        counties.append(await World.made(world.service, world.client, world.line))
    of_unit, of_leg, elsewhere = counties
    sent = await given.cast["county"].post(
        "/v1/archives", draft(given.cast["graduate"], unit_region=await of_unit.bureau_of("370983"))
    )
    path = sent.headers["Location"]

    async def sees(where: World) -> set[bool]:
        """Of the county's bureau and its city's, by what is read and by what is listed."""
        found = set()
        for kind in ("county", "city"):
            somebody = await where.staff(kind)
            found |= {(await somebody.get(one)).status_code == 200 for one in (path, f"{path}/transitions")}
            found.add([one["id"] for one in (await somebody.get("/v1/archives")).json()["items"]] != [])
        return found

    assert await sees(world) == await sees(of_unit) == {True}
    assert await sees(of_leg) == await sees(elsewhere) == {False}
    receiver, stranger = await of_unit.staff("county"), await elsewhere.staff("county")
    assert (await stranger.move(path, "forward", 1, **LEG)).status_code == 404
    there = await of_leg.bureau_of("370982")
    onward = {"receiver_region": there, "sender": LEG["receiver"], "receiver": "某区人才中心"}
    leg = await receiver.move(path, "forward", 1, **LEG | onward)
    assert (leg.status_code, leg.json()["record"]["movements"][0]["receiver_region"]) == (201, there)
    for one in (world, of_unit, of_leg):
        assert await sees(one) == {True}
    assert await sees(elsewhere) == {False}


async def test_a_bureau_pages_through_what_passes_it_newest_first(world: World) -> None:
    given = await Archives.made(world)
    made = [(await given.dispatch("recorded", "county")).rpartition("/")[2] for _ in range(5)]
    for who in ("county", "city"):
        seen, cursor = list[str](), None
        while True:
            asked = {"limit": 2, "status": "recorded"} | ({"cursor": cursor} if cursor else {})
            page = (await given.cast[who].get("/v1/archives", params=asked)).json()
            seen += [one["id"] for one in page["items"]]
            if (cursor := page["next_cursor"]) is None:
                break
        assert seen == made[::-1]


async def test_the_way_of_a_file_is_told_in_order(world: World) -> None:
    given = await Archives.made(world)
    path = await given.dispatch("recorded")
    first = await given.move("school", path, "forward", 1)
    second = await given.cast["school"].move(
        path, "forward", 2, **LEG | {"state": "received", "moved_on": "2025-07-09"}
    )
    read = (await given.cast["graduate"].get(path)).json()
    assert [one["state"] for one in read["movements"]] == ["sent", "received"]
    assert first.json()["record"]["movements"] == read["movements"][:1]
    assert second.json()["record"]["movements"] == read["movements"]
    messages = (await given.cast["graduate"].get("/v1/me/messages")).json()["items"]
    assert {one["kind"] for one in messages} == {"dispatch-record", "dispatch-forward"}


async def test_days_are_in_order(world: World) -> None:
    given = await Archives.made(world)
    path = await given.dispatch("recorded")
    school = given.cast["school"]
    for day, code in (("2025-06-29", "moved-before-dispatch"), ("2126-01-01", "day-not-come")):
        answer = await school.move(path, "forward", 1, **LEG | {"moved_on": day})
        assert (answer.status_code, answer.json()["unmet"][0]["code"]) == (409, code)
    late = await school.post("/v1/archives", draft(given.cast["graduate"], dispatched_on="2126-01-01"))
    assert (late.status_code, late.json()["unmet"][0]["code"]) == (409, "day-not-come")
    assert (await given.move("school", path, "forward", 1)).status_code == 201


async def test_of_many_that_record_one_number_one_wins_and_a_voided_number_is_free(world: World) -> None:
    given = await Archives.made(world)
    school, body = given.cast["school"], draft(given.cast["graduate"])
    answers = await asyncio.gather(*(school.post("/v1/archives", body) for _ in range(5)))
    assert sorted(one.status_code for one in answers) == [201, 409, 409, 409, 409]
    assert {one.json()["code"] for one in answers if one.status_code == 409} == {"dispatch-recorded"}
    [path] = [one.headers["Location"] for one in answers if one.status_code == 201]
    assert (await given.move("school", path, "void", 1)).status_code == 201
    assert (await school.post("/v1/archives", body)).status_code == 201
    steps = (await given.cast["graduate"].get(f"{path}/transitions")).json()["items"]
    assert [(one["action"], one["reason"], one["by"]["person"]) for one in steps] == [
        ("record", None, None), ("void", REASON, None),
    ]  # fmt: skip


async def test_a_repeated_key_records_once_and_each_move_takes_two(world: World) -> None:
    given = await Archives.made(world)
    school, body = given.cast["school"], draft(given.cast["graduate"])
    before = world.service.db.trips
    first = await school.post("/v1/archives", body, Idempotency_Key="one")
    assert world.service.db.trips == before + 2
    again = await school.post("/v1/archives", body, Idempotency_Key="one")
    assert (again.json(), again.headers["Idempotent-Replayed"]) == (first.json(), "true")
    before = world.service.db.trips
    assert (await given.move("school", first.headers["Location"], "forward", 1)).status_code == 201
    assert world.service.db.trips == before + 2


async def test_whoever_came_home_with_their_file_reads_it_and_does_nothing_else(world: World) -> None:
    """A graduate of another province's school: their file came to the county, which recorded it."""
    given = await Archives.made(world)
    graduate = given.cast["graduate"]
    await world.line.execute("update app.graduates set archive_query_only = true where id = $1", graduate.graduate)
    path = await given.dispatch("recorded", "county")
    assert (await graduate.get("/v1/me")).json()["graduate"]["archive_query_only"] is True
    assert (await graduate.get(path)).status_code == 200
    assert [one["id"] for one in (await graduate.get("/v1/archives")).json()["items"]] == [path.rpartition("/")[2]]
    assert (await given.move("graduate", path, "forward", 1)).status_code == 403


async def test_a_person_reads_the_way_of_their_file_as_one_timeline(world: World) -> None:
    """Two dispatches, the first voided; legs of both in the order of their days; registered for this query alone."""
    given = await Archives.made(world)
    graduate, county = given.cast["graduate"], given.cast["county"]
    await world.line.execute("update app.graduates set archive_query_only = true where id = $1", graduate.graduate)
    assert (await graduate.get("/v1/me/archive")).json() == {"items": []}
    paths = []
    for day in ("2025-07-10", "2025-06-30"):
        answer = await county.post("/v1/archives", draft(graduate, dispatched_on=day))
        paths.append(answer.headers["Location"])
    late, early = paths
    for path, version, day, state in (
        (late, 1, "2025-07-12", "sent"),
        (early, 1, "2025-07-11", "sent"),
        (early, 2, "2025-07-12", "received"),
    ):
        leg = LEG | {"moved_on": day, "state": state}
        assert (await county.move(path, "forward", version, **leg)).status_code == 201
    assert (await given.move("county", early, "void", 3)).status_code == 201
    await county.post("/v1/archives", draft(given.cast["another"]))

    told = (await graduate.get("/v1/me/archive")).json()["items"]
    short = [(one["on"], one["step"], one["dispatch"]["id"] == early[-36:], one["dispatch"]["status"]) for one in told]
    assert short == [
        ("2025-06-30", "dispatched", True, "voided"),
        ("2025-07-10", "dispatched", False, "recorded"),
        ("2025-07-11", "sent", True, "voided"),
        ("2025-07-12", "sent", False, "recorded"),
        ("2025-07-12", "received", True, "voided"),
    ]
    ways = {path: (await graduate.get(path)).json()["movements"] for path in paths}
    assert [one["movement"] for one in told] == [None, None, ways[early][0], ways[late][0], ways[early][1]]
    assert (await county.get("/v1/me/archive")).status_code == 403


async def test_no_id_number_is_kept_or_told(world: World) -> None:
    given = await Archives.made(world)
    number = given.cast["graduate"].facts["id_number"]
    path = await given.dispatch("recorded")
    record = path.rpartition("/")[2]
    kept = await world.line.fetchval(
        "select concat(to_jsonb(d), (select jsonb_agg(to_jsonb(t)) from app.trail t where t.record_id = d.id))"
        " from app.dispatches d where id = $1", record,
    )  # fmt: skip
    told = (await given.cast["provincial_bureau"].get(path)).text
    assert "王小明" in kept
    assert number not in kept
    assert number not in told
