"""Hostile files are refused with a precise problem within their bounds; honest ones are written anew."""

import asyncio
import io
import resource
import socket
import sys
import time
import zipfile
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from app.confined import chunks, running
from app.errors import Refusal
from app.upload_safety import LIMITS, Inspector
from app.upload_safety.media_types import PDF as PDF_TYPE
from app.upload_safety.media_types import XLSX as XLSX_TYPE
from app.upload_safety.media_types import media_type_of
from app.upload_safety.programs import MOST_PAGES, PROGRAMS, Program
from tests.files.given import JPEG, PDF, PNG, chunk, pdf, picture, png_of, saved, workbook

Name, Array, Dict = pikepdf.Name, pikepdf.Array, pikepdf.Dictionary


def script() -> Any:
    """An action that is a program."""
    return Dict(S=Name.JavaScript, JS="app.alert(1)")


def with_page(**entries: object) -> bytes:
    """A PDF whose page has these entries."""
    document = pikepdf.Pdf.open(io.BytesIO(PDF))
    for name, value in entries.items():
        document.pages[0].obj[f"/{name}"] = value
    return saved(document)


def with_stream(data: bytes, **entries: object) -> bytes:
    """A PDF with these bytes as the content of its page, as they are."""
    document = pikepdf.Pdf.open(io.BytesIO(PDF))
    content = document.make_stream(b"")
    content.write(data, filter=entries.pop("Filter", Name.FlateDecode))
    for name, value in entries.items():
        content[f"/{name}"] = value
    document.pages[0].obj["/Contents"] = content
    return saved(document, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)


def bomb(size: int) -> bytes:
    """So many zeros (whole MiB), compressed: one block, again and again, with the checksum of all."""
    packing = zlib.compressobj(9, wbits=-15)
    block = packing.compress(bytes(1 << 20)) + packing.flush(zlib.Z_FULL_FLUSH)
    checksum = (size % 65521) << 16 | 1
    return b"\x78\x9c" + block * (size >> 20) + b"\x03\x00" + checksum.to_bytes(4, "big")


def in_layers(many: int) -> bytes:
    """A PDF whose content says that it is compressed so many times."""
    return with_stream(bomb(1 << 20)).replace(b"/FlateDecode", b"[" + b"/FlateDecode " * many + b"]")


def object_stream_bomb() -> bytes:
    """A PDF whose objects are in a stream that unpacks to 2 GB."""
    packed = bomb(2 << 30)
    head = b"%PDF-1.5\n"
    stream = b"1 0 obj<</Type/ObjStm/N 1/First 4/Filter/FlateDecode/Length %d>>stream\n" % len(packed)
    objects = head + stream + packed + b"\nendstream endobj\n"
    rows = b"\x00\x00\x00\xff\x01\x00\x09\x00\x02\x00\x01\x00\x02\x00\x01\x01"
    table = b"4 0 obj<</Type/XRef/Size 4/W[1 2 1]/Root 2 0 R/Length %d>>stream\n" % len(rows)
    return objects + table + rows + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF\n" % len(objects)


def nested(depth: int) -> bytes:
    """A PDF with arrays in arrays."""
    return with_page(Deep=1).replace(b"/Deep 1", b"/Deep " + b"[" * depth + b"]" * depth)


