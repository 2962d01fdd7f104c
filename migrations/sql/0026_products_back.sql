call app.guard('dispatches',
  $$person_id = app.person() or app.body() in (school_id, department_id, county_id, city_id, recorder_id)
    or app.kind() in ('provincial_bureau', 'system')$$,
  $$app.kind() in ('school', 'county', 'provincial_bureau', 'system') and ({see})$$);
