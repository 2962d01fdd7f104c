"""What an operator does at a terminal, as docs/operations.md says it, on a database as production has it."""

import asyncio
import json
import os
import subprocess
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import asyncpg
import pytest

from app.certificates import certified
from app.devdb import Cluster
from app.documents.signing import Signer
from app.errors import Unauthenticated
from app.security.sealing import Sealer
from app.security.tokens import Tokens
from app.settings import Settings
from tests.databases import created

ROOT = Path(__file__).parent.parent.parent


def command(environment: Mapping[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """`python -m app …` in this environment alone."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-m", "app", *arguments],
        cwd=ROOT, env={**kept, **environment}, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def said(environment: Mapping[str, str], *arguments: str) -> str:
    """What a command that goes well says."""
    done = command(environment, *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def keys() -> dict[str, str]:
    """Keys as `new-key` prints them, without any settings."""
    return {
        "SIGNING_KEYS": said({}, "new-key", "signing"),
        "SEALING_KEYS": said({}, "new-key", "sealing"),
        "DOCUMENT_KEYS": said({}, "new-key", "document", "--name", "某省高校毕业生就业服务"),
        "BLIND_INDEX_KEY": said({}, "new-key", "blind-index"),
        "HMAC_KEY": said({}, "new-key", "hmac"),
    }


GATEWAY = {"SMS_URL": "http://127.0.0.1:9/messages", "SMS_SECRET": "s" * 32}
"""Of text messages; nobody is there."""


@pytest.fixture(scope="module")
def production(cluster: Cluster, keys: dict[str, str]) -> dict[str, str]:
    """The environment of a production, its database migrated and founded by the commands."""
    url = asyncio.run(created(cluster, "production"))
    environment = {"ENVIRONMENT": "production", "DATABASE_URL": url, **keys, **GATEWAY}
    said(environment, "migrate")
    said(environment, "found")
    return environment


def asked(url: str, query: str) -> list[asyncpg.Record]:
    async def fetch() -> list[asyncpg.Record]:
        line = await asyncpg.connect(url)
        rows = await line.fetch(query)
        await line.close()
        return rows

    return asyncio.run(fetch())


@pytest.mark.slow
def test_the_first_administrator_is_made_once(production: dict[str, str]) -> None:
    make = ("create-administrator", "--body", "provincial_bureau", "--username")
    done = command(production, *make, "bureau.admin")
    assert done.returncode == 0, done.stderr
    password = done.stdout.strip()
    assert len(password) >= 14
    assert password not in done.stderr
    url = production["DATABASE_URL"]
    (row,) = asked(url, "select * from app.accounts where username = 'bureau.admin'")
    assert (row["roles"], row["totp_sealed"], row["enrol_until"] is None) == (["administrator"], None, False)
    assert password not in str(dict(row))
    again = command(production, *make, "second.admin")
    assert (again.returncode, again.stdout) == (1, "")
    assert again.stderr.startswith("administrator-exists")
    assert command(production, *make, "second.admin", "--force").returncode == 2, "forced, but not why"
    forced = command(production, *make, "second.admin", "--force", "--reason", "The first one has left.")
    assert forced.returncode == 0, forced.stderr
    steps = asked(url, "select actor_kind, action, reason from app.trail where record_kind = 'account' order by id")
    assert [tuple(step) for step in steps] == [
        ("system", "open", None),
        ("system", "open", "The first one has left."),
    ]
    taken = command(production, *make, "second.admin", "--force", "--reason", "Again.")
    assert (taken.returncode, taken.stderr.partition(":")[0]) == (1, "username-taken")
    unknown = command(production, "create-administrator", "--body", "school:99999", "--username", "x.y.z")
    assert (unknown.returncode, unknown.stderr.partition(":")[0]) == (1, "not-found")
    assert len(asked(url, "select 1 from app.accounts")) == 2
    assert said(production, "create-administrator", "--body", "school:10422", "--username", "sdu.admin")
    assert said(production, "audit-verify") == "the trail is whole"


@pytest.mark.slow
def test_sealing_keys_are_rotated_as_the_page_says(production: dict[str, str], keys: dict[str, str]) -> None:
    url = production["DATABASE_URL"]
    (old,) = json.loads(keys["SEALING_KEYS"])
    sealer = Sealer({old: b64decode(json.loads(keys["SEALING_KEYS"])[old])}, old)
    row = "01890a5d-ac96-774b-bcce-b302099a8057"
    sealed = sealer.seal("11010519491231002X", table="persons", column="id_sealed", row=row)
    asked(url, f"insert into app.persons values ('{row}', 'x', '\\x{sealed.hex()}', now())")  # noqa: S608
    member = json.loads(said({}, "new-key", "sealing"))
    (new,) = member
    both = {
        **production,
        "SEALING_KEYS": json.dumps({**json.loads(keys["SEALING_KEYS"]), **member}),
        "SEALING_KEY_ID": new,
    }
    check = command(both, "reseal", "--check")
    assert (check.returncode, check.stdout) == (1, f"{old}\tpersons.id_sealed\t1\n")
    assert said(both, "reseal", "--now").startswith("/v1/tasks/")
    alone = {**production, "SEALING_KEYS": json.dumps(member)}
    assert said(alone, "reseal", "--check") == f"{new}\tpersons.id_sealed\t1"
    assert said(alone, "reindex") == "1 indexes were computed anew", "the index above was none"
    assert said(alone, "reindex") == "0 indexes were computed anew"


def test_tokens_of_the_former_signing_key_are_good_until_it_is_removed() -> None:
    former, new = json.loads(said({}, "new-key", "signing")), json.loads(said({}, "new-key", "signing"))
    at = datetime.now(UTC)

    def tokens(ring: dict[str, str], current: str) -> Tokens:
        settings = Settings(signing_keys=ring, signing_key_id=current)
        return Tokens(settings.signing, settings.public_url, settings.public_url, settings.access_token_seconds)

    (old_id,), (new_id,) = former, new
    token = tokens(former, old_id).issue("01890a5d-ac96-774b-bcce-b302099a8057", "a", at)
    both = tokens(former | new, new_id)
    assert both.read(token, at).session_id == "01890a5d-ac96-774b-bcce-b302099a8057"
    fresh = both.issue("01890a5d-ac96-774b-bcce-b302099a8057", "a", at)
    assert tokens(new, new_id).read(fresh, at)
    with pytest.raises(Unauthenticated):
        tokens(new, new_id).read(token, at)


def test_a_key_of_documents_rotates_as_the_page_says(keys: dict[str, str]) -> None:
    former, new = (json.loads(one) for one in (keys["DOCUMENT_KEYS"], said({}, "new-key", "document", "--name", "新")))
    settings = Settings(document_keys=former | new, document_key_id=next(iter(new)))
    signer, now = Signer.of(settings), datetime.now(UTC)
    assert signer.current(now).name == "新"
    assert {signer.former(certified(pem).fingerprint) for pem in settings.documents.values()} != {None}
    assert command({}, "new-key", "document").returncode == 2, "whom its certificate names is asked for"


def test_a_new_key_is_new_and_fits() -> None:
    first, second = said({}, "new-key", "hmac"), said({}, "new-key", "hmac")
    assert first != second
    assert len(b64decode(first)) == 32
    assert b64encode(b64decode(first)).decode() == first


def test_the_page_on_operations_names_commands_that_there_are() -> None:
    page = (ROOT / "docs" / "operations.md").read_text("utf-8")
    named = {line.split()[3] for line in page.splitlines() if line.startswith("python -m app ")}
    helped = said({}, "--help")
    assert named
    assert {name for name in named if name not in helped} == set()
    assert {"create-administrator", "found", "new-key", "reseal", "reindex"} <= named
