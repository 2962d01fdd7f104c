"""What the sandbox's province has announced: a job-seeking subsidy for the cohorts that none was published for.

In the service a cohort without an announcement has no subsidy, and another year's is never taken. Here the bureau has
announced one, as a second version of the policy: what the last published year had.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from app import province
from app.province import COHORTS, FOUNDED

LIKE: Final[Mapping[int, int]] = {2022: 2023, 2027: 2023}
"""The published year whose categories and amounts a cohort has here."""


def announcements() -> Iterator[Mapping[str, Any]]:
    """A version of the policy for each of these cohorts."""
    for cohort, year in LIKE.items():
        rules = province.policy(cohort, COHORTS[cohort], subsidy=province.subsidy(year))
        yield {
            "cohort": cohort,
            "version": 2,
            "document": rules,
            "effective_from": FOUNDED,
            "comment": "公布求职创业补贴的类别和标准。",
        }
