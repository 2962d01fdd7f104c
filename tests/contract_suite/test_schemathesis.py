"""Schemathesis over the whole contract, against a real server; for more: `SCHEMATHESIS_EXAMPLES=200 make test ARGS=…`.

Every operation gets the boundary cases of its schemas and then random ones, right and wrong, from callers of all kinds.
No answer may be a 5xx, undocumented, or other than its schema; nothing that breaks the schema may be accepted; no
operation may be open that says it is not.
"""

import os
from collections.abc import Callable, Mapping
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.pytest.lazy import get_all_tests

from tests.contract import committed
from tests.contract_suite.arena import Arena

OPERATIONS = [f"{method.upper()} {path}" for path, methods in committed()["paths"].items() for method in methods]
EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "4"))
CONFIG = {
    "generation": {"with-security-parameters": False},  # the arena signs in
    "checks": {"positive_data_acceptance": {"enabled": False}},  # what fits may still be refused: a wrong check digit
}


@pytest.fixture(scope="module")
def fuzzed(arena: Arena) -> Mapping[str, Callable[[], None]]:
    """A test for each operation. Its cases take seconds to make: not while every worker collects its tests."""

    def holds(case: Any) -> None:
        case.call_and_validate(base_url=arena.address, session=arena.session, headers=arena.furnished(case))

    many = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    schema = schemathesis.openapi.from_dict(committed(), config=schemathesis.Config.from_dict(CONFIG))
    made = get_all_tests(schema=schema, test_func=holds, settings=many, given_kwargs=None)
    return {operation.label: test for operation, test in (one.ok() for one in made)}


@pytest.mark.slow
@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_server_does_what_the_contract_says(operation: str, fuzzed: Mapping[str, Callable[[], None]]) -> None:
    fuzzed[operation]()
