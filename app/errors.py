"""Refusals: everything the service says no to, with a stable code. Knows no HTTP; `problems` puts them on the wire.

Refusal
├── Unauthenticated       no session, or one that has ended
├── UnknownClient         a service client that did not prove itself
├── Malformed             not what the protocol allows: broken JSON, a mangled header
├── TooLarge · UnsupportedMedia
├── Invalid               fields that are wrong, each with a pointer
├── TooMany               a limit is used up
├── NotFound              no such thing, or not for this caller: the same answer
├── Forbidden             this person may never do this, or not yet
├── VersionRequired · Stale
├── Conflict              a unique rule of the database was hit
├── TransitionRefused     not from this situation
├── RuleNotMet            a rule of the procedure is unmet
├── RegistrationRefused   one answer for every mismatch, so that nobody learns which
├── Unavailable           not now: database down, statement timeout, outcome unknown
│   └── Busy              not now: everything that could serve is taken
└── Broken                a fault of ours
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from app.budgets import Budget


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a rule is unmet, who can mend it, and how: the `how` is a code with a text of its own."""

    code: str
    who: str
    how: str
    pointer: str | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one part of a request. `pointer` is a JSON pointer; the value itself is never repeated."""

    pointer: str
    code: str
    params: Mapping[str, Any] = field(default_factory=dict)


class Refusal(Exception):
    """A no with a stable code. `extra` goes into the answer beside the text."""

    default: ClassVar[str] = "refused"

    def __init__(
        self,
        code: str | None = None,
        *,
        params: Mapping[str, Any] | None = None,
        errors: Sequence[FieldError] = (),
        retry_after: int | None = None,
        **extra: Any,
    ) -> None:
        self.code = code or self.default
        super().__init__(self.code)
        self.params = params or {}
        self.errors = tuple(errors)
        self.retry_after = retry_after
        self.extra = extra


class Unauthenticated(Refusal):
    """The caller is unknown: no token, a bad one, or a session that has ended."""

    default = "unauthenticated"


class UnknownClient(Refusal):
    """A service client's id or secret is not right, or it may no longer ask for tokens."""

    default = "client-unknown"


class Malformed(Refusal):
    """The request breaks the protocol."""

    default = "malformed"


class TooLarge(Refusal):
    """More bytes than are taken."""

    default = "too-large"


class UnsupportedMedia(Refusal):
    """A kind of content that is not taken here."""

    default = "unsupported-media-type"


class Invalid(Refusal):
    """Well-formed, but wrong: see `errors`."""

    default = "invalid"


class TooMany(Refusal):
    """A limit is used up until `retry_after` seconds have passed. `budgets` are the windows that it is one of."""

    default = "too-many-requests"

    def __init__(self, code: str | None = None, *, budgets: Sequence[Budget] = (), **more: Any) -> None:
        super().__init__(code, **more)
        self.budgets = tuple(budgets)


class NotFound(Refusal):
    """No such thing, or not one that this caller may know of."""

    default = "not-found"


class Forbidden(Refusal):
    """Not for this person. `reason`, when given, says how that may change."""

    default = "role-missing"

    def __init__(self, code: str | None = None, *, reason: Reason | None = None, **more: Any) -> None:
        super().__init__(code, **more)
        self.reason = reason


class VersionRequired(Refusal):
    """A move names the version it was decided on, in If-Match."""

    default = "version-required"


class Stale(Refusal):
    """The record has changed since the version named."""

    default = "stale-version"


class Conflict(Refusal):
    """Something that there may be only one of exists already."""

    default = "conflict"


class TransitionRefused(Refusal):
    """The action does not leave this situation. `actions` and `blocked` say what may be done instead."""

    default = "transition-refused"

    def __init__(self, *, action: str, situation: str, actions: Sequence[str], blocked: Sequence[Any]) -> None:
        super().__init__(params={"action": action, "situation": situation})
        self.actions, self.blocked = actions, blocked


class RuleNotMet(Refusal):
    """The action leaves this situation, but a rule is unmet: `unmet` says which, and how to meet it."""

    default = "rule-not-met"

    def __init__(self, unmet: Sequence[Reason], *, actions: Sequence[str] = (), blocked: Sequence[Any] = ()) -> None:
        super().__init__()
        self.unmet, self.actions, self.blocked = tuple(unmet), actions, blocked


class RegistrationRefused(Refusal):
    """Registration is refused; which field differs is told to the school, never here."""

    default = "registration-refused"


class Unavailable(Refusal):
    """Not now; nothing is wrong with the request."""

    default = "unavailable"


class Busy(Unavailable):
    """Not now: every line, thread or row that could serve is taken."""

    default = "busy"


class Broken(Refusal):
    """Something broke here; it is logged under the request's id."""

    default = "internal-error"
