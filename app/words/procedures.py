"""Words every procedure uses: what a decision was, why, and how an agreement comes to be ended."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field
from sqlalchemy import Boolean, String
from sqlalchemy.orm import mapped_column

from app.words.text import PROSE, length


class Decision(StrEnum):
    """What the last reviewer decided; kept when the record ends later."""

    APPROVED = "approved"
    REJECTED = "rejected"


class Stage(StrEnum):
    """Whose turn a review is: of the school's chain, or of the bureau; the public's while a list is published."""

    DEPARTMENT = "department"
    SCHOOL = "school"
    COUNTY = "county"
    PROVINCE = "province"
    PUBLICITY = "publicity"
    SUPPORT = "support"


class AgreementStatus(StrEnum):
    """Where an agreement stands; what was decided stands beside it."""

    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    TERMINATED = "terminated"


class TerminationStatus(StrEnum):
    """Where a termination stands; the answer stands beside it."""

    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    TERMINATED = "terminated"


class TerminationStage(StrEnum):
    """Whose turn a submitted termination is: the other side's to answer, or a reviewing body's to decide."""

    COUNTERPARTY = "counterparty"
    DEPARTMENT = "department"
    SCHOOL = "school"
    COUNTY = "county"
    PROVINCE = "province"


class TerminationEnding(StrEnum):
    """How a termination ended undecided: the asker took it back, or its placement ended otherwise."""

    WITHDRAWN = "withdrawn"
    MOOT = "moot"


class CorrectionStatus(StrEnum):
    """Where a correction of a roster stands; what was decided stands beside it."""

    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    TERMINATED = "terminated"


class AmendmentStatus(StrEnum):
    """Where an amendment of a placement stands; what was decided stands beside it."""

    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    TERMINATED = "terminated"


class ObjectionStatus(StrEnum):
    """Where an objection stands; what was decided stands beside it."""

    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    TERMINATED = "terminated"


class ObjectionKind(StrEnum):
    """What is objected to (异议事项): an annulment, or a placement that is not the graduate's own."""

    ANNULMENT = "annulment"
    NOT_MINE = "not_mine"


class ObjectionDecision(StrEnum):
    """What was decided on an objection."""

    UPHELD = "upheld"
    DISMISSED = "dismissed"


class ObjectionOutcome(StrEnum):
    """What upholding an objection did to the placement; nothing, when another holds its place or it had ended."""

    ANNULLED = "annulled"
    REINSTATED = "reinstated"
    SLOT_TAKEN = "slot_taken"
    ALREADY_ENDED = "already_ended"


class ConfirmationState(StrEnum):
    """Whether a graduate has confirmed where they went (去向确认); stale: something has changed since."""

    CONFIRMED = "confirmed"
    STALE = "stale"
    UNCONFIRMED = "unconfirmed"
    OBJECTED = "objected"


class EmployerStatus(StrEnum):
    """Where an employer's registration stands."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    REVIEWED = "reviewed"


class RecoveryStatus(StrEnum):
    """Where a recovery stands; what was decided stands beside it."""

    SUBMITTED = "submitted"
    REVIEWED = "reviewed"
    TERMINATED = "terminated"


class RecoveryReviewer(StrEnum):
    """Who reviews the recoveries of a cohort's accounts: the graduate's school, or the help desk."""

    SCHOOL = "school"
    SUPPORT = "support"


class ReasonCode(StrEnum):
    """Why a reviewer rejects, returns or annuls (codes/reason.csv); `other` needs a comment."""

    PROOF_UNREADABLE = "proof_unreadable"
    PROOF_MISMATCH = "proof_mismatch"
    UNIT_NOT_FOUND = "unit_not_found"
    WAGE_BELOW_MINIMUM = "wage_below_minimum"
    WRONG_KIND = "wrong_kind"
    DATES_INCONSISTENT = "dates_inconsistent"
    NOT_ELIGIBLE = "not_eligible"
    DUPLICATE = "duplicate"
    OVER_QUOTA = "over_quota"
    SUSPECTED_FALSE = "suspected_false"
    OTHER = "other"


class TerminationType(StrEnum):
    """Why an agreement or destination is ended (解约类型)."""

    MUTUAL = "mutual"
    GRADUATE_BREACH = "graduate_breach"
    EMPLOYER_BREACH = "employer_breach"
    FURTHER_STUDY_OR_CIVIL_SERVICE = "further_study_or_civil_service"
    EMPLOYER_CLOSED = "employer_closed"
    NOT_GRADUATED = "not_graduated"
    CORRECTION = "correction"


class TerminationDecision(StrEnum):
    """The answer to a termination: the placement ends, or it stays in force."""

    AGREED = "agreed"
    REFUSED = "refused"


Comment = Annotated[
    str,
    length(1000),
    PROSE,
    Field(description="What the reviewer or the other side says (意见).", examples=["请重新上传清晰的扫描件。"]),
    mapped_column(String(1000)),
]

Reason = Annotated[
    str,
    length(1000, least=10),
    PROSE,
    Field(
        description="Why, in a person's own words (理由), 10 to 1,000 characters.",
        examples=["因家庭原因需回原籍工作，经协商一致。"],
    ),
    mapped_column(String(1000)),
]

DamagesPaid = Annotated[
    bool,
    Field(description="Whether the liquidated damages were paid (是否已支付违约金).", examples=[True]),
    mapped_column(Boolean),
]
