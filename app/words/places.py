"""Words about places: regions by GB/T 2260, addresses, where things were before."""

from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy import String
from sqlalchemy.orm import mapped_column

from app import codes
from app.words.refusal import refuse
from app.words.tabled import code_of
from app.words.text import LINE, length


def _in_some_province(code: str) -> str:
    if codes.province_of(code) is None:
        refuse("unknown-region", "The first two digits of the region code name no province.")
    return code


def with_a_bureau(code: str) -> str:
    """A region whose bureau is known: inside the province a county or a development zone."""
    if codes.is_in_province(code) and codes.tables()["region"][code].extra["level"] != "county":
        refuse("county-needed", "Inside the province the county or development zone is needed.")
    return code


HomeRegion = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{6}$"),
    AfterValidator(_in_some_province),
    Field(description="Where the student came from (生源所在地, GB/T 2260, revoked codes too).", examples=["370102"]),
    mapped_column(String(6)),
]

Region = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{6}$"),
    code_of("region"),
    Field(description="A region (所在地, GB/T 2260) that exists now.", examples=["370102"]),
    mapped_column(String(6)),
]

RegisteredRegion = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{6}$"),
    code_of("region"),
    AfterValidator(with_a_bureau),
    Field(
        description="Where the employer is registered (单位注册所在地); inside the province the county.",
        examples=["370102"],
    ),
    mapped_column(String(6)),
]

Address = Annotated[
    str,
    length(200),
    LINE,
    Field(description="A postal address (地址).", examples=["济南市历下区经十路17703号"]),
    mapped_column(String(200)),
]

Postcode = Annotated[
    str,
    StringConstraints(strip_whitespace=True, pattern=r"^[0-9]{6}$"),
    Field(description="A postcode (邮编).", examples=["250011"]),
    mapped_column(String(6)),
]

UrbanRural = Annotated[
    str,
    length(10),
    LINE,
    Field(description="Urban or rural origin as the school writes it (城乡生源).", examples=["农村"]),
    mapped_column(String(10)),
]

ArchiveBefore = Annotated[
    str,
    length(200),
    LINE,
    Field(description="Who kept the personal file before enrolment (入学前档案所在单位).", examples=["沂源县第一中学"]),
    mapped_column(String(200)),
]

PoliceStation = Annotated[
    str,
    length(200),
    LINE,
    Field(
        description="Police station of the household before enrolment (入学前户口所在地派出所).",
        examples=["南麻派出所"],
    ),
    mapped_column(String(200)),
]
