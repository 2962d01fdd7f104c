"""How JSON writes a type: it tells numbers, texts and truth values apart, which pydantic by itself does not."""

from datetime import date, datetime
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin

NO_VALUE: Final = object()
"""Put in the place of what was miswritten: no field takes it, so that the field itself says what is wrong."""
_KINDS: Final[dict[Any, type]] = {bool: bool, int: int, float: float, str: str, date: str, datetime: str}


def json_kind(annotation: Any) -> type | None:
    """The type of the JSON value behind `T`, `T | None` and `Annotated[T, ...]`; None for what is no plain value."""
    while get_origin(annotation) in (Annotated, Union, UnionType):
        annotation = next(one for one in get_args(annotation) if one is not NoneType)
    return _KINDS.get(annotation) if isinstance(annotation, type) else None


def miswritten(value: object, kind: type) -> bool:
    """Whether a plain JSON value is of another kind. Numbers are one kind: whether 7.5 is an int, pydantic says."""
    written = type(value)
    return written in (bool, int, float, str) and written is not kind and {written, kind} != {int, float}
