"""What to do next."""

from fastapi import APIRouter, Request, Response

from app.routers.answers import shown
from app.routers.calling import SignedIn
from app.routers.refusals import ON_LIST
from app.schemas.todo import OptionList, TodoList
from app.workflows import openings, todo

router = APIRouter(prefix="/v1/me", tags=["me"])


@router.get("/todo", response_model=TodoList, responses=ON_LIST)
async def get_todo(request: Request, caller: SignedIn) -> Response:
    """What waits for you: next steps and deadlines, the soonest first."""
    return shown(request, await todo.todo(caller))


@router.get("/options", response_model=OptionList, responses=ON_LIST)
async def get_options(request: Request, caller: SignedIn) -> Response:
    """What you may open now, and what is blocked and why."""
    return shown(request, await openings.options(caller))
