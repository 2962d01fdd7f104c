"""Files to upload, made here: honest ones and hostile ones; and their upload."""

import io
import random
import struct
import zipfile
import zlib
from typing import Any

import pikepdf
from PIL import Image

from tests.world import Somebody

CSV = "姓名,学号\n王小明,1\n".encode()


def pdf(pages: int = 1, **catalog: Any) -> bytes:
    """A PDF with so many pages, and these entries in its catalog."""
    document = pikepdf.Pdf.new()
    for _ in range(pages):
        document.add_blank_page()
    for name, value in catalog.items():
        document.Root[f"/{name}"] = document.make_indirect(value)
    return saved(document)


def saved(document: pikepdf.Pdf, **how: Any) -> bytes:
    """A document as bytes."""
    content = io.BytesIO()
    document.save(content, **how)
    return content.getvalue()


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **how: Any) -> bytes:
    """A picture of chance colors."""
    content = io.BytesIO()
    channels = len(Image.new(mode, (1, 1)).getbands())
    noise = random.Random(7).randbytes(min(size[0] * size[1] * channels, 1 << 16))
    data = (noise * (size[0] * size[1] * channels // len(noise) + 1))[: size[0] * size[1] * channels]
    Image.frombytes(mode, size, data).save(content, kind, **how)
    return content.getvalue()


def workbook(**parts: bytes) -> bytes:
    """A workbook with what each needs, and these parts."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as file:
        for name in ("[Content_Types].xml", "xl/workbook.xml"):
            file.writestr(name, "<a/>")
        for name, part in parts.items():
            file.writestr(name, part)
    return content.getvalue()


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of a PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_of(width: int, height: int, rows: bytes) -> bytes:
    """A PNG that says it is so large, with these compressed rows."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


PDF, PNG, JPEG, XLSX = pdf(), picture(), picture("JPEG"), workbook()


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
