"""Which characters the fonts can print.

A typesetter draws a box for any other and says nothing, so each text is checked first, against the fonts' own tables.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, Final

from fontTools.ttLib import TTFont

_LAYOUT: Final = frozenset("\n\t")
"""White space that has no glyph and needs none."""


class Glyphs:
    """The characters that can be printed."""

    def __init__(self, characters: frozenset[str] | None) -> None:
        """None: every one."""
        self._characters = characters

    def missing(self, value: Any) -> Sequence[str]:
        """The characters in a text, or in all texts of a structure, that would print as boxes; each once, in order."""
        if self._characters is None:
            return ()
        return sorted(set().union(*texts_in(value)) - self._characters)


EVERY_GLYPH: Final = Glyphs(None)


def texts_in(value: Any) -> Iterable[str]:
    """Every text inside a structure of JSON, names of fields left out."""
    match value:
        case str():
            yield value
        case Mapping():
            for one in value.values():
                yield from texts_in(one)
        case list() | tuple():
            for one in value:
                yield from texts_in(one)


def named(character: str) -> str:
    """A character as its code point: `U+2A6A5`."""
    return f"U+{ord(character):04X}"


def glyphs_of(faces: Iterable[tuple[str, int]]) -> Glyphs:
    """What these faces can print together, each the path of a font and the face's place in it."""
    return Glyphs(_LAYOUT.union(*(_characters(path, place) for path, place in faces)))


@cache
def _characters(path: str, place: int) -> frozenset[str]:
    """The characters of one face: 0.2 s for a large one. Variation selectors are no characters of GB 18030."""
    with TTFont(path, fontNumber=place, lazy=True) as face:
        return frozenset(chr(point) for table in face["cmap"].tables if table.isUnicode() for point in table.cmap)
