drop policy unemployed on app.trail;

do $$
declare
  known constant text := pg_get_functiondef('app.to_reveal(uuid)'::regprocedure);
begin
  execute replace(known, 'a.graduate_id = g.id and a.county_id = app.body())
             or exists (
             select from app.unemployed_cases u
              where u.graduate_id = g.id and u.county_id = app.body() and u.status = ''open'')',
    'a.graduate_id = g.id and a.county_id = app.body())');
end $$;
