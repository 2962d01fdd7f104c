"""The correction of a roster entry by its owner: a school for its own roster, the province for the provincial one.

The entry's graduate follows: name, department, major and cohort are the school's to say. Where one of the five fields
is another one than was verified, the verification falls (model.md, Persons and registration). ID number and level are
what a graduate signs in with, so they change only while nobody is registered.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import LargeBinary, Text, Uuid, func, select

from app.change import Change, Row, Update, fresh_id
from app.db import SYSTEM, AlreadyExists, Read, Stale, asked
from app.errors import Busy, Conflict, FieldError, Forbidden, Invalid, NotFound, Reason, RuleNotMet, VersionRequired
from app.errors import Stale as StaleVersion
from app.models import Body, Event, TrailEntry
from app.models.base import PARTIES, table_of
from app.policies import Actor
from app.roster_files.layout import columns
from app.roster_files.row_rules import broken, consequences
from app.schemas.roster_entry import RosterEntryPatch
from app.security import masks
from app.service import Caller, Service
from app.words import StaffRole
from app.words.identity import birth_date
from app.workflows.desk import Answer, look
from app.workflows.roster_departments import new_department
from app.workflows.roster_entries import entries, graduates, one, persons, view
from app.workflows.roster_imports import OWNERS
from app.workflows.roster_persons import id_number_of, new_person, phone_of, sealed_phone

_ATTEMPTS: Final = 4
_JOB: Final = "roster_correction"
_MADE_MEANWHILE: Final = {"uq_persons_id_bidx", "uq_bodies_kind_code"}
_REQUIRED: Final = {column.field for column in columns() if column.is_required}
_DATES: Final = ("birth_date", "enrolled_on", "graduated_on")
_COLUMNS: Final = ("name", "level", "cohort", "completed")
