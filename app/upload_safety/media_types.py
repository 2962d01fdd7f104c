"""What a file is, by its first bytes and whatever was declared: the sniffing libraries disagree on hostile files."""

from typing import Final

BEGINNING: Final = 512
"""So many bytes tell."""
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PDF, JPEG, PNG = "application/pdf", "image/jpeg", "image/png"
EXTENSIONS: Final = {CSV: ("csv",), XLSX: ("xlsx",), PDF: ("pdf",), JPEG: ("jpg", "jpeg"), PNG: ("png",)}

_SIGNATURES: Final = {
    b"%PDF-": PDF,
    b"\xff\xd8\xff": JPEG,
    b"\x89PNG\r\n\x1a\n": PNG,
    b"PK\x03\x04": XLSX,
}
_NOT_IN_TEXT: Final = frozenset(range(32)) - frozenset(b"\t\n\r\f\x1a\x1b")


def media_type_of(beginning: bytes) -> str | None:
    """The type of a file by its first bytes; text without control characters is taken for CSV, the rest is unknown."""
    for signature, media_type in _SIGNATURES.items():
        if beginning.startswith(signature):
            return media_type
    return CSV if beginning and not _NOT_IN_TEXT & frozenset(beginning) else None
