"""The contract as frontend teams get it: committed, with examples, headers, and the codes of every refusal."""

from collections.abc import Iterator
from typing import Any

import pytest

from app import texts
from app.contract import contract_text
from app.main import create_app
from app.settings import Settings
from tests.contract import COMMITTED, committed

NOWHERE = "postgresql://nobody@localhost:1/none"
Operation = dict[str, Any]


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The contract of the whole service."""
    return committed()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, Operation]]:
    """(method, operation), with everything that it shares with others written out."""

    def meant(part: Any) -> Any:
        _, _, kind, name = part.get("$ref", "///").split("/")
        return document["components"][kind][name] if name else part

    for path in document["paths"].values():
        for method, one in path.items():
            responses = {status: meant(response) for status, response in one["responses"].items()}
            yield method, one | {"parameters": [*map(meant, one.get("parameters", ()))], "responses": responses}


def test_the_committed_contract_is_the_one_that_is_served() -> None:
    served = contract_text(create_app(Settings(environment="sandbox"), NOWHERE))
    assert COMMITTED.read_text("utf-8") == served, "run `make docs`, and commit openapi.json"


def test_an_operation_has_a_summary_a_meaning_and_a_tag(document: dict[str, Any]) -> None:
    for _, operation in operations(document):
        name = operation["operationId"]
        assert operation["summary"].replace(" ", "").lower() == name.lower()
        assert operation["description"].endswith("."), name
        assert len(operation["tags"]) == 1, name
        assert operation["security"] in ([], [{"HTTPBearer": []}]), name


def test_no_example_was_left_to_guessing(document: dict[str, Any]) -> None:
    for _, operation in operations(document):
        successes = [one for status, one in operation["responses"].items() if status[0] == "2"]
        for part in (operation.get("requestBody", {}), *successes):
            if content := part.get("content", {}).get("application/json"):
                assert {"example", "examples"} & content.keys(), operation["operationId"]
                assert "…" not in values(content.get("example", content.get("examples"))), operation["operationId"]


def values(example: Any) -> list[Any]:
    if isinstance(example, dict | list):
        inside = example.values() if isinstance(example, dict) else example
        return [value for one in inside for value in values(one)]
    return [example]


def test_an_answer_says_what_it_sends(document: dict[str, Any]) -> None:
    for method, operation in operations(document):
        name, asked = operation["operationId"], {one["name"] for one in operation["parameters"]}
        sent = {status: {*one.get("headers", ())} for status, one in operation["responses"].items()}
        done = {header for status, headers in sent.items() if status[0] == "2" for header in headers}
        assert ("Link" in done) == ("cursor" in asked), name
        assert ("Idempotent-Replayed" in done) == ("Idempotency-Key" in asked and "207" not in sent), name
        assert ("304" in sent) == (method == "get" and "ETag" in done), name
        assert "304" not in sent or "If-None-Match" in asked, name
        assert all("Retry-After" in sent[status] for status in sent.keys() & {"429", "503"}), name
        assert "WWW-Authenticate" in sent.get("401", {"WWW-Authenticate"}), name


def test_limits_are_told_by_the_limited_operations_alone_with_success_and_429_alike(document: dict[str, Any]) -> None:
    told = set()
    for _, operation in operations(document):
        sent = {status: {*one.get("headers", ())} for status, one in operation["responses"].items()}
        done = set().union(*(headers for status, headers in sent.items() if status[0] == "2"))
        limits = {name for name in done if name.startswith("RateLimit")}
        assert limits in (set(), {"RateLimit", "RateLimit-Policy"}), operation["operationId"]
        assert sent["429"] == {"Retry-After"} | limits, operation["operationId"]
        told |= {operation["operationId"]} if limits else set()
    assert told == {
        "createCaptcha", "sendPhoneCode", "createTokens", "verifyIdentity", "resetPassword", "changePassword",
        "openRecovery", "revealFields", "createClientToken", "revokeClientToken", "stepUp", "getVerification",
        "checkDocument", "exportPayments",
    }  # fmt: skip


def test_a_refusal_names_its_codes_and_each_has_a_text(document: dict[str, Any]) -> None:
    for _, operation in operations(document):
        for status, response in operation["responses"].items():
            if status[0] in "45":
                codes = response["content"]["application/problem+json"]["examples"]
                assert codes
                assert codes.keys() <= texts.catalog().keys()
    for code, one in document["components"]["examples"].items():
        assert one["value"]["code"] == code
        assert one["value"]["title"] != code


def test_whoever_signs_in_may_be_unknown_and_nobody_else(document: dict[str, Any]) -> None:
    speaks_of_callers = {
        operation["operationId"]
        for _, operation in operations(document)
        if "401" in operation["responses"] and not operation["security"]
    }
    assert speaks_of_callers == {"createTokens", "refreshTokens", "createClientToken", "revokeClientToken"}
    for _, operation in operations(document):
        assert "401" in operation["responses"] or not operation["security"], operation["operationId"]


def test_headers_are_written_as_people_write_them(document: dict[str, Any]) -> None:
    named = {
        parameter["name"]
        for _, operation in operations(document)
        for parameter in operation["parameters"]
        if parameter["in"] == "header"
    }
    assert named == {"If-Match", "If-None-Match", "Idempotency-Key"}
