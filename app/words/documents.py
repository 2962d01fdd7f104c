"""Words about issued documents (证明材料): their kinds, and the code that stands on each."""

from enum import StrEnum
from secrets import choice
from typing import Annotated, Final

from pydantic import BeforeValidator, Field, StringConstraints
from sqlalchemy import String
from sqlalchemy.orm import mapped_column

from app.words.accounts import SIGNING_CODE_ALPHABET
from app.words.text import LINE, length, without_spaces

_LENGTH: Final = 20
_GROUP: Final = 5
_MISREAD: Final = str.maketrans("OIL", "011", "-")


class DocumentKind(StrEnum):
    """What is issued: of a placement 协议书, 就业信息登记表, 毕业去向证明, of an approved application 报到证."""

    AGREEMENT = "agreement"
    INFORMATION_SHEET = "information_sheet"
    DESTINATION_CERTIFICATE = "destination_certificate"
    DISPATCH_CERTIFICATE = "dispatch_certificate"


def new_verification_code() -> str:
    """A code of 20 characters: 100 random bits, so that guessing finds none."""
    return "".join(choice(SIGNING_CODE_ALPHABET) for _ in range(_LENGTH))


def in_groups(code: str) -> str:
    """A code as it is printed: `7K3M9-QXB2A-…`."""
    return "-".join(code[place : place + _GROUP] for place in range(0, len(code), _GROUP))


def as_one_code(raw: object) -> object:
    """The one spelling of a code that a person typed: upper case, no dashes, 0 for O, 1 for I and L."""
    return without_spaces(raw).upper().translate(_MISREAD) if isinstance(raw, str) else raw


SignerName = Annotated[
    str,
    length(64),
    LINE,
    Field(description="Who signs documents, as a certificate names them.", examples=["山东省高校毕业生就业服务"]),
    mapped_column(String(64)),
]
VerificationCode = Annotated[
    str,
    StringConstraints(pattern=f"^[{SIGNING_CODE_ALPHABET}]{{{_LENGTH}}}$"),
    BeforeValidator(as_one_code),
    Field(
        description="The code printed on a document (验证码), in any case, with dashes or without.",
        examples=["7K3M9QXB2A5D8FGHJ4NP"],
    ),
    mapped_column(String(_LENGTH)),
]
