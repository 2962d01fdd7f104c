"""The tables, one file per aggregate. Statements are built from `Model.__table__`; no request loads an object."""

from app.models.access import Access, DataExport
from app.models.account import Account, Bucket, Challenge, FamiliarNetwork, OneTimeCode, Session
from app.models.amendment import Amendment
from app.models.application import Application
from app.models.archive import ArchiveBureau, ArchiveMovement, Dispatch
from app.models.base import Base
from app.models.body import Body, BureauOfRegion, Region, School
from app.models.client import Client
from app.models.confirmation import Confirmation
from app.models.document import IssuedDocument
from app.models.employer import Employer
from app.models.file import Attachment, FileUsage, StoredFile
from app.models.invitation import Invitation
from app.models.job import Job, JobApplication
from app.models.objection import Objection
from app.models.payment import PaymentExport, PaymentImport, PaymentImportRow
from app.models.person import Person, Phone
from app.models.phone_claim import PhoneClaim
from app.models.placement import Placement
from app.models.policy import CalendarDay, CalendarYear, ClockOffset, MinimumWage, Policy, SchoolSettings
from app.models.publicity import Publicity, PublicityItem
from app.models.quota import Quota
from app.models.recovery import PhotoReading, Recovery, RecoveryPhoto
from app.models.review import Review
from app.models.roster import Graduate, RegistrationAttempt, RosterEntry
from app.models.roster_correction import RosterCorrection
from app.models.sandbox import SandboxMessage
from app.models.task import Import, ImportRow, Task
from app.models.termination import Termination
from app.models.trail import Event, Message, Remembered, TrailEntry
from app.models.unemployed import Contact, UnemployedCase

__all__ = [
    "Access",
    "Account",
    "Amendment",
    "Application",
    "ArchiveBureau",
    "ArchiveMovement",
    "Attachment",
    "Base",
    "Body",
    "Bucket",
    "BureauOfRegion",
    "CalendarDay",
    "CalendarYear",
    "Challenge",
    "Client",
    "ClockOffset",
    "Confirmation",
    "Contact",
    "DataExport",
    "Dispatch",
    "Employer",
    "Event",
    "FamiliarNetwork",
    "FileUsage",
    "Graduate",
    "Import",
    "ImportRow",
    "Invitation",
    "IssuedDocument",
    "Job",
    "JobApplication",
    "Message",
    "MinimumWage",
    "Objection",
    "OneTimeCode",
    "PaymentExport",
    "PaymentImport",
    "PaymentImportRow",
    "Person",
    "Phone",
    "PhoneClaim",
    "PhotoReading",
    "Placement",
    "Policy",
    "Publicity",
    "PublicityItem",
    "Quota",
    "Recovery",
    "RecoveryPhoto",
    "Region",
    "RegistrationAttempt",
    "Remembered",
    "Review",
    "RosterCorrection",
    "RosterEntry",
    "SandboxMessage",
    "School",
    "SchoolSettings",
    "Session",
    "StoredFile",
    "Task",
    "Termination",
    "TrailEntry",
    "UnemployedCase",
]
