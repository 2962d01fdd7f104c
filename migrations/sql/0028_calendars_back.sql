create or replace function app.minimum_wage(place text, on_day date) returns integer language sql stable
  set search_path = app, pg_temp as $$
  select w.monthly from app.minimum_wages w
   where w.region in (place, left(place, 4) || '00', left(place, 2) || '0000') and w.effective_from <= on_day
   order by w.region desc, w.effective_from desc limit 1
$$;

drop function app.minimum_wage_in(text, date);

revoke insert, update on app.minimum_wages from employment_app;
revoke delete on app.calendar_days from employment_app;
