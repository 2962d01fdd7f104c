"""Reference data, which everybody may read: nobody needs to sign in, and nobody sees more than another."""

from typing import Any, Final

from sqlalchemy import Select

from app.db import PUBLIC, Prepared, Read, Result
from app.service import Service

PURPOSE: Final = "reference"


class OpenRead(Read):
    """A select over reference data."""

    def __init__(self, inner: Select[Any]) -> None:
        super().__init__(inner, door=PUBLIC)


async def rows_of(service: Service, read: Prepared, **values: Any) -> list[Result]:
    """The rows; none is an empty list."""
    rows = await service.db.rows(read, {"purpose": PURPOSE, **values})
    return [row for row in rows if row[0] is not None]
