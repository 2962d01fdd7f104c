-- A quota is seen by its body and the one above, and by those whose own application takes a place or gives one back.

call app.guard('quotas',
  'app.body() in (body_id, set_by) or app.is_province() or exists (
     select from app.applications a
      where a.graduate_id = app.graduate() and a.cohort = quotas.cohort and quotas.body_id in (a.department_id, a.school_id))',
  '{see}');

-- A list itself names nobody; who is on it, the body that published it sees, and whoever sees the application.

call app.guard('publicities', 'app.body() = body_id or app.is_province() or app.visits(''publicity'')', '{see}');
call app.guard('publicity_items',
  'app.kind() = ''system'' or exists (select from app.applications a where a.id = application_id)', '{see}');
revoke update on app.publicities, app.publicity_items from employment_app; -- a list is never changed

-- Who is on a list that is open on this day, as the public may know them: the name masked before it leaves. Who has been
-- taken off it, by a return, a rejection or themselves, is no longer shown.

create function app.published_items(publicity uuid, after uuid, on_day date, most integer)
returns table (application_id uuid, graduate_name text, school_name text, major text)
language sql stable security definer set search_path = app, pg_temp as $$
  select a.id, app.masked_name(a.graduate_name), a.school_name, a.major
    from app.publicities p
    join app.publicity_items i on i.publicity_id = p.id
    join app.applications a on a.id = i.application_id
    join app.reviews r on r.id = i.review_id and (r.decision is null or r.decision = 'pass')
   where app.visits('publicity') and p.id = published_items.publicity
     and published_items.on_day between p.begins_on and p.ends_on
     and i.application_id > published_items.after
   order by i.application_id
   limit published_items.most
$$;
