"""Forms as JSON Schema, for frontends to render from: made of the models and conditions that the server judges by."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

from app import codes, texts
from app.errors import NotFound
from app.schemas.application_forms import APPLICATION_FORMS
from app.schemas.conditions import Form
from app.schemas.placement_forms import FORMS
from app.workflows.looking import Answer, as_json

SCHEMA: Final = "https://json-schema.org/draft/2020-12/schema"
CODED: Final[Mapping[str, str]] = {
    "unit_nature": "unit_nature",
    "unit_industry": "industry",
    "occupation_category": "occupation_category",
    "programme": "destination_subcode",
}
"""Fields whose values are the codes of a short table, told with their names."""
LOOKED_UP: Final = ("region", "service_region", "work_region", "enlist_region")
"""Fields whose table is long: it is at `x-codes`."""
DECLARED: Final = ("statement_accepted", "no_discipline")
"""Fields that are true in a complete form."""


@cache
def one(kind: str, level: str, cohort: int, language: str) -> Answer:
    """The form of a kind for graduates of a level; a level without it is 404."""
    form = {**FORMS, **APPLICATION_FORMS}[kind]
    if not form.offered_at(level):
        raise NotFound
    shown = {
        "kind": kind,
        "level": level,
        "cohort": cohort,
        "schema": schema_of(form, level, language),
        "editable_while": ["draft"],
    }
    return Answer(as_json(shown))


def schema_of(form: type[Form], level: str, language: str) -> dict[str, Any]:
    """What a complete form is: titles in the language, choices with labels, required-when as if/then."""
    raw = form.model_json_schema()
    definitions = raw.get("$defs", {})
    fields = {
        name: _field(name, _plain(one, definitions), form, level, language) for name, one in raw["properties"].items()
    }
    named = ["kind", *form.required] if "kind" in fields else [*form.required]
    return {
        "$schema": SCHEMA,
        "type": "object",
        "properties": fields,
        "required": named,
        "additionalProperties": False,
        **({"allOf": [*_conditions(form)]} if form.conditions else {}),
    }


def _plain(given: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """A field's schema without null, default and references: what is not known is left out of a form."""
    whole = {name: value for name, value in given.items() if name not in ("anyOf", "default", "title", "$ref")}
    for part in given.get("anyOf", [given] if "$ref" in given else []):
        if part.get("type") != "null":
            found = definitions[part["$ref"].rpartition("/")[2]] if "$ref" in part else part
            whole = {**{name: value for name, value in found.items() if name != "title"}, **whole}
    if "$ref" in whole.get("items", ()):
        whole["items"] = _plain(whole["items"], definitions)
        named = whole["items"]["properties"].items()
        whole["items"]["properties"] = {name: _plain(one, definitions) for name, one in named}
    return whole


def _field(name: str, schema: dict[str, Any], form: type[Form], level: str, language: str) -> dict[str, Any]:
    shown = {**schema, "title": texts.title(f"field-{name}", language)}
    shown.pop("description", None)
    if name in form.by_level:
        shown["enum"] = [*form.by_level[name][level]]
    if name in CODED:
        names = codes.tables()[CODED[name]]
        shown["oneOf"] = [{"const": one, "title": names.name_of(one)} for one in shown.pop("enum", names.rows)]
    elif "enum" in shown:
        labels = ((one, texts.title(f"choice-{one}", language)) for one in shown.pop("enum"))
        shown["oneOf"] = [{"const": one, "title": label} for one, label in labels]
    if name in LOOKED_UP:
        shown["x-codes"] = "/v1/codes/region"
    if "properties" in schema.get("items", ()):
        parts = schema["items"]["properties"].items()
        shown["items"]["properties"] = {part: _field(part, one, form, level, language) for part, one in parts}
    if name in DECLARED:
        shown["const"] = True
    if name == "proof_file_ids" and name in form.required:
        shown["minItems"] = 1
    return shown


def _conditions(form: type[Form]) -> Iterator[dict[str, Any]]:
    """Each condition as if/then."""
    for one in form.conditions:
        then: dict[str, Any] = {"required": [*one.required]}
        if one.allows:
            then["properties"] = {name: {"enum": [*values]} for name, values in one.allows.items()}
        fits = {"properties": {one.name: {"enum": [*one.values]}}, "required": [one.name]}
        yield {"if": fits, "then": then}
