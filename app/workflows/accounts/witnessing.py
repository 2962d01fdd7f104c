"""Who signed in, and who was refused: a line in the log for each try (OWASP ASVS 5.0, 16.3.1).

A line has the kind of account, the factors (RFC 8176) or the code of the refusal, and the keyed digest of the network;
never a name, a number or an address. The request's id is added where the request begins.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import structlog

from app.errors import Refusal

log = structlog.get_logger()


@dataclass(slots=True)
class Witness:
    """What a try turned out to be proved by."""

    factors: Sequence[str] = ()


@contextmanager
def witnessed(kind: str, network: bytes) -> Iterator[Witness]:
    """One try to sign in as an account of this kind: `signed-in`, or `sign-in-refused` with the refusal's code."""
    witness, whence = Witness(), network.hex()[:16]
    try:
        yield witness
    except Refusal as refusal:
        log.warning("sign-in-refused", kind=kind, code=refusal.code, network=whence)
        raise
    log.info("signed-in", kind=kind, factors=[*witness.factors], network=whence)
