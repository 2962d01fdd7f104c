-- Whether an employer with this credit code is registered here: the graduate may know that, and no more of it.
create function app.knows_credit_code(code text) returns boolean language sql stable security definer
  set search_path = app, pg_temp as $$
  select exists (select from app.employers e where e.credit_code = code and e.standing <> 'closed')
$$;

-- The minimum wage of a place on a day: its own, else its city's, else its province's.
create function app.minimum_wage(place text, on_day date) returns integer language sql stable
  set search_path = app, pg_temp as $$
  select w.monthly from app.minimum_wages w
   where w.region in (place, left(place, 4) || '00', left(place, 2) || '0000') and w.effective_from <= on_day
   order by w.region desc, w.effective_from desc limit 1
$$;

grant select on app.minimum_wages to employment_app;

-- The lowest of the province's three classes: what is below it is below all. Counties' own classes are added by region.
insert into app.minimum_wages values ('370000', '2023-10-01', 1820);

call app.guard('trail', $$app.kind() = 'system' or case record_kind
    when 'invitation' then exists (select from app.invitations r where r.id = record_id)
    when 'agreement' then exists (select from app.placements r where r.id = record_id)
    when 'destination' then exists (select from app.placements r where r.id = record_id)
    when 'entered_agreement' then exists (select from app.placements r where r.id = record_id)
    when 'termination' then exists (select from app.terminations r where r.id = record_id)
    when 'employer' then exists (select from app.employers r where r.id = record_id)
    when 'roster_entry' then exists (select from app.roster_entries r where r.id = record_id)
  end$$, '{anyone}');
revoke update on app.trail from employment_app; -- which guarding grants
