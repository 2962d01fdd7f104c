"""Processes that last: the API on uvicorn, and the worker. In the sandbox one process is both."""

import asyncio
import signal
import sys

import uvicorn

from app import logs, starting
from app.settings import Settings


def serve(settings: Settings, url: str) -> int:
    """Serve until told to stop. The sandbox is settled first, and its personas are printed."""
    from app import main

    logs.configure()
    if settings.sandbox:
        asyncio.run(_settle(settings, url))
    server = uvicorn.Server(
        uvicorn.Config(
            main.create_app(settings, url),
            host=settings.host,
            port=settings.port,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,  # uvicorn would believe any neighbor; `networks` believes whom the operator names
            timeout_graceful_shutdown=10,
        )
    )
    sys.stdout.write(f"serving at http://{settings.host}:{settings.port}  ·  docs at /docs\n")
    sys.stdout.flush()
    server.run()
    return 0


async def _settle(settings: Settings, url: str) -> None:
    from app import sandbox

    service = await starting.start(settings.model_copy(update={"pool_size": 1}), url)
    await sandbox.settle(service, url)
    await starting.stop(service)
    for one in sandbox.personas():
        secret = f" · authenticator {one['totp_secret']}" if one["totp_secret"] else ""
        named = ", ".join(f"{name} {value}" for name, value in one["login"].items() if name != "as")
        sys.stdout.write(f"{one['persona']:22} {one['about']}\n{'':22} as {one['login']['as']}: {named}{secret}\n")


def work(settings: Settings, url: str) -> int:
    """Do promised work until told to stop."""
    from app import worker

    logs.configure()

    async def run() -> None:
        ended = asyncio.Event()
        for one in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(one, ended.set)
        service = await starting.start(settings, url)
        await worker.work(service, stop=ended)
        await starting.stop(service)

    asyncio.run(run())
    return 0
