"""Text as the service keeps it: storable, in Unicode's composed form (NFC), and names of persons in one spelling."""

import re
import unicodedata
from typing import Final

from pydantic import BeforeValidator, StringConstraints

from app.words.refusal import refuse

NAME_LENGTH: Final = 50
DOT: Final = "\u00b7"
"""The dot inside a name, as in 阿依古丽·买买提 (A1A4 in GB 18030)."""

gb18030_name_map: Final = str.maketrans(
    {
        "\ue816": "\U00020087",
        "\ue817": "\U00020089",
        "\ue818": "\U000200cc",
        "\ue81e": "\u9fb4",
        "\ue826": "\u9fb5",
        "\ue82b": "\u9fb6",
        "\ue82c": "\u9fb7",
        "\ue831": "\U000215d7",
        "\ue832": "\u9fb8",
        "\ue83b": "\U0002298f",
        "\ue843": "\u9fb9",
        "\ue854": "\u9fba",
        "\ue855": "\U000241fe",
        "\ue864": "\u9fbb",
    }
)
"""The ideographs FE51 … FEA0 of GB 18030, which Python's codec (edition 2000) decodes to private-use characters, at
their place in Unicode (editions 2005 and 2022)."""

_DOTS: Final = dict.fromkeys(map(ord, "\u30fb\u2022\u2027\uff0e.\uff65\u2219\u22c5"), DOT)
_LAYOUT: Final = frozenset("\n\t")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def storable(text: str) -> str:
    """The same text, refused when PostgreSQL or UTF-8 cannot hold it: NUL and lone surrogates."""
    if "\0" in text:
        refuse("nul-character", "The text contains the character NUL.")
    if _SURROGATE.search(text):
        refuse("lone-surrogate", "The text contains half of a surrogate pair.")
    return text


def composed(text: str) -> str:
    """Storable text in NFC, so that equal-looking texts are equal."""
    return unicodedata.normalize("NFC", storable(text))


def one_line(raw: object) -> object:
    """Composed, trimmed text without control characters; what isn't text is left to the field's own check."""
    return _without_controls(composed(raw).strip()) if isinstance(raw, str) else raw


def paragraphs(raw: object) -> object:
    """Composed text of several lines: line ends become U+000A, no other control character but the tab."""
    if not isinstance(raw, str):
        return raw
    return _without_controls(composed(raw).replace("\r\n", "\n").replace("\r", "\n"), kept=_LAYOUT)


def without_spaces(text: str) -> str:
    """The text less white space and invisible format characters, which copying from a page or a sheet leaves behind."""
    if text.isprintable() and " " not in text:  # no other white space is printable, and no format character
        return text
    return "".join(c for c in text if not c.isspace() and unicodedata.category(c) != "Cf")


def person_name(raw: str) -> str:
    """A person's name in the one spelling that is compared: NFC, no spaces, every dot U+00B7, 1 to 50 characters.

    Any character of GB 18030-2022 may stand in it. The codec's private-use characters become the ideographs they
    stand for; any other private-use character is refused, for nobody else would see the same sign.
    """
    name = composed(without_spaces(raw.translate(gb18030_name_map))).translate(_DOTS)
    if not name.isprintable() and any(unicodedata.category(character) == "Co" for character in name):
        refuse("private-use-character", "The name contains a private-use character.")
    _without_controls(name)
    if not name.strip(DOT):
        refuse("name-empty", "The name is empty.")
    if len(name) > NAME_LENGTH:
        refuse("name-too-long", "The name has more than {most} characters.", most=NAME_LENGTH)
    return name


def _without_controls(text: str, kept: frozenset[str] = frozenset()) -> str:
    if text.isprintable():  # rosters have a million lines
        return text
    if any(unicodedata.category(character) == "Cc" and character not in kept for character in text):
        refuse("control-character", "The text contains a control character.")
    return text


LINE: Final = BeforeValidator(one_line)
PROSE: Final = BeforeValidator(paragraphs)


def length(most: int, least: int = 1) -> StringConstraints:
    """Trimmed, then between `least` and `most` characters."""
    return StringConstraints(strip_whitespace=True, min_length=least, max_length=most)
