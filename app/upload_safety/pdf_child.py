"""Writes a PDF anew: standard input to standard output, with its pages and nothing that acts, hides or travels along.

A program of its own (see `confined`). The first line is `clean`, followed by the new PDF, or why there is none.

    pdf_child.py MOST_PAGES MOST_PIXELS MOST_BYTES < document
"""

import sys
import zipfile
import zlib
from base64 import a85decode
from collections.abc import Callable, Iterator, Mapping, Sequence
from io import BytesIO
from typing import Any, Final

import pikepdf

KEPT: Final = frozenset(
    {"/Type", "/Pages", "/Version", "/AcroForm", "/Lang", "/MarkInfo", "/OCProperties", "/PageLabels", "/PageMode"}
)
"""What of the catalog is needed to show the pages."""
HARMLESS: Final = frozenset({"/GoTo", "/URI", "/Named"})
"""Actions of links: to another page, to the web, to the next page."""
ACTIONS: Final = frozenset(
    {"/JavaScript", "/Launch", "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Rendition", "/Movie", "/Sound",
     "/RichMediaExecute", "/GoTo3DView", "/ResetForm", "/Hide"}
)  # fmt: skip
ACTIVE: Final = frozenset({"/JS", "/JavaScript", "/AA", "/EmbeddedFiles", "/EF", "/XFA", "/RichMediaContent"})
HIDDEN: Final = frozenset({"/Metadata", "/PieceInfo", "/Thumb"})
"""What of a page is not seen."""
SHOWS: Final = frozenset({"/RichMedia", "/FileAttachment", "/Movie", "/Sound", "/Screen", "/3D"})
"""Annotations that are no print."""
LAYERS: Final = 2
"""Of compression in one stream."""
PIECE: Final = 1 << 16


def _from_ascii85(raw: bytes) -> bytes:
    return a85decode(raw.strip().removesuffix(b"~>"))


def _from_hex(raw: bytes) -> bytes:
    digits = b"".join(raw.partition(b">")[0].split())
    return bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))


INFLATE: Final = ("/FlateDecode", "/Fl")
TEXT: Final[Mapping[str, Callable[[bytes], bytes]]] = {
    "/ASCII85Decode": _from_ascii85, "/A85": _from_ascii85, "/ASCIIHexDecode": _from_hex, "/AHx": _from_hex,
}  # fmt: skip


class Refused(Exception):
    """The document is not taken; the code, and what was found."""


def contained(item: Any) -> Iterator[Any]:
    """A direct object and everything directly inside of it, however deep; what it refers to comes by itself."""
    waiting = [item]
    while waiting:
        one = waiting.pop()
        yield one
        if isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
            inside: Iterator[Any] = (one.get(key) for key in one.keys())  # noqa: SIM118 (a stream is no mapping)
        elif isinstance(one, pikepdf.Array):
            inside = iter(one)
        else:
            continue
        waiting.extend(part for part in inside if isinstance(part, pikepdf.Object) and not part.is_indirect)


def refuse_active(one: Any) -> None:
    """Refuse what acts when the document is opened, read or printed, and what is not of its pages."""
    if found := ACTIVE & set(one.keys()):
        raise Refused("pdf-active-content", min(found))
    action = one.get("/S")
    if isinstance(action, pikepdf.Name) and str(action) in ACTIONS:
        raise Refused("pdf-active-content", str(action))
    shown = one.get("/Subtype")
    if isinstance(shown, pikepdf.Name) and str(shown) in SHOWS:
        raise Refused("pdf-active-content", str(shown))


def refuse_opening(catalog: Any) -> None:
    """A place to open at is fine, and left out; anything else that opening does is not."""
    opening = catalog.get("/OpenAction")
    if isinstance(opening, pikepdf.Dictionary) and str(opening.get("/S")) not in HARMLESS:
        raise Refused("pdf-active-content", "/OpenAction")


def unpacked(raw: bytes, filters: Sequence[str]) -> Iterator[bytes]:
    """What a stream becomes, a piece at a time, as far as this grows: pictures and the like stay packed."""
    pieces: Iterator[bytes] = (raw[at : at + PIECE] for at in range(0, len(raw), PIECE))
    for name in filters:
        if name in INFLATE:
            pieces = _inflated(pieces)
        elif name in TEXT:
            pieces = iter((TEXT[name](b"".join(pieces)),))
        else:
            break
    return pieces


def _inflated(pieces: Iterator[bytes]) -> Iterator[bytes]:
    unpacking = zlib.decompressobj()
    try:
        for piece in pieces:
            rest = piece
            while rest and not unpacking.eof:
                yield unpacking.decompress(rest, PIECE)
                rest = unpacking.unconsumed_tail
    except zlib.error:
        return  # readers show what was unpacked so far


def refuse_bomb(stream: Any, most_pixels: int, budget: list[int]) -> None:
    """Refuse a stream that becomes too much, for whoever will look at the document."""
    width, height = stream.get("/Width", 0), stream.get("/Height", 0)
    if isinstance(width, int) and isinstance(height, int) and abs(width * height) > most_pixels:
        raise Refused("image-too-large")
    named = stream.get("/Filter", pikepdf.Array())
    filters = [str(one) for one in (named if isinstance(named, pikepdf.Array) else [named])]
    if len(filters) > LAYERS:
        raise Refused("file-too-costly")
    for piece in unpacked(stream.read_raw_bytes(), filters):
        budget[0] -= len(piece)
        if budget[0] < 0:
            raise Refused("file-too-costly")


def refuse_unfit(pdf: Any, most_pages: int, most_pixels: int, most_bytes: int) -> None:
    """Refuse a document that is locked, too long, acts, or becomes too much."""
    if pdf.is_encrypted:
        raise Refused("pdf-encrypted")
    if not 0 < len(pdf.pages) <= most_pages:
        raise Refused("pdf-too-many-pages" if len(pdf.pages) else "file-damaged")
    refuse_opening(pdf.Root)
    budget = [most_bytes]
    for item in pdf.objects:
        for one in contained(item):
            if isinstance(one, (pikepdf.Dictionary, pikepdf.Stream)):
                refuse_active(one)
            if isinstance(one, pikepdf.Stream):
                refuse_bomb(one, most_pixels, budget)


def anew(pdf: Any) -> bytes:
    """The document with what its pages need; what nothing refers to any more is not written."""
    for key in set(pdf.Root.keys()) - KEPT:
        del pdf.Root[key]
    for page in pdf.pages:
        for key in HIDDEN & set(page.obj.keys()):
            del page.obj[key]
    del pdf.docinfo
    new = BytesIO()
    pdf.save(new, stream_decode_level=pikepdf.StreamDecodeLevel.none, deterministic_id=True)
    return new.getvalue()


def answer() -> tuple[str, bytes]:
    """What is to be said of the document on standard input."""
    file = sys.stdin.buffer
    if zipfile.is_zipfile(file):
        return "file-ambiguous", b""
    file.seek(0)
    try:
        with pikepdf.open(file) as pdf:
            refuse_unfit(pdf, *map(int, sys.argv[1:]))
            return "clean", anew(pdf)
    except Refused as refused:
        return " ".join(str(part).strip("/") for part in refused.args), b""
    except pikepdf.PasswordError:
        return "pdf-encrypted", b""


def main() -> None:
    """Answer."""
    said, content = answer()
    sys.stdout.buffer.write(said.encode() + b"\n" + content)


if __name__ == "__main__":
    main()
