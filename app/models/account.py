"""Accounts and what proves them: sessions, one-time codes, captchas, counted tries."""

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from app.models.base import Base, BlindIndex, Digests, Id, Key, Sealed, Short, Time, Words, index_of


class Account(Base):
    """A login: of a graduate (person and level), of one member of a body's staff, or of a body's service client."""

    __tablename__ = "accounts"
    __table_args__ = (
        CheckConstraint("kind in ('graduate','employer','staff','client')", name="kind_is_known"),
        CheckConstraint("(kind = 'graduate') = (person_id is not null)", name="graduates_are_persons"),
        CheckConstraint("(kind = 'graduate') = (body_id is null)", name="staff_have_a_body"),
        CheckConstraint("(kind = 'client') = (responsible_id is not null)", name="somebody_is_responsible"),
        Index("uq_accounts_one_per_level", "person_id", "level", unique=True, postgresql_where="kind = 'graduate'"),
        Index("uq_accounts_username", "username", unique=True),
        Index("uq_accounts_employer_phone", "body_id", "phone_bidx", unique=True, postgresql_where="kind = 'employer'"),
        Index("ix_accounts_body_id", "body_id", "id"),
    )

    id: Mapped[Key]
    kind: Mapped[str]
    person_id: Mapped[Id | None] = mapped_column(ForeignKey("app.persons.id"))
    level: Mapped[str | None]
    body_id: Mapped[Id | None] = mapped_column(ForeignKey("app.bodies.id"))
    responsible_id: Mapped[Id | None] = mapped_column(ForeignKey("app.accounts.id"))
    """Who of the body's staff answers for a client; when they are disabled, it stops."""
    username: Mapped[str | None]
    display_name: Mapped[str]
    phone_bidx: Mapped[bytes | None] = index_of("phone_sealed", "phone")
    phone_sealed: Mapped[Sealed | None]
    roles: Mapped[Words]
    password_hash: Mapped[str | None]
    totp_sealed: Mapped[Sealed | None]
    totp_step: Mapped[int | None]
    """The last time step whose code was used; a code works once."""
    totp_pending_sealed: Mapped[Sealed | None]
    """The secret of an authenticator that is shown and not yet confirmed."""
    recovery_codes: Mapped[Digests]
    """Keyed digests of the codes that are left, each good once instead of the authenticator's."""
    enrol_until: Mapped[Time | None]
    """Staff with an initial password: until when it lets them in to enrol, and to nothing else."""
    steps: Mapped[int] = mapped_column(server_default=text("1"))
    """The version that administrators change: the last step of the account's trail."""
    disabled_at: Mapped[Time | None]
    created_at: Mapped[Time]


class Session(Base):
    """A login that lasts. Every request looks at its row, so ending it takes effect at once."""

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("(scopes is null) = (refresh_hash is not null)", name="clients_do_not_refresh"),
        Index("ix_sessions_account_id", "account_id", "id"),
        Index("uq_sessions_refresh_hash", "refresh_hash", unique=True),
        Index("ix_sessions_granted", "expires_at", postgresql_where="scopes is not null"),
    )

    id: Mapped[Key]
    account_id: Mapped[Id] = mapped_column(ForeignKey("app.accounts.id"))
    graduate_id: Mapped[Id | None] = mapped_column(ForeignKey("app.graduates.id"))
    amr: Mapped[Words]
    """How the person proved themselves: pwd, otp (RFC 8176)."""
    auth_at: Mapped[Time]
    scopes: Mapped[Words | None]
    """What a client was granted; null for people."""
    device: Mapped[str | None]
    """Browser and system that it began with, and no more of them than that."""
    refresh_hash: Mapped[BlindIndex | None]
    """Keyed digest of the refresh token that is next to be used; a client has none."""
    refreshed_at: Mapped[Time | None]
    """When that token was made from the one before it."""
    expires_at: Mapped[Time]
    ended_at: Mapped[Time | None]


class OneTimeCode(Base):
    """A code sent to a phone; only its digest is here. The newest for a purpose and phone counts."""

    __tablename__ = "one_time_codes"

    phone_bidx: Mapped[BlindIndex] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(primary_key=True)
    digest: Mapped[BlindIndex]
    expires_at: Mapped[Time]
    tries_left: Mapped[Short]


class Challenge(Base):
    """A captcha that waits for its answer; taking it removes it."""

    __tablename__ = "challenges"
    __table_args__ = (Index("ix_challenges_expires_at", "expires_at"),)

    id: Mapped[Key]
    kind: Mapped[str]
    purpose: Mapped[str]
    answer: Mapped[str]
    network: Mapped[BlindIndex]
    """Keyed digest of the network that it was made for."""
    expires_at: Mapped[Time]


class Bucket(Base):
    """Tries left for one limited thing (a phone's codes, a name's logins), refilled when the window is over."""

    __tablename__ = "buckets"

    key: Mapped[BlindIndex] = mapped_column(primary_key=True)
    used: Mapped[int]
    until: Mapped[Time]


class FamiliarNetwork(Base):
    """A network from which a name signed in: the key is a digest of both, so that the table names neither."""

    __tablename__ = "familiar_networks"

    key: Mapped[BlindIndex] = mapped_column(primary_key=True)
    until: Mapped[Time]
