"""The table of texts and the source agree: on classes, on parameters, and on what is said at all."""

import ast
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

from app import texts
from app.errors import Refusal
from app.problems import STATUSES
from app.problems.translation import CONFLICTS

APP = Path(texts.__file__).parent
RESERVED = {"step-up-required", "unavailable", "busy", "held-by-another-school"}
"""Codes that no constant is: defaults of classes, rights still to come, and what a statement says in SQL."""


def refusals() -> Iterator[type[Refusal]]:
    """Every class of refusal."""
    waiting = [Refusal]
    for kind in waiting:
        waiting.extend(kind.__subclasses__())
    yield from waiting[1:]


def trees() -> Iterator[ast.Module]:
    """The source of the service."""
    for path in APP.rglob("*.py"):
        yield ast.parse(path.read_text("utf-8"))


def refused() -> Iterator[tuple[str, str]]:
    """(code, class) of each refusal that the source raises by code."""
    names = {kind.__name__ for kind in refusals()}
    for tree in trees():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names and node.args:
                code = node.args[0]
                if isinstance(code, ast.Constant) and isinstance(code.value, str):
                    yield code.value, node.func.id


def test_a_code_belongs_to_the_class_that_the_source_raises_it_with() -> None:
    said = {*refused(), *((kind.default, kind.__name__) for kind in refusals())}
    said |= {(code, "Conflict") for code in CONFLICTS.values()}
    wrong = {pair for pair in said if pair[0] in texts.catalog() and texts.catalog()[pair[0]].refusal != pair[1]}
    assert wrong == set(), "set the column `refusal` in app/data/texts/*.csv"


def test_every_class_of_refusal_has_a_status() -> None:
    assert [kind for kind in refusals() if not any(one in STATUSES for one in kind.__mro__)] == []


def test_both_languages_name_the_same_parameters() -> None:
    def named(detail: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(detail)} - {None}

    differing = [
        code for code, text in texts.catalog().items() if named(text.details["zh-CN"]) != named(text.details["en"])
    ]
    assert differing == []


def test_every_text_is_said_somewhere() -> None:
    constants = {
        node.value
        for tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    beginnings = tuple(one for one in constants if one.endswith("-") and one[:-1].isalpha())  # f"sms-{kind}"
    unsaid = {code for code in set(texts.catalog()) - constants - RESERVED if not code.startswith(beginnings)}
    assert unsaid == set()
