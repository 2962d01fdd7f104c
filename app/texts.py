"""What the service says to people, in Chinese and English, by code: `data/texts/*.csv`, one row for each code.

Columns: code, zh_title, en_title, zh_detail, en_detail, and refusal: the class in `errors` that the code belongs to, if
any. Braces in a detail name its parameters. Without a detail the title speaks.
"""

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final, Literal

from app.errors import Reason

Language = Literal["zh-CN", "en"]
LANGUAGES: Final[Sequence[Language]] = ("zh-CN", "en")
FOLDER: Final = Path(__file__).parent / "data" / "texts"
_RANGE = re.compile(r"\s*(?P<tag>[a-zA-Z0-9-]+|\*)\s*(;\s*[qQ]=(?P<weight>0(\.\d{0,3})?|1(\.0{0,3})?)\s*)?")


@dataclass(frozen=True, slots=True)
class Text:
    """A title and a detail in each language."""

    titles: Mapping[str, str]
    details: Mapping[str, str]
    refusal: str | None


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
                titles: dict[str, str] = {one: row[f"{one[:2]}_title"] for one in LANGUAGES}
                details: dict[str, str] = {one: row[f"{one[:2]}_detail"] or titles[one] for one in LANGUAGES}
                yield row["code"], Text(titles, details, row.get("refusal") or None)


def title(code: str, language: str) -> str:
    """The short text of a code; a code without one is its own text."""
    text = catalog().get(code)
    return text.titles[language] if text else code


def detail(code: str, language: str, params: Mapping[str, Any] | None = None) -> str:
    """The sentence of a code with its parameters."""
    text = catalog().get(code)
    return text.details[language].format_map(_Kept(params or {})) if text else code


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
    """The language to answer in, by Accept-Language (RFC 9110 §12.5.4): the heavier one that we speak, else Chinese.

    Of equally heavy ones the earlier wins; a range that is not well-formed is passed over.
    """
    weights: dict[str, float] = {}
    for part in (accepted or "")[:200].split(","):
        if given := _RANGE.fullmatch(part):
            spoken = given["tag"].lower().partition("-")[0]
            weights[spoken] = max(weights.get(spoken, 0.0), float(given["weight"] or 1))
    fallback = weights.get("*", 0.0)
    wanted = sorted(
        LANGUAGES,
        key=lambda one: (-weights.get(one[:2], fallback), [*weights, one[:2]].index(one[:2])),
    )
    return wanted[0] if weights.get(wanted[0][:2], fallback) else "zh-CN"
