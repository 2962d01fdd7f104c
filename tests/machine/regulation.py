"""The regulation of placements, a line for each thing that may be done, by hand from domain.md §3 and model.md §2.

Not derived from the application's tables: that would test nothing. A new procedure is new lines here, a word of theirs
for each rule in `model.py`, and the body of each action in `played.py`.
"""

from datetime import timedelta

from tests.machine.model import CAST, FORMS, OFFICES, PLACEMENTS, Deed, Model, Person, Record, Row, working_days_after

# -- who --------------------------------------------------------------------------------------------------------------


def nobody(_model: Model, _who: Person, _deed: Deed) -> bool:
    """Only another procedure's move does this."""
    return False


def a_graduate(_model: Model, who: Person, _deed: Deed) -> bool:
    return who.kind == "graduate"


def an_employer(_model: Model, who: Person, _deed: Deed) -> bool:
    return who.kind == "employer"


def the_graduate(_model: Model, who: Person, deed: Deed) -> bool:
    return deed.record is not None and who.name == deed.record.graduate


def the_employer(_model: Model, who: Person, deed: Deed) -> bool:
    return deed.record is not None and who.name == deed.record.employer


def a_reviewer_of_the_chain(_model: Model, who: Person, deed: Deed) -> bool:
    return deed.record is not None and who.reviews and who.body in deed.record.chain


def who_passed_it_on(model: Model, who: Person, deed: Deed) -> bool:
    record = deed.record
    return record is not None and model.under_review(record) and who.name == record.opened_by


ABOVE = {"department": ("school",), "school": ("bureau", "education"), "county": ("bureau",)}


def who_approved_or_stands_above(_model: Model, who: Person, deed: Deed) -> bool:
    last = deed.record.chain[-1] if deed.record and deed.record.chain else ""
    return who.reviews and (who.body == last or who.name in ABOVE.get(last, ()))


def a_side(_model: Model, who: Person, deed: Deed) -> bool:
    return isinstance(deed.ground, Record) and who.name in (deed.ground.graduate, deed.ground.employer)


def the_graduate_of_it(_model: Model, who: Person, deed: Deed) -> bool:
    return isinstance(deed.ground, Record) and who.name == deed.ground.graduate


def whose_it_is_not(_model: Model, who: Person, deed: Deed) -> bool:
    return deed.record is not None and not deed.record.annulments and who.name == deed.record.graduate


def the_asker(_model: Model, who: Person, deed: Deed) -> bool:
    return deed.record is not None and who.name == deed.record.asked_by


def the_other_side(_model: Model, who: Person, deed: Deed) -> bool:
    record = deed.record
    return record is not None and who.name in (record.graduate, record.employer) and who.name != record.asked_by


# -- what then --------------------------------------------------------------------------------------------------------


def between(model: Model, deed: Deed, record: Record) -> None:
    """An invitation of this employer to that graduate; a lapsed one of the pair is over for good."""
    assert isinstance(deed.ground, str)
    record.graduate, record.employer = deed.ground, deed.who
    for one in model.records:
        if (one.of, one.at, one.graduate, one.employer) == ("invitation", "sent", record.graduate, record.employer):
            _ends(one, "expire", "expired")
    extended(model, deed, record)


def _ends(record: Record, action: str, to: str) -> None:
    record.at, record.version = to, record.version + 1
    record.steps.append((record.version, action, record.told))


def extended(model: Model, deed: Deed, record: Record) -> None:
    record.last_day = model.today + timedelta(days=deed.body["days"])


def with_new_terms(_model: Model, _deed: Deed, record: Record) -> None:
    record.terms += 1


def superseding_the_others(model: Model, _deed: Deed, record: Record) -> None:
    for one in model.records:
        if one is not record and (one.of, one.graduate, model.at(one)) == ("invitation", record.graduate, "sent"):
            _ends(one, "supersede", "superseded")


def drawing_the_agreement_up(model: Model, deed: Deed, record: Record) -> None:
    (row,) = model.rows("agreement", "open")
    agreement = model.open(Deed(deed.who, "agreement", "open", ground=record), row)
    agreement.employer = record.employer
    left = model.has_left(record.graduate)
    agreement.county_sees = left
    _begin(model, agreement, ("county",) if left else model.chain)


def _begin(model: Model, record: Record, chain: tuple[str, ...]) -> None:
    record.chain = chain
    _turn(model, record, 0, "")


def _turn(model: Model, record: Record, turn: int, opened_by: str) -> None:
    stage = "province" if record.chain[turn] in OFFICES else record.chain[turn]
    record.turn, record.stage, record.opened_by, record.opened_on = turn, stage, opened_by, model.today


