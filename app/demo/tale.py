"""What the chapters of the journey share: who takes part, and the records between them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import httpx

from app.clock import SHANGHAI
from app.demo.client import Person, expect
from app.demo.newcomers import Newcomer

PASSWORD: Final = "松柏-常青-2027"  # noqa: S105 (of people that exist in the sandbox alone)
PDF: Final = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
"""About the smallest PDF with a page."""
_CLOCK: Final = "/v1/sandbox/clock"
TERMS: Final[dict[str, Any]] = {
    "position": "后端开发工程师",
    "occupation_category": "13",
    "salary_monthly": 8000,
    "work_region": "370102",
    "work_address": "济南市历下区经十路17703号",
    "report_on": "2027-07-05",
    "probation_months": 3,
    "archive_mode": "home",
}


@dataclass
class Journey:
    """The story so far: who takes part, and the records between them."""

    api: httpx.AsyncClient
    personas: dict[str, Any] = field(default_factory=dict)
    people: dict[str, Person] = field(default_factory=dict)
    newcomers: list[Newcomer] = field(default_factory=list)
    invitation: str = ""
    agreement: str = ""
    steps: int = 0

    def say(self, text: str, *facts: Any) -> None:
        """One line of the story."""
        self.steps += 1
        print(f"  {self.steps:2}. {text}", *(f"\n      · {fact}" for fact in facts), sep="")

    async def sign_in(self, *names: str) -> None:
        """These personas of the sandbox sign in."""
        for name in names:
            one = self.personas[name]
            self.people[name] = await Person.sign_in(name, self.api, one["login"], totp_secret=one["totp_secret"])


@asynccontextmanager
async def the_day_after(tale: Journey, day: str) -> AsyncIterator[None]:
    """The sandbox's clock on the morning after a day, and back where it was."""
    before = expect(await tale.api.get(_CLOCK))["offset_seconds"]
    morning = datetime.fromisoformat(day).replace(hour=8, tzinfo=SHANGHAI) + timedelta(days=1)
    expect(await tale.api.put(_CLOCK, json={"now": morning.isoformat()}))
    try:
        yield
    finally:
        expect(await tale.api.put(_CLOCK, json={"offset_seconds": round(before)}))
