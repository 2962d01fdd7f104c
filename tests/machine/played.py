"""The same world played on the real service: deeds through its desks, looks by a line of the owner."""

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, TypeVar

import asyncpg
import httpx
import orjson

from app import permissions
from app.change import fresh_id
from app.clock import SHANGHAI
from app.db import AlreadyExists
from app.errors import Forbidden, Refusal, RuleNotMet
from app.main import create_app
from app.permissions import Permission
from app.policies import PROVINCE
from app.problems.translation import CONFLICTS
from app.schemas.amendment import AmendmentDraft
from app.schemas.destination import DestinationDraft, EnteredDraft
from app.schemas.invitation import InvitationDraft
from app.schemas.objection import ObjectionDraft
from app.schemas.termination import TerminationDraft
from app.service import Caller, Service
from app.settings import Settings
from app.starting import start, stop
from app.workflows import (
    agreements,
    amendments,
    destinations,
    entered_agreements,
    escalations,
    invitations,
    objections,
    terminations,
)
from app.workflows.desk import Desk
from app.workflows.looking import Answer
from tests.agreements.given import REASON
from tests.destinations.forms import CONTRACT, ENTERED, FREELANCE, WEST, without
from tests.machine.model import BEGIN, CAST, Deed, Person, Record
from tests.world import PASSWORD, TERMS, Somebody, World

T = TypeVar("T")

FORMS: Mapping[str, dict[str, Any]] = {
    "contract": CONTRACT,
    "contract with nobody": without(CONTRACT, "unit_name"),
    "freelance": FREELANCE,
    "western service": WEST,
    "paper": ENTERED,
    "paper without a post": without(ENTERED, "position"),
    "paper from next door": ENTERED | {"region": "370102"},
}


@dataclass(frozen=True, slots=True)
class Procedure:
    """Where a procedure's records are moved and shown, and what that asks of a caller."""

    desk: Desk
    to_show: Permission
    to_move: Permission


PROCEDURES: Mapping[str, Procedure] = {
    "invitation": Procedure(invitations.desk, permissions.PARTIES, permissions.PARTIES_TO_MOVE),
    "agreement": Procedure(agreements.desk, permissions.PARTIES, permissions.PARTIES_TO_MOVE),
    "entered_agreement": Procedure(entered_agreements.desk, permissions.ITS_SCHOOL, permissions.ITS_SCHOOL_TO_MOVE),
    "destination": Procedure(destinations.desk, permissions.ITS_SCHOOL, permissions.ITS_SCHOOL_TO_MOVE),
    "termination": Procedure(terminations.desk, permissions.PARTIES, permissions.PARTIES_TO_MOVE),
    "amendment": Procedure(amendments.desk, permissions.PARTIES, permissions.PARTIES_TO_MOVE),
    "objection": Procedure(objections.desk, permissions.PARTIES, permissions.PARTIES_TO_MOVE),
}

ROWS = """
select 'invitation' as of, id::text, version, status, null as decision, null as stage, null as ending
  from app.invitations where graduate_id = any($1::text[]::uuid[])
union all
select case kind when 'online_agreement' then 'agreement' when 'entered_agreement' then kind else 'destination' end,
       id::text, version, status, decision, stage, ending
  from app.placements where graduate_id = any($1::text[]::uuid[])
union all
select 'termination', id::text, version, status, decision, stage, ending
  from app.terminations where graduate_id = any($1::text[]::uuid[])
union all
select 'amendment', id::text, version, status, decision, stage, ending
  from app.amendments where graduate_id = any($1::text[]::uuid[])
union all
select 'objection', id::text, version, status, decision, stage, null
  from app.objections where graduate_id = any($1::text[]::uuid[])
"""
LIVE = """
select graduate_id::text, count(*) from app.placements
 where graduate_id = any($1::text[]::uuid[])
   and (status in ('issued', 'submitted') or status = 'reviewed' and decision = 'approved')
 group by 1
"""
REVIEWS = """
select r.record_id::text, r.stage, b.kind from app.reviews r join app.bodies b on b.id = r.body_id
 where r.graduate_id = any($1::text[]::uuid[]) and r.decision is null
"""
OVERDUE = """
select count(*) from app.terminations
 where graduate_id = any($1::text[]::uuid[]) and stage = 'counterparty' and reply_due_on < $2
"""
TRAIL = """
select record_id::text, seq, action, situation,
       hash = app.trail_digest(lag(hash) over (partition by record_id order by seq), t) as chained
  from app.trail t where record_id = any($1::text[]::uuid[]) order by record_id, seq
"""


