"""The forms of the six applications (就业手续): what each is made of, and what a complete one needs (fields.md)."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field

from app.schemas.base import Body, RecordId
from app.schemas.conditions import Form, When
from app.schemas.placement_forms import ARCHIVE, UNIT, Archived, Proofs
from app.words import CreditCode, EmployerName, Industry, Reason, Region, UnitNature
from app.words.applications import (
    AverageScore,
    AwardedOn,
    BankCard,
    BankCardMasked,
    BankName,
    CertificateNumber,
    CollectAt,
    CollectOn,
    Declared,
    Deeds,
    DeferralReason,
    DispatchCertificateNumber,
    HonourLevel,
    HonourName,
    Issuer,
    LoanContractNumber,
    PostHeld,
    Rank,
    RankOf,
    ReassignmentCase,
    SubsidyCategory,
    ValidUntilDay,
)
from app.words.destinations import EndsOn, LongText, ShortText, StartsOn

LOAN: Final = "student_loan"
PLACE: Final = ("unit_name", "region")
"""Where a file is dispatched to."""
Photo = Annotated[RecordId, Field(description="A file uploaded as `proof`.")]


class _Proven(Form):
    """What most of them share."""

    proof_file_ids: Proofs | None = None

    @property
    def named_files(self) -> Iterator[str]:
        """The files that the form names."""
        yield from self.proof_file_ids or ()


class JobSeekingSubsidy(_Proven):
    """Job-seeking subsidy (求职创业补贴): one category of hardship, proven, and the applicant's own bank card.

    The card is shown masked; a draft that is saved without one keeps the one it has.
    """

    required: ClassVar = ("category", "bank", "bank_card", "statement_accepted", "proof_file_ids")
    conditions: ClassVar = (
        When(
            "category",
            tuple(one for one in SubsidyCategory if one != LOAN),
            ("certificate_number", "issuer", "certificate_valid_until"),
        ),
        When("category", (LOAN,), ("loan_contract_number", "loan_bank")),
    )

    kind: Literal["job_seeking_subsidy"]
    category: SubsidyCategory | None = None
    certificate_number: CertificateNumber | None = None
    issuer: Issuer | None = None
    certificate_valid_until: ValidUntilDay | None = None
    loan_contract_number: LoanContractNumber | None = None
    loan_bank: BankName | None = None
    bank: BankName | None = None
    bank_card: BankCard | None = None
    statement_accepted: Declared | None = None


class Honour(Body):
    """An honour, with its proof."""

    name: HonourName
    level: HonourLevel
    awarded_on: AwardedOn
    proof_file_id: Photo


class OutstandingGraduate(Form):
    """Outstanding graduate of the province (省级优秀毕业生)."""

    required: ClassVar = ("rank", "rank_of", "deeds", "no_discipline", "photo_file_id")

    kind: Literal["outstanding_graduate"]
    rank: Rank | None = None
    rank_of: RankOf | None = None
    average_score: AverageScore | None = None
    posts_held: Annotated[list[PostHeld], Field(max_length=10)] | None = None
    honours: Annotated[list[Honour], Field(max_length=20)] | None = None
    deeds: Deeds | None = None
    no_discipline: Declared | None = None
    photo_file_id: Photo | None = None

    @property
    def named_files(self) -> Iterator[str]:
        """The photo, and the proofs of the honours."""
        if self.photo_file_id:
            yield self.photo_file_id
        yield from (one.proof_file_id for one in self.honours or ())


class Reassignment(Archived, _Proven):
    """Reassignment (调整改派): of who was dispatched, to another unit. Proof: agreement, letter or appointment."""

    required: ClassVar = ("case", *UNIT, "region", "reason", "archive_mode", "proof_file_ids")
    conditions: ClassVar = (
        When("case", ("changed_employer",), ("old_unit", "old_certificate_number", "release_letter_file_id")),
        *ARCHIVE,
    )

    kind: Literal["reassignment"]
    case: ReassignmentCase | None = None
    old_unit: EmployerName | None = None
    old_certificate_number: DispatchCertificateNumber | None = None
    release_letter_file_id: Photo | None = None
    unit_name: EmployerName | None = None
    unit_credit_code: CreditCode | None = None
    unit_nature: UnitNature | None = None
    unit_industry: Industry | None = None
    region: Region | None = None
    reason: Reason | None = None

    @property
    def named_files(self) -> Iterator[str]:
        """The proofs, and the release letter."""
        yield from self.proof_file_ids or ()
        if self.release_letter_file_id:
            yield self.release_letter_file_id


class DeferredDispatch(Archived, _Proven):
    """Dispatch after a deferral (缓派打证), as after a service in the west, to the unit that it names."""

    required: ClassVar = ("deferral_reason", *PLACE, "archive_mode", "proof_file_ids")
    conditions: ClassVar = (
        When("deferral_reason", ("service_project",), ("project", "starts_on", "ends_on")),
        *ARCHIVE,
    )

    kind: Literal["deferred_dispatch"]
    deferral_reason: DeferralReason | None = None
    unit_name: EmployerName | None = None
    region: Region | None = None
    project: ShortText | None = None
    starts_on: StartsOn | None = None
    ends_on: EndsOn | None = None
    present_placement: ShortText | None = None


class CertificateReissue(_Proven):
    """Another dispatch certificate for a lost one (遗失补办). Proof: a declaration, or the notice in a newspaper."""

    required: ClassVar = ("lost_how", "collect_at", "proof_file_ids")

    kind: Literal["certificate_reissue"]
    old_certificate_number: DispatchCertificateNumber | None = None
    lost_how: LongText | None = None
    collect_at: CollectAt | None = None
    collect_on: CollectOn | None = None


class ArchiveRedirect(Archived, _Proven):
    """The file sent on to another receiver (档案改寄), of cohorts without dispatch certificates. Proof: its consent."""

    required: ClassVar = (*PLACE, "reason", "archive_mode", "proof_file_ids")
    conditions: ClassVar = ARCHIVE

    kind: Literal["archive_redirect"]
    old_unit: EmployerName | None = None
    unit_name: EmployerName | None = None
    region: Region | None = None
    reason: Reason | None = None


class JobSeekingSubsidyOut(JobSeekingSubsidy):
    """The subsidy's form as it is shown."""

    bank_card: BankCardMasked | None = None


AnyApplication = Annotated[
    JobSeekingSubsidy | OutstandingGraduate | Reassignment | DeferredDispatch | CertificateReissue | ArchiveRedirect,
    Field(discriminator="kind"),
]
AnyApplicationOut = Annotated[
    JobSeekingSubsidyOut | OutstandingGraduate | Reassignment | DeferredDispatch | CertificateReissue | ArchiveRedirect,
    Field(discriminator="kind"),
]

APPLICATION_FORMS: Final[dict[str, type[Form]]] = {
    "job_seeking_subsidy": JobSeekingSubsidy,
    "outstanding_graduate": OutstandingGraduate,
    "reassignment": Reassignment,
    "deferred_dispatch": DeferredDispatch,
    "certificate_reissue": CertificateReissue,
    "archive_redirect": ArchiveRedirect,
}
"""Every form by the kind of its application."""
