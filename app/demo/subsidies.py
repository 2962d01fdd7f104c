"""A subsidy: applied for, reviewed, made public for some working days, paid by a file that goes to a bank and back."""

import asyncio
import csv
import io
from typing import Any, Final

from app.demo.client import Person, expect
from app.demo.tale import PDF, Journey, the_day_after

_FORM: Final[dict[str, Any]] = {
    "kind": "job_seeking_subsidy",
    "category": "low_income",
    "certificate_number": "鲁低保370102001",
    "issuer": "济南市历下区民政局",
    "certificate_valid_until": "2099-12-31",
    "bank": "中国工商银行济南历下支行",
    "bank_card": "6222021234567890128",
    "statement_accepted": True,
}
_BODIES: Final = {"department": "department", "school": "school", "county": "county", "province": "provincial_bureau"}
"""Who reviews at each stage."""


async def a_subsidy_is_paid(tale: Journey) -> None:
    """From the form to the account: three reviews, a publicity, a payment file, the bank's results."""
    graduate = tale.people["second graduate"]
    await tale.sign_in("provincial_bureau")
    rules = (await graduate.get("/v1/policies/2027"))["rules"]["subsidy"]
    tale.say(f"Announced for 2027: {rules['categories']['low_income']['amount_cny']} yuan for low income")
    path, payer = await _reviewed(tale, graduate)
    publicity = await _published(tale, payer)
    async with the_day_after(tale, publicity["ends_on"]):
        await _granted(graduate, path)
        tale.say(f"Nobody has objected until {publicity['ends_on']} was over: the subsidy is to be paid")
        await _paid(tale, payer, path)
    told = await graduate.get(path)
    looks = (await graduate.get("/v1/me/accesses"))["items"]
    seen = (f"{one['body']['name']} saw {', '.join(one['fields'])}: {one['reason_text']}" for one in looks)
    tale.say(f"The graduate reads that it is {told['fulfilment']}, and who saw what", *seen)


CHAPTERS: Final = (a_subsidy_is_paid,)


async def _reviewed(tale: Journey, graduate: Person) -> tuple[str, Person]:
    """The application before the publicity, and the body that publishes and pays."""
    proof = await graduate.upload("低保证.pdf", "proof", PDF)
    made = await graduate.post("/v1/applications", {"details": {**_FORM, "proof_file_ids": [proof]}})
    expect(made)
    path = made.headers["Location"]
    record = expect(await graduate.move(path, "submit"))["record"]
    tale.say(f"Applied for; the card is shown as {record['details']['bank_card']}")
    payer = tale.people["school"]
    while record["stage"] != "publicity":
        payer = tale.people[_BODIES[record["stage"]]]
        record = expect(await payer.move(path, "approve"))["record"]
    tale.say(f"Department, school and {record['waiting_for']['body']['name']} approve; it waits to be made public")
    return path, payer


async def _published(tale: Journey, payer: Person) -> dict[str, Any]:
    draft = {"kind": _FORM["kind"], "cohort": 2027, "objections_to": "0531-86569999"}
    listed = expect(await payer.post("/v1/publicities", draft))
    page = await tale.api.get(f"/publicities/{listed['id']}")
    (shown, *_) = expect(await tale.api.get(f"/v1/publicities/{listed['id']}/items"))["items"]
    where = f"{page.url} ({page.status_code})"
    tale.say(f"Everybody may read it: {shown['graduate_name']}, {shown['school_name']}", where)
    return listed


async def _granted(graduate: Person, path: str) -> None:
    """The worker has passed the publicity."""
    for _ in range(100):
        if (await graduate.get(path))["fulfilment"] == "to_pay":
            return
        await asyncio.sleep(0.1)
    message = f"{path} was not granted"
    raise TimeoutError(message)


async def _paid(tale: Journey, payer: Person, path: str) -> None:
    begun = await payer.post("/v1/payments/exports", {"cohort": 2027, "format": "csv"})
    expect(begun, 202)
    exported = await payer.finished(begun.headers["Location"])
    file = await payer.fetch(exported["result"])
    rows = [*csv.DictReader(io.StringIO(file.content.decode("utf-8-sig")))]
    tale.say(f"A file for the bank, there for a day: {len(rows)} to be paid", f"columns {'、'.join(rows[0])}")
    answered = io.StringIO(newline="")
    writer = csv.DictWriter(answered, [*rows[0]])
    writer.writeheader()
    writer.writerows(row | {"付款结果": "成功"} for row in rows if path[-36:] in row["付款编号"])
    results = await payer.upload("结果.csv", "payment_results", answered.getvalue().encode())
    for again in ("The bank's results are read", "The same file once more"):
        begun = await payer.post("/v1/payments/imports", {"file_id": results})
        expect(begun, 202)
        report = await payer.get((await payer.finished(begun.headers["Location"]))["result"])
        counts = ", ".join(f"{report[name]} {name}" for name in ("paid", "failed", "unchanged", "refused"))
        tale.say(f"{again}: {counts}")
