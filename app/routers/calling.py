"""What handlers ask of a request: who calls, with which version, which key, which page. Each is read once, here.

Every operation declares for whom it is: `Anyone`, or callers with one of the permissions (`SignedIn`, `Graduates`, …).
`checked` refuses to start with an operation that declares none.
"""

import inspect
import re
from base64 import urlsafe_b64decode
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from fastapi import Depends, FastAPI, Header, Path, Query, Request, Security
from fastapi.dependencies.models import Dependant
from fastapi.openapi.models import HTTPBearer
from fastapi.routing import APIRoute, iter_route_contexts
from fastapi.security.base import SecurityBase
from fastapi.security.utils import get_authorization_scheme_param
from pydantic import BaseModel
from structlog.contextvars import bind_contextvars

from app import permissions
from app.errors import FieldError, Invalid, Malformed, Unauthenticated
from app.networks import network_of
from app.permissions import Permission
from app.schemas.base import ID, RecordId
from app.service import Caller, Once, Service
from app.texts import language
from app.words.text import storable

Model = TypeVar("Model", bound=BaseModel)

_VERSION = re.compile(r'^(?:W/)?"(\d{1,9})(?:-[0-9a-f]{1,64})?"$')
_SCHEME = "An access token of `POST /v1/auth/tokens`: a JWT, checked as RFC 8725 asks."


def service_of(request: Request) -> Service:
    """The running service."""
    return request.app.state.service  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Visitor:
    """A request's sender who has not signed in: the language for the answer, and the network, as a keyed digest."""

    service: Service
    language: str
    network: bytes


def network(request: Request) -> bytes:
    """The keyed digest of the network that a request comes from. The address itself goes no further."""
    service, peer = service_of(request), request.client
    trusted = service.settings.trusted_proxies
    forwarded = request.headers.getlist("x-forwarded-for") if trusted else ()
    return service.fingerprint.of("network", network_of(peer.host if peer else None, forwarded, trusted))


class Asking(SecurityBase):
    """The permission that an operation asks of its caller, and in the contract the security scheme."""

    def __init__(self, permission: Permission) -> None:
        self.permission = permission
        self.model = HTTPBearer(bearerFormat="JWT", description=_SCHEME)
        self.scheme_name = "HTTPBearer"

    async def __call__(self, request: Request) -> Caller:
        """A caller with a good access token, or 429. Whether the session still lives, the first statement says."""
        scheme, token = get_authorization_scheme_param(request.headers.get("authorization"))
        if scheme.lower() != "bearer":
            raise Unauthenticated
        service = service_of(request)
        claims = service.tokens.read(token, service.clock.real())
        bind_contextvars(session=claims.session_id)
        service.sessions_throttle.take(claims.session_id)
        return Caller(service, claims.session_id, language(request.headers.get("accept-language")), self.permission)


async def anyone(request: Request) -> Visitor:
    """Whoever it is, or 429: nothing here is about a person, or the handler's own statement says what may be seen."""
    visitor = Visitor(service_of(request), language(request.headers.get("accept-language")), network(request))
    visitor.service.networks_throttle.take(visitor.network)
    return visitor


def at_once(model: type[Model]) -> Callable[..., Awaitable[Model]]:
    """The making of a model of queries, as a dependency: FastAPI would make a bare class in a thread, 0.4 ms later."""

    async def made(**given: Any) -> Model:
        return model(**given)

    made.__signature__ = inspect.signature(model)  # type: ignore[attr-defined]
    return made


