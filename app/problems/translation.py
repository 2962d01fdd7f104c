"""Every error that may reach the edge, as a refusal: our own, the database's, the framework's, and faults."""

from collections.abc import Mapping
from email.message import Message
from typing import Any, Final

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from app.db import AlreadyExists, Stale
from app.errors import (
    Broken,
    Busy,
    Conflict,
    FieldError,
    Invalid,
    Malformed,
    NotFound,
    Refusal,
    TooLarge,
    UnsupportedMedia,
)
from app.words.faults import fault, faults_in, pointer_to

CONFLICTS: Final[Mapping[str, str]] = {
    "uq_placements_one_live_per_graduate": "live-placement-exists",
    "uq_placements_one_draft_per_kind": "draft-exists",
    "uq_applications_one_subsidy_per_person": "subsidy-exists",
    "uq_applications_one_open_per_kind": "application-open",
    "uq_invitations_one_pending_per_pair": "invitation-pending",
    "uq_job_applications_one_open_per_job": "already-applied",
    "uq_unemployed_cases_one_open_per_graduate": "case-open",
    "uq_terminations_one_open_per_placement": "termination-open",
    "uq_amendments_one_open_per_placement": "amendment-open",
    "uq_objections_one_open_per_placement": "objection-open",
    "uq_confirmations_one_per_version": "already-confirmed",
    "uq_confirmations_one_without_placement": "already-confirmed",
    "uq_roster_corrections_one_open_per_entry": "roster-correction-open",
    "uq_employers_one_per_credit_code": "employer-exists",
    "uq_bodies_kind_code": "employer-exists",
    "uq_accounts_username": "username-taken",
    "uq_phones_person_id": "phone-taken",
    "pk_phones": "phone-taken",
    "uq_phone_claims_one_open_per_number": "phone-claimed",
    "uq_phone_claims_one_open_per_person": "phone-claimed",
}
"""What a unique rule of the database means to who ran into it."""


class MethodNotAllowed(Refusal):
    """There is such a path, but not for this method. Only HTTP knows such a thing."""

    default = "method-not-allowed"


def refusal_of(request: Request, error: Exception) -> Refusal:
    """The refusal that an error means. What nobody foresaw is a fault of ours."""
    match error:
        case Refusal():
            return error
        case AlreadyExists():
            return Conflict(CONFLICTS.get(error.rule, "conflict"))
        case Stale():
            return Busy("rows-busy")
        case RequestValidationError():
            return _invalid(request, error)
        case HTTPException():
            return _by_framework(error)
        case _:
            return Broken()


def _by_framework(error: HTTPException) -> Refusal:
    if isinstance(error.__cause__, Refusal):  # raised while the framework read the body
        return error.__cause__
    match error.status_code:
        case 400:
            return Malformed("malformed-body")
        case 404:
            return NotFound("path-unknown")
        case 405:
            return MethodNotAllowed()
        case 413:
            return TooLarge()
        case _:
            return Broken()


def _invalid(request: Request, error: RequestValidationError) -> Refusal:
    found = error.errors()
    if any(one["type"] == "json_invalid" for one in found):
        return Malformed("malformed-json")
    if any(one["loc"][0] == "body" for one in found) and not _has_its_media_type(request):
        return UnsupportedMedia()
    inside = [{**one, "loc": one["loc"][1:]} for one in found if one["loc"][0] == "body"]
    beside = [_beside(one) for one in found if one["loc"][0] != "body"]
    return Invalid(errors=[*beside, *faults_in(error.body, inside, at="/body")])


def _beside(error: Mapping[str, Any]) -> FieldError:
    """An error in the path, the query or a header: its pointer begins with which."""
    return fault(pointer_to(error["loc"]), error)


def _has_its_media_type(request: Request) -> bool:
    """Whether the body came as what the route takes: JSON, or the kind of form it declares. No body is of any type."""
    if request.headers.get("content-length", "0") == "0" and "transfer-encoding" not in request.headers:
        return True
    route = request.scope["route"]
    assert isinstance(route, APIRoute)
    assert route.body_field is not None
    taken = getattr(route.body_field.field_info, "media_type", "application/json")
    named = Message()
    named["content-type"] = request.headers.get("content-type", "")
    given = named.get_content_type()
    return given == taken or (taken == "application/json" and given.endswith("+json"))
