"""One example of a schema, made of the examples that its words carry: the first of each, told in an answer the last."""

from typing import Any, Final

_PLAIN: Final[dict[str, Any]] = {"string": "…", "integer": 1, "number": 1, "boolean": True, "null": None}
_FORMS: Final = {"date": "2027-06-30", "date-time": "2027-06-30T08:00:00Z"}


def samples(schema: dict[str, Any], schemas: dict[str, Any], *, told: bool = False) -> dict[str, Any]:
    """`example` of a body; `examples` of one that is one of several, each under the word that tells it apart."""
    mapping = schema.get("discriminator", {}).get("mapping", {})
    if not mapping:
        return {"example": sample(schema, schemas, told=told)}
    return {"examples": {name: {"value": sample({"$ref": one}, schemas, told=told)} for name, one in mapping.items()}}


def sample(schema: dict[str, Any], schemas: dict[str, Any], *, told: bool = False) -> Any:
    """A value that fits: its own example, or one built of its parts; of several choices the first."""
    schema = _followed(schema, schemas)
    for given in ("examples", "enum", "oneOf", "anyOf"):
        if given in schema:
            chosen = schema[given][-1 if told and given == "examples" else 0]
            return sample(chosen, schemas, told=told) if given.endswith("Of") else chosen
    match _kind(schema):
        case "object":
            return {name: sample(one, schemas, told=told) for name, one in schema.get("properties", {}).items()}
        case "array":
            return [sample(schema["items"], schemas, told=told)]
        case kind:
            return schema.get("const", schema.get("minimum", _FORMS.get(schema.get("format", ""), _PLAIN[kind])))


def _kind(schema: dict[str, Any]) -> str:
    kind = schema.get("type", "object")
    return str(kind[0] if isinstance(kind, list) else kind)


def _followed(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """The schema that a reference means; what stands beside the reference prevails."""
    if "$ref" not in schema:
        return schema
    beside = {name: value for name, value in schema.items() if name != "$ref"}
    return {**_followed(schemas[schema["$ref"].rpartition("/")[2]], schemas), **beside}
