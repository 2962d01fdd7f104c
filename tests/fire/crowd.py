"""Two hundred thousand agreements with invitations, reviews, terminations, amendments, made inside the database.

Row n belongs to party n modulo the number of such parties; party 0 is the one of the world that is given. Of graduates,
jobs and objections there are fewer: enough for every plan to be that of many.
"""

from tests.world import World

ROWS = 200_000
BIG = (
    "placements", "invitations", "reviews", "terminations", "amendments", "applications", "unemployed_cases",
)  # fmt: skip
FEW = ("graduates", "jobs", "objections")
ARCHIVES = ("dispatches", "archive_bureaus", "archive_movements")
"""As big, and no part of what else is asked."""
PARTIES = {"employer": 2000, "department": 400, "school": 100, "county": 150, "city": 17}

_BEFORE = """
    set session_replication_role = replica; -- no foreign key is looked up
    create temporary table parties (kind text, n int, id uuid, primary key (kind, n));
    create temporary table definitions as
      select indexdef, format('%I.%I', schemaname, indexname) as name from pg_indexes
       where schemaname = 'app' and tablename = any ('{placements,invitations,reviews,terminations,amendments}'
         || '{applications,unemployed_cases,dispatches,archive_bureaus,archive_movements}'::text[])
         and indexname not like 'pk\\_%';
    do $$ declare one text; begin
      for one in select name from definitions loop execute 'drop index ' || one; end loop;
    end $$;
"""

_PARTY = """
    insert into parties
      select $1, n, case when n = 0 then $2::uuid else gen_random_uuid() end from generate_series(0, $3 - 1) n
"""

_CROWD = """
    create temporary table crowd as
      select g.n, ('01a00000-0000-7000-8000-' || lpad(to_hex(g.n), 12, '0'))::uuid as id,
             now() - g.n * interval '1 second' as at,
             case when g.n = 0 then $1::uuid else gen_random_uuid() end as graduate_id,
             e.id as employer_id, d.id as department_id, s.id as school_id, c.id as county_id, t.id as city_id,
             (array['submitted', 'terminated', 'reviewed'])[1 + least(abs(hashint4(g.n)) % 10, 2)] as status,
             (array['department', 'school', 'county'])[1 + abs(hashint4(-g.n)) % 3] as stage
        from generate_series(0, $2 - 1) g (n)
        join parties e on e.kind = 'employer' and e.n = g.n % $3
        join parties d on d.kind = 'department' and d.n = g.n % $4
        join parties s on s.kind = 'school' and s.n = g.n % $5
        join parties c on c.kind = 'county' and c.n = g.n % $6
        join parties t on t.kind = 'city' and t.n = g.n % $7
"""

