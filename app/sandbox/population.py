"""Who lives in the sandbox: graduates of some schools and employers of some counties, the same at each start."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from stdnum.cn import uscc

from app import codes
from app.sandbox.names import name
from app.words import Level
from app.words.identity import id_check_digit

SEED: Final = 2027
SCHOOLS: Final = ("10422", "10423", "10427", "10431", "10445", "10446", "10832", "13323")
PER_SCHOOL: Final = 280
EMPLOYERS: Final = 64
PRESENT: Final = 2027
"""The cohort that leaves next."""
PROVISIONED: Final = 2018
"""The cohort whose accounts are made by import: everybody in it has one."""
OUTSIDE: Final = "110105"
"""A region of another province."""
DEPARTMENTS: Final = ("计算机学院", "文学院", "机械工程学院", "外国语学院")
MAJORS: Final = {
    "计算机学院": ("080901", "计算机科学与技术"),
    "文学院": ("050101", "汉语言文学"),
    "机械工程学院": ("080202", "机械设计制造及其自动化"),
    "外国语学院": ("050201", "英语"),
}
_COHORTS: Final = (PRESENT,) * 8 + (2022, PROVISIONED)
_LEVELS: Final = (Level.BACHELOR,) * 14 + (Level.MASTER,) * 4 + (Level.DOCTORATE, Level.SECOND_DEGREE)
_LEVELS_OF_COLLEGES: Final = (Level.JUNIOR_COLLEGE,)
YEARS: Final = {
    Level.DOCTORATE: 4,
    Level.MASTER: 3,
    Level.SECOND_DEGREE: 2,
    Level.BACHELOR: 4,
    Level.JUNIOR_COLLEGE: 3,
}
"""How long each programme takes."""
_AGE: Final = {
    Level.DOCTORATE: 29,
    Level.MASTER: 25,
    Level.SECOND_DEGREE: 24,
    Level.BACHELOR: 22,
    Level.JUNIOR_COLLEGE: 21,
}
_TRADES: Final = (("科技", "34"), ("制造", "22"), ("商贸", "31"), ("建设", "24"), ("教育咨询", "42"), ("物流", "32"))


def department_code(school: str, name: str) -> str:
    """The code of a department of a school."""
    return f"{school}-{DEPARTMENTS.index(name) + 1:02d}"


@dataclass(frozen=True, slots=True)
class Student:
    """A graduate as both rosters may know them, and how far they have come here."""

    number: int
    name: str
    id_number: str
    phone: str
    school_code: str
    department: str
    level: Level
    cohort: int
    in_provincial: bool
    registered: bool
    verified: bool

    @property
    def hardship(self) -> str:
        """One in ten is of a family in hardship, the first persona among them."""
        return "0" if self.number % 10 else "2"


@dataclass(frozen=True, slots=True)
class Firm:
    """An employer, and how far its registration has come."""

    number: int
    name: str
    credit_code: str
    nature: str
    industry: str
    region: str
    phone: str
    approved: bool


def students() -> Iterator[Student]:
    """All graduates. The first three of the first school are the personas: verified, unverified, not registered."""
    chance = Random(SEED)  # noqa: S311 (the same people each time)
    highest = {school.code: school.level for school in codes.schools()}
    for place, school in enumerate(SCHOOLS):
        levels = _LEVELS if highest[school] == "本科" else _LEVELS_OF_COLLEGES
        for index in range(PER_SCHOOL):
            number = place * PER_SCHOOL + index
            persona = number if number < len(_PERSONAS) else None
            cohort, level = chance.choice(_COHORTS), chance.choice(levels)
            department, draw = chance.choice(DEPARTMENTS), chance.random()
            if persona is not None:
                cohort, level, department = PRESENT, Level.BACHELOR, DEPARTMENTS[0]
            registered, verified = _PERSONAS[persona] if persona is not None else (draw < 3 / 5, draw < 1 / 2)
            yield Student(
                number=number,
                name=name(chance),
                id_number=_id_number(chance, number, cohort - _AGE[level]),
                phone=f"139{number:08d}",
                school_code=school,
                department=department,
                level=level,
                cohort=cohort,
                in_provincial=persona is not None or draw < 19 / 20,
                registered=registered or cohort == PROVISIONED,
                verified=verified,
            )


_PERSONAS: Final[Sequence[tuple[bool, bool]]] = ((True, True), (True, False), (False, False))
"""(registered, verified) of the first graduates."""


def firms() -> Iterator[Firm]:
    """All employers: most approved across the counties, some waiting, some registered in other provinces."""
    chance = Random(SEED + 1)  # noqa: S311 (the same employers each time)
    counties = [county.code for county in codes.counties()]
    for number in range(EMPLOYERS):
        trade, industry = chance.choice(_TRADES)
        region = OUTSIDE if _every(10, number) else counties[number * 7 % len(counties)]
        yield Firm(
            number=number,
            name=f"{'山东' if region.startswith(codes.PROVINCE) else '北京'}示例{trade}{number + 1}有限公司",
            credit_code=_credit_code(region, number),
            nature="20" if _every(9, number) else "39",
            industry=industry,
            region=region,
            phone=f"138{number:08d}",
            approved=not _every(6, number),
        )


def _every(n: int, number: int) -> bool:
    """Every n-th, but not the first."""
    return number % n == n - 1


def _id_number(chance: Random, number: int, year: int) -> str:
    born = date(year, 1, 1) + timedelta(days=chance.randrange(365))
    county = ("370102", "370202", "653101")[number // 1000]
    first = f"{county}{born:%Y%m%d}{number % 1000:03d}"
    return first + id_check_digit(first)


def _credit_code(region: str, number: int) -> str:
    first = f"91{region}MA{number:07d}"
    return first + str(uscc.calc_check_digit(first))
