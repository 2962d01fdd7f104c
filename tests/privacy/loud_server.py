"""The real API in a process of its own that says everything it can: every logger at every level, messages filled in.

`python -m tests.privacy.loud_server URL FD VARIANT` is that process; `leaking` logs what it should not, once.
"""

import logging
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import structlog
import uvicorn

from app import main
from app.service import Service
from app.settings import Settings
from app.workflows.accounts import phone_codes

ROOT = Path(__file__).parent.parent.parent


@contextmanager
def loud_api(url: str, log: Path, data: Path, variant: str = "as built") -> Iterator[str]:
    """The address of an API on the database at `url`; `log` has everything that its process says."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listening, log.open("wb") as output:
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        louder = ["-X", "dev", "-W", "default"] if variant == "as built" else []
        command = [sys.executable, *louder, "-m", "tests.privacy.loud_server"]
        child = subprocess.Popen(
            [*command, url, str(listening.fileno()), variant, str(data)],
            cwd=ROOT,
            pass_fds=[listening.fileno()],
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        yield address
    finally:
        child.terminate()
        child.wait(20)


def _leak() -> None:
    """Have the sending of codes log the phone, as a careless line would."""
    send = phone_codes.send

    async def leaking(service: Service, draft: Any, network: bytes) -> Any:
        structlog.get_logger().debug("sending", phone=draft.phone)
        return await send(service, draft, network)

    phone_codes.send = leaking


def serve(url: str, descriptor: int, variant: str, data: str) -> None:
    """Serve until told to stop."""
    logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(), cache_logger_on_first_use=False)
    if variant == "leaking":
        _leak()
    settings = Settings(environment="sandbox", pool_size=4, data_dir=Path(data))
    config = uvicorn.Config(main.create_app(settings, url), log_config=None, log_level="trace", access_log=False)
    uvicorn.Server(config).run([socket.socket(fileno=descriptor)])


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4])
