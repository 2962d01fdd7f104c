"""Who signs documents: a ring of keys with certificates, of which the current one signs. See ADR 23.

A signed PDF carries its certificates and needs none of ours. A former key stays for one use: a stored file that was
lost is drawn and signed again as it was.
"""

import asyncio
import os
from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from app.certificates import Certified, certified, self_signed
from app.errors import Unavailable
from app.settings import Settings

SANDBOX: Final = "document-key.pem"
_SANDBOX_NAME: Final = "沙盒 Sandbox"
_SANDBOX_DAYS: Final = 3650


class Signer:
    """Signs in a thread, so that the loop is free."""

    def __init__(self, keys: Iterable[Certified]) -> None:
        """The first is the current one."""
        self._keys = {one.fingerprint: one for one in keys}
        self._first = next(iter(self._keys.values()))

    @classmethod
    def of(cls, settings: Settings) -> "Signer":
        """The signer that the settings name; a sandbox that names none makes itself one, once."""
        return cls(map(certified, settings.documents.values() or (_of_the_sandbox(settings.data_dir),)))

    def current(self, now: datetime) -> Certified:
        """The key that signs; `Unavailable` past the end of its certificate, until the operator has named another."""
        if not self._first.good_at(now):
            raise Unavailable("signing-unavailable", retry_after=3600)
        return self._first

    def former(self, fingerprint: bytes) -> Certified | None:
        """The key with this certificate, while the ring has it."""
        return self._keys.get(fingerprint)

    async def sign(self, pdf: bytes, at: datetime, by: Certified) -> bytes:
        """The PDF, signed as of a time: see `pades`."""
        return await asyncio.to_thread(_sign, pdf, at, by)


def _sign(pdf: bytes, at: datetime, by: Certified) -> bytes:
    from app.documents.pades import sign  # noqa: PLC0415 (0.6 s of modules, for whoever signs)

    return sign(pdf, at, by)


def _of_the_sandbox(folder: Path) -> str:
    """The sandbox's own key, made at its first start; of two processes that start at once, one makes it."""
    path = folder / SANDBOX
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        with NamedTemporaryFile("w", dir=folder, encoding="ascii") as made:  # for the owner's eyes alone
            made.write(self_signed(_SANDBOX_NAME, datetime.now(UTC), _SANDBOX_DAYS))
            made.flush()
            with suppress(FileExistsError):
                os.link(made.name, path)
    return path.read_text("ascii")
