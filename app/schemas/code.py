"""Code tables on the wire."""

from typing import Annotated

from pydantic import Field

from app.schemas.base import Count, Out

TableName = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$", description="A table's name.", examples=["unit_nature"])]


class CodeTableRef(Out):
    """A table by name."""

    table: TableName
    rows: Annotated[Count, Field(description="How many codes it has.", examples=[12])]
    link: Annotated[str, Field(max_length=100, examples=["/v1/codes/unit_nature"])]


class CodeTableList(Out):
    """Every code table."""

    items: Annotated[list[CodeTableRef], Field(max_length=100)]


class TableCodeOut(Out):
    """One code."""

    code: Annotated[str, Field(max_length=20, examples=["39"])]
    name: Annotated[str, Field(max_length=200, examples=["其他企业"])]
    more: Annotated[
        dict[str, Annotated[str, Field(max_length=200)]],
        Field(description="The table's other columns.", examples=[{"public_sector": "false"}]),
    ]


class CodeTableOut(Out):
    """A table, in the order of its standard."""

    table: TableName
    items: Annotated[list[TableCodeOut], Field(max_length=10_000)]
