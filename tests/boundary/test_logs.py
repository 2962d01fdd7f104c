"""Logs are JSON, one object a line, and say where a fault is but never what it says."""

import json
import os
import subprocess
import sys

import pytest

from app.logs import traced

SECRET = "11010519491231002X"
PROGRAM = f"""
import logging, structlog
from app import logs
logs.configure()
structlog.get_logger().info("request", request_id="abc-12345", status=200)
structlog.get_logger().debug("nobody listens")
try:
    raise ValueError("{SECRET}")
except ValueError:
    logging.getLogger("library").exception("%s broke", "{SECRET}")
logging.getLogger("library").info("nobody listens")
"""


def test_each_line_is_an_object_without_personal_data() -> None:
    ran = subprocess.run(
        [sys.executable, "-c", PROGRAM], env={**os.environ, "PYTHONPATH": "."}, capture_output=True, check=True
    )
    own, foreign = map(json.loads, ran.stdout.splitlines())
    assert {"event": "request", "request_id": "abc-12345", "status": 200, "level": "info"}.items() <= own.items()
    assert own["timestamp"].endswith("Z")
    assert (foreign["logger"], foreign["event"], foreign["level"]) == ("library", "%s broke", "error")
    assert foreign["trace"][0] == "builtins.ValueError"
    assert SECRET not in ran.stdout.decode() + ran.stderr.decode()


def test_causes_are_told_once_also_when_they_form_a_ring() -> None:
    first, second = ValueError(), KeyError()
    first.__context__, second.__context__ = second, first
    assert list(traced(first)) == ["builtins.ValueError", "builtins.KeyError"]


def test_a_cause_is_told_after_what_it_caused() -> None:
    with pytest.raises(TypeError) as raised:
        _break()
    kinds = [line for line in traced(raised.value) if line.startswith("builtins.")]
    assert kinds == ["builtins.TypeError", "builtins.ValueError"]


def _break() -> None:
    try:
        int("x")
    except ValueError as error:
        raise TypeError from error
