"""Schemas as people write them: nullable types in one word, enums with names, bounds that follow from the form."""

from collections.abc import Iterator, Mapping, Sequence
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any, Final

_NULL: Final = {"type": "null"}
_INT32: Final = 2**31 - 1
_LONGEST: Final = {"date": 10, "date-time": 35}
_ENDLESS: Final = 10_000


def put_right(document: dict[str, Any]) -> None:
    """Mend every schema inside a contract, in place."""
    for part in _parts(document):
        _in_one_word(part)
        _without_strays(part)
        _whole(part)
        _bound(part)
        for owned in part.get("properties", {}).values():
            if isinstance(owned, dict):
                owned.pop("title", None)  # the property's name again, with capitals


def without_null(schema: dict[str, Any]) -> dict[str, Any]:
    """The schema of a parameter: one that is null is not sent at all."""
    kept = {name: value for name, value in schema.items() if name != "title"}
    if isinstance(kept.get("type"), list):
        (kept["type"],) = (one for one in kept["type"] if one != "null")
    if "enum" in kept:
        kept["enum"] = [one for one in kept["enum"] if one is not None]
    if "anyOf" in kept:
        choices = [one for one in kept.pop("anyOf") if one != _NULL]
        kept |= choices[0] if len(choices) == 1 else {"anyOf": choices}
    return kept


def name_the_enums(schemas: dict[str, Any], operations: Sequence[Mapping[str, Any]]) -> None:
    """Choices written out in a property or a parameter become a schema of their own, one for all that are equal.

    It is named for the first of them: `ItemDecision` + `Action`, `listReviews` + `order`.
    """
    named: dict[str, Any] = {}
    written = [
        (owner + _title(name), one)
        for owner, schema in schemas.items()
        for name, one in schema.get("properties", {}).items()
    ]
    written += [
        (operation["operationId"][0].upper() + operation["operationId"][1:] + _title(parameter["name"]), one)
        for operation in operations
        for parameter in operation.get("parameters", ())
        for one in (parameter["schema"], *parameter["schema"].get("anyOf", ()))
    ]
    for title, one in written:
        if len(one.get("enum", ())) > 1:
            choices = {key: one.pop(key) for key in ("enum", "type") if key in one}
            name = next((name for name, known in named.items() if known == choices), title)
            named[name] = choices
            one["$ref"] = f"#/components/schemas/{name}"
    schemas |= named


def _title(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))


def _parts(value: Any) -> Iterator[dict[str, Any]]:
    """Every object inside, the innermost first."""
    if isinstance(value, dict):
        for one in list(value.values()):
            yield from _parts(one)
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _parts(one)


def _in_one_word(part: dict[str, Any]) -> None:
    """`anyOf: [T, null]` as `type: [T, "null"]` where T has a type of its own."""
    choices = part.get("anyOf")
    if not isinstance(choices, list) or _NULL not in choices:
        return
    rest = [one for one in choices if one != _NULL]
    if len(rest) == 1 and isinstance(rest[0].get("type"), str):
        del part["anyOf"]
        own = dict(part)
        part.update(rest[0])
        part.update(own)
        part["type"] = [rest[0]["type"], "null"]
        if "enum" in part:
            part["enum"] = [*part["enum"], None]


def _without_strays(part: dict[str, Any]) -> None:
    """Bounds that pydantic checks of dates, and JSON Schema has no word for."""
    if _form(part) in _LONGEST:
        for stray in ("ge", "gt", "le", "lt"):
            part.pop(stray, None)


def _whole(part: dict[str, Any]) -> None:
    """Bounds of integers without the decimal point that FastAPI's own model of OpenAPI gives them, and their width."""
    for bound in ("minimum", "maximum"):
        if isinstance(value := part.get(bound), float) and value.is_integer():
            part[bound] = int(value)
    if part.get("type") in ("integer", ["integer", "null"]):
        part["format"] = "int32" if part.get("maximum", _INT32 + 1) <= _INT32 else "int64"


def _form(part: dict[str, Any]) -> str:
    """The format of a schema; where a property is called so, there is none."""
    form = part.get("format")
    return form if isinstance(form, str) else ""


def _bound(part: dict[str, Any]) -> None:
    """The length that the form of a text leaves it."""
    if longest := _LONGEST.get(_form(part)):
        part.setdefault("maxLength", longest)
    elif isinstance(form := part.get("pattern"), str):
        _, longest = parser.parse(form).getwidth()
        if longest < _ENDLESS:
            part.setdefault("maxLength", longest)
