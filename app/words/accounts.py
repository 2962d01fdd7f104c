"""Words about getting in: user names, passwords, codes. None of the secrets is a column; their repr hides them."""

from typing import Annotated, Final

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from sqlalchemy import String
from sqlalchemy.orm import mapped_column

from app.words.text import composed, without_spaces

SIGNING_CODE_ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O and U, so that a code can be read aloud; 8 characters carry 40 bits."""

_MISREAD: Final = str.maketrans("OIL", "011", "-")


class Hidden(str):
    """Text that its repr, and so a log or a traceback's locals, doesn't show."""

    __slots__ = ()

    def __repr__(self) -> str:
        """Show that there is something, not what."""
        return "Hidden('…')"


def _composed(raw: object) -> object:
    return composed(raw) if isinstance(raw, str) else raw


def _typed_code(raw: object) -> object:
    return without_spaces(raw).upper().translate(_MISREAD) if isinstance(raw, str) else raw


Username = Annotated[
    str,
    StringConstraints(strip_whitespace=True, to_lower=True, pattern=r"^[A-Za-z][A-Za-z0-9._-]{2,39}$"),
    Field(description="Name of a staff account, lower case.", examples=["school.10422.admin"]),
    mapped_column(String(40)),
]

Password = Annotated[
    str,
    StringConstraints(min_length=10, max_length=128),
    BeforeValidator(_composed),
    AfterValidator(Hidden),
    Field(
        description="A new password: 10 to 128 characters of any kind, not a common one, not made of your own data.",
        examples=["青山-2027-lv"],
        json_schema_extra={"format": "password", "writeOnly": True},
    ),
]

PresentedPassword = Annotated[
    str,
    StringConstraints(min_length=1, max_length=128),
    BeforeValidator(_composed),
    AfterValidator(Hidden),
    Field(
        description="The present password; today's rules for new ones don't apply to it.",
        examples=["青山-2027-lv"],
        json_schema_extra={"format": "password", "writeOnly": True},
    ),
]

OneTimeCode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{6}$"),
    AfterValidator(Hidden),
    Field(
        description="A one-time code of six digits (验证码).",
        examples=["482913"],
        json_schema_extra={"writeOnly": True},
    ),
]

RecoveryCode = Annotated[
    str,
    StringConstraints(pattern=f"^[{SIGNING_CODE_ALPHABET}]{{10}}$"),
    BeforeValidator(_typed_code),
    AfterValidator(Hidden),
    Field(
        description="One of ten codes that replace the authenticator, each once; any case, dashes or not.",
        examples=["7K3M9QXB2T"],
        json_schema_extra={"writeOnly": True},
    ),
]

SigningCode = Annotated[
    str,
    StringConstraints(pattern=f"^[{SIGNING_CODE_ALPHABET}]{{8}}$"),
    BeforeValidator(_typed_code),
    Field(description="A graduate's code for being invited (签约码), any case, dashes or not.", examples=["7K3M9QXB"]),
    mapped_column(String(8)),
]

Activated = Annotated[
    bool,
    Field(
        description="Whether the school's own system has an account of the graduate (是否已开通账号).", examples=[True]
    ),
]

ImportedHash = Annotated[
    str,
    StringConstraints(
        max_length=400,
        pattern=r"^(\$argon2id\$|\$pbkdf2-sha256\$|pbkdf2_sha256\$)[!-~]+$",
    ),
    AfterValidator(Hidden),
    Field(
        description="A password's hash by another system: argon2id, PBKDF2 as passlib or Django write it (密码散列).",
        examples=["$pbkdf2-sha256$29000$c2FsdHNhbHQ$aGFzaA"],
    ),
]
"""Replaced at the first login."""
