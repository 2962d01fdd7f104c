"""Uploaded files."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from app.routers.answers import created, shown
from app.routers.calling import RecordIdInPath, SignedIn
from app.routers.refusals import ON_READ, on_open
from app.schemas.file import FileName, FileOut, FilePurpose
from app.workflows import files

router = APIRouter(prefix="/v1/files", tags=["files"])

_BYTES: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file as it is, at most 64 MiB; its type is told by its content.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post(
    "",
    status_code=201,
    response_model=FileOut,
    responses=on_open("file-type-not-taken", "storage-unavailable"),
    openapi_extra=_BYTES,
)
async def upload_file(
    request: Request, caller: SignedIn, name: Annotated[FileName, Query()], purpose: FilePurpose
) -> Response:
    """Upload a file, to name it in what it is for."""
    return created(await files.upload(caller, name, purpose, request.stream()), "/v1/files/{id}")


@router.get("/{id}", response_model=FileOut, responses=ON_READ)
async def get_file(request: Request, id: RecordIdInPath, caller: SignedIn) -> Response:
    """What is known of a file that you or your body uploaded."""
    return shown(request, await files.one(caller, id))
