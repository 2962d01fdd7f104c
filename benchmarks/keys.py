"""The secrets of one run: the API runs as in production, with keys of its own."""

import json
from base64 import b64encode
from datetime import UTC, datetime
from os import urandom

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.certificates import self_signed

UNLIMITED = "1000000000"
"""All of the load comes from one network; what is measured is not the throttle."""


def environment(url: str) -> dict[str, str]:
    """The environment of a service on the database at `url`, whose tokens outlive the run."""
    pem = generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return {
        "ENVIRONMENT": "production",
        "DATABASE_URL": url,
        "SIGNING_KEYS": json.dumps({"bench": pem.decode()}),
        "SEALING_KEYS": json.dumps({"bench": _key()}),
        "DOCUMENT_KEYS": json.dumps({"bench": self_signed("Bench", datetime.now(UTC), days=1)}),
        "BLIND_INDEX_KEY": _key(),
        "HMAC_KEY": _key(),
        "SMS_URL": "http://127.0.0.1:9/never",
        "SMS_SECRET": _key(),
        "ACCESS_TOKEN_SECONDS": "3600",
        **dict.fromkeys(
            ("SESSION_REQUESTS_PER_SECOND", "NETWORK_REQUESTS_PER_SECOND", "LOGINS_PER_NETWORK"), UNLIMITED
        ),
    }


def _key() -> str:
    return b64encode(urandom(32)).decode()