def zipped(name: str = "a.txt") -> bytes:
    """A ZIP archive."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as file:
        file.writestr(name, "x")
    return content.getvalue()


def apng() -> bytes:
    """A PNG that moves."""
    content = io.BytesIO()
    frames = [Image.new("RGB", (4, 4), color) for color in ("red", "blue")]
    frames[0].save(content, "PNG", save_all=True, append_images=frames[1:])
    return content.getvalue()


def locked(**passwords: str) -> bytes:
    """An encrypted PDF."""
    return saved(pikepdf.Pdf.open(io.BytesIO(PDF)), encryption=pikepdf.Encryption(**passwords))


def with_attachment() -> bytes:
    """A PDF with a file inside."""
    document = pikepdf.Pdf.open(io.BytesIO(PDF))
    document.attachments["a.exe"] = b"MZ"
    return saved(document)


def overlapping() -> bytes:
    """A workbook whose parts all are the same bytes."""
    content = bytearray(workbook(**{f"xl/{place}.xml": b"0" * 200_000 for place in range(3)}))
    first = content.index(b"PK\x01\x02")
    for _ in range(5):
        here = content.index(b"PK\x01\x02", first)
        content[here + 20 : here + 24] = (1 << 20).to_bytes(4, "little")
        first = here + 4
    return bytes(content)


HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "PDF + ZIP": ("file-ambiguous", lambda: PDF + zipped()),
    "JPEG + ZIP": ("file-ambiguous", lambda: JPEG + zipped()),
    "JPEG + PDF": ("file-ambiguous", lambda: JPEG[:2] + b"\xff\xfe\x00\x0c%PDF-1.7\n\x00" + JPEG[2:]),
    "PNG + PDF": ("file-ambiguous", lambda: PNG[:33] + chunk(b"tEXt", b"a\0%PDF-1.4") + PNG[33:]),
    "pixel bomb": ("image-too-large", lambda: png_of(6000, 6000, bomb(108 << 20))),
    "huge dimensions": ("image-too-large", lambda: png_of(2**31 - 1, 2**31 - 1, b"")),
    "text chunk bomb": ("file-damaged", lambda: PNG[:33] + chunk(b"zTXt", b"a\0\0" + bomb(512 << 20)) + PNG[33:]),
    "truncated PNG": ("file-damaged", lambda: PNG[: len(PNG) // 2]),
    "truncated JPEG": ("file-damaged", lambda: JPEG[: len(JPEG) // 2]),
    "only a signature": ("file-damaged", lambda: b"\x89PNG\r\n\x1a\n"),
    "moving picture": ("image-animated", apng),
    "truncated PDF": ("file-damaged", lambda: PDF[:40]),
    "no pages": ("file-damaged", lambda: saved(pikepdf.Pdf.new())),
    "many pages": ("pdf-too-many-pages", lambda: pdf(MOST_PAGES + 1)),
    "password": ("pdf-encrypted", lambda: locked(user="a", owner="b")),
    "restrictions": ("pdf-encrypted", lambda: locked(user="", owner="b")),
    "opens a script": ("pdf-active-content OpenAction", lambda: pdf(OpenAction=script())),
    "named scripts": ("pdf-active-content JavaScript", lambda: pdf(Names=Dict(JavaScript=script()))),
    "launches": ("pdf-active-content Launch", lambda: with_page(Annots=Array([Dict(A=Dict(S=Name.Launch))]))),
    "acts on pages": ("pdf-active-content AA", lambda: with_page(AA=Dict(O=script()))),
    "escaped name": (
        "pdf-active-content AA", lambda: with_page(AA=Dict()).replace(b"/AA", b"/A#41"),
    ),
    "embeds": ("pdf-active-content EmbeddedFiles", with_attachment),
    "XFA": ("pdf-active-content XFA", lambda: pdf(AcroForm=Dict(XFA=Array([])))),
    "rich media": (
        "pdf-active-content RichMedia", lambda: with_page(Annots=Array([Dict(Subtype=Name.RichMedia)])),
    ),
    "submits": ("pdf-active-content SubmitForm", lambda: with_page(Annots=Array([Dict(A=Dict(S=Name.SubmitForm))]))),
    "content bomb": ("file-too-costly", lambda: with_stream(bomb(1 << 30))),
    "bomb in a bomb": (
        "file-too-costly",
        lambda: with_stream(zlib.compress(bomb(1 << 30), 9), Filter=Array([Name.FlateDecode, Name.FlateDecode])),
    ),
    "many layers": ("file-too-costly", lambda: in_layers(9)),
    "huge picture in a PDF": ("image-too-large", lambda: with_stream(zlib.compress(b""), Width=50_000, Height=50_000)),
    "object stream bomb": ("file-damaged", object_stream_bomb),
    "deep nesting": ("file-damaged", lambda: nested(100_000)),
    "macros": ("workbook-macros", lambda: workbook(**{"xl/vbaProject.bin": b""})),
    "traversal": ("file-damaged", lambda: workbook(**{"../../etc/passwd": b""})),
    "many parts": ("file-too-costly", lambda: workbook(**{f"xl/{place}": b"" for place in range(2000)})),
    "overlapping parts": ("file-too-costly", overlapping),
    "ZIP": ("file-type-not-taken", zipped),
    "half a ZIP": ("file-damaged", lambda: workbook()[:40]),
}  # fmt: skip


async def said(inspector: Inspector, path: Path, content: bytes) -> str:
    """The code of the refusal, with what it names; empty when there is none."""
    await asyncio.to_thread(path.write_bytes, content)
    media_type = media_type_of(content[:512])
    assert media_type
    try:
        await inspector.admit(path, media_type)
    except Refusal as refusal:
        return f"{refusal.code} {refusal.params.get('what', '')}".strip()
    return ""


def spent() -> float:
    """CPU seconds of the processes that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_file_is_refused_and_costs_little(tmp_path: Path, name: str) -> None:
    code, made = HOSTILE[name]
    content, before = made(), spent()
    assert await said(Inspector(), tmp_path / "sent", content) == code
    assert spent() - before < LIMITS.cpu_seconds + 1
    assert len(content) < 10 << 20


