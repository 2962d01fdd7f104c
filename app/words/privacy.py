"""Words about looking at personal data: why, how, and what."""

from enum import StrEnum


class RevealReason(StrEnum):
    """Why somebody of a body's staff needs a value unmasked; a comment says more."""

    REVIEW = "review"
    CONTACT = "contact"
    CORRECTION = "correction"
    ARCHIVE = "archive"
    AUTHORITY = "authority"
    OTHER = "other"


class AccessPurpose(StrEnum):
    """How personal data came before somebody's eyes: revealed one by one, in an export, or in a search by them."""

    REVEAL = "reveal"
    EXPORT = "export"
    LOOKUP = "lookup"


class PersonalField(StrEnum):
    """What is masked everywhere else."""

    ID_NUMBER = "id_number"
    PHONE = "phone"
    ARCHIVE_PHONE = "archive_phone"
    CONTACT_PHONE = "contact_phone"


class AttemptOutcome(StrEnum):
    """How a school settled a refused registration: the roster is right now, it was right before, or nobody of ours."""

    CORRECTED = "corrected"
    EXPLAINED = "explained"
    NOT_OURS = "not_ours"
