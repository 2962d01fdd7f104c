-- Objections are as visible as placements are: to those named in the row, and to the province.

call app.guard('objections', '{party}', '{party}');
create policy objections on app.trail for select to employment_app
  using (record_kind = 'objection' and exists (select from app.objections r where r.id = record_id));

-- A confirmation is as visible as its graduate is to their school and the province; only they give one, and it stays.

call app.guard('confirmations',
  'graduate_id = app.graduate() or app.kind() <> ''public'' and app.body() is not null
     and exists (select from app.graduates g where g.id = graduate_id)
   or app.kind() = ''system''',
  'graduate_id = app.graduate()');
revoke update on app.confirmations from employment_app;
create policy confirmations on app.trail for select to employment_app
  using (record_kind = 'confirmation' and exists (select from app.confirmations r where r.id = record_id));
