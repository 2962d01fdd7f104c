"""`python -m benchmarks.serving app|floor PORT`: one server, in the environment that it is given."""

import sys
from typing import Any

import uvicorn

from app import logs
from app.main import create_app
from app.settings import Settings
from benchmarks.floor import Floor


def application(name: str, settings: Settings) -> Any:
    """The API as it is served, or the same answers by hand."""
    if name == "floor":
        return Floor(settings)
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
