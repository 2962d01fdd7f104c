"""The contract keeps what frontend tools rely on, for every operation there is."""

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from fastapi import FastAPI

from app.contract import contract, contract_text
from app.contract.prose import TAGS
from app.contract.samples import sample
from app.contract.shapes import name_the_enums, put_right, without_null
from app.main import create_app
from app.problems import problems
from app.settings import Settings
from tests.contract import COMMITTED, committed

NOWHERE = "postgresql://nobody@localhost:1/none"


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The contract of the whole service."""
    return committed()


def operations(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every operation, with the responses and parameters that it shares with others written out."""

    def meant(part: Any) -> Any:
        _, _, kind, name = part.get("$ref", "///").split("/")
        return document["components"][kind][name] if name else part

    for path in document["paths"].values():
        for one in path.values():
            responses = {status: meant(response) for status, response in one["responses"].items()}
            yield one | {"parameters": [*map(meant, one.get("parameters", ()))], "responses": responses}


def objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from objects(one)


def test_an_operation_is_named_by_a_verb_and_a_noun(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for operation in operations(document)]
    assert [name for name in names if not re.fullmatch(r"[a-z]+([A-Z][a-z]+)+", name)] == []
    assert len(names) == len(set(names))


def test_two_operations_of_one_name_are_refused() -> None:
    app = FastAPI()

    async def get_thing() -> None:
        """Serve two paths."""

    for path in ("/a", "/b"):
        app.get(path, tags=["reference"], operation_id="getThing", responses=problems("not-found"))(get_thing)
    with pytest.warns(UserWarning, match="Duplicate"), pytest.raises(ValueError, match="getThing"):
        contract(app)


def test_a_refusal_is_a_problem_and_nothing_else(document: dict[str, Any]) -> None:
    for operation in operations(document):
        assert "500" in operation["responses"], operation["operationId"]
        for status, response in operation["responses"].items():
            if status[0] in "45":
                (content,) = response["content"].items()
                assert content[0] == "application/problem+json"
                assert content[1]["schema"] == {"$ref": "#/components/schemas/Problem"}
                assert content[1]["examples"], (operation["operationId"], status)
    assert not {"HTTPValidationError", "ValidationError"} & document["components"]["schemas"].keys()


def test_waiting_is_documented(document: dict[str, Any]) -> None:
    waits = [
        "Retry-After" in response.get("headers", {})
        for operation in operations(document)
        for status, response in operation["responses"].items()
        if status in ("429", "503")
    ]
    assert waits
    assert all(waits)


def test_every_example_of_a_problem_is_one(document: dict[str, Any]) -> None:
    problem = validator(document, {"$ref": "#/components/schemas/Problem"})
    for one in document["components"]["examples"].values():
        problem.validate(one["value"])
    references = {
        part["$ref"] for part in objects(document) if str(part.get("$ref", "")).startswith("#/components/examples/")
    }
    assert references <= {f"#/components/examples/{name}" for name in document["components"]["examples"]}


def test_every_operation_has_examples_that_fit(document: dict[str, Any]) -> None:
    """A word without `examples` whose form cannot be guessed fails here: give it one."""
    unfit = []
    for operation in operations(document):
        answers = [response for status, response in operation["responses"].items() if status[0] == "2"]
        for part in (operation.get("requestBody", {}), *answers):
            if content := part.get("content", {}).get("application/json"):
                fits = validator(document, content["schema"])
                shown = (
                    [content["example"]]
                    if "example" in content
                    else [one["value"] for one in content["examples"].values()]
                )
                unfit += [
                    f"{operation['operationId']}: {error.message} at {list(error.instance_path)}"
                    for one in shown
                    for error in fits.iter_errors(one)
                ]
    assert unfit == []


def validator(document: dict[str, Any], schema: dict[str, Any]) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator({**schema, "components": document["components"]})


def test_null_is_a_type_and_not_an_alternative(document: dict[str, Any]) -> None:
    null = {"type": "null"}
    wordy = [part for part in objects(document) if null in part.get("anyOf", ()) and not references(part["anyOf"])]
    assert wordy == []
    nulls = [
        parameter["name"]
        for operation in operations(document)
        for parameter in operation.get("parameters", ())
        if "null" in json.dumps(parameter["schema"].get("type", parameter["schema"].get("anyOf", "")))
    ]
    assert nulls == []


def references(choices: list[dict[str, Any]]) -> bool:
    return any("$ref" in one for one in choices)


def test_everything_that_may_be_sent_is_bounded(document: dict[str, Any]) -> None:
    unbounded = [
        f"{operation['operationId']}: {schema}"
        for operation in operations(document)
        for sent in (
            *(one["schema"] for one in operation.get("parameters", ()) if one["name"] != "If-None-Match"),
            *(content["schema"] for content in operation.get("requestBody", {}).get("content", {}).values()),
        )
        for schema in reached(sent, document, set())
        if not is_bounded(schema)
    ]
    assert unbounded == []


