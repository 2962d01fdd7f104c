"""What the chapters of the journey share: who takes part, and the records between them."""

from dataclasses import dataclass, field
from typing import Any, Final

import httpx

from app.demo.client import Person
from app.demo.newcomers import Newcomer

PASSWORD: Final = "松柏-常青-2027"  # noqa: S105 (of people that exist in the sandbox alone)
PDF: Final = (
    b"%PDF-1.7\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
"""About the smallest PDF with a page."""
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
