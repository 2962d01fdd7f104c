"""What the codes of problems mean, for programs and, as pages, for people."""

from typing import Annotated

from fastapi import APIRouter, Path, Request, Response

from app.problems.pages import CodeList, CodeOut, every_code, one_code
from app.routers.calling import Anyone
from app.routers.refusals import ON_PUBLIC_READ, ON_PUBLIC_READ_ONE

router = APIRouter(prefix="/problems", tags=["reference"])
ProblemCode = Annotated[str, Path(pattern="^[a-z0-9-]+$", max_length=60, examples=["live-placement-exists"])]


@router.get("", response_model=CodeList, responses=ON_PUBLIC_READ)
async def list_problems(request: Request, visitor: Anyone) -> Response:
    """Every code that a problem, a field's error or a blocked action may carry."""
    return every_code(request, visitor.language)


@router.get("/{code}", response_model=CodeOut, responses=ON_PUBLIC_READ_ONE)
async def get_problem(request: Request, code: ProblemCode, visitor: Anyone) -> Response:
    """What one code means, and what to do about it."""
    return one_code(request, code, visitor.language)
