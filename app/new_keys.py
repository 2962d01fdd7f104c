"""New keys, and where each goes: the value alone on standard output, what to do with it beside it.

Keys of a ring have ids: the day they were made and four random characters. See docs/operations.md for their rotation.
"""

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from secrets import token_bytes, token_hex
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from app.certificates import self_signed
from app.key_material import KEY_BYTES

CERTIFIED_DAYS: Final = 3 * 365

WHERE_TO: Final[Mapping[str, str]] = {
    "signing": "Add this member to SIGNING_KEYS, keep the former one, and name it in SIGNING_KEY_ID. Remove the former"
    " one when its last token has expired (ACCESS_TOKEN_SECONDS).",
    "sealing": "Add this member to SEALING_KEYS, keep the former one, and name it in SEALING_KEY_ID. When every process"
    " has it, run `reseal`; remove the former one when `reseal --check` no longer finds it.",
    "document": "Add this member to DOCUMENT_KEYS, and name it in DOCUMENT_KEY_ID. The certificate is its own: publish"
    " the fingerprint, or have an authority certify the key, and put its certificates behind the key instead. What the"
    " former one signed stays signed.",
    "blind-index": "Stop every process, put this into BLIND_INDEX_KEY, run `reindex`, start again.",
    "hmac": "Put this into HMAC_KEY. Sessions, one-time codes, captchas, limits, remembered answers and recovery codes"
    " end with the former one.",
}
"""What each kind of key is put into, and what is done then."""


@dataclass(frozen=True, slots=True)
class NewKey:
    """A value to put somewhere, and what to do with it."""

    value: str
    where_to: str


def new_key(kind: str, now: datetime, name: str) -> NewKey:
    """A key of one of the kinds of `WHERE_TO`: a member of a ring as JSON, or 32 bytes in base64.

    `name` is whom the certificate of a key of documents names.
    """
    today = now.date()
    if kind == "document":
        return NewKey(_member(self_signed(name, now, CERTIFIED_DAYS), today), WHERE_TO[kind])
    if kind == "signing":
        private = generate_private_key(SECP256R1())
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        return NewKey(_member(pem, today), WHERE_TO[kind])
    key = b64encode(token_bytes(KEY_BYTES)).decode()
    return NewKey(_member(key, today) if kind == "sealing" else key, WHERE_TO[kind])


def _member(key: str, today: date) -> str:
    return json.dumps({f"{today:%Y-%m-%d}-{token_hex(2)}": key})
