"""The forms of the placements that graduates register themselves: seven destinations and the entered agreement."""

from typing import Annotated, ClassVar, Final, Literal

from pydantic import Field

from app.schemas.base import RecordId
from app.schemas.conditions import Form, When
from app.words import (
    Address,
    ArchiveMode,
    ArchiveReceiver,
    ContactName,
    CreditCode,
    EmployerName,
    HouseholdReceiver,
    Industry,
    Major,
    OccupationCategory,
    PartyReceiver,
    Position,
    Postcode,
    ProbationMonths,
    Region,
    SalaryMonthly,
    SealedPhone,
    UnitNature,
)
from app.words.destinations import (
    AbroadPurpose,
    AdmissionMode,
    CapitalShare,
    ContractForm,
    Country,
    EndsOn,
    FlexibleForm,
    InstitutionCode,
    LaborForm,
    LongText,
    PlaceName,
    Programme,
    ProgrammeLevel,
    ShopUrl,
    ShortText,
    StartsOn,
    StartupForm,
    StudyLevel,
)

Proofs = Annotated[
    list[RecordId],
    Field(
        max_length=10,
        description="Files uploaded as `proof` (证明材料).",
        examples=[["01890a5d-ac96-774b-bcce-b302099a8057"]],
    ),
]

UNIT: Final = ("unit_name", "unit_credit_code", "unit_nature", "unit_industry")
ARCHIVE: Final = (
    When(
        "archive_mode",
        ("unit", "agency"),
        ("archive_receiver", "archive_address", "archive_contact", "archive_phone", "archive_postcode"),
    ),
)
"""A file that goes to the unit or an agency needs its receiver (fields.md, archive block)."""


class Archived(Form):
    """The archive block (档案/户口)."""

    archive_mode: ArchiveMode | None = None
    archive_receiver: ArchiveReceiver | None = None
    archive_address: Address | None = None
    archive_contact: ContactName | None = None
    archive_phone: SealedPhone | None = None
    archive_postcode: Postcode | None = None
    household_receiver: HouseholdReceiver | None = None
    party_receiver: PartyReceiver | None = None
    remarks: LongText | None = None


class _Destination(Archived):
    """What all destinations share."""

    region: Region | None = None
    proof_file_ids: Proofs | None = None


class LaborContract(_Destination):
    """A labor contract (签劳动合同形式就业, code 11), or as a research assistant (27). Proof: contract."""

    required: ClassVar = (
        "form", *UNIT, "occupation_category", "contract_from", "salary_monthly", "region", "archive_mode",
        "proof_file_ids",
    )  # fmt: skip
    conditions: ClassVar = (When("form", ("research_assistant",), ("research_group",)), *ARCHIVE)

    kind: Literal["labor_contract"]
    form: LaborForm | None = None
    unit_name: EmployerName | None = None
    unit_credit_code: CreditCode | None = None
    unit_nature: UnitNature | None = None
    unit_industry: Industry | None = None
    position: Position | None = None
    occupation_category: OccupationCategory | None = None
    contract_from: StartsOn | None = None
    contract_to: EndsOn | None = None
    salary_monthly: SalaryMonthly | None = None
    research_group: ShortText | None = None


class Flexible(_Destination):
    """Flexible employment (灵活就业): in another form (12; certificate or wages) or freelance (76; statement)."""

    required: ClassVar = ("form", "started_on", "region", "archive_mode", "proof_file_ids")
    conditions: ClassVar = (
        When("form", ("employed_otherwise",), (*UNIT, "salary_monthly")),
        When("form", ("freelance",), ("occupation_description", "monthly_income")),
        *ARCHIVE,
    )

    kind: Literal["flexible"]
    form: FlexibleForm | None = None
    started_on: StartsOn | None = None
    unit_name: EmployerName | None = None
    unit_credit_code: CreditCode | None = None
    unit_nature: UnitNature | None = None
    unit_industry: Industry | None = None
    salary_monthly: SalaryMonthly | None = None
    occupation_description: LongText | None = None
    platform_or_works: ShortText | None = None
    monthly_income: SalaryMonthly | None = None


class FurtherStudy(_Destination):
    """Further study in the country (境内升学, code 80). Proof: admission notice."""

    required: ClassVar = (
        "study_level", "institution_code", "institution", "major", "admission_mode", "full_time", "region",
        "archive_mode", "proof_file_ids",
    )  # fmt: skip
    conditions: ClassVar = ARCHIVE
    by_level: ClassVar = {
        "study_level": {
            "junior_college": ("bachelor",),
            "bachelor": ("master", "doctorate", "second_degree"),
            "second_degree": ("master", "doctorate"),
            "master": ("doctorate",),
        }
    }

    kind: Literal["further_study"]
    study_level: StudyLevel | None = None
    institution_code: InstitutionCode | None = None
    institution: PlaceName | None = None
    major: Major | None = None
    admission_mode: AdmissionMode | None = None
    full_time: Annotated[bool | None, Field(description="Full time (全日制).", examples=[True])] = None