@pytest.mark.slow
async def test_without_limits_the_same_file_would_take_much_more_memory(tmp_path: Path) -> None:
    generous = replace(LIMITS, memory_bytes=3 << 30)
    content = object_stream_bomb()
    path = tmp_path / "peak"
    peak = tmp_path / "peak_child.py"
    peak.write_text(
        "import resource, runpy, sys\n"
        f"sys.argv = {['pdf_child.py', *PROGRAMS[PDF_TYPE].arguments]!r}\n"
        f"try: runpy.run_path({str(PROGRAMS[PDF_TYPE].path)!r}, run_name='__main__')\n"
        "finally: sys.stdout.buffer.write(b'%d' % resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)\n",
        encoding="utf-8",
    )
    path.write_bytes(content)
    with running(peak, (), path, generous) as (_, output):
        told = b"".join(chunks(output, 60))
    assert int(told.rpartition(b"\n")[2]) * 1024 > LIMITS.memory_bytes


SPINS = "while True: pass"
SWELLS = "held = bytearray(400 << 20)\nprint('clean')"
FLOODS = "import sys\nwhile True: sys.stdout.write('x' * 65536)"
LIES = "print('password-wrong')"
DIES = "raise SystemExit(1)"
WRITES = "open('/tmp/left-behind', 'w').write('x')"


@pytest.mark.parametrize(
    ("program", "code"),
    [(SPINS, "file-too-costly"), (SWELLS, "file-too-costly"), (FLOODS, "file-too-costly"), (LIES, "file-damaged"),
     (DIES, "file-damaged"), (WRITES, "file-damaged"), ("print('x' * 200)", "file-damaged"), ("", "file-damaged")],
)  # fmt: skip
async def test_whatever_a_taken_over_program_does_the_file_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, code: str
) -> None:
    child = tmp_path / "child.py"
    child.write_text(program, encoding="utf-8")
    monkeypatch.setitem(PROGRAMS, XLSX_TYPE, Program(XLSX_TYPE, child, ()))
    started = time.monotonic()
    assert await said(Inspector(limits=replace(LIMITS, cpu_seconds=1)), tmp_path / "sent", workbook()) == code
    assert time.monotonic() - started < 20


async def test_a_program_has_no_network_where_the_system_lets_it_be_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listening = socket.create_server(("127.0.0.1", 0))
    child = tmp_path / "child.py"
    child.write_text(
        f"import os, socket\nsocket.create_connection(('127.0.0.1', {listening.getsockname()[1]}), 2)\nprint('clean')",
        encoding="utf-8",
    )
    monkeypatch.setitem(PROGRAMS, XLSX_TYPE, Program(XLSX_TYPE, child, (), rewrites=False))
    path = tmp_path / "sent"
    ours = "import ctypes; raise SystemExit(ctypes.CDLL(None).unshare(0x50000000) != 0)"
    allowed = sys.platform == "linux" and (
        await (await asyncio.create_subprocess_exec(sys.executable, "-c", ours)).wait() == 0
    )
    assert (await said(Inspector(), path, workbook()) != "") == allowed
    listening.close()


