"""The world that the regulation speaks of, in plain Python: people, records, days; and how a deed is judged in it.

Written by hand from domain.md §3 and model.md §2 to §4; it knows nothing of the application. What may be done is a
table (`regulation.py`); here is what the table's words mean.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

BEGIN = date(2027, 6, 14)
"""The first day of every story; 10:00 in the province. The cohort leaves on 30 June."""
LIVE = ("issued", "submitted", "approved")
PLACEMENTS = ("agreement", "entered_agreement", "destination")
DECIDED = ("approved", "rejected", "agreed", "refused", "upheld", "dismissed")
OFFICES = {"province": "provincial_bureau", "education": "provincial_education"}
"""The bodies of the provincial stage, with what the service calls their kind."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody of the cast. `kind` is what the service calls them."""

    name: str
    kind: str
    body: str = ""
    reviews: bool = False
    verified: bool = True
    leaves: date = date(2027, 6, 30)


CAST: Mapping[str, Person] = {
    one.name: one
    for one in (
        Person("early", "graduate"),
        Person("late", "graduate", leaves=date(2020, 6, 30)),
        Person("newcomer", "graduate", verified=False),
        Person("first", "employer"),
        Person("second", "employer"),
        Person("department", "department", "department", reviews=True),
        Person("reader", "department", "department"),
        Person("school", "school", "school", reviews=True),
        Person("stranger", "school", "other school", reviews=True),
        Person("county", "county", "county", reviews=True),
        Person("bureau", "provincial_bureau", "province", reviews=True),
        Person("education", "provincial_education", "education", reviews=True),
    )
}
GRADUATES = tuple(name for name, one in CAST.items() if one.kind == "graduate")
EMPLOYERS = tuple(name for name, one in CAST.items() if one.kind == "employer")


@dataclass(frozen=True, slots=True)
class Form:
    """What a graduate fills in: the kind of placement, and what the rules ask of it."""

    kind: str
    complete: bool = True
    both_review: bool = False
    in_province: bool = False


FORMS: Mapping[str, Form] = {
    "contract": Form("labor_contract"),
    "contract with nobody": Form("labor_contract", complete=False),
    "freelance": Form("flexible", both_review=True),
    "western service": Form("grassroots"),
    "paper": Form("entered_agreement"),
    "paper without a post": Form("entered_agreement", complete=False),
    "paper from next door": Form("entered_agreement", in_province=True),
}


@dataclass(slots=True, eq=False)
class Record:
    """One record of any procedure. `at` is its situation as it is kept; a lapsed invitation is still kept as sent."""

    of: str
    graduate: str
    employer: str = ""
    at: str = ""
    decision: str | None = None
    stage: str | None = None
    ending: str | None = None
    version: int = 1
    chain: tuple[str, ...] = ()
    turn: int = 0
    county_sees: bool = False
    last_day: date = BEGIN
    terms: int = 1
    form: str = ""
    scanned: bool = False
    placement: "Record | None" = None
    opened_by: str = ""
    """Who passed it on to the turn that is open."""
    opened_on: date = BEGIN
    asked_by: str = ""
    reply_due: date = BEGIN
    kind_of_ending: str = ""
    annulled_by: str = ""
    object_until: date | None = None
    """Of an annulled placement and of a dismissed objection: the last day for going on about it."""
    annulments: int = 0
    """How often the placement was annulled; of an objection, which annulment it is against, 0: it isn't theirs."""
    steps: list[tuple[int, str, str]] = field(default_factory=list)
    id: str = ""

    @property
    def kind(self) -> str:
        """Of what kind the placement is, as far as only one of a kind may be under way."""
        return FORMS[self.form].kind if self.form else self.of

    @property
    def live(self) -> bool:
        """Whether this is the graduate's one placement."""
        return self.of in PLACEMENTS and self.at in LIVE

    @property
    def told(self) -> str:
        """Its situation as the trail has it."""
        if self.of == "objection" and self.at == "terminated":
            return "withdrawn"
        return self.ending if self.of == "termination" and self.ending else self.at

    @property
    def kept(self) -> tuple[int, str, str | None, str | None, str | None]:
        """Version, status, decision, stage and ending."""
        status = "reviewed" if self.at in DECIDED else self.at
        return self.version, status, self.decision, self.stage, self.ending


