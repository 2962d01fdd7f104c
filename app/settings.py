"""The environment, typed and frozen. Every field is a variable of the same name in capitals: `HOST`, `DATABASE_URL`.

`DATABASE_URL` and the secrets may be read from a file instead: `HMAC_KEY_FILE=/run/secrets/hmac_key`. Where both are
set, the variable itself prevails.

In the sandbox, secrets have well-known values, the same at each start, so that yesterday's data can be read. Anywhere
else they have none, and those well-known values are refused.
"""

import os
from base64 import b64decode
from collections.abc import Iterator
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import parse_qsl, quote, urlencode

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, StringConstraints, model_validator
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

from app.key_material import KEY_BYTES, document_key_fault, key_fault, sandbox_secrets, signing_key_fault, well_known

_READ_FROM_FILES = {
    "database_url",
    "signing_keys",
    "sealing_keys",
    "document_keys",
    "blind_index_key",
    "hmac_key",
    "s3_secret_access_key",
    "sms_secret",
}
_ONLY_LIBPQ = {"channel_binding", "connect_timeout", "gssencmode"}
"""Parameters that asyncpg takes for settings of the server, which refuses the connection for them."""


def postgresql_url(url: str) -> str:
    """The one form of a database's address, for asyncpg and libpq alike: `postgresql://…?sslmode=…`.

    Takes `postgres://`, and SQLAlchemy's `postgresql+asyncpg://…?ssl=…`.
    """
    scheme, separator, rest = url.partition("://")
    if not separator or scheme not in {"postgres", "postgresql", "postgresql+asyncpg"}:
        raise ValueError("the address of the database begins with postgresql://")
    place, _, query = rest.partition("?")
    named = {name: value for name, value in parse_qsl(query) if name not in _ONLY_LIBPQ}
    if ssl := named.pop("ssl", None):
        named["sslmode"] = "require" if ssl == "true" else ssl
    return f"postgresql://{place}" + (f"?{urlencode(named, quote_via=quote, safe='/')}" if named else "")


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _separated(given: object) -> object:
    return [one.strip() for one in given.split(",")] if isinstance(given, str) else given


KeyId = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,32}$")]
Origin = Annotated[str, StringConstraints(pattern=r"^https?://[a-z0-9.:\[\]-]+$")]
WebAddress = Annotated[str, StringConstraints(pattern=r"^https?://[^/?#]+")]


