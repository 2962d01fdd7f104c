"""What pydantic finds wrong, as field errors: our codes, JSON pointers, and never the value."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final

from app.errors import FieldError

LOOKED_AT: Final = 500
MOST: Final = 50
"""As many errors are looked at, and told: a body of a megabyte can be wrong in a hundred thousand places."""
LONGEST_POINTER: Final = 200

_CODES: Final[Mapping[str, str]] = {
    "missing": "required",
    "union_tag_not_found": "required",
    "extra_forbidden": "unknown-field",
    "enum": "not-in-list",
    "literal_error": "not-in-list",
    "union_tag_invalid": "not-in-list",
    "string_too_short": "too-short",
    "too_short": "too-short",
    "string_too_long": "too-long",
    "too_long": "too-long",
    "string_pattern_mismatch": "wrong-form",
    "string_unicode": "lone-surrogate",
    "int_from_float": "wrong-type",
    "greater_than_equal": "too-small",
    "less_than_equal": "too-large-number",
}
_FACTS: Final[Mapping[str, str]] = {
    "min_length": "least",
    "ge": "least",
    "max_length": "most",
    "le": "most",
    "expected": "choices",
    "expected_tags": "choices",
}
"""What pydantic knows of a fault, by the names that our texts use. Nothing in here comes from the request."""

_Branch = tuple[str, str]
"""Of a union: the pointer to where it forks, and pydantic's name for the branch."""


def fault(pointer: str, error: Mapping[str, Any]) -> FieldError:
    """One error of pydantic's, at this place."""
    kind, known = error["type"], error.get("ctx", {})
    if "-" in kind:  # one of our own words refused the value
        return FieldError(pointer, kind, known)
    code = _CODES.get(kind, "wrong-type" if kind.endswith(("_type", "_parsing")) else "wrong-value")
    return FieldError(pointer, code, {_FACTS[name]: _plain(fact) for name, fact in known.items() if name in _FACTS})


def faults_in(judged: object, errors: Sequence[Mapping[str, Any]], *, at: str = "") -> tuple[FieldError, ...]:
    """The errors that pydantic found in `judged`, each with a JSON pointer: `at`, then the place inside.

    Pydantic names the branches of a union as if they were places: they are left out, and of several branches that all
    refused a value, the one that came nearest speaks.
    """
    located = [(*_place(judged, error), error) for error in errors[:LOOKED_AT]]
    failures = Counter(branch for _, branches, _ in located for branch in branches)
    nearest: dict[str, str] = {}
    for pointer, label in sorted(failures, key=failures.__getitem__):
        nearest.setdefault(pointer, label)
    return tuple(
        fault(at + pointer, error)
        for pointer, branches, error in located
        if all(nearest[fork] == label for fork, label in branches)
    )[:MOST]


def pointer_to(parts: Sequence[str | int]) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join(map(_step, parts))[:LONGEST_POINTER]


def _place(judged: Any, error: Mapping[str, Any]) -> tuple[str, list[_Branch]]:
    """Where an error lies, and the branches of unions that led there, each with the place of its fork."""
    pointer, branches, here = "", list[_Branch](), judged
    absent = len(error["loc"]) - 1 if error["type"] == "missing" else None
    for place, part in enumerate(error["loc"]):
        if _is_inside(here, part):
            pointer, here = pointer + _step(part), here[part]
        elif place == absent:
            pointer += _step(part)
        else:
            branches.append((pointer, str(part)))
    if error["type"] in ("union_tag_invalid", "union_tag_not_found"):
        pointer += _step(error["ctx"]["discriminator"].split("'")[-2])  # 'action', or with an alias 'as_' | 'as'
    return pointer[:LONGEST_POINTER], branches


def _is_inside(here: Any, part: str | int) -> bool:
    return part in here if isinstance(here, Mapping) else isinstance(here, list) and isinstance(part, int)


def _step(part: str | int) -> str:
    return "/" + str(part).replace("~", "~0").replace("/", "~1")


def _plain(fact: object) -> object:
    """A list of choices without the English around it: `'a', 'b' or 'c'` becomes `a, b, c`."""
    return fact.replace(" or ", ", ").replace("'", "") if isinstance(fact, str) else fact
