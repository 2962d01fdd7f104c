"""Forms that may be saved unfinished: what a finished one needs is declared beside the fields, once.

A form's fields are all optional, so that a draft may lack anything. `required`, `conditions` and
`by_level` say when it is complete; the server judges by them, and the JSON Schema for frontends is made of them.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from app.schemas.base import Body


@dataclass(frozen=True, slots=True)
class When:
    """If the field has one of the values, these others are required, and these may only have these values."""

    name: str
    values: tuple[str, ...]
    required: tuple[str, ...] = ()
    allows: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class Form(Body):
    """A form: every field may be missing until it is complete."""

    required: ClassVar[tuple[str, ...]] = ()
    conditions: ClassVar[tuple[When, ...]] = ()
    by_level: ClassVar[Mapping[str, Mapping[str, tuple[str, ...]]]] = {}
    """For a field, what it may be at each level of the graduate's own; a level that is absent has no such form."""

    @classmethod
    def offered_at(cls, level: str) -> bool:
        """Whether graduates of this level have the form at all."""
        return all(level in choices for choices in cls.by_level.values())


def faults(form: type[Form], details: Mapping[str, Any], level: str) -> list[str]:
    """The names of the fields that keep the form from being complete, in the form's order."""
    found = {*_faults(form, details, level)}
    return [name for name in form.model_fields if name in found]


def _faults(form: type[Form], details: Mapping[str, Any], level: str) -> Iterator[str]:
    yield from _missing(form.required, details)
    for one in form.conditions:
        if details.get(one.name) in one.values:
            yield from _missing(one.required, details)
            yield from _not_among(one.allows, details)
    yield from _not_among({name: choices[level] for name, choices in form.by_level.items()}, details)


def _missing(names: tuple[str, ...], details: Mapping[str, Any]) -> Iterator[str]:
    return (name for name in names if details.get(name) in (None, []))


def _not_among(allowed: Mapping[str, tuple[str, ...]], details: Mapping[str, Any]) -> Iterator[str]:
    return (name for name, values in allowed.items() if name in details and details[name] not in values)