def to_the_next_turn(model: Model, deed: Deed, record: Record) -> None:
    """After the last turn of the chain it is in force."""
    if record.turn + 1 < len(record.chain):
        record.at, record.decision = "submitted", None
        _turn(model, record, record.turn + 1, deed.who)
    elif record.of == "agreement":
        record.county_sees = True


def to_the_turn_before(model: Model, _deed: Deed, record: Record) -> None:
    _turn(model, record, record.turn - 1, "")


def as_filled_in(_model: Model, deed: Deed, record: Record) -> None:
    record.form = deed.body["form"]
    record.scanned = False


def scanned(_model: Model, _deed: Deed, record: Record) -> None:
    record.scanned = True


def to_the_school(model: Model, _deed: Deed, record: Record) -> None:
    _begin(model, record, ("department", "school") if FORMS[record.form].both_review else model.chain)


def cancelled(_model: Model, _deed: Deed, record: Record) -> None:
    record.ending = "cancelled"


def withdrawn(_model: Model, _deed: Deed, record: Record) -> None:
    record.ending = "withdrawn"


def annulled(model: Model, deed: Deed, record: Record) -> None:
    """Who was in force may be objected for, five working days long."""
    record.ending, record.annulled_by = "annulled", CAST[deed.who].body
    record.annulments += 1
    record.object_until = working_days_after(model.today, 5) if record.decision else None


def put_in_force_again(_model: Model, _deed: Deed, record: Record) -> None:
    record.ending, record.object_until = None, None


def with_nothing_left_to_ask(model: Model, _deed: Deed, record: Record) -> None:
    """The placement ends otherwise: its open termination is moot."""
    if asked := model.open_termination(record):
        asked.ending, asked.stage = "moot", None
        _ends(asked, "lapse", "terminated")


def with_nothing_left_to_amend(model: Model, _deed: Deed, record: Record) -> None:
    if asked := model.open_about("amendment", record):
        asked.ending, asked.stage = "moot", None
        _ends(asked, "moot", "terminated")


def about_this_placement(_model: Model, deed: Deed, record: Record) -> None:
    placement = deed.ground
    assert isinstance(placement, Record)
    record.graduate, record.employer, record.county_sees = placement.graduate, placement.employer, placement.county_sees
    record.placement, record.asked_by = placement, deed.who


def to_who_approved_it(model: Model, _deed: Deed, record: Record) -> None:
    assert record.placement
    _begin(model, record, record.placement.chain[-1:])


def amending_the_placement(model: Model, deed: Deed, record: Record) -> None:
    assert record.placement
    (row,) = model.rows(record.placement.of, "amend")
    model.move(deed, row, record.placement)


def to_who_stands_above(model: Model, _deed: Deed, record: Record) -> None:
    """Nobody judges their own act."""
    placement = record.placement
    assert placement
    record.annulments = placement.annulments
    above = {"department": "school", "county": "province", "education": "province"}
    _begin(model, record, (above.get(placement.annulled_by, "education"),))


def to_the_school_then_the_office(model: Model, _deed: Deed, record: Record) -> None:
    _begin(model, record, ("school", "education"))


def carried_out(model: Model, deed: Deed, record: Record) -> None:
    """What isn't theirs is annulled; what was annulled is in force again, unless something has taken its place."""
    placement = record.placement
    assert placement
    action = "reinstate" if record.annulments else "disown"
    row = next((row for row in model.rows(placement.of, action) if placement.at in row.sources), None)
    if row and not (record.annulments and model.live_of(placement.graduate)):
        model.move(deed, row, placement)


def that_may_be_taken_on(model: Model, _deed: Deed, record: Record) -> None:
    last = record.turn + 1 == len(record.chain)
    record.object_until = None if last else working_days_after(model.today, 5)


def to_the_next_body(model: Model, _deed: Deed, record: Record) -> None:
    record.object_until = None
    _turn(model, record, record.turn + 1, "")


def of_this_placement(model: Model, deed: Deed, record: Record) -> None:
    """Where there is no other side here, the school has it at once."""
    placement = deed.ground
    assert isinstance(placement, Record)
    record.graduate, record.employer, record.county_sees = placement.graduate, placement.employer, placement.county_sees
    record.placement, record.asked_by, record.kind_of_ending = placement, deed.who, deed.body["type"]
    if placement.employer:
        record.stage, record.reply_due = "counterparty", working_days_after(model.today, 10)
    else:
        _begin(model, record, model.termination_chain)
    row = next(row for row in model.rows(placement.of, "ask_termination") if placement.at in row.sources)
    model.move(deed, row, placement)


def ending_the_placement(model: Model, deed: Deed, record: Record) -> None:
    placement = record.placement
    assert placement
    if record.at == "agreed":
        row = next(row for row in model.rows(placement.of, "end") if placement.at in row.sources)
        model.move(deed, row, placement)
        placement.ending = record.kind_of_ending


