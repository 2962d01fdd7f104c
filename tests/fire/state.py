"""What must hold of the whole database at any time: whatever a move writes is there, all of it or nothing."""

import asyncpg

RULES = {
    "as many steps in the trail as the version says, the last one of them where the record stands": """
        with records (id, version, kind, situation) as (
          select id, version, 'invitation', status from app.invitations
          union all
          select id, version, 'agreement', case status when 'reviewed' then decision else status end from app.placements
          union all
          select id, version, 'termination', coalesce(decision, ending, status) from app.terminations)
        select r.id from records r
          left join lateral (select count(*) as steps, max(seq) as last, min(seq) as first,
                                    (array_agg(situation order by seq desc))[1] as situation
                               from app.trail t where t.record_id = r.id and t.record_kind = r.kind) t on true
         where (steps, last, first) is distinct from (r.version, r.version, 1) or t.situation <> r.situation
    """,
    "every step is an event, and every event a step": """
        select coalesce(t.record_id, e.record_id)
          from app.trail t full join app.events e on e.record_id = t.record_id and e.record_version = t.seq
         where t.record_id is null or e.record_id is null
    """,
    "a graduate has one live placement at most": """
        select graduate_id from app.placements
         where status in ('issued', 'submitted') or (status = 'reviewed' and decision = 'approved')
         group by 1 having count(*) > 1
    """,
    "who has a live placement has no open case": """
        select c.graduate_id from app.unemployed_cases c join app.placements p on p.graduate_id = c.graduate_id
         where c.status = 'open'
           and (p.status in ('issued', 'submitted') or (p.status = 'reviewed' and p.decision = 'approved'))
    """,
    "a pair has one pending invitation at most": """
        select graduate_id from app.invitations where status = 'sent'
         group by graduate_id, employer_id having count(*) > 1
    """,
    "an agreement has one open termination at most": """
        select placement_id from app.terminations where status = 'submitted' group by 1 having count(*) > 1
    """,
    "an agreement waits for one review while it is submitted, and for none otherwise": """
        select p.id from app.placements p
         where (select count(*) from app.reviews r where r.record_id = p.id and r.decision is null)
               <> (p.status = 'submitted')::int
    """,
    "each review was decided by one step of its agreement": """
        select p.id from app.placements p
         where (select array_agg(decision order by opened_at, turn) from app.reviews r
                 where r.record_id = p.id and decision is not null)
               is distinct from
               (select array_agg(action order by seq) from app.trail t
                 where t.record_id = p.id and t.source = 'submitted' and t.action <> 'ask_termination')
    """,
    "an accepted invitation has one agreement, and nothing else has": """
        select i.id from app.invitations i
         where (select count(*) from app.placements p where p.invitation_id = i.id) <> (i.status = 'accepted')::int
    """,
    "an agreement has ended when a termination of it was agreed, and not otherwise": """
        select p.id from app.placements p
         where (select count(*) from app.terminations t where t.placement_id = p.id and t.decision = 'agreed')
               <> (p.status = 'terminated')::int
    """,
    "the chain of hashes is whole": "select record_id from app.broken_trail()",
}


async def broken_rules(line: asyncpg.Connection) -> set[str]:
    """The rules that do not hold, each with the id of a row that breaks it."""
    return {f"{rule}: {row[0]}" for rule, query in RULES.items() for row in await line.fetch(query)}