class Abroad(Archived):
    """Abroad (出国): work (10, 11 or 12 by `contract_form`) or study (85). Proof: offer, certificate or visa."""

    required: ClassVar = ("purpose", "country", "starts_on", "archive_mode", "proof_file_ids")
    conditions: ClassVar = (
        When("purpose", ("work",), ("contract_form", "unit_name_foreign", "unit_name")),
        When("purpose", ("study",), ("institution_foreign",)),
        *ARCHIVE,
    )

    kind: Literal["abroad"]
    purpose: AbroadPurpose | None = None
    country: Country | None = None
    contract_form: ContractForm | None = None
    unit_name_foreign: PlaceName | None = None
    unit_name: PlaceName | None = None
    institution_foreign: PlaceName | None = None
    institution: PlaceName | None = None
    major: Major | None = None
    degree: ShortText | None = None
    starts_on: StartsOn | None = None
    ends_on: EndsOn | None = None
    proof_file_ids: Proofs | None = None


class Startup(_Destination):
    """One's own business (自主创业, code 75). Proof: licence, incubation agreement or shop evidence; no wage floor."""

    required: ClassVar = ("form", "started_on", "region", "archive_mode", "proof_file_ids")
    conditions: ClassVar = (
        When("form", ("company",), ("company_name", "company_credit_code", "registered_on", "unit_industry", "role")),
        When("form", ("incubator",), ("company_name", "role")),
        When("form", ("e_commerce",), ("shop_url", "monthly_income")),
        *ARCHIVE,
    )

    kind: Literal["startup"]
    form: StartupForm | None = None
    started_on: StartsOn | None = None
    company_name: EmployerName | None = None
    company_credit_code: CreditCode | None = None
    registered_on: StartsOn | None = None
    unit_industry: Industry | None = None
    role: ShortText | None = None
    capital_share: CapitalShare | None = None
    shop_url: ShopUrl | None = None
    monthly_income: SalaryMonthly | None = None


class Enlistment(Archived):
    """Enlistment (应征义务兵, code 46). Proof: the notice."""

    required: ClassVar = ("enlist_region", "archive_mode", "proof_file_ids")
    conditions: ClassVar = ARCHIVE

    kind: Literal["enlistment"]
    enlist_region: Region | None = None
    enlist_batch: ShortText | None = None
    enlist_on: StartsOn | None = None
    branch: ShortText | None = None
    proof_file_ids: Proofs | None = None


class Grassroots(_Destination):
    """A grassroots programme (基层项目): national (50) or local (51). The proof may be missing."""

    required: ClassVar = ("level", "programme", "unit_name", "service_region", "starts_on", "ends_on", "archive_mode")
    conditions: ClassVar = (
        When("level", ("national",), allows={"programme": ("502", "503")}),
        When("level", ("local",), allows={"programme": ("512", "519")}),
        *ARCHIVE,
    )

    kind: Literal["grassroots"]
    level: ProgrammeLevel | None = None
    programme: Programme | None = None
    unit_name: EmployerName | None = None
    service_region: Region | None = None
    starts_on: StartsOn | None = None
    ends_on: EndsOn | None = None


class EnteredForm(Archived):
    """An agreement on paper with an employer outside the province that isn't registered here (录入协议, code 10)."""

    required: ClassVar = (
        *UNIT, "region", "unit_address", "contact_name", "contact_phone", "position", "occupation_category",
        "salary_monthly", "work_region", "work_address", "report_on", "archive_mode",
    )  # fmt: skip
    conditions: ClassVar = ARCHIVE

    unit_name: EmployerName | None = None
    unit_credit_code: CreditCode | None = None
    unit_nature: UnitNature | None = None
    unit_industry: Industry | None = None
    region: Region | None = None
    unit_address: Address | None = None
    contact_name: ContactName | None = None
    contact_phone: SealedPhone | None = None
    position: Position | None = None
    occupation_category: OccupationCategory | None = None
    salary_monthly: SalaryMonthly | None = None
    work_region: Region | None = None
    work_address: Address | None = None
    report_on: StartsOn | None = None
    probation_months: ProbationMonths | None = None
    benefits: LongText | None = None


AnyDestination = Annotated[
    LaborContract | Flexible | FurtherStudy | Abroad | Startup | Enlistment | Grassroots,
    Field(discriminator="kind"),
]

FORMS: Final[dict[str, type[Form]]] = {
    "labor_contract": LaborContract,
    "flexible": Flexible,
    "further_study": FurtherStudy,
    "abroad": Abroad,
    "startup": Startup,
    "enlistment": Enlistment,
    "grassroots": Grassroots,
    "entered_agreement": EnteredForm,
}
"""Every form by the kind of its placement."""
