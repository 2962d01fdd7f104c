-- Cases of the unemployed: their graduate, their school, the bureau of residence and its city. A county that moves a
-- case opens one with another, into which it does not look.

call app.guard('unemployed_cases', '{party}', '{see} or app.kind() = ''county''');
call app.guard('contacts',
  'exists (select from app.unemployed_cases c where c.id = case_id)',
  '{see} and body_id = app.body() and account_id = app.account()');
revoke update on app.contacts from employment_app;

create policy unemployed on app.trail for select to employment_app
  using (record_kind = 'unemployed_registration'
         and exists (select from app.unemployed_cases r where r.id = record_id));

-- Whoever opens a case counts the graduate's version up, seen or not: a placement that comes to be at the same moment
-- was judged on the version before, and looks again. Neither sees in its own statement what the other has just added.

create function app.count_the_graduate_up() returns trigger
language plpgsql security definer set search_path = app, pg_temp as $$
begin
  update app.graduates set version = version + 1 where id = new.graduate_id;
  return null;
end $$;

create trigger cases_count_the_graduate_up after insert on app.unemployed_cases
  for each row when (new.status = 'open') execute function app.count_the_graduate_up();

-- The bureau that follows a graduate up may ask for their phone number while it does.

do $$
declare
  known constant text := pg_get_functiondef('app.to_reveal(uuid)'::regprocedure);
  more constant text := replace(known, 'a.graduate_id = g.id and a.county_id = app.body())',
    'a.graduate_id = g.id and a.county_id = app.body())
             or exists (
             select from app.unemployed_cases u
              where u.graduate_id = g.id and u.county_id = app.body() and u.status = ''open'')');
begin
  if more = known then
    raise exception 'app.to_reveal does not ask for placements of the county any more';
  end if;
  execute more;
end $$;
