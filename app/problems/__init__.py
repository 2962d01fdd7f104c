"""Refusals on the wire: RFC 9457 `application/problem+json`, in the caller's language, with a stable code.

`translation` makes every error a refusal, `wire` makes a refusal an answer, `schema` tells the contract, `pages` tells
people what a code means. A value that was sent is never repeated in an answer.
"""

from app.problems.handlers import install
from app.problems.schema import example, problems
from app.problems.wire import MEDIA_TYPE, STATUSES, answer, problem_of
from app.schemas.problem import Problem

__all__ = ["MEDIA_TYPE", "STATUSES", "Problem", "answer", "example", "install", "problem_of", "problems"]
