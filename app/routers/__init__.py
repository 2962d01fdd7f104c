"""The resources, one file each. A handler translates HTTP to words and back, and decides nothing."""

from app.routers import agreements, health, invitations, reviews, terminations, todo

ROUTERS = (health.router, todo.router, invitations.router, agreements.router, terminations.router, reviews.router)
"""Every resource, in the order of the contract."""

SANDBOX_ROUTERS = ()
"""Resources that exist in the sandbox alone."""
