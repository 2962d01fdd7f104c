"""The graduate as the ground of whatever they open: who they are, and where they study."""

from typing import Any, Final

from app.models import Body, Graduate
from app.models.base import table_of

graduates, school = table_of(Graduate), table_of(Body).alias("school")

WHO: Final = (
    graduates.c.id.label("graduate_id"),
    graduates.c.department_id,
    graduates.c.school_id,
    graduates.c.cohort,
    graduates.c.level,
    graduates.c.name.label("graduate_name"),
    school.c.name.label("school_name"),
    graduates.c.major,
)
"""What a record keeps of the graduate who opens it."""
at_their_school: Any = graduates.join(school, school.c.id == graduates.c.school_id)
