"""Looks a workbook over by the list of its parts, unpacking none: it stays as it was sent, and is read within limits.

A program of its own (see `confined`). The one line is `clean`, or why it is not.

    workbook_child.py MOST_PARTS MOST_BYTES < workbook
"""

import os
import sys
import zipfile
from pathlib import PurePosixPath
from typing import Final

HEAD: Final = 1024
NEEDED: Final = frozenset({"[Content_Types].xml", "xl/workbook.xml"})
ENCRYPTED: Final = 1
"""The bit of a part's flags."""


def verdict(file: zipfile.ZipFile, whole: int, most_parts: int, most_bytes: int) -> str:
    """What is to be said of these parts."""
    parts = file.infolist()
    names = [part.filename for part in parts]
    packed, unpacked = sum(part.compress_size for part in parts), sum(part.file_size for part in parts)
    if len(parts) > most_parts or packed > whole or unpacked > most_bytes:  # more packed than there is: they overlap
        return "file-too-costly"
    if len(set(names)) != len(names) or any(map(leaves, names)):
        return "file-damaged"
    if any(part.flag_bits & ENCRYPTED for part in parts):
        return "file-encrypted"
    if not set(names) >= NEEDED:
        return "file-type-not-taken"
    return "workbook-macros" if any(name.lower().endswith("vbaproject.bin") for name in names) else "clean"


def leaves(name: str) -> bool:
    """Whether a part's name leads out of the workbook."""
    return name.startswith("/") or "\\" in name or ":" in name or ".." in PurePosixPath(name).parts


def main() -> None:
    """Answer for the workbook on standard input."""
    file = sys.stdin.buffer
    whole = os.fstat(file.fileno()).st_size
    if b"%PDF-" in file.read(HEAD):
        said = "file-ambiguous"
    else:
        with zipfile.ZipFile(file) as parts:
            said = verdict(parts, whole, *map(int, sys.argv[1:]))
    print(said)  # noqa: T201 (the answer)


if __name__ == "__main__":
    main()