async def test_a_picture_is_written_anew_upright_and_without_metadata(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Somebody's phone"
    shot = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(shot, "JPEG", exif=exif, comment=b"at home", icc_profile=b"profile")
    path = tmp_path / "sent"
    path.write_bytes(shot.getvalue() + b"<script>trailing</script>")
    kept = await Inspector().admit(path, "image/jpeg")
    content = kept.read_bytes()
    with Image.open(io.BytesIO(content)) as picture_kept:
        assert picture_kept.size == (30, 40)
        assert not picture_kept.getexif()
    for hidden in (b"Somebody", b"at home", b"profile", b"script"):
        assert hidden in path.read_bytes()
        assert hidden not in content


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
async def test_a_picture_of_any_mode_is_taken(tmp_path: Path, mode: str) -> None:
    content = io.BytesIO()
    Image.new(mode, (40, 30)).save(content, "PNG")
    assert await said(Inspector(), tmp_path / "sent", content.getvalue()) == ""


async def test_a_large_photograph_fits_the_limits(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 8
    content = picture("JPEG", (6000, 4000), exif=exif.tobytes(), quality=60)
    before = spent()
    assert await said(Inspector(), tmp_path / "sent", content) == ""
    assert spent() - before < LIMITS.cpu_seconds


async def test_a_pdf_is_written_anew_with_its_pages_alone(tmp_path: Path) -> None:
    document = pikepdf.Pdf.open(io.BytesIO(pdf(3)))
    document.Root["/OpenAction"] = Array([document.pages[0].obj, Name.Fit])
    document.Root["/PieceInfo"] = document.make_indirect(Dict(Hidden="a secret"))
    with document.open_metadata() as metadata:
        metadata["dc:title"] = "a title"
    document.docinfo["/Author"] = "Somebody at home"
    path = tmp_path / "sent"
    plain = {"compress_streams": False, "object_stream_mode": pikepdf.ObjectStreamMode.disable}
    path.write_bytes(saved(document, **plain) + b"trailing")
    kept = await Inspector().admit(path, PDF_TYPE)
    with pikepdf.open(kept) as new:
        assert len(new.pages) == 3
        assert "/OpenAction" not in new.Root
        parts = (one.unparse(resolved=True) for one in (new.trailer, *new.objects))
        everything = b"".join(parts) + kept.read_bytes()
    for hidden in (b"Somebody", b"a secret", b"a title", b"trailing"):
        assert hidden in path.read_bytes()
        assert hidden not in everything


@asynccontextmanager
async def clamd(answer: bytes, heard: bytearray) -> AsyncIterator[str]:
    """A daemon that speaks INSTREAM and always answers so; what it was sent is in `heard`. Its address."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        assert await reader.readuntil(b"\0") == b"zINSTREAM\0"
        while size := int.from_bytes(await reader.readexactly(4), "big"):
            heard.extend(await reader.readexactly(size))
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    yield f"tcp://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    server.close()


async def test_a_scanner_sees_every_byte_first(tmp_path: Path) -> None:
    heard, content = bytearray(), b"a,b\n" * 50_000
    async with clamd(b"stream: OK\0", heard) as url:
        assert await said(Inspector(url), tmp_path / "sent", content) == ""
    assert heard == content


async def test_what_a_scanner_knows_is_refused(tmp_path: Path) -> None:
    async with clamd(b"stream: Eicar-Test-Signature FOUND\0", bytearray()) as url:
        assert await said(Inspector(url), tmp_path / "sent", b"a,b\n") == "file-infected"


@pytest.mark.parametrize("answer", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: OK", b"OK\0"])
async def test_a_scanner_that_does_not_answer_lets_nothing_pass(tmp_path: Path, answer: bytes) -> None:
    async with clamd(answer, bytearray()) as url:
        assert await said(Inspector(url), tmp_path / "sent", b"a,b\n") == "scanner-unavailable"
    assert await said(Inspector(url), tmp_path / "sent", b"a,b\n") == "scanner-unavailable"  # it is gone now


async def test_more_than_may_wait_are_refused_as_busy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.upload_safety.WAITING", 2)
    inspector = Inspector(at_once=1)
    said_of = await asyncio.gather(*(said(inspector, tmp_path / str(place), PNG) for place in range(4)))
    assert sorted(said_of) == ["", "", "inspections-busy", "inspections-busy"]