Anyone = Annotated[Visitor, Depends(anyone)]
SignedIn = Annotated[Caller, Security(Asking(permissions.EVERYBODY))]
FileReaders = Annotated[Caller, Security(Asking(permissions.FILE_READERS))]
FileSenders = Annotated[Caller, Security(Asking(permissions.FILE_SENDERS))]
TaskReaders = Annotated[Caller, Security(Asking(permissions.TASK_READERS))]
Graduates = Annotated[Caller, Security(Asking(permissions.GRADUATES))]
Employers = Annotated[Caller, Security(Asking(permissions.EMPLOYERS))]
Sides = Annotated[Caller, Security(Asking(permissions.SIDES))]
Parties = Annotated[Caller, Security(Asking(permissions.PARTIES))]
ItsSchool = Annotated[Caller, Security(Asking(permissions.ITS_SCHOOL))]
ItsSchoolToMove = Annotated[Caller, Security(Asking(permissions.ITS_SCHOOL_TO_MOVE))]
ApplicationReaders = Annotated[Caller, Security(Asking(permissions.APPLICATION_READERS))]
ApplicationReadersToMove = Annotated[Caller, Security(Asking(permissions.APPLICATION_READERS_TO_MOVE))]
QuotaReaders = Annotated[Caller, Security(Asking(permissions.QUOTA_READERS))]
QuotaKeepers = Annotated[Caller, Security(Asking(permissions.QUOTA_KEEPERS))]
Publishers = Annotated[Caller, Security(Asking(permissions.PUBLISHERS))]
Payers = Annotated[Caller, Security(Asking(permissions.PAYERS))]
PayersInBulk = Annotated[Caller, Security(Asking(permissions.PAYERS_IN_BULK))]
PaymentReaders = Annotated[Caller, Security(Asking(permissions.PAYMENT_READERS))]
PartiesToMove = Annotated[Caller, Security(Asking(permissions.PARTIES_TO_MOVE))]
EmployersParties = Annotated[Caller, Security(Asking(permissions.EMPLOYERS_PARTIES))]
EmployersPartiesToMove = Annotated[Caller, Security(Asking(permissions.EMPLOYERS_PARTIES_TO_MOVE))]
Market = Annotated[Caller, Security(Asking(permissions.MARKET))]
CaseParties = Annotated[Caller, Security(Asking(permissions.CASE_PARTIES))]
CaseMovers = Annotated[Caller, Security(Asking(permissions.CASE_MOVERS))]
Bureaus = Annotated[Caller, Security(Asking(permissions.BUREAUS))]
Reviewers = Annotated[Caller, Security(Asking(permissions.REVIEWERS))]
ReviewersInBulk = Annotated[Caller, Security(Asking(permissions.REVIEWERS_IN_BULK))]
ReviewingBodies = Annotated[Caller, Security(Asking(permissions.REVIEWING_BODIES))]
Staff = Annotated[Caller, Security(Asking(permissions.STAFF))]
Administrators = Annotated[Caller, Security(Asking(permissions.ADMINISTRATORS))]
RosterReaders = Annotated[Caller, Security(Asking(permissions.ROSTER_READERS))]
RosterKeepers = Annotated[Caller, Security(Asking(permissions.ROSTER_KEEPERS))]
ArchiveReaders = Annotated[Caller, Security(Asking(permissions.ARCHIVE_READERS))]
ArchiveKeepers = Annotated[Caller, Security(Asking(permissions.ARCHIVE_KEEPERS))]
SchoolsStaff = Annotated[Caller, Security(Asking(permissions.SCHOOLS_STAFF))]
SchoolsAdministrators = Annotated[Caller, Security(Asking(permissions.SCHOOLS_ADMINISTRATORS))]
RecoveryReaders = Annotated[Caller, Security(Asking(permissions.RECOVERY_READERS))]
RecoveryReviewers = Annotated[Caller, Security(Asking(permissions.RECOVERY_REVIEWERS))]
EntryReaders = Annotated[Caller, Security(Asking(permissions.ENTRY_READERS))]
EntryReadersToMove = Annotated[Caller, Security(Asking(permissions.ENTRY_READERS_TO_MOVE))]
EntryWriters = Annotated[Caller, Security(Asking(permissions.ENTRY_WRITERS))]
Revealers = Annotated[Caller, Security(Asking(permissions.REVEALERS))]
CalendarKeepers = Annotated[Caller, Security(Asking(permissions.CALENDAR_KEEPERS))]
PolicyKeepers = Annotated[Caller, Security(Asking(permissions.CALENDAR_KEEPERS))]


