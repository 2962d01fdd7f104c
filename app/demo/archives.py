"""A chapter of the journey: a school sends where a personal file went as a file; its graduate reads the way."""

from typing import Final
from uuid import uuid4

from app.archive_files import header_of
from app.demo.client import expect
from app.demo.tale import Journey

_DISPATCH: Final = ("id_number", "name", "education_level", "cohort", "number", "type", "unit_name", "unit_region")
_LEG: Final = ("dispatched_on", "sender", "receiver", "carrier", "moved_on", "state")


async def where_a_file_went(tale: Journey) -> None:
    """Two rows of one dispatch: sent, and come; the same file again changes nothing."""
    school, graduate, me = tale.people["school"], tale.people["graduate"], tale.newcomers[0]
    dispatch = (me.id_number, me.name, "31", "2027", uuid4().hex[:15], "1", "山东测试科技有限公司", "370102")
    legs = (("20250705", "已转出"), ("20250709", "已接收"))
    rows = [(*dispatch, "20250630", "大学档案馆", "历下区人才中心", "机要通信", day, state) for day, state in legs]
    content = "\n".join(",".join(row) for row in ([header_of(name) for name in (*_DISPATCH, *_LEG)], *rows)).encode()
    file = await school.upload("archives.csv", "archives", content)
    for told in ("A school sends two rows on a file", "The same again"):
        begun = await school.post("/v1/archives/imports", {"file_id": file})
        expect(begun, 202)
        report = await school.get((await school.finished(begun.headers["Location"]))["result"])
        tale.say(f"{told}: {report['added']} added, {report['changed']} changed, {report['unchanged']} unchanged")
    steps = (await graduate.get("/v1/me/archive"))["items"]
    tale.say(f"{me.name} reads its way", *(f"{one['on']} {one['step']}" for one in steps))


CHAPTERS: Final = (where_a_file_went,)
