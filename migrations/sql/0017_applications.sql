-- Applications: their person, the bodies named in them, the province; of these the education office only for awards,
-- for it never sees a bank card. The person sees those of all their studies: a subsidy is given once.

call app.guard('applications',
  'person_id = app.person() or (app.kind() <> ''provincial_education'' or kind = ''outstanding_graduate'') and {party}',
  '{see}');
create policy applications on app.trail for select to employment_app
  using (record_kind = 'application' and exists (select from app.applications r where r.id = record_id));
