-- What an approval replaces, the approving bureau changes: while a reassignment waits for the county of the new unit,
-- that county reaches the dispatches of the same person, and no others. Schools and the province have them anyway.

call app.guard('dispatches',
  $$person_id = app.person() or app.body() in (school_id, department_id, county_id, city_id, recorder_id)
    or app.kind() in ('provincial_bureau', 'system')
    or app.kind() = 'county' and exists (select from app.applications a
      where a.person_id = dispatches.person_id and a.kind = 'reassignment' and a.status = 'submitted'
        and a.county_id = app.body())$$,
  $$app.kind() in ('school', 'county', 'provincial_bureau', 'system') and ({see})$$);
