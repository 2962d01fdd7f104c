"""Every operation × everybody: who may ask at all, and what is another's.

Who may ask is written again by hand, from model.md §3; the declarations are compared with it, and asked over HTTP.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.agreements.given import Given
from tests.contract import committed
from tests.destinations.forms import STUDY
from tests.destinations.given import draft
from tests.market.given import Given as Market
from tests.unemployed.given import declared
from tests.world import Somebody, World

PEOPLE = "graduate employer department school county city provincial_bureau provincial_education support"
WHO: dict[str, str] = {
    # graduates alone
    "openApplication openDestination openEnteredAgreement verifyIdentity mintSigningCode getPhone changePhone"
    " objectToPhoneClaim confirmRoster beginDataExport getDataExport getInformationSheet getDestinationCertificate"
    " askRosterCorrection confirmDestination getOwnArchive":
        "graduate",
    # the unemployed
    "declareSituation": "graduate",
    "listUnemployedRegistrations getUnemployedRegistration listUnemployedRegistrationTransitions listContacts":
        "graduate department school county city provincial_bureau provincial_education",
    "moveUnemployedRegistration": "graduate county:reviewer provincial_bureau:reviewer",
    "getContactRate": "county city provincial_bureau provincial_education",
    # the two sides
    "sendInvitation": "employer",
    "askTermination askAmendment listAccesses raiseObjection": "graduate employer",
    # the job market
    "applyForJob": "graduate",
    "postJob getApplicantContact": "employer",
    "listJobApplications getJobApplication moveJobApplication listJobApplicationTransitions": "graduate employer",
    "listJobs getJob": "graduate employer county city provincial_bureau provincial_education",
    "moveJob listJobTransitions": "employer county city provincial_bureau provincial_education",
    # the parties of an agreement
    "listAgreements getAgreement getAgreementDocument moveAgreement listAgreementTransitions listPlacements"
    " getPlacement listInvitations getInvitation moveInvitation listInvitationTransitions listTerminations"
    " getTermination moveTermination listTerminationTransitions listAmendments getAmendment moveAmendment"
    " listAmendmentTransitions listObjections getObjection moveObjection listObjectionTransitions":
        "graduate employer department school county city provincial_bureau provincial_education",
    # where a graduate goes without an employer here
    "listDestinations getDestination moveDestination listDestinationTransitions listEnteredAgreements"
    " getEnteredAgreement moveEnteredAgreement listEnteredAgreementTransitions listConfirmations getConfirmation":
        "graduate department school provincial_bureau provincial_education",
    # applications: whoever reviews one, and the cities above
    "listApplications getApplication getApplicationDocument moveApplication listApplicationTransitions":
        "graduate department school county city provincial_bureau provincial_education",
    "publishApplications": "school:reviewer county:reviewer provincial_bureau:reviewer",
    # payments of subsidies: whoever decides pays
    "exportPayments getPaymentExport importPayments": "county:reviewer provincial_bureau:reviewer",
    "getPaymentImport listPaymentImportRows": "county provincial_bureau",
    "listQuotas": "department school provincial_education",
    "putQuota": "school:administrator provincial_education:administrator",
    # employers and the bureaus above them
    "listEmployers getEmployer moveEmployer listEmployerTransitions":
        "employer county city provincial_bureau provincial_education",
    # reviewing
    "listReviews getReview": "department school county city provincial_bureau provincial_education support",
    "claimReview releaseReview decideReviews":
        "department:reviewer school:reviewer county:reviewer provincial_bureau:reviewer provincial_education:reviewer"
        " support:reviewer",
    "revealFields": " ".join(
        f"{kind}:reviewer {kind}:administrator"
        for kind in ["department", "school", "county", "city", "provincial_bureau", "provincial_education", "support"]
    ),
    # lost accounts
    "listRecoveries getRecovery moveRecovery listRecoveryTransitions": "graduate school support provincial_bureau",
    "getRecoveryPhoto": "school:reviewer support:reviewer",
    # rosters
    "importRoster": "school:administrator provincial_education:administrator",
    "getRosterImport listRosterImportRows": "department school provincial_education",
    "listRosterEntries getRosterEntry listRosterCorrections getRosterCorrection moveRosterCorrection"
    " listRosterCorrectionTransitions": "graduate department school provincial_education",
    "correctRosterEntry": "graduate school:administrator provincial_education:administrator",
    "releaseBoundGraduate putSchoolSettings": "school:administrator",
    "listRegistrationAttempts closeRegistrationAttempt": "school:administrator school:reviewer",
    # where files went
    "listArchives getArchive listArchiveTransitions getArchiveImport listArchiveImportRows":
        "graduate department school county city provincial_bureau",
    "recordArchive moveArchive importArchives": " ".join(
        f"{kind}:{role}" for kind in ["school", "county", "provincial_bureau"] for role in ["reviewer", "administrator"]
    ),
    # bodies and their people
    "createStaff listStaff getStaff editStaff disableStaff enableStaff resetStaff createClient listClients getClient"
    " rotateClient disableClient": " ".join(
        f"{kind}:administrator"
        for kind in ["department", "school", "county", "city", "provincial_bureau", "provincial_education", "support"]
    ),
    "beginAuthenticator confirmAuthenticator renewRecoveryCodes stepUp": " ".join(PEOPLE.split()[2:]),
    "putCalendarDay putCalendarYear putMinimumWage addPolicyVersion rehearsePolicyVersion":
        "provincial_bureau:administrator",
    # whoever is signed in, about themselves or what is published
    "getTodo getOptions getMe changePassword listMessages readMessages endSession listSessions endOtherSessions"
    " endOneSession getSchoolSettings uploadFile listFiles getFile deleteFile getFileContent getTask": PEOPLE,
}  # fmt: skip
SIDES = ("graduate", "employer")
ROLES = ("administrator", "reviewer", "reader")
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
NOBODY = "01890a5d-ac96-774b-bcce-b302099a8057"
KEPT = {"endSession", "endOtherSessions", "changePassword", "confirmAuthenticator", "beginAuthenticator"}
"""Would end the very session that asks, or change who they are for the next question."""

MORE = {"stepUp", "renewRecoveryCodes", "uploadFile", "importRoster", "importArchives"}
"""Want an authenticator in use; or depend on what is uploaded or imported."""


def operations() -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(method, path, operation) of those that want a session."""
    for path, methods in committed()["paths"].items():
        for method, one in methods.items():
            if "x-permission" in one:
                yield method, path, one


