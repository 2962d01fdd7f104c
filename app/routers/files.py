"""Uploaded files."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response

from app.routers.answers import created, downloaded, page, shown
from app.routers.calling import After, FileReaders, FileSenders, Limit, RecordIdInPath
from app.routers.refusals import ON_DOWNLOAD, ON_LIST, ON_READ, ON_REMOVAL, ON_UPLOAD
from app.schemas.file import FileName, FileOut, FilePage, FilePurpose
from app.workflows import files, uploading

router = APIRouter(prefix="/v1/files", tags=["files"])

_BYTES: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "description": "The file as it is; its type is told by its content. At most 64 MiB for a roster, 10 MiB else.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}


@router.post("", status_code=201, response_model=FileOut, responses=ON_UPLOAD, openapi_extra=_BYTES)
async def upload_file(
    request: Request, caller: FileSenders, name: Annotated[FileName, Query()], purpose: FilePurpose
) -> Response:
    """Upload a file, to name it in what it is for. Pictures and PDFs are written anew before they are kept."""
    return created(await uploading.upload(caller, name, purpose, request.stream()), "/v1/files/{id}")


@router.get("", response_model=FilePage, responses=ON_LIST)
async def list_files(request: Request, caller: FileReaders, after: After, limit: Limit = 50) -> Response:
    """The files that you or your body uploaded, newest first."""
    return page(request, await files.page(caller, limit, after))


@router.get("/{id}", response_model=FileOut, responses=ON_READ)
async def get_file(request: Request, id: RecordIdInPath, caller: FileReaders) -> Response:
    """What is known of a file: yours, your body's, or attached to a record that you see."""
    return shown(request, await files.one(caller, id))


@router.get("/{id}/content", response_class=Response, responses=ON_DOWNLOAD)
async def get_file_content(request: Request, id: RecordIdInPath, caller: FileReaders) -> Response:
    """The file itself, to be saved and not to be shown by a browser."""
    return await downloaded(request, await files.content(caller, id))


@router.delete("/{id}", status_code=204, response_class=Response, responses=ON_REMOVAL)
async def delete_file(id: RecordIdInPath, caller: FileSenders) -> Response:
    """Remove a file of yours that is attached to nothing."""
    await files.remove(caller, id)
    return Response(status_code=204)