@dataclass(slots=True)
class Stage:
    """The service that all stories are played on, in an event loop of its own."""

    loop: asyncio.AbstractEventLoop
    service: Service
    client: httpx.AsyncClient
    line: asyncpg.Connection

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Wait for it."""
        return self.loop.run_until_complete(work)

    @classmethod
    def built(cls, settings: Settings, url: str) -> "Stage":
        """A service that has just started."""
        loop = asyncio.new_event_loop()

        async def build() -> Stage:
            service = await start(settings, url)
            app = create_app(settings, url)
            app.state.service = service
            client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://test")
            return cls(loop, service, client, await asyncpg.connect(url))

        return loop.run_until_complete(build())

    def struck(self) -> None:
        """Nothing of it is left."""

        async def end() -> None:
            await self.line.close()
            await self.client.aclose()
            await stop(self.service)

        self.run(end())
        self.loop.close()


@dataclass(slots=True)
class Played:
    """One story's people in a world of their own."""

    stage: Stage
    world: World
    people: dict[str, Somebody] = field(default_factory=dict)
    callers: dict[str, Caller] = field(default_factory=dict)
    proofs: dict[str, str] = field(default_factory=dict)
    scans: dict[str, str] = field(default_factory=dict)

    @classmethod
    async def made(cls, stage: Stage) -> "Played":
        """The cast, each signed in; the graduates have a proof and a scan uploaded."""
        world = await World.made(stage.service, stage.client, stage.line)
        played = cls(stage, world)
        for name, person in CAST.items():
            somebody = await played._person(person)
            session = stage.service.tokens.read(somebody.token, stage.service.clock.real()).session_id
            played.people[name] = somebody
            played.callers[name] = Caller(stage.service, session, "en", permissions.EVERYBODY)
            if person.kind == "graduate":
                played.proofs[name] = await played._uploaded(somebody, "proof")
                played.scans[name] = await played._uploaded(somebody, "stamped_scan")
            else:
                played.proofs[name] = await played._uploaded(somebody, "proof")
        return played

    async def _person(self, person: Person) -> Somebody:
        match person.kind:
            case "graduate":
                return await self.world.graduate(verified=person.verified, leave_on=person.leaves.isoformat())
            case "employer":
                return await self.world.employer()
        body = (
            await self.world.body("school", f"x{self.world.serial}", "另一所大学")
            if person.name == "stranger"
            else None
        )
        return await self.world.staff(person.kind, "reviewer" if person.reviews else "reader", body=body)

    async def _uploaded(self, who: Somebody, purpose: str) -> str:
        """The id of a file of theirs. The upload itself, with its inspection, is another test's."""
        file = fresh_id()
        await self.world.line.execute(
            "insert into app.files (id, account_id, purpose, name, media_type, size, sha256, kept_size, kept_sha256,"
            " created_at) values ($1, $2, $3, '证明.pdf', 'application/pdf', 1, '', 1, '', now())",
            file, who.account, purpose,
        )  # fmt: skip
        return file

    def set_clock(self, day: date) -> None:
        """A moment of that day's morning, later each day: the day after is always more than 24 hours later."""
        clock, later = self.stage.service.clock, timedelta(minutes=(day - BEGIN).days)
        clock.move(datetime.combine(day, time(8), SHANGHAI) + later - clock.real())

    # -- deeds ---------------------------------------------------------------------------------------------------------

    async def do(self, deed: Deed) -> tuple[str, dict[str, str]]:
        """How it came out, in the model's words, and the ids of what it opened, by procedure."""
        try:
            answer = await self._opened(deed) if deed.record is None else await self._moved(deed, deed.record)
        except RuleNotMet as refused:
            return f"rule-not-met: {', '.join(sorted(one.code for one in refused.unmet))}", {}
        except Refusal as refused:
            return refused.code, {}
        except AlreadyExists as refused:
            return CONFLICTS[refused.rule], {}
        told = orjson.loads(answer.body)
        return "accepted", {one["type"]: one["id"] for one in told["created"]}

    async def _moved(self, deed: Deed, record: Record) -> Answer:
        procedure = PROCEDURES[deed.of]
        move = procedure.desk.moves.validate_python({"action": deed.action, **self._body(deed, record)})
        caller = self._caller(deed.who, procedure.to_move)
        return await procedure.desk.move(caller, record.id, move, record.version - deed.stale, None)

    def _body(self, deed: Deed, record: Record) -> dict[str, Any]:
        """What an action needs beyond its name, in the service's words; what is not here is the same in both."""
        given = deed.body
        bodies: Mapping[str, Callable[[], dict[str, Any]]] = {
            "edit": lambda: (
                {"terms": TERMS | {"salary_monthly": 8000 + record.terms}}
                if deed.of == "invitation"
                else {"details": self._form(deed.who, given["form"])}
            ),
            "extend": lambda: {"valid_days": given["days"]},
            "accept": lambda: {"terms_version": record.terms + given["ahead"], "password": PASSWORD},
            "attach": lambda: {
                "scan_file_id": self.scans.get(deed.who, self.scans["early"]), "signed_on": "2026-11-24",
            },
            "annul": lambda: {
                "reason": "suspected_false", "comment": REASON, "proof_file_ids": [self.proofs[deed.who]],
            },
            "uphold": lambda: {"comment": REASON},
            "dismiss": lambda: {"comment": REASON},
            "return": lambda: {"comment": "请补充材料。"},
        }  # fmt: skip
        return bodies.get(deed.action, lambda: dict(given))()

    async def _opened(self, deed: Deed) -> Answer:
        ground, given = deed.ground, deed.body
        if isinstance(ground, Record):
            return await self._asked(deed, ground)
        if deed.of == "invitation":
            draft = {"to": self.people[str(ground)].facts, "terms": TERMS, "valid_days": given["days"]}
            caller = self._caller(deed.who, permissions.EMPLOYERS)
            return await invitations.send(caller, InvitationDraft.model_validate(draft), None)
        caller = self._caller(deed.who, permissions.GRADUATES)
        form = {"details": self._form(deed.who, given["form"])}
        if deed.of == "destination":
            return await destinations.open_one(caller, DestinationDraft.model_validate(form), None)
        return await entered_agreements.open_one(caller, EnteredDraft.model_validate(form), None)

    async def _asked(self, deed: Deed, placement: Record) -> Answer:
        """Something about a placement: that it ends, that it says something else, that it was wrongly annulled."""
        caller, wish = self._caller(deed.who, permissions.SIDES), {"placement_id": placement.id, "reason": REASON}
        if deed.of == "termination":
            proofs = [self.proofs[deed.who]] if deed.body["proven"] else []
            wish |= {"type": deed.body["type"], "proof_file_ids": proofs}
            return await terminations.ask(caller, TerminationDraft.model_validate(wish), None)
        if deed.of == "amendment":
            wish |= {"changes": {"archive_contact": f"李{chr(0x4E00 + placement.version)}"}}
            return await amendments.ask(caller, AmendmentDraft.model_validate(wish), None)
        wish |= {"kind": "annulment" if deed.action == "object" else "not_mine"}
        return await objections.raise_one(caller, ObjectionDraft.model_validate(wish), None)

    def _form(self, who: str, form: str) -> dict[str, Any]:
        """The form with a proof of whoever fills it in."""
        proof = {"proof_file_ids": [self.proofs[who]]}
        return FORMS[form] | (proof if "proof_file_ids" in FORMS[form] else {})

    def _caller(self, who: str, permission: Permission) -> Caller:
        one = self.callers[who]
        return Caller(one.service, one.session, one.language, permission)

    async def let_the_worker_look(self) -> None:
        """What nobody answered in time goes to a body; other worlds' cases may come first."""
        today = self.stage.service.clock.today()
        while await self.world.line.fetchval(OVERDUE, self.graduates, today):
            await escalations.escalate(self.stage.service)

    async def decide_the_chains(self, review: Sequence[str], termination: Sequence[str]) -> None:
        """The school's settings from now on."""
        await self.world.settings(list(review))
        await self.world.line.execute(
            "update app.school_settings set termination_chain = $2 where school_id = $1",
            self.world.bodies["school"], list(termination),
        )  # fmt: skip

    # -- looks ---------------------------------------------------------------------------------------------------------

    @property
    def graduates(self) -> list[str]:
        """Their ids."""
        return [one.graduate for one in self.people.values() if one.graduate]

    async def rows(self) -> dict[tuple[str, str], tuple[Any, ...]]:
        """Version, status, decision, stage and ending of every record, by procedure and id."""
        return {(row[0], row[1]): tuple(row[2:]) for row in await self.world.line.fetch(ROWS, self.graduates)}

    async def live(self) -> list[int]:
        """How many live placements each graduate has that has any."""
        return [row[1] for row in await self.world.line.fetch(LIVE, self.graduates)]

    async def open_reviews(self) -> dict[str, tuple[str, str]]:
        """Of each record under review, the stage and the kind of the body."""
        rows = await self.world.line.fetch(REVIEWS, self.graduates)
        assert len({row[0] for row in rows}) == len(rows)
        return {row[0]: (row[1], row[2]) for row in rows}

    async def trail(self, records: Iterable[str]) -> dict[str, list[tuple[int, str, str]]]:
        """The steps of these records, of whom none is without its right hash."""
        found = dict[str, list[tuple[int, str, str]]]()
        for record, *step, chained in await self.world.line.fetch(TRAIL, list(records)):
            assert chained, f"the trail of {record} is broken at {step[0]}"
            found.setdefault(record, []).append(tuple(step))
        return found

    async def offers(
        self, who: str, of: str, there: AbstractSet[str]
    ) -> dict[str, tuple[set[str], dict[str, str]]] | None:
        """Of each record of a procedure that the person sees: what is offered, what is blocked; None: no such list.

        `there` are this story's records: the province sees those of all worlds.
        """
        procedure = PROCEDURES[of]
        try:
            answer = await procedure.desk.page(self._caller(who, procedure.to_show), len(there) + 1, None, {})
        except Forbidden:
            return None
        items = orjson.loads(answer.body)["items"]
        return {
            one["id"]: (set(one["actions"]), {blocked["action"]: blocked["code"] for blocked in one["blocked"]})
            for one in items
            if one["id"] in there or CAST[who].kind not in PROVINCE
        }