@dataclass(frozen=True, slots=True)
class Deed:
    """What somebody tries: an action on a record, or the opening of one on a ground (a graduate, a placement)."""

    who: str
    of: str
    action: str
    record: Record | None = None
    ground: "Record | str | None" = None
    body: Mapping[str, Any] = field(default_factory=dict)
    stale: bool = False
    offered: bool = False
    """Nobody tries it: the question is only whether it would be offered."""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the regulation. Without `sources` it opens a record; `to` is the situation that it leaves."""

    of: str
    action: str
    sources: tuple[str, ...]
    to: str
    by: "Callable[[Model, Person, Deed], bool]"
    unless: tuple[str, ...] = ()
    """Codes of the rules that may be unmet (`Model.unmet`), in the order in which they are told."""
    then: "tuple[Callable[[Model, Deed, Record], None], ...]" = ()
    verified: bool = False
    trailed: bool = True


class Model:
    """The world after some deeds."""

    def __init__(self, regulation: tuple[Row, ...], chain: tuple[str, ...]) -> None:
        self.regulation, self.chain, self.termination_chain = regulation, chain, ("school",)
        self.today = BEGIN
        self.records: list[Record] = []

    # -- looking -------------------------------------------------------------------------------------------------------

    def at(self, record: Record) -> str:
        """The situation as everybody reads it: an invitation is expired once its last day is over."""
        lapsed = record.of == "invitation" and record.at == "sent" and self.today > record.last_day
        return "expired" if lapsed else record.at

    def has_left(self, graduate: str) -> bool:
        """The day of leaving itself is still before."""
        return self.today > CAST[graduate].leaves

    def live_of(self, graduate: str) -> Record | None:
        """The graduate's one live placement."""
        found = [one for one in self.records if one.graduate == graduate and one.live]
        assert len(found) < 2, found
        return found[0] if found else None

    def open_termination(self, placement: Record) -> Record | None:
        """The one that waits for an answer."""
        return self.open_about("termination", placement)

    def sees(self, who: Person, record: Record) -> bool:
        """Who may know of the record at all (model.md §3)."""
        match who.kind:
            case "graduate":
                return who.name == record.graduate
            case "employer":
                return who.name == record.employer
            case "county":
                return record.county_sees
            case "department" | "school":
                return who.body != "other school"
            case _:
                return record.at != "draft"

    def open_reviews(self) -> dict[str, tuple[str, str]]:
        """The turns that are open: of which record, at which stage, with which body."""
        waiting = {one.id: (one.stage or "", one.chain[one.turn]) for one in self.records if self.under_review(one)}
        return {record: (stage, OFFICES.get(body, body)) for record, (stage, body) in waiting.items()}

    def under_review(self, record: Record) -> bool:
        """Whether a body is to decide."""
        return record.at == "submitted" and record.stage != "counterparty"

    def open_about(self, of: str, placement: Record) -> Record | None:
        """The open amendment of a placement, or the open objection to it."""
        mine = (one for one in self.records if one.of == of and one.placement is placement)
        return next((one for one in mine if one.at == "submitted"), None)

    def overdue(self) -> list[Record]:
        """Terminations that the other side has not answered by the end of their last day."""
        return [one for one in self.records if one.stage == "counterparty" and self.today > one.reply_due]

    # -- judging -------------------------------------------------------------------------------------------------------

    def judge(self, deed: Deed) -> str:
        """`accepted`, or the code of the refusal; unmet rules with theirs. First who, then which version, then what."""
        deed = self.meant(deed)
        who, rows = CAST[deed.who], self.rows(deed.of, deed.action)
        theirs = [row for row in rows if row.by(self, who, deed)]
        row = next((row for row in theirs if self._leaves(row, deed)), None)
        unmet = sorted(self.unmet(row, deed)) if row else []
        refusals = (
            ("not-found", not self._knows(who, deed)),
            ("role-missing", not theirs),
            ("identity-unverified", bool(theirs) and theirs[0].verified and not who.verified),
            ("stale-version", deed.stale),
            ("transition-refused", row is None),
            ("invitation-pending", unmet == ["invitation-pending"]),
            (f"rule-not-met: {', '.join(unmet)}", bool(unmet)),
        )
        return next((code for code, holds in refusals if holds), "accepted")

    def _knows(self, who: Person, deed: Deed) -> bool:
        """Whether what the deed is about is there for this person."""
        seen = deed.record or deed.ground
        return not isinstance(seen, Record) or self.sees(who, seen)

    def meant(self, deed: Deed) -> Deed:
        """To ask for what the other side has asked for is to agree."""
        asked = self.open_termination(deed.ground) if isinstance(deed.ground, Record) else None
        sides = asked and {asked.graduate, asked.employer} - {asked.asked_by}
        if (
            (deed.of, deed.action) == ("termination", "ask")
            and asked
            and asked.stage == "counterparty"
            and deed.who in (sides or ())
        ):
            return Deed(deed.who, "termination", "agree", asked)
        return deed

    def rows(self, of: str, action: str) -> list[Row]:
        """The lines on an action."""
        return [row for row in self.regulation if (row.of, row.action) == (of, action)]

    def _leaves(self, row: Row, deed: Deed) -> bool:
        return deed.record is None or self.at(deed.record) in row.sources

    def unmet(self, row: Row, deed: Deed) -> Iterator[str]:
        """The codes of what is not as it must be."""
        return (code for code in row.unless if getattr(self, "_" + code.replace("-", "_"))(deed))

    def offers(self, name: str, record: Record) -> tuple[set[str], dict[str, str]]:
        """What the person may do now with the record, and what is theirs but blocked, with the first reason."""
        who, actions, blocked = CAST[name], set[str](), dict[str, str]()
        for row in self.regulation:
            deed = Deed(name, row.of, row.action, record, offered=True)
            if row.of != record.of or self.at(record) not in row.sources or not row.by(self, who, deed):
                continue
            self._offer(row.action, row, deed, actions, blocked)
        if record.of in PLACEMENTS and record.at not in ("draft", "rejected", "terminated"):
            (row,), deed = (
                self.rows("termination", "ask"),
                Deed(name, "termination", "ask", ground=record, offered=True),
            )
            if row.by(self, who, deed):
                self._offer("ask_termination", row, deed, actions, blocked)
        return actions, blocked

    def _offer(self, name: str, row: Row, deed: Deed, actions: set[str], blocked: dict[str, str]) -> None:
        unverified = row.verified and not CAST[deed.who].verified
        reason = "identity-unverified" if unverified else next(self.unmet(row, deed), None)
        if reason is None:
            actions.add(name)
        else:
            blocked[name] = reason

    # -- the rules, each by the code that tells it is unmet; without a body for what is offered -----------------------

    def _terms_changed(self, deed: Deed) -> bool:
        return deed.record is not None and deed.body.get("ahead", 0) > 0

    def _live_placement_exists(self, deed: Deed) -> bool:
        assert deed.record
        return self.live_of(deed.record.graduate) not in (None, deed.record)

    def _not_longer(self, deed: Deed) -> bool:
        days = deed.body.get("days")
        assert deed.record
        return days is not None and self.today + timedelta(days=days) <= deed.record.last_day

    def _invitation_pending(self, deed: Deed) -> bool:
        pending = (one for one in self.records if one.of == "invitation" and self.at(one) == "sent")
        return any((one.employer, one.graduate) == (deed.who, deed.ground) for one in pending)

    def _not_your_turn(self, deed: Deed) -> bool:
        assert deed.record
        return CAST[deed.who].body != deed.record.chain[deed.record.turn]

    def _comment_required(self, deed: Deed) -> bool:
        return deed.body.get("reason") == "other"

    def _termination_open(self, deed: Deed) -> bool:
        return self.open_termination(self._placement(deed)) is not None

    def _placement(self, deed: Deed) -> Record:
        about = deed.record or deed.ground
        assert isinstance(about, Record)
        return about.placement or about

    def _placement_not_binding(self, deed: Deed) -> bool:
        assert isinstance(deed.ground, Record)
        early = {"agreement": (), "entered_agreement": ("draft",), "destination": ("draft", "submitted")}
        return deed.ground.at in early[deed.ground.of]

    def _agreement_not_live(self, deed: Deed) -> bool:
        assert isinstance(deed.ground, Record)
        return deed.ground.at in ("rejected", "terminated")

    def _termination_proof_missing(self, deed: Deed) -> bool:
        assert isinstance(deed.ground, Record)
        return not deed.offered and deed.ground.of == "entered_agreement" and not deed.body["proven"]

    def _a_body_decides(self, deed: Deed) -> bool:
        assert deed.record
        return deed.record.stage != "counterparty"

    def _reopening_over(self, deed: Deed) -> bool:
        assert deed.record
        return self.today > deed.record.opened_on

    def _placement_not_in_force(self, deed: Deed) -> bool:
        return self._placement(deed).at != "approved"

    def _amendment_open(self, deed: Deed) -> bool:
        return self.open_about("amendment", self._placement(deed)) is not None

    def _placement_not_live(self, deed: Deed) -> bool:
        return self._placement(deed).at not in ("submitted", "approved")

    def _objection_open(self, deed: Deed) -> bool:
        return self.open_about("objection", self._placement(deed)) is not None

    def _not_annulled(self, deed: Deed) -> bool:
        return self._placement(deed).ending != "annulled"

    def _never_in_force(self, deed: Deed) -> bool:
        placement = self._placement(deed)
        return placement.ending == "annulled" and placement.decision is None

    def _objection_too_late(self, deed: Deed) -> bool:
        about = deed.record or self._placement(deed)
        return about.object_until is not None and self.today > about.object_until

    def _objection_settled(self, deed: Deed) -> bool:
        if deed.record:
            return deed.record.turn + 1 == len(deed.record.chain)
        placement = self._placement(deed)
        if deed.action == "object" and placement.ending != "annulled":
            return False
        which = placement.annulments if deed.action == "object" else 0
        before = [one for one in self.records if one.of == "objection" and one.placement is placement]
        return any(one.annulments == which and one.at in DECIDED for one in before)

    def _draft_exists(self, deed: Deed) -> bool:
        mine = (one for one in self.records if one.graduate == deed.who and one.at in ("draft", "issued", "submitted"))
        return any(one.kind == FORMS[deed.body["form"]].kind for one in mine if one.form)

    def _kind_is_fixed(self, deed: Deed) -> bool:
        form = deed.body.get("form")
        assert deed.record
        return form is not None and FORMS[form].kind != deed.record.kind

    def _details_incomplete(self, deed: Deed) -> bool:
        form = self._placement(deed).form
        return bool(form) and not FORMS[form].complete

    def _ask_for_an_invitation(self, deed: Deed) -> bool:
        assert deed.record
        return not deed.offered and FORMS[deed.record.form].in_province

    def _scan_missing(self, deed: Deed) -> bool:
        assert deed.record
        return not deed.record.scanned

    # -- doing ---------------------------------------------------------------------------------------------------------

    def carry_out(self, deed: Deed) -> list[Record]:
        """Do what was judged to be allowed: the records that it opens."""
        known, deed = len(self.records), self.meant(deed)
        row = next(row for row in self.rows(deed.of, deed.action) if self._leaves(row, deed))
        if deed.record is None:
            self.open(deed, row)
        else:
            self.move(deed, row, deed.record)
        return self.records[known:]

    def open(self, deed: Deed, row: Row) -> Record:
        """A new record."""
        record = Record(deed.of, deed.who, at=row.to)
        for effect in row.then:
            effect(self, deed, record)
        self.records.append(record)
        record.steps.append((1, deed.action, row.to))
        return record

    def move(self, deed: Deed, row: Row, record: Record) -> None:
        """A record in its next situation."""
        record.at, record.version = row.to, record.version + 1
        if row.to in DECIDED:
            record.decision = row.to
        elif row.to != "terminated":
            record.decision = None
        if row.to != "submitted":
            record.stage = None
        for effect in row.then:
            effect(self, deed, record)
        if row.trailed:
            record.steps.append((record.version, row.action, record.told))


def working_days_after(day: date, days: int) -> date:
    """The last of so many working days; none of the days of a story is a holiday."""
    while days:
        day += timedelta(days=1)
        days -= day.weekday() < 5
    return day
