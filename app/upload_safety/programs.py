"""The programs that inspect files, each for a type, and the bounds that they hold a file to."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.upload_safety.media_types import JPEG, PDF, PNG, XLSX

MOST_PIXELS: Final = 24_000_000
"""Of a picture: what a phone takes, and what fits the memory twice, for it is turned upright."""
MOST_PAGES: Final = 60
MOST_PRINTED_PIXELS: Final = 120_000_000
"""Of one picture in a PDF: A3 at 600 dots per inch has 70 million."""
MOST_UNPACKED: Final = 400 << 20
"""Bytes that a PDF's streams may become."""
MOST_PARTS: Final = 1000
MOST_WORKBOOK: Final = 2 << 30
"""Bytes that a workbook's parts say they become."""

REFUSALS: Final = frozenset(
    {
        "file-ambiguous",
        "file-damaged",
        "file-encrypted",
        "file-too-costly",
        "image-animated",
        "image-too-large",
        "pdf-active-content",
        "pdf-encrypted",
        "pdf-too-many-pages",
        "workbook-macros",
    }
)
"""All that a program may say against a file, besides that it is of another type."""


@dataclass(frozen=True, slots=True)
class Program:
    """What inspects files of a type: `clean`, and if it `rewrites`, the new file after it; or a code of `REFUSALS`.

    A file that breaks it is damaged, whatever the libraries that read it raise.
    """

    media_type: str
    path: Path
    bounds: tuple[str | int, ...]
    rewrites: bool = True
    most: int = 0
    """The bound that a refusal names."""

    @property
    def arguments(self) -> tuple[str, ...]:
        """Of its command line."""
        return tuple(map(str, self.bounds))


_IMAGES, _PDFS, _WORKBOOKS = (Path(__file__).with_name(f"{name}_child.py") for name in ("image", "pdf", "workbook"))
PROGRAMS: Final[Mapping[str, Program]] = {
    JPEG: Program(JPEG, _IMAGES, ("JPEG", MOST_PIXELS), most=MOST_PIXELS),
    PNG: Program(PNG, _IMAGES, ("PNG", MOST_PIXELS), most=MOST_PIXELS),
    PDF: Program(PDF, _PDFS, (MOST_PAGES, MOST_PRINTED_PIXELS, MOST_UNPACKED), most=MOST_PAGES),
    XLSX: Program(XLSX, _WORKBOOKS, (MOST_PARTS, MOST_WORKBOOK), rewrites=False),
}
