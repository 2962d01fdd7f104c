"""Words about looking at personal data: why, how, and what."""

from enum import StrEnum


class RevealReason(StrEnum):
    """Why somebody of a body's staff needs a value unmasked; a comment says more."""

    REVIEW = "review"
    CONTACT = "contact"
    CORRECTION = "correction"
    ARCHIVE = "archive"
    AUTHORITY = "authority"
    PAYMENT = "payment"
    OTHER = "other"


class AccessPurpose(StrEnum):
    """How personal data came before somebody's eyes: revealed one by one, in an export, or in a search by them."""

    REVEAL = "reveal"
    EXPORT = "export"
    LOOKUP = "lookup"


class PersonalField(StrEnum):
    """What is masked everywhere else, and may be revealed."""

    ID_NUMBER = "id_number"
    PHONE = "phone"
    ARCHIVE_PHONE = "archive_phone"
    CONTACT_PHONE = "contact_phone"


class SeenField(StrEnum):
    """What may have come unmasked before somebody's eyes: what is revealed, and what a payment file holds besides."""

    ID_NUMBER = "id_number"
    PHONE = "phone"
    BANK_CARD = "bank_card"


class AttemptOutcome(StrEnum):
    """How a school settled a refused registration: the roster is right now, it was right before, or nobody of ours."""

    CORRECTED = "corrected"
    EXPLAINED = "explained"
    NOT_OURS = "not_ours"
