"""One example of a schema, made of the examples that its words carry."""

from typing import Any, Final

_PLAIN: Final[dict[str, Any]] = {"string": "…", "integer": 1, "number": 1, "boolean": True, "null": None}
_FORMS: Final = {"date": "2027-06-30", "date-time": "2027-06-30T08:00:00Z"}


def samples(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """`example` of a body, or `examples` where it is one of several: one for each, by the word that tells them apart."""
    mapping = schema.get("discriminator", {}).get("mapping", {})
    if not mapping:
        return {"example": sample(schema, schemas)}
    return {"examples": {name: {"value": sample({"$ref": one}, schemas)} for name, one in mapping.items()}}


def sample(schema: dict[str, Any], schemas: dict[str, Any]) -> Any:
    """A value that fits: its own example, or one built of its parts; of several choices the first."""
    schema = _followed(schema, schemas)
    if "examples" in schema:
        return schema["examples"][0]
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    for choices in ("oneOf", "anyOf"):
        if choices in schema:
            return sample(schema[choices][0], schemas)
    kind = schema.get("type", "object")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        return {name: sample(one, schemas) for name, one in schema.get("properties", {}).items()}
    if kind == "array":
        return [sample(schema["items"], schemas)]
    if kind == "integer":
        return schema.get("minimum", _PLAIN[kind])
    return _FORMS.get(schema.get("format", ""), _PLAIN[kind])


def _followed(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """The schema that a reference means; what stands beside the reference prevails."""
    if "$ref" not in schema:
        return schema
    beside = {name: value for name, value in schema.items() if name != "$ref"}
    return {**_followed(schemas[schema["$ref"].rpartition("/")[2]], schemas), **beside}
