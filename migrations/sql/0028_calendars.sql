-- Years that have days were founded with them, whole.
insert into app.calendar_years
  select distinct extract(year from date), 1, '国务院办公厅节假日安排的通知（经 chinesecalendar 程序库录入）' from app.calendar_days;

grant select, insert, update on app.calendar_years to employment_app;
grant delete on app.calendar_days to employment_app;
grant insert, update on app.minimum_wages to employment_app;

-- What was entered before sources were asked for came without one.
update app.minimum_wages set source = '建库时录入，未附公布文件，待省级人社部门核对';

-- The minimum wage that holds in a place on a day: its own, else its city's, else its province's.
create function app.minimum_wage_in(place text, on_day date) returns setof app.minimum_wages language sql stable
  set search_path = app, pg_temp as $$
  select w.* from app.minimum_wages w
   where w.region in (place, left(place, 4) || '00', left(place, 2) || '0000') and w.effective_from <= on_day
   order by w.region desc, w.effective_from desc limit 1
$$;

create or replace function app.minimum_wage(place text, on_day date) returns integer language sql stable
  set search_path = app, pg_temp as $$
  select monthly from app.minimum_wage_in(place, on_day)
$$;
