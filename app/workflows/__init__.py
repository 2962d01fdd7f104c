"""The procedures: a table each, read by one engine and shown by one desk."""

from app.workflows import agreements, archives, destinations, employers, entered_agreements, invitations, terminations
from app.workflows.accounts import recoveries
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
    "roster_correction": correction_requests.desk,
    "recovery": recoveries.desk,
    "dispatch": archives.desk,
}
"""The desk of each kind of record."""
