"""What an operation of a kind answers beside its model, for the contract: headers, and codes of its own.

What follows from its shape (a body, a caller, a version, a key, a page) the contract adds by itself.
"""

from typing import Any

from app.problems import problems

Promise = dict[int | str, dict[str, Any]]


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
ON_BULK = promise(sends=())
ON_CAPTCHA = promise(sends=())
ON_PHONE_CODE = promise("captcha-wrong", "too-many-requests", sends=())
ON_REGISTRATION = promise(
    "code-wrong", "registration-refused", "cohort-provisioned", "cohort-not-open", "passwords-busy", sends=()
)
ON_EMPLOYER_REGISTRATION = promise("code-wrong", "employer-exists", "passwords-busy", sends=("ETag", "Location"))
ON_LOGIN = promise(
    "captcha-wrong", "login-refused", "second-factor-missing", "too-many-requests", "passwords-busy", sends=()
)
ON_SESSION = promise("session-ended", sends=())
ON_VERIFICATION = promise("role-missing", "identity-not-matched", sends=())
ON_DOCUMENT = {
    **promise("not-found", "rule-not-met", "printer-busy"),
    200: {"content": {"application/pdf": {"schema": {"type": "string", "format": "binary"}}}},
}
"""A PDF; `rule-not-met` names characters that no font has."""
ON_VERIFYING = promise("not-found", "too-many-requests", sends=())
ON_CHECK = promise("malformed-body", "too-many-requests", sends=())
ON_STEP = ON_STAFF_LIST = promise("role-missing")
ON_ADMINISTERING = promise("role-missing", "not-found")
