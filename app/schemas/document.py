"""Issued documents on the wire: what anybody may know of one."""

from datetime import date, datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from app.schemas.base import Out, Said
from app.words import DocumentKind, PlacementKind, SchoolName, SignerName, VerificationCode
from app.words.applications import ApplicationKind


class ApplicationDocument(StrEnum):
    """What is printed of an application: its form with each level's opinion, and the certificate that it leads to."""

    FORM = "form"
    CERTIFICATE = "certificate"


class DocumentState(StrEnum):
    """How things stand now with what a document says."""

    ISSUED = "issued"
    SUBMITTED = "submitted"
    APPROVED = "approved"
    TERMINATED = "terminated"


class SignatureOut(Out):
    """Who signed a document: PAdES, with a certificate that is in the PDF."""

    by: Annotated[SignerName, Field(description="Whom the certificate names.")]
    certificate_sha256: Annotated[
        str, Field(pattern="^[0-9a-f]{64}$", description="As readers of PDFs show it.", examples=["9f" * 32])
    ]


class VerificationOut(Out):
    """A genuine document: what it says, its parties masked, and how things stand now."""

    code: VerificationCode
    kind: DocumentKind
    issued_at: datetime
    placement_kind: Annotated[PlacementKind | None, Field(description="Of a placement's document.")]
    application_kind: Annotated[ApplicationKind | None, Field(description="Of a certificate of dispatch.")]
    number: Annotated[
        str | None,
        Field(max_length=20, description="Of the agreement, or of the dispatch.", examples=["2027104223112345673"]),
    ]
    graduate_name: Annotated[Said, Field(description="The graduate's name, masked.", examples=["王*明"])]
    school_name: SchoolName
    unit_name: Annotated[Said, Field(description="The employer, or where else the graduate went.", examples=["甲公司"])]
    state: Annotated[DocumentState, Field(description="Now, whatever it was when the document was issued.")]
    signed_on: date | None
    approved_at: datetime | None
    ended_at: datetime | None
    signature: Annotated[
        SignatureOut | None,
        Field(description="What is issued with an approval is signed when it is stored, within seconds."),
    ]


class DocumentCheckOut(Out):
    """Whether the bytes sent are a document as this service stored it."""

    genuine: Annotated[bool, Field(description="False also for a genuine one that was changed or saved anew.")]
    document: VerificationOut | None
