-- Who saw what: rows are only added, each by who looked; their subject reads them.

call app.guard('accesses',
  'person_id = app.person() or app.kind() = ''employer'' and employer_id = app.body() or app.kind() = ''system''',
  'account_id = app.account() or app.kind() = ''system''');
revoke update on app.accesses from employment_app;
create trigger accesses_are_only_added before update or delete on app.accesses
  for each row execute function app.only_added();
create trigger accesses_are_never_emptied before truncate on app.accesses
  for each statement execute function app.only_added();

call app.guard('data_exports', 'account_id = app.account() or app.kind() = ''system''', '{see}');
grant delete on app.data_exports to employment_app;

-- Corrections: the graduate, their school and department; the education office too, whose roster may be meant.

call app.guard('roster_corrections',
  'graduate_id = app.graduate() or app.body() in (school_id, department_id)
   or app.kind() in (''provincial_education'', ''system'')',
  '{see}');
create policy roster_corrections on app.trail for select to employment_app
  using (record_kind = 'roster_correction'
         and exists (select from app.roster_corrections r where r.id = record_id));

-- What a reveal may show: the only way for staff to a sealed phone. Nothing for who may not see the person.

create function app.to_reveal(subject uuid)
returns table (kind text, person_id uuid, employer_id uuid, id_sealed bytea, phone_sealed bytea)
language sql stable security definer rows 1 set search_path = app, pg_temp as $$
  select 'graduate', p.id, null::uuid, p.id_sealed, h.sealed
    from app.graduates g
    join app.persons p on p.id = g.person_id
    left join app.phones h on h.person_id = p.id
   where g.id = to_reveal.subject
     and case app.kind()
           when 'school' then g.school_id = app.body()
           when 'department' then g.department_id = app.body()
           when 'county' then exists (
             select from app.placements a where a.graduate_id = g.id and a.county_id = app.body())
           else app.kind() in ('provincial_bureau', 'provincial_education')
         end
  union all
  select 'employer', null, e.id, null, e.contact_phone_sealed
    from app.employers e
   where e.id = to_reveal.subject
     and (app.kind() = 'county' and e.county_id = app.body()
          or app.kind() in ('provincial_bureau', 'provincial_education'))
$$;

-- A graduate of a school outside the province carries the mark as their one role, wherever they are a caller: put into
-- the door as it stands, whatever else has been changed in it since.

do $$
declare
  door constant text := pg_get_functiondef('app.begin_request(uuid, uuid)'::regprocedure);
  marked constant text := replace(door, ' a.roles,',
    ' case when g.archive_query_only then array[''archive_query_only''] else a.roles end as roles,');
begin
  if marked = door then
    raise exception 'app.begin_request does not read a.roles any more';
  end if;
  execute marked;
end $$;