def escalate(model: Model) -> None:
    """Whoever is silent for ten working days loses the word (the worker does this)."""
    for record in model.overdue():
        left = model.has_left(record.graduate)
        _begin(model, record, ("county",) if left else ("school",))
        _ends(record, "escalate", "submitted")
        assert record.placement
        record.county_sees |= left
        record.placement.county_sees |= left


# -- the table --------------------------------------------------------------------------------------------------------

ONLINE, ENTERED = "agreement", "entered_agreement"
IN_TURN = ("not-your-turn",)
ANNULLED = (annulled, with_nothing_left_to_ask, with_nothing_left_to_amend)
BINDING = {
    ONLINE: ("submitted", "approved"),
    ENTERED: ("issued", "submitted", "approved"),
    "destination": ("approved",),
}
"""Where a placement stands when only a termination ends it; before, a destination is withdrawn."""

# fmt: off
REGULATION: tuple[Row, ...] = (
    Row("invitation", "send", (), "sent", an_employer, ("invitation-pending",), (between,)),
    Row("invitation", "edit", ("sent",), "sent", the_employer, (), (with_new_terms,)),
    Row("invitation", "extend", ("sent",), "sent", the_employer, ("not-longer",), (extended,)),
    Row("invitation", "withdraw", ("sent",), "withdrawn", the_employer),
    Row("invitation", "decline", ("sent",), "declined", the_graduate),
    Row("invitation", "accept", ("sent",), "accepted", the_graduate, ("terms-changed", "live-placement-exists"),
        (superseding_the_others, drawing_the_agreement_up), verified=True),

    Row(ONLINE, "open", (), "submitted", nobody),
    Row(ONLINE, "approve", ("submitted",), "approved", a_reviewer_of_the_chain, (*IN_TURN, "termination-open"),
        (to_the_next_turn,)),
    Row(ONLINE, "reject", ("submitted",), "rejected", a_reviewer_of_the_chain, (*IN_TURN, "comment-required"),
        (with_nothing_left_to_ask,)),

    Row(ENTERED, "open", (), "draft", a_graduate, ("draft-exists",), (as_filled_in,), verified=True),
    Row(ENTERED, "edit", ("draft",), "draft", the_graduate, (), (as_filled_in,), verified=True, trailed=False),
    Row(ENTERED, "cancel", ("draft",), "terminated", the_graduate, (), (cancelled,)),
    Row(ENTERED, "issue", ("draft",), "issued", the_graduate,
        ("details-incomplete", "ask-for-an-invitation", "live-placement-exists"), verified=True),
    Row(ENTERED, "attach", ("issued",), "issued", the_graduate, (), (scanned,), verified=True),
    Row(ENTERED, "submit", ("issued",), "submitted", the_graduate, ("scan-missing", "termination-open"),
        (to_the_school,), verified=True),
    Row(ENTERED, "approve", ("submitted",), "approved", a_reviewer_of_the_chain, (*IN_TURN, "termination-open"),
        (to_the_next_turn,)),
    Row(ENTERED, "reject", ("submitted",), "rejected", a_reviewer_of_the_chain, (*IN_TURN, "comment-required"),
        (with_nothing_left_to_ask,)),
    Row(ENTERED, "return", ("submitted",), "issued", a_reviewer_of_the_chain, IN_TURN),

    Row("destination", "open", (), "draft", a_graduate, ("draft-exists",), (as_filled_in,), verified=True),
    Row("destination", "edit", ("draft",), "draft", the_graduate, ("kind-is-fixed",), (as_filled_in,), verified=True,
        trailed=False),
    Row("destination", "submit", ("draft",), "submitted", the_graduate, ("details-incomplete", "live-placement-exists"),
        (to_the_school,), verified=True),
    Row("destination", "cancel", ("draft",), "terminated", the_graduate, (), (cancelled,)),
    Row("destination", "withdraw", ("submitted",), "terminated", the_graduate, (), (withdrawn,)),
    Row("destination", "approve", ("submitted",), "approved", a_reviewer_of_the_chain, (*IN_TURN, "termination-open"),
        (to_the_next_turn,)),
    Row("destination", "reject", ("submitted",), "rejected", a_reviewer_of_the_chain, (*IN_TURN, "comment-required")),
    Row("destination", "return", ("submitted",), "draft", a_reviewer_of_the_chain, IN_TURN),

    Row("termination", "ask", (), "submitted", a_side,
        ("placement-not-binding", "agreement-not-live", "termination-open", "termination-proof-missing"),
        (of_this_placement,)),
    Row("termination", "agree", ("submitted",), "agreed", the_other_side, ("a-body-decides",), (ending_the_placement,)),
    Row("termination", "refuse", ("submitted",), "refused", the_other_side, ("a-body-decides",)),
    Row("termination", "withdraw", ("submitted",), "terminated", the_asker, (), (withdrawn,)),
    Row("termination", "approve", ("submitted",), "agreed", a_reviewer_of_the_chain, IN_TURN,
        (to_the_next_turn, ending_the_placement)),
    Row("termination", "reject", ("submitted",), "refused", a_reviewer_of_the_chain, (*IN_TURN, "comment-required")),

    *(Row(of, "reopen", ("submitted",), "submitted", who_passed_it_on, ("reopening-over", "termination-open"),
          (to_the_turn_before,)) for of in PLACEMENTS),
    *(Row(of, "annul", ("approved",), "terminated", who_approved_or_stands_above, (), ANNULLED) for of in PLACEMENTS),
    *(Row(of, "disown", ("submitted", "approved"), "terminated", nobody, (), ANNULLED) for of in PLACEMENTS),
    *(Row(of, "reinstate", ("terminated",), "approved", nobody, (), (put_in_force_again,)) for of in PLACEMENTS),
    *(Row(of, "amend", ("approved",), "approved", nobody) for of in PLACEMENTS),
    *(Row(of, "ask_termination", (at,), at, nobody) for of in PLACEMENTS for at in BINDING[of]),
    *(Row(of, "end", BINDING[of], "terminated", nobody, (), (with_nothing_left_to_amend,)) for of in PLACEMENTS),

    Row("amendment", "ask", (), "submitted", a_side,
        ("placement-not-in-force", "termination-open", "amendment-open", "details-incomplete"),
        (about_this_placement, to_who_approved_it)),
    Row("amendment", "approve", ("submitted",), "approved", a_reviewer_of_the_chain,
        (*IN_TURN, "placement-not-in-force", "termination-open"), (amending_the_placement,)),
    Row("amendment", "reject", ("submitted",), "rejected", a_reviewer_of_the_chain, (*IN_TURN, "comment-required")),
    Row("amendment", "withdraw", ("submitted",), "terminated", the_asker, (), (withdrawn,)),

    Row("objection", "object", (), "submitted", a_side,
        ("not-annulled", "never-in-force", "objection-too-late", "objection-open", "objection-settled"),
        (about_this_placement, to_who_stands_above)),
    Row("objection", "disown", (), "submitted", the_graduate_of_it,
        ("placement-not-live", "objection-open", "objection-settled"),
        (about_this_placement, to_the_school_then_the_office)),
    Row("objection", "uphold", ("submitted",), "upheld", a_reviewer_of_the_chain, IN_TURN, (carried_out,)),
    Row("objection", "dismiss", ("submitted",), "dismissed", a_reviewer_of_the_chain, IN_TURN, (that_may_be_taken_on,)),
    Row("objection", "escalate", ("dismissed",), "submitted", whose_it_is_not,
        ("objection-settled", "objection-too-late"), (to_the_next_body,)),
    Row("objection", "withdraw", ("submitted",), "terminated", the_asker),
)
# fmt: on

