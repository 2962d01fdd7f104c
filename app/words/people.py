"""Words about a person: who somebody is and how to reach them."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field, StringConstraints
from sqlalchemy import Date, String
from sqlalchemy.orm import mapped_column

from app.words.days import DAY
from app.words.identity import id_number, mobile_number
from app.words.tabled import code_of
from app.words.text import LINE, NAME_LENGTH, length, person_name

PersonName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=NAME_LENGTH),
    AfterValidator(person_name),
    Field(description="A person's name (姓名); spaces are dropped, the dot is U+00B7.", examples=["王小明"]),
    mapped_column(String(NAME_LENGTH)),
]

IdNumber = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(id_number),
    Field(
        description="An ID number (身份证号, GB 11643); x, spaces and full-width digits are put right.",
        examples=["11010519491231002X"],
    ),
]
"""Stored sealed, in one place: no column of its own. Whether the day of birth is past is judged with a clock."""

Phone = Annotated[
    str,
    StringConstraints(max_length=40),
    AfterValidator(mobile_number),
    Field(description="A mainland mobile number (手机号码), kept as 11 digits.", examples=["13800138000"]),
]
"""Stored sealed: no column of its own."""

Email = Annotated[
    str,
    StringConstraints(strip_whitespace=True, max_length=254, pattern=r"^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$"),
    LINE,
    Field(description="An e-mail address (电子邮箱).", examples=["xiaoming@example.com"]),
    mapped_column(String(254)),
]

Gender = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]$"),
    code_of("gender"),
    Field(description="Gender (性别): 1 male, 2 female.", examples=["1"]),
    mapped_column(String(1)),
]

Ethnicity = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{2}$"),
    code_of("ethnicity"),
    Field(description="Ethnic group (民族, GB/T 3304).", examples=["01"]),
    mapped_column(String(2)),
]

PoliticalStatus = Annotated[
    str,
    StringConstraints(pattern=r"^[0-9]{2}$"),
    code_of("political_status"),
    Field(description="Political status (政治面貌).", examples=["03"]),
    mapped_column(String(2)),
]

BirthDate = Annotated[
    date,
    DAY,
    Field(description="Date of birth (出生日期); agrees with the ID number.", examples=["2004-05-17"]),
    mapped_column(Date),
]

Health = Annotated[
    str,
    length(50),
    LINE,
    Field(description="State of health as the school writes it (健康状况).", examples=["健康"]),
    mapped_column(String(50)),
]

MaritalStatus = Annotated[
    str,
    length(20),
    LINE,
    Field(description="Marital status as the school writes it (婚姻状况).", examples=["未婚"]),
    mapped_column(String(20)),
]
