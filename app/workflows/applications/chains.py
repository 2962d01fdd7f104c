"""Who reviews which kind, in turn (domain.md §4): fixed when the application is submitted."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, case

from app.words.applications import ApplicationKind
from app.workflows.reviewing import Turn, bureau_chain, school_chain

BOTH: Final = ("department", "school")
SCHOOL: Final = ("school",)
PUBLICITY: Final = "publicity"


def place(table: FromClause, school: FromClause) -> ColumnElement[Any]:
    """The region whose bureau reviews, or gets the file: of a subsidy the school's, else the unit's."""
    subsidy = table.c.kind == ApplicationKind.JOB_SEEKING_SUBSIDY.value
    return case((subsidy, school.c.region), else_=table.c.details["region"].as_string())


def _subsidy(record: Any) -> list[Turn]:
    county = record.subsidy_rules["reviewing_stage"] == "county"
    chain = [*school_chain(record, BOTH), *(bureau_chain(record) if county else _province(record))]
    return [*chain, _publicity(chain[-1])]


def _outstanding(record: Any) -> list[Turn]:
    office = {"stage": "province", "body_id": record.office_id, "body_name": record.office_name}
    chain = school_chain(record, BOTH)
    return [*chain, _publicity(chain[-1]), office]


def _deferred(record: Any) -> list[Turn]:
    return [*school_chain(record, SCHOOL), *_province(record)]


def _redirect(record: Any) -> list[Turn]:
    return school_chain(record, SCHOOL)


def _publicity(turn: Turn) -> Turn:
    """The body whose turn was the last publishes what it approved (公示)."""
    return {**turn, "stage": PUBLICITY}


def _province(record: Any) -> list[Turn]:
    return [{"stage": "province", "body_id": record.province_id, "body_name": record.province_name}]


_CHAINS: Final[Mapping[str, Callable[[Any], list[Turn]]]] = {
    ApplicationKind.JOB_SEEKING_SUBSIDY: _subsidy,
    ApplicationKind.OUTSTANDING_GRADUATE: _outstanding,
    ApplicationKind.REASSIGNMENT: bureau_chain,
    ApplicationKind.DEFERRED_DISPATCH: _deferred,
    ApplicationKind.CERTIFICATE_REISSUE: _province,
    ApplicationKind.ARCHIVE_REDIRECT: _redirect,
}


def chain_of(record: Any) -> Sequence[Turn]:
    """The turns of this application, by the places and rules of now."""
    return _CHAINS[record.kind](record)
