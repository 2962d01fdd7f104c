"""What the fields of one archive record must say together, and what follows from them."""

from collections.abc import Iterator
from typing import Final

from app.schemas.archive import Leg
from app.sheets.layout import Values
from app.sheets.rows import Value
from app.words import Level

LEG: Final = tuple(Leg.model_fields)
NEEDED: Final = tuple(name for name, field in Leg.model_fields.items() if field.is_required())
"""Of a leg, if the row has one."""


def broken(values: Values) -> Iterator[tuple[str, str]]:
    """The field and the code of each broken rule: a leg is whole, and nothing that is recorded is emptied."""
    if any(values.get(name) is not None for name in LEG):
        yield from ((name, "required") for name in NEEDED if name not in values)
    yield from ((name, "cannot-be-cleared") for name, value in values.items() if value is None)


def consequences(values: Values) -> dict[str, Value]:
    """The level that the education code says."""
    code = values.get("education_level")
    return {"level": Level.of_education_code(code).value} if isinstance(code, str) else {}
