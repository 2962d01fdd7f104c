"""What the fields of one row must say together, and what follows from them."""

from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from typing import Final

from app.codes import tables
from app.sheets.layout import Values
from app.sheets.rows import Value
from app.words import Level
from app.words.identity import birth_date, gender

COMMISSIONED: Final = frozenset({"2", "4"})
"""The modes of training, 定向 and 委培, that name a unit."""


def born_as_the_id_number_says(values: Values) -> bool:
    """The date of birth, if given, is the ID number's."""
    number, born = values.get("id_number"), values.get("birth_date")
    return born is None or not isinstance(number, str) or born == birth_date(number)


def of_the_gender_the_id_number_says(values: Values) -> bool:
    """The gender is the one the ID number's 17th digit states."""
    number, code = values.get("id_number"), values.get("gender")
    return code is None or not isinstance(number, str) or code == gender(number)


def graduates_after_enrolling(values: Values) -> bool:
    """The days of enrolment and graduation are in this order."""
    enrolled, graduated = values.get("enrolled_on"), values.get("graduated_on")
    return not (isinstance(enrolled, date) and isinstance(graduated, date)) or enrolled < graduated


def names_the_commissioning_unit(values: Values) -> bool:
    """Whoever is bound to a unit says to which."""
    return values.get("training_mode") not in COMMISSIONED or bool(values.get("commissioning_unit"))


RULES: Final[tuple[tuple[Callable[[Values], bool], str, str], ...]] = (
    (born_as_the_id_number_says, "birth_date", "birth-date-differs-from-id-number"),
    (of_the_gender_the_id_number_says, "gender", "gender-differs-from-id-number"),
    (graduates_after_enrolling, "graduated_on", "graduated-before-enrolled"),
    (names_the_commissioning_unit, "commissioning_unit", "required"),
)
"""Each rule, the field that is wrong when it is broken, and the error's code."""


def broken(values: Values) -> Iterator[tuple[str, str]]:
    """The field and the code of each broken rule. A rule over a field that is absent holds."""
    return ((field, code) for holds, field, code in RULES if not holds(values))


def consequences(values: Values) -> dict[str, Value]:
    """What a row that passed its checks says besides: level, cohort, and whether it was completed (毕业, not 结业)."""
    follows: dict[str, Value] = {}
    code, graduated = values.get("education_level"), values.get("graduated_on")
    if isinstance(code, str):
        follows |= _of_education(code)
    if isinstance(graduated, date):
        follows["cohort"] = graduated.year
    return follows


@cache
def _of_education(code: str) -> Values:
    completed = tables()["education_level"][code].extra["graduated"] == "true"
    return {"level": Level.of_education_code(code).value, "completed": completed}