class Settings(BaseSettings):
    """What an operator can set. Anything wrong is a ValueError that names every fault at once, and no secret."""

    model_config = SettingsConfigDict(frozen=True, hide_input_in_errors=True, env_ignore_empty=True)

    environment: Literal["sandbox", "production"] = "sandbox"

    database_url: Annotated[str, AfterValidator(postgresql_url)] | None = Field(default=None, repr=False)
    """None: an embedded PostgreSQL is started, see `devdb`."""
    pg_bin: Path | None = None
    """Where the programs of PostgreSQL are, for the embedded one."""
    font_dir: Path | None = None
    """Fonts of the operator's own, for names with characters that Noto Sans CJK lacks: HanaMinB has Ext B and later."""
    data_dir: Path = Path(".data")
    pool_size: int = Field(default=10, ge=1, le=1000)
    pool_wait_seconds: float = Field(default=1.0, gt=0, le=60)
    statement_timeout_ms: int = Field(default=3000, ge=1)
    lock_timeout_ms: int = Field(default=1000, ge=1)

    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65535)
    public_url: Annotated[WebAddress, AfterValidator(lambda url: url.rstrip("/"))] = "http://127.0.0.1:8000"
    """What others call us: the issuer of tokens, the address in QR codes. Without a slash at its end."""
    body_limit_bytes: int = Field(default=1024 * 1024, ge=1024)
    cors_origins: Annotated[tuple[Origin, ...], NoDecode, BeforeValidator(_separated)] = ()
    """As browsers send them, separated by commas. There is no `*`: answers carry credentials."""
    trusted_proxies: Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode, BeforeValidator(_separated)] = ()
    """Addresses or networks of proxies in front, separated by commas: they are believed when X-Forwarded-For says for
    whom they ask. Behind a proxy that is not named here, all callers are one network, with one network's limits."""

    signing_keys: dict[KeyId, SecretStr] = {}
    """JSON, {id: PEM of a private key on P-256}: all of them verify tokens."""
    signing_key_id: str = ""
    """The one that signs. May be left out when there is one."""
    sealing_keys: dict[KeyId, SecretStr] = {}
    """JSON, {id: 32 bytes in base64}: all of them open sealed values. One goes only when nothing is sealed with it."""
    sealing_key_id: str = ""
    """The one that seals. May be left out when there is one."""
    document_keys: dict[KeyId, SecretStr] = {}
    """JSON, {id: PEM of a private key, its certificate and those above it}: see `certificates`. A sandbox makes one."""
    document_key_id: str = ""
    """The one that signs documents. May be left out when there is one."""
    blind_index_key: SecretStr = SecretStr("")
    """32 bytes in base64. Changing it means computing every blind index anew."""
    hmac_key: SecretStr = SecretStr("")
    """32 bytes in base64: fingerprints of requests, digests of one-time codes, each under a key derived from it."""

    s3_bucket: str = ""
    """Where uploaded files are; empty: in `DATA_DIR`. With it come both keys."""
    s3_endpoint: Annotated[WebAddress, AfterValidator(lambda url: url.rstrip("/"))] | Literal[""] = ""
    """Of a service that speaks S3; empty: Amazon's in the region."""
    s3_region: str = "us-east-1"
    s3_access_key_id: str = Field(default="", repr=False)
    s3_secret_access_key: SecretStr = SecretStr("")
    clamd_url: Annotated[str, StringConstraints(pattern=r"^(tcp://[^/?#]+|unix:///.+)$")] | None = None
    """A ClamAV daemon that looks at every file: `tcp://host:3310` or `unix:///path`."""

    argon2_memory_kib: int = Field(default=19456, ge=19456)
    argon2_time_cost: int = Field(default=2, ge=2)
    argon2_parallelism: int = Field(default=1, ge=1)
    password_workers: int = Field(default_factory=_cores, ge=1)
    """Passwords hashed at once: one thread per core that this process may use."""
    password_queue: int = Field(default=50, ge=0)
    """Passwords that may wait for a thread; the next one is refused as busy."""
    staff_password_minimum: int = Field(default=14, ge=12, le=64)
    """Characters of a password of staff; graduates and employers' operators need 10."""
    access_token_seconds: int = Field(default=600, ge=60, le=3600)
    session_hours: int = Field(default=12, ge=1)

    session_requests_per_second: float = Field(default=50, gt=0)
    """Of one session, in one process, in the long run; ten times as many at once. Beyond: 429."""
    network_requests_per_second: float = Field(default=500, gt=0)
    """Likewise of all in one network who have not signed in: a campus may be one."""
    logins_per_network: int = Field(default=300, ge=1)
    """Wrong passwords in 15 minutes."""
    captchas_per_network: int = Field(default=3000, ge=1)
    """In 10 minutes."""
    phone_codes_per_network: int = Field(default=100, ge=1)
    """In an hour."""
    phone_codes_an_hour: int = Field(default=3000, ge=1)
    """By all together: the breaker. What a flood may cost at most, and what the busiest hour needs at least."""

    sms_url: WebAddress | None = None
    """Where text messages are handed over, see `sms_gateway`. None: the sandbox keeps them to itself."""
    sms_secret: SecretStr = SecretStr("")
    """What the gateway knows us by: at least 32 characters."""
    sms_timeout_seconds: float = Field(default=5.0, gt=0, le=60)

    @property
    def sandbox(self) -> bool:
        """Whether this is the sandbox: a movable clock, readable messages, well-known secrets."""
        return self.environment == "sandbox"

    @property
    def signing(self) -> dict[str, str]:
        """The PEM keys of tokens by id, the one that signs first."""
        return _current_first(self.signing_keys, self.signing_key_id)

    @property
    def documents(self) -> dict[str, str]:
        """The PEM keys of documents by id, the one that signs first; none in a sandbox that makes its own."""
        return _current_first(self.document_keys, self.document_key_id)

    @property
    def sealing(self) -> tuple[dict[str, bytes], str]:
        """The keys of sealed values by id, and the id of the one that seals."""
        keys = {key_id: b64decode(key.get_secret_value()) for key_id, key in self.sealing_keys.items()}
        return keys, self.sealing_key_id or next(iter(keys))

    @property
    def blind_index(self) -> bytes:
        """The key of blind indexes."""
        return b64decode(self.blind_index_key.get_secret_value())

    @property
    def hmac(self) -> bytes:
        """The key that keys of single purposes are derived from."""
        return b64decode(self.hmac_key.get_secret_value())

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments before the environment before files."""
        return init_settings, env_settings, _Files(settings_cls)

    @model_validator(mode="before")
    @classmethod
    def _furnish_the_sandbox(cls, given: dict[str, Any]) -> dict[str, Any]:
        return sandbox_secrets() | given if given.get("environment", "sandbox") == "sandbox" else given

    @model_validator(mode="after")
    def _has_secrets_of_its_own(self) -> Self:
        if faults := [*_faults(self)]:
            raise ValueError("; ".join(faults))
        return self


class _Files(EnvSettingsSource):
    """Reads what `NAME_FILE` points to, for the fields that may be secret."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:
        path, _, is_complex = super().get_field_value(field, f"{field_name}_file")
        if path is None or field_name not in _READ_FROM_FILES:
            return None, field_name, is_complex
        return Path(path).read_text("utf-8").strip(), field_name, is_complex


