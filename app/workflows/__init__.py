"""The procedures: a table each, read by one engine and shown by one desk."""

from app.workflows import agreements, employers, invitations, terminations
from app.workflows.accounts import inbox, logins, me

WORKFLOWS = {
    one.name: one for one in (employers.workflow, invitations.workflow, agreements.workflow, terminations.workflow)
}
"""Every procedure's table by name."""

DESKS = {
    "employer": employers.desk,
    "invitation": invitations.desk,
    "agreement": agreements.desk,
    "termination": terminations.desk,
}
"""The desk of each kind of record."""

HOT = (
    *(statement for desk in DESKS.values() for statement in (desk.view.one, desk.view.page(()), desk.view.to_move)),
    *logins.FOUND_BY.values(),
    me.ME,
    inbox.VIEW.page(()),
)
"""Statements prepared at start, so that the first request is not special."""
