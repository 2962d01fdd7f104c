"""Posts by the thousand: a few texts combined, common ones often and rare ones seldom, as on a market."""

import json
from datetime import UTC, date, datetime
from itertools import product
from typing import Any, Final

import asyncpg

from app.schemas.job import JobTerms
from app.workflows.market.jobs import written

_FIELDS: Final = (
    "软件开发",
    "机械设计",
    "财务会计",
    "护理",
    "小学语文",
    "化工工艺",
    "市场营销",
    "物流管理",
    "土木施工",
    "园林",
)
_POSTS: Final = ("工程师", "专员", "助理", "主管", "教师", "技术员", "顾问", "实习生", "经理", "学徒")
_TASKS: Final = (
    "负责日常工作与资料整理",
    "参与项目建设，服从安排",
    "独立完成任务，善于沟通",
    "协助部门制定计划",
    "完成领导交办事项",
)
_REGIONS: Final = ("370102", "370202", "370602", "371302", "310110")
_EMPLOYER: Final = {"name": "山东测试科技有限公司", "nature": "39", "industry": "34", "registered_region": "370102"}
_COLUMNS: Final = "terms jsonb, end_on date, salary_to int, search_text text, grams text[], facets text[]"
_SAMPLES: Final = f"""
    create temporary table samples as
      select row_number() over () - 1 as place, s.* from jsonb_to_recordset($1::jsonb) as s ({_COLUMNS})
"""  # noqa: S608 (a list of ours)
_POST: Final = """
    insert into app.jobs (
        id, version, created_at, updated_at, status, decision, employer_id, employer, submitted_at, decided_at,
        terms, end_on, salary_to, search_text, grams, facets)
      select ('01900000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, 1, $1, $1, 'reviewed', 'approved', $2,
             $3, $1, $1, s.terms, s.end_on, s.salary_to, s.search_text, s.grams, s.facets
        from generate_series($4::int, $5::int) n
        join samples s on s.place = mod(n::bigint * n * 7919 / 13, 1 + mod(n::bigint * 104729, $6))
"""
"""The n-th post is a sample by chance of n alone, those at the beginning the more often."""


def samples() -> list[dict[str, Any]]:
    """The texts, as rows of the table have them."""
    rows = []
    for place, (field, post, task, region) in enumerate(product(_FIELDS, _POSTS, _TASKS, _REGIONS)):
        terms = JobTerms.model_validate(
            {
                "title": f"{field}{post}",
                "occupation_category": "13",
                "description": f"{task}。{field}相关专业优先。",
                "regions": [region],
                "nature": "full_time",
                "headcount": 1 + place % 5,
                "salary_from": 4000 + place % 7 * 1000,
                "salary_to": 10_000 + place % 11 * 2000,
                "level": ("junior_college", "bachelor", "master", None)[place % 4],
                "majors": [field],
                "contact_name": "李老师",
                "contact_email": "hr@example.com",
                "end_on": date(2099, 6, 30),
            }
        )
        rows.append({**written(terms, _EMPLOYER), "end_on": "2099-06-30"})
    return rows


async def publish(line: asyncpg.Connection, employer: str, first: int, last: int) -> None:
    """Add the posts numbered so, newest last; the search index is built once they are all there."""
    indexes = await line.fetch("select indexdef from pg_indexes where indexname = 'ix_jobs_search'")
    await line.execute("drop index app.ix_jobs_search; drop table if exists samples")
    await line.execute("set session_replication_role = replica")  # what is added is right
    rows = samples()
    await line.execute(_SAMPLES, json.dumps(rows, ensure_ascii=False))
    at = datetime.now(UTC)
    await line.execute(_POST, at, employer, json.dumps(_EMPLOYER, ensure_ascii=False), first, last, len(rows))
    await line.execute(indexes[0]["indexdef"])
    await line.execute("set session_replication_role = origin")
    await line.execute("vacuum analyze app.jobs")
