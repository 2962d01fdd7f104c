"""The published code tables."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from app.routers.calling import Anyone
from app.routers.publishing import HOUR, published
from app.routers.refusals import ON_PUBLIC_READ, ON_PUBLIC_READ_ONE
from app.schemas.code import CodeTableList, CodeTableOut, TableName
from app.workflows.province import code_tables

router = APIRouter(prefix="/v1/codes", tags=["reference"])


@router.get("", response_model=CodeTableList, responses=ON_PUBLIC_READ)
async def list_codes(request: Request, _: Anyone) -> Response:
    """Every code table."""
    return published(request, code_tables.every(), for_seconds=HOUR)


@router.get("/{table}", response_model=CodeTableOut, responses=ON_PUBLIC_READ_ONE)
async def get_code_table(request: Request, table: Annotated[TableName, Path()], _: Anyone) -> Response:
    """One table, whole."""
    return published(request, code_tables.one(table), for_seconds=HOUR)
