"""How a word refuses a value."""

from typing import LiteralString, NoReturn

from pydantic_core import PydanticCustomError


def refuse(code: LiteralString, message: LiteralString, **facts: str | int) -> NoReturn:
    """Raise a ValueError whose `type` is the stable code, the same inside a schema and outside.

    `facts` fill the message's {placeholders}; the refused value is never one of them.
    """
    raise PydanticCustomError(code, message, facts)
