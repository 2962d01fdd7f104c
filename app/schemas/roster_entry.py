"""Entries of a roster on the wire: the roster part of the national layout, by the names of the API."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from app.schemas.base import PAGE, Body, BodyRefOut, NextCursor, Out, RecordId, Version
from app.schemas.me import MaskedIdNumber, MaskedPhone
from app.words import (
    Address,
    AnySchoolCode,
    ArchiveBefore,
    ArchiveMoved,
    BirthDate,
    Branch,
    CandidateNumber,
    ClassName,
    Cohort,
    CommissioningUnit,
    DepartmentName,
    Duration,
    EducationLevel,
    Email,
    EnrolledOn,
    Ethnicity,
    Gender,
    GraduatedOn,
    Hardship,
    Health,
    HomeRegion,
    HouseholdMoved,
    IdNumber,
    Level,
    Major,
    MajorCode,
    MajorDirection,
    MaritalStatus,
    PersonName,
    Phone,
    PoliceStation,
    PoliticalStatus,
    Postcode,
    RosterSource,
    StudentNumber,
    TeacherTraining,
    TrainingMode,
    UrbanRural,
)


class Details(BaseModel):
    """What a roster says of a graduate beside who they are."""

    candidate_number: CandidateNumber | None = None
    gender: Gender | None = None
    ethnicity: Ethnicity | None = None
    political_status: PoliticalStatus | None = None
    branch: Branch | None = None
    education_level: EducationLevel | None = None
    major_code: MajorCode | None = None
    major: Major | None = None
    major_direction: MajorDirection | None = None
    training_mode: TrainingMode | None = None
    commissioning_unit: CommissioningUnit | None = None
    home_region: HomeRegion | None = None
    urban_rural: UrbanRural | None = None
    duration: Duration | None = None
    enrolled_on: EnrolledOn | None = None
    graduated_on: GraduatedOn | None = None
    teacher_training: TeacherTraining | None = None
    hardship: Hardship | None = None
    class_name: ClassName | None = None
    student_number: StudentNumber | None = None
    birth_date: BirthDate | None = None
    archive_before: ArchiveBefore | None = None
    police_station: PoliceStation | None = None
    household_moved: HouseholdMoved | None = None
    archive_moved: ArchiveMoved | None = None
    email: Email | None = None
    address: Address | None = None
    postcode: Postcode | None = None
    marital_status: MaritalStatus | None = None
    health: Health | None = None


class RosterEntryPatch(Details, Body):
    """The fields to correct. An absent one keeps; null empties one that is not required."""

    name: PersonName | None = None
    id_number: IdNumber | None = None
    department: DepartmentName | None = None
    phone: Phone | None = None


class RosterEntryOut(Details, Out):
    """An entry of a roster (生源信息)."""

    id: RecordId
    version: Version
    created_at: datetime
    updated_at: datetime
    source: RosterSource
    school: BodyRefOut
    school_code: AnySchoolCode
    department: BodyRefOut | None
    name: PersonName
    id_number: MaskedIdNumber
    phone: Annotated[MaskedPhone | None, Field(description="Stated, not proven.")]
    level: Level
    cohort: Cohort
    completed: Annotated[bool, Field(description="Completed (毕业), not merely ended (结业).")]
    released_at: Annotated[datetime | None, Field(description="When the school released the bound graduate.")]
    registered: Annotated[bool, Field(description="Whether the graduate has an account on this entry.")]


class RosterEntryPage(Out):
    """The newest first."""

    items: Annotated[list[RosterEntryOut], PAGE]
    next_cursor: NextCursor
