"""Settings: one form of the database's address, secrets of one's own outside the sandbox, and none of them printed."""

import json
from base64 import b64encode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pydantic import ValidationError

from app.certificates import self_signed
from app.settings import Settings, postgresql_url


def pem(key: PrivateKeyTypes) -> str:
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def key(byte: int, length: int = 32) -> str:
    return b64encode(bytes([byte]) * length).decode()


OWN: dict[str, Any] = {
    "environment": "production",
    "database_url": "postgresql://service:s3cret-of-the-database@db/employment",
    "signing_keys": {"2026-11": pem(ec.generate_private_key(ec.SECP256R1()))},
    "sealing_keys": {"a": key(1), "b": key(2)},
    "sealing_key_id": "b",
    "document_keys": {"2026-11": self_signed("某省就业服务", datetime.now(UTC), 30)},
    "blind_index_key": key(3),
    "hmac_key": key(4),
    "sms_url": "https://sms.example/messages",
    "sms_secret": "a secret of some thirty-two letters",
}


@pytest.fixture(autouse=True)
def _empty_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
        monkeypatch.delenv(f"{name.upper()}_FILE", raising=False)


def faults(**given: Any) -> str:
    with pytest.raises(ValueError, match=r".") as refusal:
        Settings(**given)
    return str(refusal.value)


@pytest.mark.parametrize(
    ("given", "canonical"),
    [
        ("postgres://u:p@h:5433/d", "postgresql://u:p@h:5433/d"),
        ("postgresql://u@h/d?sslmode=verify-full&sslrootcert=/etc/ca.pem", None),
        ("postgresql+asyncpg://u@h/d?ssl=verify-full", "postgresql://u@h/d?sslmode=verify-full"),
        ("postgresql+asyncpg://u@h/d?ssl=true", "postgresql://u@h/d?sslmode=require"),
        (
            "postgres://u@h/d?sslmode=require&channel_binding=require&connect_timeout=5",
            "postgresql://u@h/d?sslmode=require",
        ),
        ("postgresql://u@/d?host=/run/a%20b/%E6%95%B0&port=5433", None),
        ("postgresql://u:p%40%3F@h/d", None),
    ],
)
def test_the_address_of_the_database_has_one_form(given: str, canonical: str | None) -> None:
    assert postgresql_url(given) == (canonical or given)
    assert Settings(database_url=given).database_url == (canonical or given)


@pytest.mark.parametrize("given", ["mysql://u@h/d", "postgresql+psycopg://u@h/d", "host=h user=u", "postgresql"])
def test_another_kind_of_address_is_refused_without_being_repeated(given: str) -> None:
    text = faults(database_url=f"{given}:swordfish")
    assert "begins with postgresql://" in text
    assert "swordfish" not in text


def test_a_bare_machine_is_a_sandbox_with_the_same_secrets_at_each_start() -> None:
    first, second = Settings(), Settings()
    assert first.sandbox
    assert first.database_url is None
    assert (first.signing, first.sealing, first.blind_index, first.hmac) == (
        second.signing,
        second.sealing,
        second.blind_index,
        second.hmac,
    )
    keys, current = first.sealing
    assert len({keys[current], first.blind_index, first.hmac}) == 3
    assert all(len(secret) == 32 for secret in (keys[current], first.blind_index, first.hmac))


def test_outside_the_sandbox_everything_missing_is_named_at_once() -> None:
    text = faults(environment="production")
    for name in (
        "DATABASE_URL",
        "SIGNING_KEYS",
        "SEALING_KEYS",
        "DOCUMENT_KEYS",
        "BLIND_INDEX_KEY",
        "HMAC_KEY",
        "SMS_URL",
    ):
        assert f"{name} is missing" in text


def test_a_gateway_is_named_with_a_secret_that_nobody_guesses() -> None:
    for secret in ("", "short"):
        text = faults(sms_url=OWN["sms_url"], sms_secret=secret)
        assert "SMS_SECRET is missing, or shorter than 32 characters" in text
        assert not secret or secret not in text.replace("shorter", "")


def test_outside_the_sandbox_its_well_known_secrets_are_refused_by_name() -> None:
    sandbox = Settings()
    text = faults(
        environment="production",
        database_url=OWN["database_url"],
        signing_keys=sandbox.signing_keys,
        sealing_keys=sandbox.sealing_keys,
        blind_index_key=sandbox.blind_index_key.get_secret_value() + "\n",
        hmac_key=sandbox.hmac_key,
    )
    for name in ("SIGNING_KEYS['sandbox']", "SEALING_KEYS['sandbox']", "BLIND_INDEX_KEY", "HMAC_KEY"):
        assert f"{name} has the well-known value" in text


@pytest.mark.parametrize("environment", ["sandbox", "production"])
def test_a_weak_secret_is_refused_anywhere(environment: str) -> None:
    text = faults(
        **OWN
        | {
            "environment": environment,
            "signing_keys": {
                "rsa": pem(rsa.generate_private_key(65537, 2048)),
                "p384": pem(ec.generate_private_key(ec.SECP384R1())),
                "text": "swordfish",
            },
            "signing_key_id": "gone",
            "sealing_keys": {"short": key(1, 16), "text": "not base64!"},
            "sealing_key_id": "",
            "document_keys": {"bare": pem(rsa.generate_private_key(65537, 3072))},
            "document_key_id": "gone",
            "blind_index_key": key(3, 31),
            "hmac_key": "swordfish",
        }
    )
    for name in ("rsa", "p384", "text"):
        assert f"SIGNING_KEYS['{name}'] is not the PEM of a private key on P-256" in text
    for name in ("SEALING_KEYS['short']", "SEALING_KEYS['text']", "BLIND_INDEX_KEY", "HMAC_KEY"):
        assert f"{name} is not 32 bytes in base64" in text
    assert "DOCUMENT_KEYS['bare'] is not the PEM of a private key followed by its certificate" in text
    assert "DOCUMENT_KEY_ID names none of DOCUMENT_KEYS" in text
    assert "SIGNING_KEY_ID names none of SIGNING_KEYS" in text
    assert "SEALING_KEY_ID names none of SEALING_KEYS" in text
    assert "swordfish" not in text


