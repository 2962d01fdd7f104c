"""The tables, one file per aggregate. Statements are built from `Model.__table__`; no request loads an object."""

from app.models.account import Account, Bucket, Challenge, OneTimeCode, Session
from app.models.base import Base
from app.models.body import Body, BureauOfRegion, Region, School
from app.models.employer import Employer
from app.models.invitation import Invitation
from app.models.person import Person, Phone
from app.models.placement import Placement
from app.models.policy import CalendarDay, ClockOffset, MinimumWage, Policy, SchoolSettings
from app.models.review import Review
from app.models.roster import Graduate, RegistrationAttempt, RosterEntry
from app.models.sandbox import SandboxMessage
from app.models.task import ImportRow, RosterImport, StoredFile, Task
from app.models.termination import Termination
from app.models.trail import Event, Message, Remembered, TrailEntry

__all__ = [
    "Account",
    "Base",
    "Body",
    "Bucket",
    "BureauOfRegion",
    "CalendarDay",
    "Challenge",
    "ClockOffset",
    "Employer",
    "Event",
    "Graduate",
    "ImportRow",
    "Invitation",
    "Message",
    "MinimumWage",
    "OneTimeCode",
    "Person",
    "Phone",
    "Placement",
    "Policy",
    "Region",
    "RegistrationAttempt",
    "Remembered",
    "Review",
    "RosterEntry",
    "RosterImport",
    "SandboxMessage",
    "School",
    "SchoolSettings",
    "Session",
    "StoredFile",
    "Task",
    "Termination",
    "TrailEntry",
]
