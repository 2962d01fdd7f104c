"""What judges the text of a field: the field's word, the same that the API uses, after the spelling of sheets."""

from collections.abc import Callable
from functools import cache, partial
from typing import Annotated, Any, cast

from pydantic import TypeAdapter

from app.codes import tables
from app.sheets.rows import Value
from app.sheets.spelling import code, in_unicode
from app.words.text import LINE, length

Judge = Callable[[str], Value]
"""Takes the trimmed text of a cell to the value kept, or raises `PydanticCustomError` or `ValidationError`."""

Unused = Annotated[str, length(1000), LINE]


def word(one: object, spelt: Callable[[str], object] = in_unicode) -> Judge:
    """The judge that a word of the vocabulary is, once the text is spelt as the vocabulary does."""
    judge = TypeAdapter[Value](cast("Any", one)).validator.validate_python  # an annotated type is no type to mypy
    return lambda text: judge(spelt(text))


def coded(one: object, table: str) -> Judge:
    """The same of a word whose values are the codes of a table."""
    return word(one, partial(code, table=tables()[table]))


def unused(text: str) -> str:
    """A cell of a column that is known and not used."""
    return str(_unused().validate_python(in_unicode(text)))


@cache
def _unused() -> TypeAdapter[str]:
    return TypeAdapter(Unused)
