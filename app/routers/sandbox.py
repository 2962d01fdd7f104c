"""What exists in the sandbox alone: the clock, the messages that would have been sent, the answers to captchas."""

from fastapi import APIRouter, Request, Response

from app.routers.answers import shown
from app.routers.calling import Anyone, RecordIdInPath
from app.routers.refusals import ON_PUBLIC_READ, ON_PUBLIC_READ_ONE, ON_PUBLIC_WRITE
from app.schemas.sandbox import CaptchaAnswerOut, ClockMove, ClockOut, MessageSearch, SandboxMessageList
from app.workflows import sandbox

router = APIRouter(prefix="/v1/sandbox", tags=["sandbox"])


@router.get("/clock", response_model=ClockOut, responses=ON_PUBLIC_READ)
async def get_clock(request: Request, visitor: Anyone) -> Response:
    """What the clock says that rules go by."""
    return shown(request, sandbox.clock(visitor.service))


@router.put("/clock", response_model=ClockOut, responses=ON_PUBLIC_WRITE)
async def move_clock(request: Request, body: ClockMove, visitor: Anyone) -> Response:
    """Move the clock; tokens, codes and limits go by real time all the same."""
    return shown(request, await sandbox.move_clock(visitor.service, body))


@router.post("/messages/search", response_model=SandboxMessageList, responses=ON_PUBLIC_WRITE)
async def search_messages(request: Request, body: MessageSearch, visitor: Anyone) -> Response:
    """The text messages to a phone, the newest first. A number never stands in a URL."""
    return shown(request, await sandbox.messages(visitor.service, body.phone))


@router.get("/captchas/{id}", response_model=CaptchaAnswerOut, responses=ON_PUBLIC_READ_ONE)
async def get_captcha_answer(request: Request, id: RecordIdInPath, visitor: Anyone) -> Response:
    """The answer to an image captcha that is still open."""
    return shown(request, await sandbox.captcha(visitor.service, id))
