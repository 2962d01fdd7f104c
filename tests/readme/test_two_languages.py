"""README.zh-CN.md says what README.md says: as many headings, the same commands, the same files and links."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
BLOCK = re.compile(r"^```.*?^```", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#+(?= )", re.MULTILINE)
QUOTED = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)]+)\)")
NAMES = ("README.md", "README.zh-CN.md")


def outline(text: str) -> dict[str, object]:
    """What is the same in every language."""
    prose = BLOCK.sub("", text)
    return {
        "headings": HEADING.findall(prose),
        "commands": BLOCK.findall(text),
        "quoted": sorted(set(QUOTED.findall(prose))),
        "links": sorted(set(LINK.findall(prose)) - set(NAMES)),
        "rows": sum(line.startswith("|") for line in prose.splitlines()),
        "points": sum(line.startswith("- ") for line in prose.splitlines()),
    }


def test_both_say_the_same() -> None:
    english, chinese = ((ROOT / name).read_text("utf-8") for name in NAMES)
    assert outline(chinese) == outline(english)
    assert NAMES[1] in english
    assert NAMES[0] in chinese


@pytest.mark.parametrize(
    ("old", "new"),
    [("\n## ", "\n### "), ("make run", "make walk"), ("`app/db.py`", "`app/database.py`"), ("\n- ", "\n")],
)
def test_a_difference_is_seen(old: str, new: str) -> None:
    """The negative control."""
    text = (ROOT / NAMES[1]).read_text("utf-8")
    assert outline(text.replace(old, new, 1)) != outline(text)
