"""The personas: one person of each kind whom anybody may play, with everything needed to sign in."""

from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Final

from app import codes
from app.sandbox.population import DEPARTMENTS, SCHOOLS, Firm, Student, department_code, firms, students

PASSWORD: Final = "泰山-日出-2027"  # noqa: S105 (of people who do not exist)
SCHOOL: Final = SCHOOLS[0]


@dataclass(frozen=True, slots=True)
class StaffPersona:
    """A member of a body's staff."""

    persona: str
    kind: str
    code: str
    roles: tuple[str, ...]

    @property
    def username(self) -> str:
        """The name to sign in with."""
        return f"{self.persona.replace('_', '-')}.{self.code}"

    @property
    def totp_secret(self) -> str:
        """The authenticator's secret, always the same in the sandbox."""
        return b32encode(sha256(f"sandbox authenticator of {self.username}".encode()).digest()[:20]).decode()


COUNTY: Final = codes.counties()[0]
STAFF: Final = (
    StaffPersona("department", "department", department_code(SCHOOL, DEPARTMENTS[0]), ("reviewer",)),
    StaffPersona("school", "school", SCHOOL, ("administrator", "reviewer")),
    StaffPersona("county", "county", COUNTY.code, ("administrator", "reviewer")),
    StaffPersona("city", "city", COUNTY.extra["parent"], ("reader",)),
    StaffPersona("provincial_bureau", "provincial_bureau", codes.PROVINCE, ("administrator", "reviewer")),
    StaffPersona("provincial_education", "provincial_education", codes.PROVINCE, ("administrator", "reviewer")),
    StaffPersona("support", "support", codes.PROVINCE, ("reviewer",)),
)


def personas() -> Iterator[dict[str, Any]]:
    """Every persona: `{persona, about, login, totp_secret, school_code, region}`; `login` lacks the captcha alone."""
    by_number = {one.number: one for one in students() if one.number < len(_GRADUATES)}
    for number, (persona, about) in enumerate(_GRADUATES):
        yield _graduate(persona, about, by_number[number])
    yield _employer(next(firms()))
    for staff in STAFF:
        yield {
            "persona": staff.persona,
            "about": f"{', '.join(staff.roles)} of the {staff.kind.replace('_', ' ')}",
            "login": {"as": "staff", "username": staff.username, "password": PASSWORD},
            "totp_secret": staff.totp_secret,
            "school_code": SCHOOL if staff.kind in ("school", "department") else None,
            "region": COUNTY.code if staff.kind == "county" else None,
        }


_GRADUATES: Final = (
    ("graduate", "registered and verified, in hardship: may apply for the subsidy"),
    ("unverified_graduate", "registered, not yet verified"),
    ("newcomer", "in both rosters, not registered: phone {phone}, school {school}, cohort {cohort}, name {name}"),
)


def _graduate(persona: str, about: str, student: Student) -> dict[str, Any]:
    facts = {"phone": student.phone, "school": student.school_code, "cohort": student.cohort, "name": student.name}
    login = {"as": "graduate", "level": student.level.value, "id_number": student.id_number, "password": PASSWORD}
    return {
        "persona": persona,
        "about": about.format(**facts),
        "login": login,
        "totp_secret": None,
        "school_code": student.school_code,
        "region": None,
    }


def _employer(firm: Firm) -> dict[str, Any]:
    login = {"as": "employer", "phone": firm.phone, "credit_code": firm.credit_code, "password": PASSWORD}
    return {
        "persona": "employer",
        "about": f"operator of {firm.name}, approved",
        "login": login,
        "totp_secret": None,
        "school_code": None,
        "region": firm.region,
    }
