"""Keys as an operator gives them: what each must be, and those of the sandbox, which everybody knows."""

from base64 import b64decode, b64encode
from functools import cache
from hashlib import sha256
from typing import Any, Final

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, derive_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from app.certificates import certified

KEY_BYTES: Final = 32
"""Of a symmetric key."""


def _sandbox_key(name: str) -> bytes:
    return sha256(f"graduate employment sandbox: {name}".encode()).digest()


@cache
def sandbox_secrets() -> dict[str, Any]:
    """The sandbox's, by the settings that they are for: the same at each start, for yesterday's data."""
    scalar = int.from_bytes(_sandbox_key("signing")) >> 1  # below the order of P-256
    pem = derive_private_key(scalar, SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {
        "signing_keys": {"sandbox": pem.decode().strip()},
        "sealing_keys": {"sandbox": b64encode(_sandbox_key("sealing")).decode()},
        "blind_index_key": b64encode(_sandbox_key("blind index")).decode(),
        "hmac_key": b64encode(_sandbox_key("hmac")).decode(),
    }


def well_known() -> set[str]:
    """Those of the sandbox: of no use anywhere else."""
    secrets = sandbox_secrets()
    rings = (secrets["signing_keys"], secrets["sealing_keys"])
    return {secrets["blind_index_key"], secrets["hmac_key"], *(key for ring in rings for key in ring.values())}


def signing_key_fault(pem: str) -> str | None:
    """What is wrong with a key that signs tokens."""
    try:
        key = load_pem_private_key(pem.encode(), password=None)
    except (ValueError, TypeError):  # TypeError: it wants a password
        key = None
    fits = isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1)
    return None if fits else "is not the PEM of a private key on P-256"


def document_key_fault(pem: str) -> str | None:
    """What is wrong with a key that signs documents, and its certificates."""
    try:
        certified(pem)
    except ValueError as fault:
        return str(fault)
    return None


def key_fault(text: str) -> str | None:
    """What is wrong with a symmetric key."""
    try:
        fits = len(b64decode(text, validate=True)) == KEY_BYTES
    except ValueError:
        fits = False
    return None if fits else f"is not {KEY_BYTES} bytes in base64"
