"""The published code tables of app/data/codes: which codes there are, and what they are called."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Final

FOLDER: Final = Path(__file__).parent / "data" / "codes"
TABLES: Final = (
    "destination_code",
    "destination_subcode",
    "dispatch_certificate_type",
    "education_level",
    "ethnicity",
    "gender",
    "hardship",
    "industry",
    "occupation_category",
    "political_status",
    "reason",
    "region",
    "school_shandong",
    "teacher_training",
    "training_mode",
    "unit_nature",
)
PROVINCE: Final = "37"
"""The province served, as the first two digits of its region codes (GB/T 2260)."""


@dataclass(frozen=True, slots=True)
class Code:
    """One row: the code, its Chinese name, and the table's other columns as text."""

    code: str
    name: str
    extra: Mapping[str, str] = field(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class CodeTable:
    """One table by code, in the order of its file: `code in table`, `table.name_of(code)`, `for row in table`."""

    name: str
    rows: Mapping[str, Code]

    def __contains__(self, code: object) -> bool:
        return code in self.rows

    def __iter__(self) -> Iterator[Code]:
        return iter(self.rows.values())

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, code: str) -> Code:
        return self.rows[code]

    def name_of(self, code: str) -> str:
        """The Chinese name; KeyError when the table has no such code."""
        return self.rows[code].name


@dataclass(frozen=True, slots=True)
class School:
    """A school of the official list: identifier of 10 digits, code of 5, highest level it teaches (本科 or 专科)."""

    identifier: str
    code: str
    name: str
    authority: str
    city: str
    level: str


@cache
def tables() -> Mapping[str, CodeTable]:
    """Every table by name, read at first use."""
    return MappingProxyType({name: _read(name) for name in TABLES})


@cache
def schools() -> tuple[School, ...]:
    """The 145 schools of the province; one the province adds later is known to the database alone."""
    return tuple(School(code=row.code, name=row.name, **row.extra) for row in tables()["school_shandong"])


@cache
def subsidies() -> tuple[Mapping[str, str], ...]:
    """The announced job-seeking subsidies: cohort, code, name, amount_cny, proof for each cohort and category."""
    with (FOLDER / "subsidy_category.csv").open(encoding="utf-8", newline="") as lines:
        return tuple(csv.DictReader(lines))


def province_of(code: str) -> Code | None:
    """The province a region code lies in, read off its first two digits, so that revoked codes have one too."""
    return tables()["region"].rows.get(f"{code[:2]}0000")


def place_name(code: str) -> str:
    """A region with what it lies in: 山东省济南市历下区. A revoked code has its province's name alone."""
    region, names = tables()["region"].rows.get(code) or province_of(code), list[str]()
    while region:
        names.append(region.name)
        region = tables()["region"].rows.get(region.extra["parent"])
    return "".join(name for name in reversed(names) if name != "市辖区")


def is_in_province(code: str) -> bool:
    """Whether a region code lies in the province served."""
    return code.startswith(PROVINCE)


@cache
def cities() -> tuple[Code, ...]:
    """The province's 16 cities, each with a city bureau."""
    return _regions("city")


@cache
def counties() -> tuple[Code, ...]:
    """The 151 regions with a county bureau: 136 counties and 15 development zones, which stand among the counties."""
    return _regions("county")


def _regions(level: str) -> tuple[Code, ...]:
    return tuple(row for row in tables()["region"] if is_in_province(row.code) and row.extra["level"] == level)


def _read(name: str) -> CodeTable:
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        rows = [Code(row.pop("code"), row.pop("name"), MappingProxyType(row)) for row in csv.DictReader(lines)]
    return CodeTable(name, MappingProxyType({row.code: row for row in rows}))