_TABLES = """
    insert into app.invitations (
        id, version, created_at, updated_at, graduate_id, employer_id, department_id, school_id, county_id, city_id,
        status, terms_version, terms, valid_until, employer, graduate_name, cohort, level, school_name, major)
      select id, 1, at, at, graduate_id, employer_id, department_id, school_id, county_id, city_id,
             'accepted', 1, '{"position": "工程师"}', at, '{"name": "公司"}', '王小明', 2027, 'bachelor', '大学',
             '计算机'
        from crowd;
    insert into app.placements (
        id, version, created_at, updated_at, graduate_id, employer_id, department_id, school_id, county_id, city_id,
        status, decision, stage, chain, turn, submitted_at, kind, number, cohort, level, graduate_name, school_name,
        major, unit_name, registered_region, region, details, invitation_id, ended_at, ending)
      select id, 1, at, at, graduate_id, employer_id, department_id, school_id, county_id, city_id,
             status, case status when 'reviewed' then 'approved' end, case status when 'submitted' then stage end,
             '[]', 0, at, 'online_agreement', n::text, 2027, 'bachelor', '王小明', '大学', '计算机', '公司',
             '370102', '370102', '{"position": "工程师"}', id, case status when 'terminated' then at end,
             case status when 'terminated' then 'mutual' end
        from crowd;
    insert into app.reviews (
        id, graduate_id, employer_id, department_id, school_id, county_id, city_id, record_kind, record_id, turn, stage,
        body_id, cohort, subject, opened_at, due_on, decision, decided_at)
      select id, graduate_id, employer_id, department_id, school_id, county_id, city_id, 'agreement', id, 0, stage,
             case stage when 'department' then department_id when 'school' then school_id else county_id end,
             2027, '{}', at, at::date, case when status <> 'submitted' then 'approve' end,
             case when status <> 'submitted' then at end
        from crowd;
    insert into app.terminations (
        id, version, created_at, updated_at, graduate_id, employer_id, department_id, school_id, county_id, city_id,
        placement_id, asked_by, type, reason, status, decision)
      select id, 1, at, at, graduate_id, employer_id, department_id, school_id, county_id, city_id,
             id, 'graduate', 'mutual', '协商一致', 'reviewed', 'refused'
        from crowd;
    insert into app.amendments (
        id, version, created_at, updated_at, graduate_id, employer_id, department_id, school_id, county_id, city_id,
        placement_id, placement_kind, asked_by, diff, reason, status, decision, stage, ending, cohort, graduate_name,
        school_name)
      select id, 1, at, at, graduate_id, employer_id, department_id, school_id, county_id, city_id,
             id, 'online_agreement', 'graduate', '[]', '更正职位', status,
             case status when 'reviewed' then 'rejected' end, case status when 'submitted' then stage end,
             case status when 'terminated' then 'withdrawn' end, 2027, '王小明', '大学'
        from crowd;
    insert into app.applications (
        id, version, created_at, updated_at, graduate_id, department_id, school_id, county_id, city_id, status,
        decision, stage, chain, turn, submitted_at, kind, person_id, cohort, level, graduate_name, school_name, major,
        details, fulfilment, ended_at, ending)
      select id, 1, at, at, graduate_id, department_id, school_id, county_id, city_id, status,
             case status when 'reviewed' then 'approved' end, case status when 'submitted' then stage end, '[]', 0, at,
             case n % 10 when 0 then 'outstanding_graduate' else 'reassignment' end, id, 2027, 'bachelor', '王小明',
             '大学', '计算机', '{}', case status when 'reviewed' then 'none' end,
             case status when 'terminated' then at end, case status when 'terminated' then 'withdrawn' end
        from crowd;
    insert into app.unemployed_cases (
        id, version, created_at, updated_at, graduate_id, department_id, school_id, county_id, city_id, body_id,
        status, ending, closed_at, situation, plans_to_study, residence_region, residence_address, service_needs,
        services_given, follow_up_due_on, contacts, reached_on, graduate_name, school_name, level, major, cohort)
      select id, 1, at, at, graduate_id, department_id, school_id, county_id, city_id, county_id,
             case status when 'submitted' then 'open' else 'closed' end,
             case when status <> 'submitted' then 'placed' end, case when status <> 'submitted' then at end,
             'unemployed', false, (370102 + n % 150)::text, '经十路1号', '{guidance}', '{}',
             case status when 'submitted' then at::date end, 1, at::date, '王小明', '大学', 'bachelor', '计算机',
             2027 - n % 5
        from crowd;
    insert into app.objections (
        id, version, created_at, updated_at, graduate_id, employer_id, department_id, school_id, county_id, city_id,
        placement_id, kind, objected_by, status, decision, stage, cohort, graduate_name, school_name, reason,
        proof_file_ids)
      select id, 1, at, at, graduate_id, employer_id, department_id, school_id, county_id, city_id,
             id, 'not_mine', 'graduate', status, case status when 'reviewed' then 'dismissed' end,
             case status when 'submitted' then stage end, 2027, '王小明', '大学', '非本人签订', '{}'
        from crowd where n < 20000;
    insert into app.jobs (
        id, version, created_at, updated_at, employer_id, county_id, city_id, status, decision, stage, submitted_at,
        employer, terms, end_on, salary_to, search_text, grams, facets, ending)
      select id, 1, at, at, employer_id, county_id, city_id, status, case status when 'reviewed' then 'approved' end,
             case status when 'submitted' then 'county' end, at, '{}', '{}', '2099-06-30', 9000, '工程师', '{}', '{}',
             case status when 'terminated' then 'closed' end
        from crowd where n < 20000;
    insert into app.graduates (
        id, version, created_at, updated_at, person_id, roster_entry_id, school_id, department_id, name, level, cohort,
        major)
      select graduate_id, 1, at, at, id, id, school_id, department_id, '王小明', 'bachelor', 2027, '计算机'
        from crowd where n between 1 and 19999;
    insert into app.dispatches (
        id, version, created_at, updated_at, person_id, school_id, department_id, county_id, city_id, recorder_id,
        recorder_name, graduate_name, level, cohort, school_name, status, number, type, unit_name, unit_region,
        dispatched_on)
      select id, 1, at, at, coalesce((select g.person_id from app.graduates g where g.id = graduate_id), id), school_id,
             department_id, county_id, city_id, school_id, '大学', '王小明', 'bachelor', 2027 - n % 5, '大学',
             case n % 20 when 0 then 'voided' else 'recorded' end, n::text, '1', '公司', '370102', at::date
        from crowd;
    insert into app.archive_bureaus (body_id, dispatch_id)
      select county_id, id from crowd union all select city_id, id from crowd;
    insert into app.archive_movements (dispatch_id, seq, sender, receiver, moved_on, state, created_at)
      select id, seq, '大学', '公司', at::date, 'sent', at from crowd, generate_series(2, 3) seq where n % 4 = 0;
    do $$ declare one text; begin
      for one in select indexdef from definitions loop execute one; end loop;
    end $$;
    drop table crowd, parties, definitions;
    set session_replication_role = origin;
    analyze;
"""


async def gather(world: World, graduate: str, employer: str) -> None:
    """Fill the tables; the first of the crowd are this graduate, this employer and the bodies of this world."""
    line, bodies = world.line, world.bodies | {"employer": employer}
    await line.execute(_BEFORE)
    for kind, number in PARTIES.items():
        await line.execute(_PARTY, kind, bodies[kind], number)
    await line.execute(_CROWD, graduate, ROWS, *PARTIES.values())
    await line.execute(_TABLES)
