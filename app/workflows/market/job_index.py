"""What a post is found by: its folded text, the characters and pairs of characters in it, and its facets.

Chinese is written without spaces, so a word is sought as a substring. Every pair of neighboring characters is in a GIN
index: a text that has all pairs of a word is a candidate, and a substring of the text itself decides. Single characters
are in the index too, for words of one character.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any, Final

from app.words import Level

SALARIES: Final = (3000, 4000, 5000, 6000, 7000, 8000, 10_000, 12_000, 15_000, 20_000, 30_000, 50_000)
"""Steps by which salaries are indexed; between two of them the figure itself decides."""
_PATTERN: Final = re.compile(r"([\\%_])")
_ESCAPED: Final = r"\\\1"


def folded(text: str) -> str:
    """One spelling for what looks alike: compatibility forms (full width, half width) and case folded."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def words_of(query: str) -> list[str]:
    """The words that a query asks for, folded."""
    return list(dict.fromkeys(folded(query).split()))


def search_text(terms: Mapping[str, Any], employer: str) -> str:
    """Title, employer and description, a line each, so that no word reaches from one into the next."""
    return "\n".join(" ".join(folded(one).split()) for one in (terms["title"], employer, terms["description"]))


def grams(text: str) -> list[str]:
    """Every character and every pair of neighbors in a folded text, but none with a space."""
    return sorted({part for word in text.split() for part in _parts(word)})


def sought(words: Iterable[str]) -> list[str]:
    """The grams that a text with all of these words has: pairs, and the character of a word of one."""
    return sorted({part for word in words for part in (_pairs(word) if word[1:] else word)})


def patterns(words: Iterable[str]) -> list[str]:
    """The words as patterns of LIKE."""
    return [f"%{_PATTERN.sub(_ESCAPED, word)}%" for word in words]


def facets(terms: Mapping[str, Any], industry: str) -> list[str]:
    """What a post answers to when a search is narrowed."""
    lowest = list(Level).index(Level(terms["level"])) if terms["level"] else len(Level) - 1
    return sorted(
        {
            f"industry:{industry}",
            *(place for region in terms["regions"] for place in _places(region)),
            *(f"level:{level}" for level in list(Level)[: lowest + 1]),
            *(f"major:{folded(major)}" for major in terms["majors"]),
            *(f"salary:{step}" for step in SALARIES if step <= terms["salary_to"]),
        }
    )


def narrowed(filters: Mapping[str, Any]) -> list[str]:
    """The facets that posts have which pass these filters: region, industry, level, major, salary_from."""
    made: Mapping[str, Callable[[Any], str | None]] = {
        "region": lambda region: f"region:{_prefix(region)}",
        "industry": lambda code: f"industry:{code}",
        "level": lambda level: f"level:{level}",
        "major": lambda major: f"major:{folded(major)}",
        "salary_from": _step_below,
    }
    return [facet for name, value in filters.items() if name in made and (facet := made[name](value))]


def _parts(word: str) -> Iterator[str]:
    yield from word
    yield from _pairs(word)


def _pairs(word: str) -> Iterator[str]:
    return (first + second for first, second in pairwise(word))


def _prefix(region: str) -> str:
    """A region's own digits: 370000 is 37, 370100 is 3701."""
    return region[:2] if region.endswith("0000") else region.removesuffix("00")


def _places(region: str) -> Iterator[str]:
    """The facets of a region and of what it lies in."""
    return (f"region:{region[:digits]}" for digits in range(2, len(_prefix(region)) + 1, 2))


def _step_below(salary: int) -> str | None:
    step = max((one for one in SALARIES if one <= salary), default=None)
    return f"salary:{step}" if step else None