async def version_named(
    if_match: Annotated[
        str | None,
        Header(
            alias="If-Match",
            max_length=80,
            description='The version you decided on: its ETag, or `"7"`.',
            examples=['"7"'],
            json_schema_extra={"pattern": _VERSION.pattern},
        ),
    ] = None,
) -> int | None:
    """The version in If-Match; whether one is needed, the desk judges."""
    if if_match is None:
        return None
    named = _VERSION.match(if_match.strip())
    if named is None:
        raise Malformed("if-match-malformed")
    return int(named[1])


async def asked_once(
    request: Request,
    idempotency_key: Annotated[
        str | None,
        Header(
            alias="Idempotency-Key",
            min_length=1,
            max_length=64,
            pattern=r"^[A-Za-z0-9._:/+=-]+$",
            description="Any text of yours, new for each thing you want done; for 72 hours it repeats the answer.",
            examples=["0c6d0fd4-4f0e-4b60-8f0a-1f6f4a0f0d7a"],
        ),
    ] = None,
) -> Once | None:
    """The Idempotency-Key with a keyed digest of the request."""
    if idempotency_key is None:
        return None
    parts = (request.method, request.scope["path"], request.headers.get("if-match"), await request.body())
    return Once(idempotency_key, service_of(request).fingerprint.of(*parts))


Version = Annotated[int | None, Depends(version_named)]
Asked = Annotated[Once | None, Depends(asked_once)]
RecordIdInPath = Annotated[RecordId, Path()]
Limit = Annotated[int, Query(ge=1, le=200, description="How many, at most.")]


Cursor = Annotated[str | None, Query(max_length=200, description="`next_cursor` of the page before.")]


async def after_key(cursor: Cursor = None) -> str | None:
    """The key behind a cursor, storable text; what it must look like, the list knows that made it."""
    if cursor is None:
        return None
    try:
        return storable(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode())
    except ValueError as error:
        raise Invalid(errors=[FieldError("/query/cursor", "cursor-unknown")]) from error


async def after_id(key: Annotated[str | None, Depends(after_key)]) -> str | None:
    """The id behind a cursor."""
    if key is not None and not ID.fullmatch(key):
        raise Invalid(errors=[FieldError("/query/cursor", "cursor-unknown")])
    return key


After = Annotated[str | None, Depends(after_id)]
AfterKey = Annotated[str | None, Depends(after_key)]


async def known(request: Request) -> None:
    """401 where a caller is needed and not named. The framework would look at the body first."""
    route = request.scope.get("route")
    if isinstance(route, APIRoute) and isinstance(door := door_of(route), Asking):
        await door(request)


def _asked_of(dependant: Dependant) -> Iterator[Any]:
    yield dependant.call
    for one in dependant.dependencies:
        yield from _asked_of(one)


def door_of(route: APIRoute) -> Any:
    """What an operation declares of its callers: `anyone`, or what is `Asking`; None when that is not one thing."""
    declared = [one for one in _asked_of(route.dependant) if one is anyone or isinstance(one, Asking)]
    return declared[0] if len(set(declared)) == 1 else None


def routes_of(app: FastAPI) -> Iterator[APIRoute]:
    """The route of every operation, of an included router too: none escapes `checked`."""
    there = (context.original_route for context in iter_route_contexts(app.routes))
    return (route for route in there if isinstance(route, APIRoute))


def checked(app: FastAPI) -> FastAPI:
    """The application, if each operation declares for whom it is; else a RuntimeError names the culprits."""
    wrong = [route.path for route in routes_of(app) if door_of(route) is None]
    if wrong:
        message = f"operations that don't declare for whom they are: {wrong}"
        raise RuntimeError(message)
    return app
