"""Writes a picture anew: standard input to standard output, without metadata, animation or anything hidden behind it.

A program of its own (see `confined`). The first line is `clean`, followed by the new picture, or why there is none.

    image_child.py FORMAT MOST_PIXELS < picture
"""

import sys
import zipfile
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps

HEAD: Final = 1024
"""Readers of PDF look for its beginning in so many bytes."""
QUALITY: Final = 88
PLAIN: Final = ("L", "RGB", "LA", "RGBA")


def answer(code: str, content: bytes = b"") -> None:
    """All that is said."""
    sys.stdout.buffer.write(code.encode() + b"\n" + content)


def plain(picture: Image.Image) -> Image.Image:
    """The picture upright, in gray or color of 8 bits, with the transparency it has, and nothing else."""
    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith("I;16"):
        upright = upright.convert("I").point(lambda value: value / 256)
    if upright.mode in PLAIN:
        done = upright
    elif "transparency" in upright.info:
        done = upright.convert("RGBA")
    else:
        done = upright.convert("L" if upright.mode in ("1", "I") else "RGB")
    done.info.clear()
    return done


def main() -> None:
    """Answer for the picture on standard input."""
    kind, most = sys.argv[1], int(sys.argv[2])
    content = BytesIO(sys.stdin.buffer.read())
    if b"%PDF-" in content.getvalue()[:HEAD] or zipfile.is_zipfile(content):
        return answer("file-ambiguous")
    Image.MAX_IMAGE_PIXELS = most  # beyond twice as many, Pillow refuses by itself, of any part of the file
    try:
        content.seek(0)
        picture = Image.open(content, formats=[kind])
        if picture.width * picture.height > most:
            return answer("image-too-large")
        # A JPEG may carry a second picture for phones (its brightness, its depth): the first one is the picture.
        if kind == "PNG" and getattr(picture, "is_animated", False):
            return answer("image-animated")
        new = BytesIO()
        plain(picture).save(new, kind, quality=QUALITY, compress_level=3)
    except Image.DecompressionBombError:
        return answer("image-too-large")
    return answer("clean", new.getvalue())


if __name__ == "__main__":
    main()
