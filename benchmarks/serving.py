"""`python -m benchmarks.serving app|floor|inline PORT`: one server, in the environment that it is given."""

import sys
from collections.abc import Callable
from typing import Any

import uvicorn

from app import logs, starting
from app.main import create_app
from app.security.passwords import Answer, Passwords
from app.settings import Settings
from benchmarks.floor import Floor


class Inline(Passwords):
    """Hashes where everything else waits for it."""

    async def _run(self, work: Callable[[], Answer]) -> Answer:
        return work()


def application(name: str, settings: Settings) -> Any:
    """The API as it is served, the same with its hashes on the event loop, or the same answers by hand."""
    if name == "floor":
        return Floor(settings)
    if name == "inline":
        starting.Passwords = Inline  # type: ignore[misc]
    logs.configure()
    return create_app(settings, str(settings.database_url))


if __name__ == "__main__":
    uvicorn.run(
        application(sys.argv[1], Settings()),
        host="127.0.0.1",
        port=int(sys.argv[2]),
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
    )
