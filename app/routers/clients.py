"""Service clients of a body."""

from fastapi import APIRouter, Request, Response

from app.routers.answers import created, moved, page, shown
from app.routers.calling import Administrators, After, Limit, RecordIdInPath, Version
from app.routers.refusals import ON_ADMINISTERING, ON_STEP, on_open, promise
from app.schemas.client import ClientCreated, ClientDraft, ClientOut, ClientPage, RotationDraft
from app.workflows.accounts import clients

router = APIRouter(prefix="/v1/clients", tags=["clients"])


@router.post("", status_code=201, response_model=ClientCreated, responses=on_open("step-up-required"))
async def create_client(body: ClientDraft, caller: Administrators) -> Response:
    """Make a service client of your body. Its secret is told once, here. Grave scopes ask for both factors anew."""
    return created(await clients.make(caller, body), "/v1/clients/{id}")


@router.get("", response_model=ClientPage, responses=ON_STEP)
async def list_clients(request: Request, caller: Administrators, after: After, limit: Limit = 50) -> Response:
    """Your body's service clients, and when each was last used."""
    return page(request, await clients.page(caller, limit, after))


@router.get("/{id}", response_model=ClientOut, responses=ON_ADMINISTERING)
async def get_client(request: Request, id: RecordIdInPath, caller: Administrators) -> Response:
    """One service client."""
    return shown(request, await clients.one(caller, id))


@router.post("/{id}/rotations", status_code=201, response_model=ClientCreated, responses=ON_ADMINISTERING)
async def rotate_client(id: RecordIdInPath, body: RotationDraft, version: Version, caller: Administrators) -> Response:
    """A new secret, told once. The former one stays good for a while, so that nothing stands still."""
    return moved(await clients.rotate(caller, id, body, version))


@router.post("/{id}/disable", response_model=ClientOut, responses=promise("role-missing", "not-found"))
async def disable_client(request: Request, id: RecordIdInPath, version: Version, caller: Administrators) -> Response:
    """Stop a client for good: its tokens end at once."""
    return shown(request, await clients.disable(caller, id, version))
