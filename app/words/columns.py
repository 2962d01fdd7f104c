"""How a choice is stored: as text, for raw asyncpg knows no native ENUM and names in Python may change."""

from enum import StrEnum
from typing import Final

from sqlalchemy import String

from app.words.bodies import ActorKind, BodyKind, RegistrationMode, RosterSource, StaffRole
from app.words.clients import Scope
from app.words.documents import DocumentKind
from app.words.employers import ArchiveCapacity, EmployerScale, EmployerStanding
from app.words.jobs import JobApplicationStatus, JobEnding, JobNature, JobStatus, ResumeField
from app.words.offers import InvitationStatus
from app.words.placements import ArchiveMode, Ending, PlacementKind
from app.words.privacy import AccessPurpose, AttemptOutcome, PersonalField, RevealReason, SeenField
from app.words.procedures import (
    AgreementStatus,
    AmendmentStatus,
    ConfirmationState,
    CorrectionStatus,
    Decision,
    EmployerStatus,
    ObjectionDecision,
    ObjectionKind,
    ObjectionOutcome,
    ObjectionStatus,
    ReasonCode,
    RecoveryReviewer,
    RecoveryStatus,
    Stage,
    TerminationDecision,
    TerminationEnding,
    TerminationStage,
    TerminationStatus,
    TerminationType,
)
from app.words.studies import Level

CHOICES: Final[tuple[type[StrEnum], ...]] = (
    AccessPurpose,
    ActorKind,
    AgreementStatus,
    AmendmentStatus,
    ArchiveCapacity,
    ArchiveMode,
    AttemptOutcome,
    BodyKind,
    ConfirmationState,
    CorrectionStatus,
    Decision,
    DocumentKind,
    EmployerScale,
    EmployerStanding,
    EmployerStatus,
    Ending,
    InvitationStatus,
    JobApplicationStatus,
    JobEnding,
    JobNature,
    JobStatus,
    Level,
    ObjectionDecision,
    ObjectionKind,
    ObjectionOutcome,
    ObjectionStatus,
    PersonalField,
    PlacementKind,
    ReasonCode,
    RecoveryReviewer,
    RecoveryStatus,
    RegistrationMode,
    ResumeField,
    RevealReason,
    RosterSource,
    Scope,
    SeenField,
    StaffRole,
    Stage,
    TerminationDecision,
    TerminationEnding,
    TerminationStage,
    TerminationStatus,
    TerminationType,
)


def choice_columns() -> dict[type[StrEnum], String]:
    """The part of a declarative base's `type_annotation_map` that makes `Mapped[Level]` a varchar(32) of its values."""
    return {choice: String(32) for choice in CHOICES}
