"""Minimum wages on the wire."""

from datetime import date
from typing import Annotated

from pydantic import Field

from app.schemas.base import PAGE, Body, NextCursor, Out, Version
from app.words import Region
from app.words.days import DAY
from app.words.policies import Notice

Monthly = Annotated[
    int, Field(ge=1, le=100_000, description="Least wage of a month, in whole yuan (月最低工资标准).", examples=[2200])
]
EffectiveFrom = Annotated[
    date, DAY, Field(ge=date(2000, 1, 1), le=date(2100, 12, 31), description="Its first day.", examples=["2028-01-01"])
]


class MinimumWageDraft(Body):
    """What is paid at least from a day on."""

    monthly: Monthly
    source: Notice


class MinimumWageOut(Out):
    """The minimum wage of a region from a day on, until another of the same region takes effect."""

    region: Region
    effective_from: EffectiveFrom
    monthly: Monthly
    source: Notice
    version: Annotated[Version, Field(description="Name it in If-Match to correct it.")]
    holds: Annotated[bool, Field(description="Whether it is the region's own of today.")]


class MinimumWagePage(Out):
    """What holds today, by region."""

    items: Annotated[list[MinimumWageOut], PAGE]
    next_cursor: NextCursor


class MinimumWagesOfRegionOut(Out):
    """What holds in a place today, and the region's own minimum wages."""

    region: Region
    applies: Annotated[
        MinimumWageOut | None,
        Field(description="The region's own, else its city's, else its province's; null: none is known."),
    ]
    items: Annotated[
        list[MinimumWageOut], Field(max_length=200, description="Past, present and still to come, the newest first.")
    ]
