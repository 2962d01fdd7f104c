"""The resources, one file each. A handler translates HTTP to words and back, and decides nothing."""

from app.routers import (
    agreements,
    auth,
    files,
    health,
    invitations,
    me,
    problems,
    registration_attempts,
    reviews,
    rosters,
    sandbox,
    tasks,
    terminations,
    todo,
)

ROUTERS = (
    health.router,
    auth.router,
    me.router,
    todo.router,
    invitations.router,
    agreements.router,
    terminations.router,
    reviews.router,
    rosters.router,
    registration_attempts.router,
    files.router,
    tasks.router,
    problems.router,
)
"""Every resource, in the order of the contract."""

SANDBOX_ROUTERS = (sandbox.router,)
"""Resources that exist in the sandbox alone."""