def allowed(operation: str) -> set[tuple[str, str | None]]:
    """(kind, role) of those that may ask; a kind without a role may with any."""
    (named,) = (who for those, who in WHO.items() if operation in those.split())
    pairs = {(kind, role or None) for kind, _, role in (one.partition(":") for one in named.split())}
    kept = {(kind, role) for kind, role in pairs if role or kind in SIDES}
    return kept | {(kind, role) for kind, _ in pairs - kept for role in ROLES}


def test_what_is_declared_is_what_is_written_here() -> None:
    for _, _, one in operations():
        told = one["x-permission"]
        declared = {
            (kind, role) for kind in told["kinds"] for role in ([None] if kind in SIDES else told["roles"] or ROLES)
        }
        assert declared == allowed(one["operationId"]), one["operationId"]
    named = [name for those in WHO for name in those.split()]
    assert sorted(named) == sorted(one["operationId"] for _, _, one in operations())


async def everybody(world: World) -> dict[tuple[str, str | None], Somebody]:
    """One of each kind and role, in this world."""
    world.bodies["support"] = await world.body("support", f"S{world.serial}", "客服")
    people: dict[tuple[str, str | None], Somebody] = {
        ("graduate", None): await world.graduate(), ("employer", None): await world.employer()
    }  # fmt: skip
    for kind in PEOPLE.split()[2:]:
        for role in ROLES:
            people[kind, role] = await world.staff(kind, role)
    return people


