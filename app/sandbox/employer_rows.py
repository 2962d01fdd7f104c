"""The employers of the sandbox as rows: body, employer, operator, and the bureau's turn of those who wait for it."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from app import codes
from app.change import fresh_id
from app.models import Account, Body, Employer, Review
from app.models.base import Base
from app.sandbox.hands import SETTLED, Bodies, Hands, Known, recorded
from app.sandbox.population import Firm, firms
from app.security import masks
from app.workflows.employer_view import MASKED
from app.workflows.employers import subject

TABLES: Final[tuple[type[Base], ...]] = (Body, Employer, Account, Review)
DUE_ON: Final = date(2026, 9, 4)
"""Three working days after everybody came."""
OPERATOR: Final = "李经理"
Rows = dict[type[Base], list[Mapping[str, Any]]]


class EmployerRows:
    """Writes the rows of every firm."""

    def __init__(self, hands: Hands, there: Bodies) -> None:
        self._hands, self._there = hands, there
        self._rows: Rows = {table: [] for table in TABLES}

    def everybody(self) -> Rows:
        """All rows, by table, in an order that foreign keys allow."""
        for firm in firms():
            self._add(firm)
        return self._rows

    def _add(self, firm: Firm) -> None:
        record = recorded(fresh_id())
        county = self._there.known.get(("county", firm.region))
        bureau = county or self._there.known["provincial_bureau", codes.PROVINCE]
        turn = {"stage": "county" if county else "province", "body_id": bureau.id}
        place = {"county_id": county and county.id, "city_id": county and county.parent_id}
        employer = self._employer(record, firm, turn, bureau) | place
        self._rows[Body].append(_body(record["id"], firm))
        self._rows[Employer].append(employer)
        self._rows[Account].append(self._operator(record["id"], firm))
        if not firm.approved:
            self._rows[Review].append(_waiting(employer, turn) | place)

    def _employer(
        self, record: Mapping[str, Any], firm: Firm, turn: Mapping[str, Any], bureau: Known
    ) -> dict[str, Any]:
        seal = self._hands.seal
        return {
            **record,
            "status": "reviewed" if firm.approved else "submitted",
            "decision": "approved" if firm.approved else None,
            "stage": None if firm.approved else turn["stage"],
            "chain": [{**turn, "body_name": bureau.name}],
            "turn": 0,
            "submitted_at": SETTLED,
            "decided_at": SETTLED if firm.approved else None,
            "credit_code": firm.credit_code,
            "name": firm.name,
            "nature": firm.nature,
            "industry": firm.industry,
            "registered_region": firm.region,
            "region": firm.region,
            "address": f"示例路{firm.number + 1}号",
            "contact_name": OPERATOR,
            "contact_phone_sealed": seal(
                firm.phone, table="employers", column="contact_phone_sealed", row=record["id"]
            ),
            "details": {MASKED: masks.phone(firm.phone)},
            "standing": "active",
        }

    def _operator(self, body: str, firm: Firm) -> Mapping[str, Any]:
        account = fresh_id()
        return {
            "id": account,
            "kind": "employer",
            "body_id": body,
            "display_name": OPERATOR,
            "phone_bidx": self._hands.index("phone", firm.phone),
            "phone_sealed": self._hands.seal(firm.phone, table="accounts", column="phone_sealed", row=account),
            "roles": ["administrator"],
            "password_hash": self._hands.password_hash,
            "created_at": SETTLED,
        }


def _body(body: str, firm: Firm) -> Mapping[str, Any]:
    return {"id": body, "kind": "employer", "code": firm.credit_code, "name": firm.name, "created_at": SETTLED}


def _waiting(employer: Mapping[str, Any], turn: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "id": fresh_id(),
        "record_kind": "employer",
        "record_id": employer["id"],
        "turn": 0,
        **turn,
        "subject": subject(employer),
        "opened_at": SETTLED,
        "due_on": DUE_ON,
        "employer_id": employer["id"],
    }
