"""docs/asvs.md says something true or something reasoned of every requirement: what it names, exists."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

ROOT: Final = Path(__file__).parents[2]
PAGE: Final = (ROOT / "docs/asvs.md").read_text("utf-8")
REQUIREMENTS: Final = {
    "5.1": (1,),
    "5.2": (
        1,
        2,
        3,
    ),
    "5.3": (
        1,
        2,
    ),
    "5.4": (
        1,
        2,
        3,
    ),
    "6.1": (
        1,
        2,
        3,
    ),
    "6.2": (
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
        12,
    ),
    "6.3": (
        1,
        2,
        3,
        4,
    ),
    "6.4": (
        1,
        2,
        3,
        4,
    ),
    "6.5": (
        1,
        2,
        3,
        4,
        5,
    ),
    "6.6": (
        1,
        2,
        3,
    ),
    "6.8": (
        1,
        2,
        3,
        4,
    ),
    "7.1": (
        1,
        2,
        3,
    ),
    "7.2": (
        1,
        2,
        3,
        4,
    ),
    "7.3": (
        1,
        2,
    ),
    "7.4": (
        1,
        2,
        3,
        4,
        5,
    ),
    "7.5": (
        1,
        2,
    ),
    "7.6": (
        1,
        2,
    ),
    "8.1": (
        1,
        2,
    ),
    "8.2": (
        1,
        2,
        3,
    ),
    "8.3": (1,),
    "8.4": (1,),
    "9.1": (
        1,
        2,
        3,
    ),
    "9.2": (
        1,
        2,
        3,
        4,
    ),
    "10.1": (
        1,
        2,
    ),
    "10.2": (
        1,
        2,
    ),
    "10.3": (
        1,
        2,
        3,
        4,
    ),
    "10.4": (
        1,
        2,
        3,
        4,
        5,
        6,
        7,
        8,
        9,
        10,
        11,
    ),
    "10.5": (
        1,
        2,
        3,
        4,
        5,
    ),
    "10.6": (
        1,
        2,
    ),
    "10.7": (
        1,
        2,
        3,
    ),
    "11.1": (
        1,
        2,
    ),
    "11.2": (
        1,
        2,
        3,
    ),
    "11.3": (
        1,
        2,
        3,
    ),
    "11.4": (
        1,
        2,
        3,
        4,
    ),
    "11.5": (1,),
    "11.6": (1,),
    "14.1": (
        1,
        2,
    ),
    "14.2": (
        1,
        2,
        3,
        4,
    ),
    "14.3": (
        1,
        2,
        3,
    ),
    "16.1": (1,),
    "16.2": (
        1,
        2,
        3,
        4,
        5,
    ),
    "16.3": (
        1,
        2,
        3,
        4,
    ),
    "16.4": (
        1,
        2,
        3,
    ),
    "16.5": (
        1,
        2,
        3,
    ),
}
"""Numbers of the requirements of levels 1 and 2 in OWASP ASVS 5.0, by section."""
NUMBERS: Final = [f"{section}.{one}" for section, ones in REQUIREMENTS.items() for one in ones]
PROVEN: Final = ("met", "partly")
_ROW: Final = re.compile(r"^\| (\d+\.\d+\.\d+) \|", re.MULTILINE)
_TEST: Final = re.compile(r"`(tests/[\w/]+\.py)::(\w+)`")
_PLACE: Final = re.compile(r"`((?:app|docs|migrations|tests)/[\w./]*)`")


def faults(page: str) -> Iterator[str]:
    """What is wrong with the page: a sentence each."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in page.splitlines() if _ROW.match(line)]
    numbers = [row[0] for row in rows]
    if numbers != NUMBERS:
        yield f"not a row for each: {set(numbers) ^ set(NUMBERS)}"
    for number, _level, _short, standing, tests, place in rows:
        if standing not in {*PROVEN, "not met", "n/a"}:
            yield f"{number} is neither met nor unmet"
        if (standing in PROVEN) != bool(_TEST.search(tests)):
            yield f"{number} needs a test if, and only if, something is met"
        if len(place) < len("No SAML"):
            yield f"{number} has neither place nor reason"
    for path, name in _TEST.findall(page):
        file = ROOT / path
        if not file.is_file() or not re.search(rf"^(async )?def {name}\(", file.read_text("utf-8"), re.MULTILINE):
            yield f"{path}::{name} does not exist"
    for path in _PLACE.findall(page):
        if not (ROOT / path).exists():
            yield f"{path} does not exist"


def test_every_requirement_has_a_test_or_a_reason_and_what_is_named_exists() -> None:
    assert [*faults(PAGE)] == []


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        ("| 9.1.1 |", "| 9.1.99 |"),
        ("test_a_forged_or_mangled_token_is_refused`", "test_nothing_of_the_kind`"),
        ("`tests/security/test_tokens.py::test_a_token_ends_with_its_last_second`", ""),
        ("`app/security/tokens.py`", "`app/security/nowhere.py`"),
        ("| No SAML |", "| |"),
        ("| not met |", "| perhaps |"),
    ],
)
def test_the_same_look_notices_a_page_that_lies(there: str, instead: str) -> None:
    assert there in PAGE
    assert [*faults(PAGE.replace(there, instead))]
