"""Schemathesis over the whole contract, against a real server: `SCHEMATHESIS_EXAMPLES=200 make test ARGS=...` for more.

Each operation gets its boundary cases, and random ones, right and wrong, from callers of every kind.
"""

import os
from typing import Any

import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import load_all_checks

from app.contract import contract
from app.main import create_app
from app.settings import Settings
from tests.contract_suite.arena import Arena

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "10"))
NOT_TAKEN = {
    "positive_data_acceptance": {"enabled": False},  # what fits the schema may still be refused: a wrong check digit
    "use_after_free": {"enabled": False},
    "ensure_resource_availability": {"enabled": False},
}

document = contract(create_app(Settings(environment="sandbox"), "postgresql://nobody@localhost:1/none"))
load_all_checks()
schema = schemathesis.openapi.from_dict(
    document,
    config=schemathesis.Config.from_dict({"checks": NOT_TAKEN, "generation": {"with-security-parameters": False}}),
)


@schema.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_server_does_what_the_contract_says(case: Any, arena: Arena) -> None:
    case.call_and_validate(base_url=arena.address, session=arena.session, headers=arena.furnished(case))
