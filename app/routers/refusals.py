"""What an operation of a kind answers beside its model, for the contract: headers, and codes of its own.

What follows from its shape (a body, a caller, a version, a key, a page) the contract adds by itself.
"""

from typing import Any

from app.problems import problems
from app.upload_safety.media_types import EXTENSIONS
from app.workflows.payments.sheets import MEDIA_TYPES

Promise = dict[int | str, dict[str, Any]]

LIMITED = ("RateLimit", "RateLimit-Policy")
"""What an operation sends that PostgreSQL counts: with its success, and with 429."""


def promise(*codes: str, sends: tuple[str, ...] = ("ETag",)) -> Promise:
    """The `responses=` of an operation that may refuse with these codes; `sends` are headers of its success."""
    return {"2XX": {"description": "", "headers": {name: {} for name in sends}}, **problems(*codes)}


def on_open(*codes: str) -> Promise:
    """Something is made, and is at its Location from then on."""
    return promise("role-missing", "not-found", *codes, sends=("ETag", "Location"))


def on_move(*codes: str) -> Promise:
    """A record is moved."""
    return promise("role-missing", "not-found", "transition-refused", "rule-not-met", *codes)


ON_PUBLIC_READ = ON_PUBLIC_WRITE = ON_LIST = promise()
ON_PUBLIC_READ_ONE = ON_READ = promise("not-found")
ON_CLAIM = promise("not-found", "claimed-by-another")
ON_BULK = promise("step-up-required", sends=())
ON_CAPTCHA = promise(sends=LIMITED)
ON_PHONE_CODE = promise("captcha-wrong", "phone-codes-paused", sends=LIMITED)
ON_REGISTRATION = promise(
    "code-wrong", "registration-refused", "cohort-provisioned", "cohort-not-open", "passwords-busy", sends=()
)
ON_RESET = promise("captcha-wrong", "code-wrong", "reset-refused", "passwords-busy", sends=LIMITED)
ON_RECOVERY = promise("code-wrong", "storage-unavailable", sends=LIMITED)
ON_INQUIRY = promise("not-found", sends=())
ON_REDEMPTION = promise("captcha-wrong", "code-wrong", "phone-claimed", "passwords-busy", sends=())
ON_PHOTO = promise("not-found", "claim-it-first", "outcome-unknown", "rows-busy", sends=())
ON_CONTACT = promise("role-missing", "not-found", "outcome-unknown", "rows-busy", sends=())
ON_PASSWORD = promise("password-wrong", "passwords-busy", sends=LIMITED)
ON_READ_OWN = promise("role-missing")
ON_PHONE = promise("role-missing", "code-wrong", "phone-claimed", sends=())
ON_OBJECTION = promise("role-missing", "not-found", "phone-claim-settled", sends=())
ON_EMPLOYER_REGISTRATION = promise("code-wrong", "employer-exists", "passwords-busy", sends=("ETag", "Location"))
ON_ACTIVATION = promise("code-wrong", "activation-refused", "passwords-busy", sends=())
ON_LOGIN = promise(
    "captcha-wrong",
    "login-refused",
    "second-factor-missing",
    "initial-password-expired",
    "passwords-busy",
    sends=LIMITED,
)
ON_SESSION = promise("session-ended", sends=())
ON_STEP_UP = promise("role-missing", "totp-wrong", sends=LIMITED)
ON_AUTHENTICATOR = promise("role-missing", "step-up-required", sends=())
ON_CONFIRMATION = promise("role-missing", "authenticator-not-begun", "totp-wrong", "passwords-busy", sends=())
ON_STAFF_CHANGE = promise("role-missing", "not-found", "own-account")
ON_VERIFICATION = promise("role-missing", "identity-not-matched", "archive-query-only", sends=LIMITED)
ON_DOCUMENT = {
    **promise("not-found", "rule-not-met", "printer-busy", "signing-unavailable"),
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}},
}
"""A PDF; `rule-not-met` names characters that no font has."""
ON_VERIFYING = promise("not-found", sends=LIMITED)
ON_CHECK = promise("malformed-body", sends=LIMITED)
ON_STEP = ON_STAFF_LIST = promise("role-missing")
ON_ADMINISTERING = promise("role-missing", "not-found")
ON_UPLOAD = on_open(
    "file-ambiguous",
    "file-damaged",
    "file-encrypted",
    "file-infected",
    "file-too-costly",
    "file-type-not-taken",
    "image-animated",
    "image-too-large",
    "inspections-busy",
    "pdf-active-content",
    "pdf-encrypted",
    "pdf-too-many-pages",
    "quota-bytes",
    "quota-day",
    "quota-files",
    "scanner-unavailable",
    "storage-unavailable",
    "workbook-macros",
)
_FILE: Promise = {
    200: {
        "description": "The file.",
        "headers": {"ETag": {"$ref": "#/components/headers/ETag"}},
        "content": {one: {"schema": {"type": "string", "format": "binary"}} for one in EXTENSIONS},
    }
}
ON_DOWNLOAD = promise("not-found", "storage-unavailable") | _FILE
ON_PAYING = promise("role-missing", "step-up-required", "rule-not-met", sends=("ETag", "Location", *LIMITED))
ON_SHEET = {
    **promise("not-found", "role-missing", "step-up-required", sends=()),
    200: {
        "description": "The file.",
        "content": {
            one.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}} for one in MEDIA_TYPES.values()
        },
    },
}
"""A file for the bank."""
ON_REMOVAL = promise("not-found", "file-attached", "storage-unavailable", sends=())
