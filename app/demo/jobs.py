"""The job market: a post is reviewed, found by two characters, applied for, and answered with an invitation."""

from typing import Any, Final

from app.demo.client import expect
from app.demo.tale import Journey

_POST: Final[dict[str, Any]] = {
    "title": "数据库工程师",
    "occupation_category": "13",
    "description": "负责省级业务数据库的设计与调优，欢迎应届毕业生。",
    "regions": ["370102"],
    "nature": "full_time",
    "headcount": 2,
    "salary_from": 8000,
    "salary_to": 13000,
    "level": "bachelor",
    "majors": ["计算机科学与技术"],
    "contact_name": "李老师",
    "contact_email": "hr@example.com",
    "end_on": "2099-12-31",
}
_OFFER: Final[dict[str, Any]] = {
    "position": "数据库工程师",
    "occupation_category": "13",
    "salary_monthly": 9000,
    "work_region": "370102",
    "work_address": "济南市历下区经十路17703号",
    "report_on": "2027-07-05",
    "archive_mode": "home",
}


async def from_a_post_to_an_invitation(tale: Journey) -> None:
    """An employer posts, the bureau publishes, a graduate finds and applies, the employer invites."""
    employer, county, graduate = (tale.people[name] for name in ("employer", "county", "second graduate"))
    made = await employer.post("/v1/jobs", {"terms": _POST})
    expect(made)
    path = made.headers["Location"]
    told = expect(await employer.move(path, "submit"))["record"]
    tale.say(f"A job is posted and waits for {told['waiting_for']['body']['name']}: {told['terms']['title']}")
    expect(await county.move(path, "approve"))
    found = (await graduate.get("/v1/jobs?q=调优&region=370100&level=bachelor"))["items"]
    tale.say(f"Approved, it is found by two characters of its text: {len(found)} for 调优")
    draft = {"job_id": path.rpartition("/")[2], "fields": ["name", "major"], "introduction": "可立即到岗。"}
    sent = await graduate.post("/v1/job-applications", draft)
    expect(sent)
    application = sent.headers["Location"]
    resume = expect(await employer.move(application, "view"))["record"]["resume"]
    shown = "，".join(str(value) for value in resume.values() if value)
    tale.say("The graduate applies, and chooses what the employer sees", shown)
    to = {"job_application_id": application.rpartition("/")[2]}
    expect(await employer.post("/v1/invitations", {"to": to, "terms": _OFFER}))
    tale.say(f"The employer invites from the application, which is {(await graduate.get(application))['status']} now")


CHAPTERS: Final = (from_a_post_to_an_invitation,)
