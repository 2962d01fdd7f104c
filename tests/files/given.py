"""Files to upload, made here, and their upload."""

from typing import Any

from tests.world import Somebody

PDF = b"%PDF-1.7\n..."


async def upload(who: Somebody, content: bytes, purpose: str, name: str = "文件") -> tuple[int, dict[str, Any]]:
    """The status and body of an upload."""
    answer = await who.client.post(
        "/v1/files", params={"name": name, "purpose": purpose}, content=content, headers=who.headers({})
    )
    return answer.status_code, answer.json()


async def sent(who: Somebody, content: bytes, purpose: str) -> str:
    """The id of a file that was taken."""
    status, told = await upload(who, content, purpose)
    assert status == 201, told
    return str(told["id"])