def reached(schema: dict[str, Any], document: dict[str, Any], seen: set[str]) -> Iterator[dict[str, Any]]:
    """Every schema inside, through references."""
    for part in objects({name: value for name, value in schema.items() if name not in ("discriminator", "examples")}):
        name = str(part.get("$ref", "")).rpartition("/")[2]
        if name and name not in seen:
            seen.add(name)
            yield from reached(document["components"]["schemas"][name], document, seen)
        yield part


def is_bounded(schema: dict[str, Any]) -> bool:
    kinds = schema.get("type", ())
    kinds = {kinds} if isinstance(kinds, str) else {*kinds} if isinstance(kinds, list) else set()
    if "string" in kinds:
        endless = re.search(r"[^\\][*+]|,\}", schema.get("pattern", "x*"))
        return bool({"maxLength", "enum", "const"} & schema.keys()) or not endless or schema.get("format") == "binary"
    if "array" in kinds:
        return "maxItems" in schema
    return not kinds & {"integer", "number"} or "enum" in schema or {"minimum", "maximum"} <= schema.keys()


def test_choices_have_names(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        unnamed = [key for key, one in schema.get("properties", {}).items() if len(one.get("enum", ())) > 1]
        assert unnamed == [], name


def test_who_may_call_and_what_for_is_said(document: dict[str, Any]) -> None:
    described = {tag["name"] for tag in document["tags"]}
    for operation in operations(document):
        assert set(operation["tags"]) <= described, operation["operationId"]
        assert operation["description"], operation["operationId"]
        assert isinstance(operation["security"], list), operation["operationId"]
    assert described <= set(TAGS)


def test_whole_numbers_have_whole_bounds(document: dict[str, Any]) -> None:
    assert [
        part for part in objects(document) if any(isinstance(part.get(one), float) for one in ("minimum", "maximum"))
    ] == []


def test_the_text_does_not_depend_on_chance() -> None:
    made = "from tests.problems.test_contract import text; print(text(), end='')"
    other = "1" if os.environ.get("PYTHONHASHSEED") != "1" else "2"
    said = subprocess.run(
        [sys.executable, "-c", made], env={**os.environ, "PYTHONHASHSEED": other}, capture_output=True, check=True
    )
    assert said.stdout.decode() == COMMITTED.read_text("utf-8")


def text() -> str:
    """The contract as this process writes it."""
    return contract_text(create_app(Settings(environment="sandbox"), NOWHERE))


def test_schemas_are_put_right() -> None:
    schema: dict[str, Any] = {
        "properties": {
            "note": {"anyOf": [{"type": "string", "maxLength": 9}, {"type": "null"}], "title": "Note"},
            "level": {"anyOf": [{"type": "string", "enum": ["a", "b"]}, {"type": "null"}], "title": "Level"},
            "count": {"type": "integer", "minimum": 1.0, "title": "Count"},
            "day": {"type": "string", "format": "date"},
            "one": {"anyOf": [{"$ref": "#/x"}, {"type": "null"}]},
        }
    }
    put_right(schema)
    assert schema["properties"] == {
        "note": {"type": ["string", "null"], "maxLength": 9},
        "level": {"type": ["string", "null"], "enum": ["a", "b", None]},
        "count": {"type": "integer", "minimum": 1, "format": "int64"},
        "day": {"type": "string", "format": "date", "maxLength": 10},
        "one": {"anyOf": [{"$ref": "#/x"}, {"type": "null"}]},
    }
    schemas = {"Draft": schema}
    name_the_enums(schemas, [])
    assert schemas["DraftLevel"] == {"enum": ["a", "b", None], "type": ["string", "null"]}
    assert schema["properties"]["level"] == {"$ref": "#/components/schemas/DraftLevel"}


def test_a_parameter_that_is_null_is_not_sent() -> None:
    assert without_null({"type": ["string", "null"], "maxLength": 3, "title": "X"}) == {
        "type": "string",
        "maxLength": 3,
    }
    assert without_null({"type": ["string", "null"], "enum": ["a", None]}) == {"type": "string", "enum": ["a"]}
    assert without_null({"anyOf": [{"$ref": "#/x"}, {"type": "null"}]}) == {"$ref": "#/x"}


def test_a_sample_is_made_of_the_examples_of_words() -> None:
    schemas: dict[str, Any] = {
        "Level": {"enum": ["doctorate", "master"], "type": "string"},
        "Draft": {
            "type": "object",
            "properties": {
                "level": {"$ref": "#/components/schemas/Level", "description": "..."},
                "name": {"type": "string", "examples": ["王小明"]},
                "rank": {"type": ["integer", "null"], "minimum": 3},
                "on": {"type": "string", "format": "date"},
                "tags": {"type": "array", "items": {"type": "string", "const": "x"}},
                "either": {"anyOf": [{"type": "boolean"}, {"type": "string"}]},
            },
        },
    }
    assert sample({"$ref": "#/components/schemas/Draft"}, schemas) == {
        "level": "doctorate",
        "name": "王小明",
        "rank": 3,
        "on": "2027-06-30",
        "tags": ["x"],
        "either": True,
    }
