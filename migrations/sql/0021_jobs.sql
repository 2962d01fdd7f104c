-- The job market: posts are their employer's, their bureaus', and once they were published everybody's who is a graduate.

call app.guard('jobs',
  'app.body() in (employer_id, county_id, city_id) or app.is_province()
   or app.kind() = ''graduate'' and decision = ''approved'' and ending is distinct from ''taken_down''',
  'app.body() in (employer_id, county_id, city_id) or app.is_province()');

-- An application is between two: nobody else reads it. What the graduate did not choose to show is not in the row.

call app.guard('job_applications',
  'graduate_id = app.graduate() or app.kind() = ''employer'' and employer_id = app.body() or app.kind() = ''system''',
  '{see}');

create policy jobs on app.trail for select to employment_app
  using (record_kind = 'job' and app.kind() <> 'graduate' and exists (select from app.jobs r where r.id = record_id)
         or record_kind = 'job_application' and exists (select from app.job_applications r where r.id = record_id));

-- The phone of somebody who applied and consented, for the employer who was applied to, until one of them says no.

create function app.applicant_contact(application uuid)
returns table (person_id uuid, phone_sealed bytea)
language sql stable security definer rows 1 set search_path = app, pg_temp as $$
  select p.person_id, p.sealed
    from app.job_applications a
    join app.graduates g on g.id = a.graduate_id
    join app.phones p on p.person_id = g.person_id
   where a.id = applicant_contact.application and a.contact_consent and a.status in ('sent', 'viewed', 'invited')
     and app.kind() = 'employer' and a.employer_id = app.body()
$$;

-- Whom an invitation addresses, by one way more: an application to the employer who asks.

drop function app.find_invitee(text, bytea, text, text, smallint, timestamptz);
create function app.find_invitee(
    code text, id_bidx bytea, name text, level text, cohort smallint, at timestamptz, application uuid
)
returns table (
    graduate_id uuid, graduate_name text, school_id uuid, department_id uuid, school_name text, graduate_level text,
    graduate_cohort smallint, major text
) language sql stable security definer rows 1 set search_path = app, pg_temp as $$
  select g.id, g.name, g.school_id, g.department_id, b.name, g.level, g.cohort, g.major
    from app.job_applications a
    join app.graduates g on g.id = a.graduate_id
    join app.bodies b on b.id = g.school_id
   where app.kind() = 'employer' and a.id = find_invitee.application and a.employer_id = app.body()
  union all
  select g.id, g.name, g.school_id, g.department_id, b.name, g.level, g.cohort, g.major
    from app.graduates g join app.bodies b on b.id = g.school_id
   where app.kind() = 'employer' and find_invitee.application is null and find_invitee.code is not null
     and g.signing_code = find_invitee.code and g.signing_code_until > find_invitee.at
  union all
  select g.id, g.name, g.school_id, g.department_id, b.name, g.level, g.cohort, g.major
    from app.persons p
    join app.graduates g on g.person_id = p.id and g.level = find_invitee.level and g.cohort = find_invitee.cohort
     and g.name = find_invitee.name
    join app.bodies b on b.id = g.school_id
   where app.kind() = 'employer' and find_invitee.application is null and find_invitee.code is null
     and p.id_bidx = find_invitee.id_bidx
  limit 1
$$;

-- The open posts that a graduate searches for, newest first. With its owner's rights, because neither `@>` nor `like` may
-- use an index under row-level security, which trusts them not to leak. In two steps: the newest 1,000 are looked through,
-- which fills a page with whatever is common; only if it does not, the search index gives all candidates, which then are
-- few. So neither a word that half of the posts have nor one that three have makes a page dear.
create function app.search_jobs(
    grams text[], facets text[], patterns text[], salary_least integer, before uuid, at timestamptz, most integer
) returns setof uuid
language plpgsql stable security definer rows 50
set search_path = app, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
  today constant date := (search_jobs.at at time zone 'Asia/Shanghai')::date;
  filled integer := 0;
  last uuid := before;
begin
  if app.kind() is distinct from 'graduate' then
    return;
  end if;
  for last in
    select w.id
      from (select j.id, j.search_text, j.facets, j.salary_to
              from app.jobs j
             where j.status = 'reviewed' and j.decision = 'approved' and j.end_on >= today and j.id < before
             order by j.id desc limit 1000) w
     where w.facets @> search_jobs.facets and w.salary_to >= salary_least and w.search_text like all (patterns)
     order by w.id desc
     limit most
  loop
    filled := filled + 1;
    return next last;
  end loop;
  if filled < most then
    return query
      select c.id
        from (select j.id
                from app.jobs j
               where j.status = 'reviewed' and j.decision = 'approved' and j.end_on >= today
                 and j.grams @> search_jobs.grams
                 and j.salary_to >= salary_least and j.search_text like all (patterns)
              offset 0) c -- by the search index and no other, and only then narrowed and sorted
       where c.id < coalesce(last, before)
       order by c.id desc
       limit most - filled;
  end if;
end $$;
