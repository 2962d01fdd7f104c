"""For operators: is the process alive, and may it be sent requests."""

from fastapi import APIRouter, Response
from sqlalchemy import literal, select

from app.db import Statement
from app.routers.calling import Anyone
from app.routers.refusals import ON_PUBLIC_READ

router = APIRouter(prefix="/health", tags=["health"])
_alive = Statement(select(literal(1)))


@router.get("/live", status_code=204, response_class=Response, responses=ON_PUBLIC_READ)
async def get_liveness(_visitor: Anyone) -> Response:
    """The process answers."""
    return Response(status_code=204)


@router.get("/ready", status_code=204, response_class=Response, responses=ON_PUBLIC_READ)
async def get_readiness(visitor: Anyone) -> Response:
    """The process answers, and so does its database; else 503."""
    await visitor.service.db.rows(_alive, {})
    return Response(status_code=204)
