"""What is kept for a while is forgotten when its time is over, and nothing else."""

import os
from datetime import timedelta
from pathlib import Path

from app.change import fresh_id
from app.service import Service
from app.workflows.forgetting import forget
from tests.accounts.integrations import integrated
from tests.rosters.given import upload
from tests.world import World

DAY = 24 * 3600


async def test_what_is_over_goes_and_the_rest_stays(service: Service, world: World) -> None:
    now, account = service.clock.real(), (await world.staff("county")).account
    for until, key in ((now - timedelta(seconds=1), "over"), (now + timedelta(hours=1), "kept")):
        await world.line.execute(
            "insert into app.remembered (account_id, key, fingerprint, answer, until) values ($1, $2, '', '', $3)",
            account, key, until,
        )  # fmt: skip
        await world.line.execute(
            "insert into app.challenges (id, kind, purpose, answer, network, expires_at)"
            " values ($1, 'image', 'login', 'A', '', $2)",
            fresh_id(), until,
        )  # fmt: skip
        await world.line.execute("insert into app.familiar_networks values ($1, $2)", f"{account}{key}".encode(), until)
        await world.line.execute(
            "insert into app.registration_attempts values ($1, $2, '', '{}', $3, $4)",
            fresh_id(), world.bodies["school"], now, until,
        )  # fmt: skip
    await forget(service)
    kept = await world.line.fetch("select key from app.remembered where account_id = $1", account)
    assert [row["key"] for row in kept] == ["kept"]
    assert await world.line.fetchval("select count(*) from app.challenges where expires_at < $1", now) == 0
    assert await world.line.fetchval("select count(*) from app.familiar_networks where until < $1", now) == 0
    assert await world.line.fetchval("select count(*) from app.familiar_networks where until > $1", now) > 0
    attempts = "select count(*) from app.registration_attempts where school_id = $1"
    assert await world.line.fetchval(attempts, world.bodies["school"]) == 1


async def test_tokens_of_clients_go_a_day_after_their_end_and_sessions_of_people_stay(
    service: Service, world: World
) -> None:
    client, person = await integrated(world, "school", "reviews:read"), await world.staff("school")
    for account in (client.id, client.id, person.account):
        await world.line.execute(
            "insert into app.sessions (id, account_id, amr, auth_at, scopes, refresh_hash, expires_at)"
            " values ($1, $2, '{}', now(), $3, $4, now() - interval '25 hours')",
            fresh_id(), account, ["reviews:read"] if account == client.id else None,
            None if account == client.id else fresh_id().encode(),
        )  # fmt: skip
    await client.token()
    await forget(service)
    kept = "select count(*) from app.sessions where account_id = $1"
    assert await world.line.fetchval(kept, client.id) == 1
    assert await world.line.fetchval(kept, person.account) == 2


async def test_files_without_a_row_are_swept_after_a_day(service: Service, world: World, tmp_path: Path) -> None:
    known, orphan, fresh = await upload(await world.staff("school"), b"a,b\n"), fresh_id(), fresh_id()
    folder, written = service.settings.data_dir / "files", tmp_path / "written"
    written.write_bytes(b"x")
    for file in (orphan, fresh):
        await service.storage.put(file, written)
    with service.storage.room() as old_room, service.storage.room() as new_room:
        old = service.clock.real().timestamp() - DAY - 60
        for path in (*(folder / file[-2:] / file for file in (known, orphan)), old_room):
            os.utime(path, (old, old))
        await forget(service)
        assert [(folder / file[-2:] / file).exists() for file in (known, orphan, fresh)] == [True, False, True]
        assert [room.exists() for room in (old_room, new_room)] == [False, True]
        old_room.mkdir()
