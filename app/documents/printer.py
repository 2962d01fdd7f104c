"""Draws PDFs with typst: templates of our own, data beside them as JSON and never inside them.

typst reads no file but the templates and no network; a text of the data is a value, whatever it looks like.
"""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

import orjson
import typst

from app.documents.glyphs import Glyphs, glyphs_of, named
from app.errors import Busy, Reason, RuleNotMet

TEMPLATES: Final = Path(__file__).parent.parent / "data" / "templates"
NOTO: Final = Path(str(files("noto_cjk_sans_otc")))
"""Noto Sans CJK (OFL): 通用规范汉字表, Ext A, and the characters of Ext B to G that names have most."""
FAMILY: Final = "Noto Sans CJK SC"
STANDARD: Final = "ua-1"
"""PDF/UA-1: tagged, titled, readable aloud."""
AT_ONCE: Final = 2
WAIT: Final = 2.0
"""Seconds."""


class Printer:
    """The fonts, read once. Draws at most `AT_ONCE` pages at a time, each in a thread, so that the loop is free."""

    def __init__(self, font_dir: Path | None) -> None:
        """`font_dir` has fonts of the operator's own, for what Noto Sans CJK lacks."""
        folders = [NOTO, *([font_dir] if font_dir else [])]
        self._fonts = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(one) for one in folders]
        )
        faces = [one for one in self._fonts.fonts() if one.family == FAMILY or not str(one.path).startswith(str(NOTO))]
        self._families = [FAMILY, *sorted({one.family for one in faces} - {FAMILY})]
        self.glyphs = glyphs_of((str(one.path), one.index) for one in faces)
        """What can be printed."""
        self._free = asyncio.Semaphore(AT_ONCE)

    async def print(self, template: str, content: Mapping[str, Any], at: datetime) -> bytes:
        """The PDF of `templates/<template>.typ` with this content, the same bytes for the same content and time.

        `RuleNotMet` with the code points of characters that no font has; `Busy` when too much is being printed.
        """
        demand_glyphs(self.glyphs, content)
        try:
            async with asyncio.timeout(WAIT):
                await self._free.acquire()
        except TimeoutError as error:
            raise Busy("printer-busy", retry_after=1) from error
        try:
            return await asyncio.to_thread(self.draw, template, content, at)
        finally:
            self._free.release()

    def draw(self, template: str, content: Mapping[str, Any], at: datetime) -> bytes:
        """Draw without looking at the glyphs first: 10 ms or so, with the GIL given away.

        PDF/UA asks that each text can be displayed: the typesetter fails where it would else draw a box in silence.
        """
        given = orjson.dumps({**content, "fonts": self._families}).decode()
        return typst.compile(
            TEMPLATES / f"{template}.typ",
            root=TEMPLATES,
            font_paths=self._fonts,
            ignore_system_fonts=True,
            sys_inputs={"content": given},
            timestamp=int(at.timestamp()),
            pdf_standards=STANDARD,
        )


def demand_glyphs(glyphs: Glyphs, content: Any) -> None:
    """Refuse a content that would print a box."""
    if reason := unprintable(glyphs, content):
        raise RuleNotMet([reason])


def unprintable(glyphs: Glyphs, content: Any) -> Reason | None:
    """Why a content cannot be printed, naming the characters by their code points."""
    missing = glyphs.missing(content)
    if not missing:
        return None
    characters = ", ".join(map(named, missing[:10]))
    return Reason("glyph-missing", who="support", how="install-a-font", params={"characters": characters})
