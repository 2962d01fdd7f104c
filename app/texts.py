"""What the service says to people, in Chinese and English, by code: `data/texts/*.csv`, one row for each code.

Columns: code, zh_title, en_title, zh_detail, en_detail. Braces in a detail name its parameters.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal, cast

from app.errors import Reason

Language = Literal["zh-CN", "en"]
LANGUAGES: Sequence[Language] = ("zh-CN", "en")
FOLDER = Path(__file__).parent / "data" / "texts"


@dataclass(frozen=True, slots=True)
class Text:
    """A title and a detail in each language."""

    titles: Mapping[str, str]
    details: Mapping[str, str]


class _Kept(dict[str, Any]):
    """Parameters; one that is missing stays as its name."""

    def __missing__(self, name: str) -> str:
        return name


@cache
def catalog() -> Mapping[str, Text]:
    """Every text by code. A code given twice is a ValueError."""
    texts: dict[str, Text] = {}
    for code, text in _rows():
        if code in texts:
            message = f"two texts for {code}"
            raise ValueError(message)
        texts[code] = text
    return texts


def _rows() -> Iterator[tuple[str, Text]]:
    for path in sorted(FOLDER.glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                titles = {"zh-CN": row["zh_title"], "en": row["en_title"]}
                details = {"zh-CN": row["zh_detail"], "en": row["en_detail"]}
                yield row["code"], Text(titles, details)


def title(code: str, language: str) -> str:
    """The short text of a code; a code without one is its own text."""
    text = catalog().get(code)
    return text.titles[language] if text else code


def detail(code: str, language: str, params: Mapping[str, Any] | None = None) -> str:
    """The sentence of a code with its parameters; without one, the title."""
    text = catalog().get(code)
    if text is None:
        return code
    return (text.details[language] or text.titles[language]).format_map(_Kept(params or {}))


def told(reason: Reason, language: str) -> dict[str, Any]:
    """A reason as people read it: code, message, how to mend it, who can."""
    return {
        "code": reason.code,
        "message": detail(reason.code, language, reason.params),
        "how": detail(reason.how, language, reason.params),
        "who": reason.who,
        "pointer": reason.pointer,
    }


def blocked(action: str, reason: Reason, language: str) -> dict[str, Any]:
    """An action that a reason blocks."""
    return {"action": action, **told(reason, language)}


@lru_cache(maxsize=256)
def language(accepted: str | None) -> Language:
    """The language to answer in: the best of Accept-Language that we speak, else Chinese."""
    best: tuple[float, Language] = (0.0, "zh-CN")
    for part in (accepted or "")[:200].split(","):
        tag, _, weight = part.strip().partition(";")
        try:
            quality = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            continue
        spoken = {"zh": "zh-CN", "en": "en"}.get(tag.lower().partition("-")[0])
        if spoken and quality > best[0]:
            best = (quality, cast("Language", spoken))
    return best[1]
