"""The destination code (毕业去向代码) of a placement: derived from its kind and details, never typed (fields.md)."""

from collections.abc import Mapping
from typing import Any, Final

from app import codes

Code = tuple[str | None, str | None]
UNDECIDED: Final[Code] = (None, None)

_BY_KIND: Final[Mapping[str, Code]] = {
    "online_agreement": ("10", None),
    "entered_agreement": ("10", None),
    "startup": ("75", None),
    "enlistment": ("46", None),
}
_LABOR: Final[Mapping[str, Code]] = {"employee": ("11", None), "research_assistant": ("27", "271")}
_FLEXIBLE: Final[Mapping[str, Code]] = {"employed_otherwise": ("12", None), "freelance": ("76", None)}
_STUDY: Final[Mapping[str, Code]] = {
    "bachelor": ("80", None),
    "master": ("80", "801"),
    "doctorate": ("80", "801"),
    "second_degree": ("80", "802"),
}
_WORK_ABROAD: Final[Mapping[str, Code]] = {"agreement": ("10", None), "contract": ("11", None), "other": ("12", None)}
_ABROAD: Final[Mapping[str, Code]] = {"study": ("85", None)}
_PROGRAMME: Final = {"national": "50", "local": "51"}

_BY_FIELD: Final[Mapping[str, tuple[str, Mapping[str, Code]]]] = {
    "labor_contract": ("form", _LABOR),
    "flexible": ("form", _FLEXIBLE),
    "further_study": ("study_level", _STUDY),
    "abroad": ("contract_form", _WORK_ABROAD),
}

FREELANCE: Final = "76"
WITH_WAGE_FLOOR: Final = ("12", "27", "76")


def derived(kind: str, details: Mapping[str, Any]) -> Code:
    """(code, subcode); nothing while a draft lacks what decides, or contradicts itself."""
    if kind in _BY_KIND:
        return _BY_KIND[kind]
    if kind == "grassroots":
        code, programme = _PROGRAMME.get(details.get("level", "")), details.get("programme")
        fits = code and (programme is None or programme.startswith(code))
        return (code, programme) if fits else UNDECIDED
    if kind == "abroad" and details.get("purpose") != "work":
        return _ABROAD.get(details.get("purpose", ""), UNDECIDED)
    field, codes_by_value = _BY_FIELD[kind]
    return codes_by_value.get(details.get(field, ""), UNDECIDED)


def told(record: Any) -> dict[str, Any] | None:
    """The code of a record with its names and its group in both rule sets of the statistics."""
    if record["code"] is None:
        return None
    row, sub = codes.tables()["destination_code"][record["code"]], record["subcode"]
    return {
        "code": row.code,
        "name": row.name,
        "subcode": sub,
        "subcode_name": sub and codes.tables()["destination_subcode"].name_of(sub),
        "group_2021": row.extra["group_2021"],
        "group_2024": row.extra["group_2024"],
    }
