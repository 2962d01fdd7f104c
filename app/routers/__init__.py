"""The resources, one file each. A handler translates HTTP to words and back, and decides nothing."""

from app.routers import (
    agreements,
    auth,
    bodies,
    calendar,
    codes,
    employers,
    files,
    health,
    invitations,
    me,
    policies,
    problems,
    registration_attempts,
    reviews,
    roster_entries,
    rosters,
    sandbox,
    schools,
    staff,
    tasks,
    terminations,
    todo,
    well_known,
    workflows,
)

ROUTERS = (
    health.router,
    agreements.router,
    reviews.router,
    invitations.router,
    terminations.router,
    todo.router,
    me.router,
    auth.router,
    employers.router,
    rosters.router,
    roster_entries.router,
    registration_attempts.router,
    staff.router,
    schools.router,
    bodies.router,
    files.router,
    tasks.router,
    policies.router,
    calendar.router,
    codes.router,
    workflows.router,
    well_known.router,
    problems.router,
)
"""Every resource, in the order of the contract; what is asked most stands first, for they are tried in turn."""

SANDBOX_ROUTERS = (sandbox.router,)
"""Resources that exist in the sandbox alone."""
