"""Schemathesis over the whole contract, against a real server; for more: `SCHEMATHESIS_EXAMPLES=200 make test ARGS=…`.

Every operation gets the boundary cases of its schemas and then random ones, right and wrong, from callers of all kinds.
No answer may be a 5xx, undocumented, or other than its schema; nothing that breaks the schema may be accepted; no
operation may be open that says it is not.
"""

import os
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings

from app.contract import contract
from app.main import create_app
from app.settings import Settings
from tests.contract_suite.arena import Arena

EXAMPLES = int(os.environ.get("SCHEMATHESIS_EXAMPLES", "6"))
CONFIG = {
    "generation": {"with-security-parameters": False},  # the arena signs in
    "checks": {"positive_data_acceptance": {"enabled": False}},  # what fits may still be refused: a wrong check digit
}


document = contract(create_app(Settings(environment="sandbox"), "postgresql://nobody@localhost:1/none"))
operations = schemathesis.openapi.from_dict(document, config=schemathesis.Config.from_dict(CONFIG))


@pytest.mark.slow
@operations.parametrize()
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_server_does_what_the_contract_says(case: Any, arena: Arena) -> None:
    case.call_and_validate(base_url=arena.address, session=arena.session, headers=arena.furnished(case))