VARIANTS: dict[tuple[str, str], tuple[dict[str, object], ...]] = {
    ("invitation", "send"): ({"days": 1}, {"days": 5}, {"days": 30}),
    **{("objection", action): ({},) for action in ("object", "disown")},
    ("amendment", "ask"): ({},),
    ("invitation", "extend"): ({"days": 2}, {"days": 10}),
    ("invitation", "accept"): ({"ahead": 0}, {"ahead": 1}),
    (ENTERED, "open"): ({"form": "paper"}, {"form": "paper without a post"}, {"form": "paper from next door"}),
    ("destination", "open"): (
        {"form": "contract"}, {"form": "contract with nobody"}, {"form": "freelance"}, {"form": "western service"},
    ),
    ("termination", "ask"): (
        {"type": "mutual", "proven": True}, {"type": "graduate_breach", "proven": True},
        {"type": "employer_breach", "proven": False},
    ),
    **{(of, "edit"): of_kind for of, of_kind in (
        (ENTERED, ({"form": "paper"}, {"form": "paper without a post"}, {"form": "paper from next door"})),
        ("destination", ({"form": "contract"}, {"form": "contract with nobody"}, {"form": "western service"})),
    )},
    **{(of, "reject"): ({"reason": "not_eligible"}, {"reason": "other"})
       for of in (*PLACEMENTS, "termination", "amendment")},
}  # fmt: skip
"""With which bodies an action may be tried; an action that is not here needs none."""

OPENINGS = (
    *[("invitation", "send")] * 2, (ENTERED, "open"), ("destination", "open"), *[("termination", "ask")] * 2,
    ("amendment", "ask"), ("objection", "object"), ("objection", "disown"),
)  # fmt: skip
"""What may be opened, as often as it should be tried."""
