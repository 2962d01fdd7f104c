-- Archives: the person, their school and department, the bureau that the file came to or went from, the city above it.

call app.guard('dispatches',
  $$person_id = app.person() or app.body() in (school_id, department_id, county_id, city_id, recorder_id)
    or app.kind() in ('provincial_bureau', 'system')$$,
  $$app.kind() in ('school', 'county', 'provincial_bureau', 'system') and ({see})$$);
call app.guard('archive_movements',
  $$exists (select from app.dispatches d where d.id = dispatch_id)$$,
  $$app.kind() in ('school', 'county', 'provincial_bureau', 'system') and ({see})$$);
revoke update on app.archive_movements from employment_app;
create policy dispatches on app.trail for select to employment_app
  using (record_kind = 'dispatch' and exists (select from app.dispatches r where r.id = record_id));

-- Whose file a dispatch is about: all four equal to a roster's entry, or nobody. A school finds its own graduates alone.

create function app.archive_owner(id_bidx bytea, name text, level text, cohort smallint)
returns table (
    person_id uuid, graduate_id uuid, school_id uuid, department_id uuid, graduate_name text, level text,
    cohort smallint, school_name text
) language sql stable security definer rows 1 set search_path = app, pg_temp as $$
  select p.id, g.id, r.school_id, r.department_id, r.name, r.level, r.cohort, b.name
    from app.persons p
    join app.roster_entries r on r.person_id = p.id and r.level = archive_owner.level
     and r.cohort = archive_owner.cohort and r.name = archive_owner.name
    join app.bodies b on b.id = r.school_id
    left join app.graduates g on g.person_id = p.id and g.level = r.level and g.cohort = r.cohort
     and g.school_id = r.school_id
   where p.id_bidx = archive_owner.id_bidx
     and (app.kind() in ('county', 'provincial_bureau') or app.kind() = 'school' and r.school_id = app.body())
   order by r.source desc
   limit 1
$$;