def _current_first(ring: dict[str, SecretStr], current: str) -> dict[str, str]:
    keys = {key_id: key.get_secret_value() for key_id, key in ring.items()}
    return {current: keys[current], **keys} if current else keys


def _faults(settings: Settings) -> Iterator[str]:
    """What is wrong with the secrets, one sentence each, naming the variable and never the value."""
    if not (settings.sandbox or settings.database_url):
        yield "DATABASE_URL is missing: the embedded PostgreSQL is for the sandbox"
    if not (settings.sandbox or settings.sms_url):
        yield "SMS_URL is missing: outside the sandbox, text messages need a gateway"
    if settings.sms_url and len(settings.sms_secret.get_secret_value()) < KEY_BYTES:
        yield f"SMS_SECRET is missing, or shorter than {KEY_BYTES} characters"
    yield from _storage_faults(settings)
    for name, keys, current, may_be_made in (
        ("SIGNING_KEY", settings.signing_keys, settings.signing_key_id, False),
        ("SEALING_KEY", settings.sealing_keys, settings.sealing_key_id, False),
        ("DOCUMENT_KEY", settings.document_keys, settings.document_key_id, settings.sandbox),
    ):
        if not (keys or may_be_made):
            yield f"{name}S is missing"
        elif current not in keys and (current or len(keys) > 1):
            yield f"{name}_ID names none of {name}S"
    for name, secret, fault_of in (
        *((f"SIGNING_KEYS[{key_id!r}]", pem, signing_key_fault) for key_id, pem in settings.signing_keys.items()),
        *((f"SEALING_KEYS[{key_id!r}]", key, key_fault) for key_id, key in settings.sealing_keys.items()),
        *((f"DOCUMENT_KEYS[{key_id!r}]", pem, document_key_fault) for key_id, pem in settings.document_keys.items()),
        ("BLIND_INDEX_KEY", settings.blind_index_key, key_fault),
        ("HMAC_KEY", settings.hmac_key, key_fault),
    ):
        text = secret.get_secret_value().strip()
        if fault := fault_of(text) if text else "is missing":
            yield f"{name} {fault}"
        elif not settings.sandbox and text in well_known():
            yield f"{name} has the well-known value of the sandbox"


def _storage_faults(settings: Settings) -> Iterator[str]:
    """Half a bucket is none: files would silently be kept elsewhere, or be open to anybody."""
    parts = {
        "S3_BUCKET": settings.s3_bucket,
        "S3_ACCESS_KEY_ID": settings.s3_access_key_id,
        "S3_SECRET_ACCESS_KEY": settings.s3_secret_access_key.get_secret_value(),
    }
    if any(parts.values()) or settings.s3_endpoint:
        yield from (f"{name} is missing: a bucket has a name and both keys" for name, part in parts.items() if not part)
