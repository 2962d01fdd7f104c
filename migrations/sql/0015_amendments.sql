-- Amendments: whoever is named in the placement.

call app.guard('amendments', '{party}', '{party}');
create policy amendments on app.trail for select to employment_app
  using (record_kind = 'amendment' and exists (select from app.amendments r where r.id = record_id));
