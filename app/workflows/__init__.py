"""The procedures: a table each, read by one engine and shown by one desk."""

from app.workflows import agreements, employers, invitations, terminations
from app.workflows.accounts import recoveries

WORKFLOWS = {
    one.name: one
    for one in (
        employers.workflow,
        invitations.workflow,
        agreements.workflow,
        terminations.workflow,
        recoveries.workflow,
    )
}
"""Every procedure's table by name."""

DESKS = {
    "employer": employers.desk,
    "invitation": invitations.desk,
    "agreement": agreements.desk,
    "termination": terminations.desk,
    "recovery": recoveries.desk,
}
"""The desk of each kind of record."""