def asked(method: str, path: str, operation: dict[str, Any], record: str) -> dict[str, Any]:
    """The operation as its own examples ask it, about this record."""
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    example = body.get("example") or next((one["value"] for one in body.get("examples", {}).values()), None)
    filled = {
        "id": record, "body_id": record, "code": "50001", "cohort": "2027", "version": "1", "date": "2031-01-01",
        "year": "2031", "region": "370102", "effective_from": "2031-01-01",
        "document": "form",
    }  # fmt: skip
    path = re.sub(r"{(\w+)}", lambda one: filled[one[1]], path)
    query = {"name": "a.pdf", "purpose": "proof"} if operation["operationId"] == "uploadFile" else {}
    headers = {"If-Match": '"1"', "Accept-Language": "en"}
    return {"method": method.upper(), "url": path, "json": example, "params": query, "headers": headers}


@pytest.mark.slow
async def test_whoever_may_not_ask_is_refused_whatever_they_ask_about(world: World) -> None:
    people = await everybody(world)
    for method, path, one in operations():
        name = one["operationId"]
        for who, somebody in people.items():
            if name in KEPT:
                continue
            request = asked(method, path, one, NOBODY)
            request["headers"] |= somebody.headers({})
            answer = await world.client.request(**request)
            if who not in allowed(name):
                assert answer.status_code in (403, 404, 422), (name, who, answer.text)
                if answer.status_code == 403:
                    assert answer.json()["code"] == "role-missing", (name, who, answer.text)
            else:
                assert name in MORE or "role-missing" not in answer.text, (name, who, answer.text)


def without_request(answer: httpx.Response) -> Any:
    """A problem, less what differs from one request to the next."""
    told = json.loads(ID.sub("-", answer.text))
    return {name: value for name, value in told.items() if name not in ("request_id", "instance")}


@pytest.mark.slow
async def test_what_is_anothers_is_as_if_it_were_not_there(world: World) -> None:
    given = await Given.everybody(await World.made(world.service, world.client, world.line))
    agreement = await given.agreement("approved", None)
    termination = await given.asked(agreement, "graduate")
    await given.new_graduate()
    unemployed = await declared(given)
    destination = await draft(given.cast["graduate"], STUDY)
    market = await Market.everybody(await World.made(world.service, world.client, world.line))
    foreign = {
        "jobs": await market.job("draft"), "job-applications": await market.application(),
        "agreements": agreement, "placements": agreement, "terminations": termination, "destinations": destination,
        "unemployed-registrations": unemployed,
        "invitations": f"/v1/invitations/{await one_of(given.world, 'invitations')}",
        "employers": f"/v1/employers/{given.cast['employer'].body}",
        "roster-entries": f"/v1/roster-entries/{await one_of(given.world, 'roster_entries')}",
        "reviews": f"/v1/reviews/{await one_of(given.world, 'reviews')}",
        "staff": f"/v1/staff/{given.cast['school'].account}",
    }  # fmt: skip
    ids = {resource: path.rpartition("/")[2] for resource, path in foreign.items()}
    people = {who: one for who, one in (await everybody(world)).items() if not who[0].startswith("provincial")}
    compared = 0
    for method, path, one in operations():
        resource = path.split("/")[2]
        for somebody in people.values():
            if "{id}" in path and resource in ids:
                theirs, nothing = [
                    await world.client.request(**asked_by(somebody, method, path, one, record))
                    for record in (ids[resource], NOBODY)
                ]
                assert theirs.status_code == nothing.status_code >= 400, (path, theirs.text)
                assert without_request(theirs) == without_request(nothing)
                compared += 1
            elif method == "get" and "{" not in path:
                listed = await somebody.get(path)
                assert not set(ids.values()) & {found[0] for found in re.findall(rf"({ID.pattern})", listed.text)}, path
    assert compared > 400


def asked_by(who: Somebody, method: str, path: str, one: dict[str, Any], record: str) -> dict[str, Any]:
    """The same, as this person."""
    request = asked(method, path, one, record)
    return request | {"headers": request["headers"] | who.headers({})}


async def one_of(world: World, table: str) -> str:
    """A record of this world's school."""
    first = f"select id from app.{table} where school_id = $1 limit 1"  # noqa: S608 (a table of ours)
    return str(await world.line.fetchval(first, world.bodies["school"]))
