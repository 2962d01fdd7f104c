-- Back to the two ways that an invitation had before.

drop policy jobs on app.trail;
drop function app.search_jobs(text[], text[], text[], integer, uuid, timestamptz, integer);
drop function app.applicant_contact(uuid);
drop function app.find_invitee(text, bytea, text, text, smallint, timestamptz, uuid);
create function app.find_invitee(code text, id_bidx bytea, name text, level text, cohort smallint, at timestamptz)
returns table (
    graduate_id uuid, graduate_name text, school_id uuid, department_id uuid, school_name text, graduate_level text,
    graduate_cohort smallint, major text
) language sql stable security definer rows 1 set search_path = app, pg_temp as $$
  select g.id, g.name, g.school_id, g.department_id, b.name, g.level, g.cohort, g.major
    from app.graduates g join app.bodies b on b.id = g.school_id
   where app.kind() = 'employer' and find_invitee.code is not null
     and g.signing_code = find_invitee.code and g.signing_code_until > find_invitee.at
  union all
  select g.id, g.name, g.school_id, g.department_id, b.name, g.level, g.cohort, g.major
    from app.persons p
    join app.graduates g on g.person_id = p.id and g.level = find_invitee.level and g.cohort = find_invitee.cohort
     and g.name = find_invitee.name
    join app.bodies b on b.id = g.school_id
   where app.kind() = 'employer' and find_invitee.code is null and p.id_bidx = find_invitee.id_bidx
  limit 1
$$;
