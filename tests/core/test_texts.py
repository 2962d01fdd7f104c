"""Every code that the source can say has a text in both languages."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from app import texts
from app.errors import Refusal

APP = Path(texts.__file__).parent
SPEAKERS = {"Reason", "FieldError", "refuse", "PydanticCustomError", "SheetRefused", "RowError"} | {
    kind.__name__
    for kind in [Refusal, *Refusal.__subclasses__(), *(k for s in Refusal.__subclasses__() for k in s.__subclasses__())]
}


def said() -> Iterator[tuple[str, str]]:
    """(code, file) of each call that names a code; `how=` of a reason too."""
    for path in APP.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", getattr(node.func, "attr", "")) in SPEAKERS:
                given = [*node.args, *(word.value for word in node.keywords if word.arg in ("how", "code"))]
                for value in given:
                    if (
                        isinstance(value, ast.Constant)
                        and isinstance(value.value, str)
                        and "-" in value.value
                        and value.value.replace("-", "").isalnum()
                        and value.value.islower()
                    ):
                        yield value.value, str(path.relative_to(APP))


def test_every_code_has_a_text() -> None:
    assert {code: file for code, file in said() if code not in texts.catalog()} == {}


@pytest.mark.parametrize("language", texts.LANGUAGES)
def test_every_text_is_written(language: str) -> None:
    empty = [code for code, text in texts.catalog().items() if not (text.titles[language] or text.details[language])]
    assert empty == []


def test_the_defaults_of_refusals_have_texts() -> None:
    kinds = [*Refusal.__subclasses__(), *(k for s in Refusal.__subclasses__() for k in s.__subclasses__())]
    assert [kind.default for kind in kinds if kind.default not in texts.catalog()] == []