def test_own_secrets_make_a_production() -> None:
    settings = Settings(**OWN)
    assert not settings.sandbox
    assert settings.sealing == ({"a": b"\x01" * 32, "b": b"\x02" * 32}, "b")
    assert (settings.blind_index, settings.hmac) == (b"\x03" * 32, b"\x04" * 32)
    assert settings.documents == OWN["document_keys"]


def test_the_key_that_signs_comes_first() -> None:
    keys = {name: pem(ec.generate_private_key(ec.SECP256R1())) for name in ("old", "new")}
    assert [*Settings(signing_keys=keys, signing_key_id="new").signing] == ["new", "old"]
    assert Settings(signing_keys=keys, signing_key_id="new").signing == keys
    assert "DOCUMENT_KEY_ID names none of DOCUMENT_KEYS" in faults(document_key_id="new"), "a sandbox has made none yet"


def test_no_secret_is_printed() -> None:
    settings = Settings(**OWN)
    for shown in (repr(settings), str(settings), settings.model_dump_json(exclude={"database_url"})):
        assert "s3cret-of-the-database" not in shown
        assert "PRIVATE KEY" not in shown
        assert not any(key(byte) in shown for byte in (1, 2, 3, 4))


def test_variables_of_the_environment_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENVIRONMENT", "production")
    monkeypatch.setenv("DATABASE_URL", "postgres://db/d")
    monkeypatch.setenv("SIGNING_KEYS", json.dumps(OWN["signing_keys"]))
    monkeypatch.setenv("SEALING_KEYS", json.dumps({"a": key(1)}))
    monkeypatch.setenv("DOCUMENT_KEYS", json.dumps(OWN["document_keys"]))
    monkeypatch.setenv("BLIND_INDEX_KEY", key(3))
    monkeypatch.setenv("HMAC_KEY", key(4))
    monkeypatch.setenv("CORS_ORIGINS", "https://a.example, http://127.0.0.1:5173")
    monkeypatch.setenv("PUBLIC_URL", "https://jobs.example/")
    monkeypatch.setenv("PG_BIN", "")
    monkeypatch.setenv("SMS_URL", OWN["sms_url"])
    monkeypatch.setenv("SMS_SECRET", OWN["sms_secret"])
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.7, 2001:db8::/32")
    settings = Settings()
    assert settings.cors_origins == ("https://a.example", "http://127.0.0.1:5173")
    assert settings.public_url == "https://jobs.example"
    assert settings.sealing == ({"a": b"\x01" * 32}, "a")
    assert settings.pg_bin is None
    assert [str(one) for one in settings.trusted_proxies] == ["10.0.0.7/32", "2001:db8::/32"]


def test_secrets_are_read_from_files(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, text in {
        "database_url": "postgres://u:p@db/d\n",
        "signing_keys": json.dumps(OWN["signing_keys"]) + "\n",
        "sealing_keys": json.dumps({"a": key(1)}) + "\n",
        "document_keys": json.dumps(OWN["document_keys"]) + "\n",
        "blind_index_key": key(3) + "\n",
        "hmac_key": key(4) + "\n",
        "sms_secret": OWN["sms_secret"] + "\n",
    }.items():
        (tmp_path / name).write_text(text, "utf-8")
        monkeypatch.setenv(f"{name.upper()}_FILE", str(tmp_path / name))
    monkeypatch.setenv("SMS_URL", OWN["sms_url"])
    settings = Settings(environment="production")
    assert settings.documents == OWN["document_keys"]
    assert settings.database_url == "postgresql://u:p@db/d"
    assert settings.sealing == ({"a": b"\x01" * 32}, "a")
    assert settings.hmac == b"\x04" * 32
    monkeypatch.setenv("HMAC_KEY", key(5))
    assert Settings(environment="production").hmac == b"\x05" * 32


def test_a_secret_whose_file_is_gone_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("HMAC_KEY_FILE", str(tmp_path / "gone"))
    assert "hmac_key" in faults()


@pytest.mark.parametrize(
    "given",
    [
        {"environment": "staging"},
        {"port": 65536},
        {"pool_size": 0},
        {"argon2_memory_kib": 8192},
        {"argon2_time_cost": 1},
        {"argon2_parallelism": 0},
        {"access_token_seconds": 86400},
        {"cors_origins": "*"},
        {"cors_origins": "https://a.example/"},
        {"cors_origins": "a.example"},
        {"public_url": "jobs.example"},
        {"trusted_proxies": "10.0.0.1/8"},
        {"trusted_proxies": "proxy.example"},
        {"sms_url": "sms.example"},
        {"phone_codes_an_hour": 0},
        {"sealing_keys": {"an id with spaces": key(1)}},
        {"unknown": 1},
    ],
)
def test_a_setting_outside_its_limits_is_refused(given: dict[str, Any]) -> None:
    assert next(iter(given)) in faults(**given)


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Settings().environment = "production"  # type: ignore[misc]
