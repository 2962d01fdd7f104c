"""Every procedure: its table and its desk, by name."""

from app.workflows import (
    agreements,
    amendments,
    archives,
    confirmations,
    destinations,
    employers,
    entered_agreements,
    invitations,
    objections,
    terminations,
    unemployed_registrations,
)
from app.workflows.accounts import recoveries
from app.workflows.applications import procedure as applications
from app.workflows.market import job_applications, jobs
from app.workflows.rosters import correction_requests

WORKFLOWS = {
    one.name: one
    for one in (
        employers.workflow,
        invitations.workflow,
        agreements.workflow,
        destinations.workflow,
        entered_agreements.workflow,
        terminations.workflow,
        amendments.workflow,
        objections.workflow,
        confirmations.workflow,
        jobs.workflow,
        job_applications.workflow,
        applications.workflow,
        unemployed_registrations.workflow,
        correction_requests.workflow,
        recoveries.workflow,
        archives.workflow,
    )
}
"""Every procedure's table by name."""

DESKS = {
    "employer": employers.desk,
    "invitation": invitations.desk,
    "agreement": agreements.desk,
    "destination": destinations.desk,
    "entered_agreement": entered_agreements.desk,
    "termination": terminations.desk,
    "amendment": amendments.desk,
    "objection": objections.desk,
    "confirmation": confirmations.desk,
    "job": jobs.desk,
    "job_application": job_applications.desk,
    "application": applications.desk,
    "unemployed_registration": unemployed_registrations.desk,
    "roster_correction": correction_requests.desk,
    "recovery": recoveries.desk,
    "dispatch": archives.desk,
}
"""The desk of each kind of record."""

for _placing in (agreements, destinations, entered_agreements):
    _placing.desk.beside = terminations.may_be_asked
