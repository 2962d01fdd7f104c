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
    workflows,
)

ROUTERS = (
    health.router,
    auth.router,
    me.router,
    todo.router,
    employers.router,
    invitations.router,
    agreements.router,
    terminations.router,
    reviews.router,
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
    problems.router,
)
"""Every resource, in the order of the contract."""

SANDBOX_ROUTERS = (sandbox.router,)
"""Resources that exist in the sandbox alone."""
