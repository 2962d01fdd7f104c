"""The encoding of a CSV file, found by decoding all of it, and how many rows it has."""

import codecs
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

from app.sheets.rows import SheetRefused

CHUNK_BYTES: Final = 1 << 16
ACCEPTED: Final = ("utf-8", "gb18030")
"""In this order: hardly any text of GB 18030 is valid UTF-8, while most UTF-8 is valid GB 18030."""


@dataclass(frozen=True, slots=True)
class Decoding:
    """How a CSV file is to be read."""

    encoding: str
    lines: int | None
    """Its rows, a quoted line break not counted; None when the quotes don't pair."""


def decoding_of(path: Path) -> Decoding:
    """The first encoding that the whole file is valid in: a pass for each candidate, in constant memory."""
    with path.open("rb") as file:
        marked = file.read(len(codecs.BOM_UTF8)) == codecs.BOM_UTF8
        candidates = ("utf-8-sig",) if marked else ACCEPTED
        decoding = next(filter(None, (_valid(file, encoding) for encoding in candidates)), None)
    if decoding is None:
        raise SheetRefused("encoding-unknown", accepted=[*ACCEPTED])
    return decoding


def _valid(file: BinaryIO, encoding: str) -> Decoding | None:
    file.seek(0)
    with suppress(UnicodeDecodeError):
        return Decoding(encoding, _count_lines(_validated(file, encoding)))
    return None


def _validated(file: BinaryIO, encoding: str) -> Iterator[bytes]:
    """The file's bytes, each chunk once it is known to be valid."""
    decoder = codecs.getincrementaldecoder(encoding)("strict")
    while chunk := file.read(CHUNK_BYTES):
        decoder.decode(chunk)
        yield chunk
    decoder.decode(b"", final=True)


def _count_lines(chunks: Iterator[bytes]) -> int | None:
    """Line feeds outside quotes, and the last line without one.

    Bytes will do: in both encodings, 0x0A and 0x22 are never part of another character.
    """
    lines, quoted, last = 0, False, b"\n"
    for chunk in chunks:
        for outside in chunk.split(b'"'):
            lines += 0 if quoted else outside.count(b"\n")
            quoted = not quoted
        quoted = not quoted  # a chunk has one part more than quotes
        last = chunk[-1:]
    return None if quoted else lines + (last != b"\n")
