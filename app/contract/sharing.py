"""Refusals that many operations share, written once."""

import json
from collections import Counter
from collections.abc import Sequence
from typing import Any


def share(operations: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The refusal of each status that most operations have, named for the status; they refer to it from now on."""
    shared = {}
    for status in sorted({status for one in operations for status in one["responses"] if status[0] in "45"}):
        texts = Counter(_text(one["responses"][status]) for one in operations if status in one["responses"])
        text, often = max(texts.items(), key=lambda found: (found[1], found[0]))
        if often > 1:
            shared[name := _name(json.loads(text))] = json.loads(text)
            for one in operations:
                if _text(one["responses"].get(status)) == text:
                    one["responses"][status] = {"$ref": f"#/components/responses/{name}"}
    return shared


def _name(response: dict[str, Any]) -> str:
    """`Not found` → `NotFound`."""
    return "".join(word.capitalize() for word in response["description"].split())


def _text(response: Any) -> str:
    return json.dumps(response, sort_keys=True, ensure_ascii=False)
